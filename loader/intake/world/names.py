"""What people call the things of a release, and the keys that they mean by it: names that stand for one thing alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from loader.model import iris
from loader.model.findings import Message
from loader.model.layout import Layouts
from loader.model.nearest import fold

_SKOS = iris.PREFIXES["skos"]
_RG = iris.PREFIXES["rg"]
_TYPE = iris.PREFIXES["rdf"] + "type"


def key_of(iri: str, kind: str) -> str | None:
    """The key of a thing of a kind by its IRI.

    >>> key_of("https://w3id.org/registergraf/id/register/boris", "register")
    'boris'
    """
    prefix = f"{iris.ID}{kind}/"
    return iri.removeprefix(prefix) if iri.startswith(prefix) else None


def register_names(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    """Keys by every name that stands for one register alone; a key is stronger than a name."""
    found: dict[str, set[str]] = defaultdict(set)
    keys = {}
    for iri, triples in described.items():
        key = key_of(iri, "register")
        if key is not None and any(triple.predicate.value == _TYPE for triple in triples):
            keys[fold(key)] = key
            for triple in triples:
                if triple.predicate.value in (_SKOS + "prefLabel", _RG + "shortName"):
                    found[fold(text_of(triple))].add(key)
        named = object_of(triples, _RG + "nameOf")
        if named is not None and (owner := key_of(named, "register")) is not None:
            for triple in triples:
                if triple.predicate.value == _RG + "printedAs":
                    found[fold(text_of(triple))].add(owner)
    alone = {text: min(owners) for text, owners in found.items() if len(owners) == 1}
    return {**alone, **keys}


def names_of_rows(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> dict[str, dict[str, str]]:
    """Keys by every label and short name that stands for one row of its table alone."""
    by_kind: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for iri, triples in described.items():
        kind, _, key = iri.removeprefix(iris.ID).partition("/")
        for triple in triples if iri.startswith(iris.ID) else ():
            if triple.predicate.value in (_SKOS + "prefLabel", _RG + "shortName"):
                by_kind[kind][fold(text_of(triple))].add(key)
    tables = {name: layout.subject.partition("/")[0] for name, layout in layouts.items() if not layout.per_source}
    return {
        table: {text: min(keys) for text, keys in by_kind[kind].items() if len(keys) == 1}
        for table, kind in tables.items()
    }


def class_names(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> dict[str, Message]:
    """The labels in both languages of the classes that rows may be of, by prefixed name."""
    found = {}
    for name in {name for layout in layouts.values() for name in layout.classes.values()}:
        labels = {
            triple.object.language: triple.object.value
            for triple in described.get(iris.expand(name), ())
            if triple.predicate.value == _SKOS + "prefLabel" and isinstance(triple.object, Literal)
        }
        if "sv" in labels and "en" in labels:
            found[name] = Message(sv=labels["sv"], en=labels["en"])
    return found


def keys_by_text(
    described: Mapping[str, tuple[Triple, ...]], owners: Mapping[str, str], kind: str, predicates: tuple[str, ...]
) -> dict[tuple[str, str], str]:
    """The key within its register (variables) or at all (indicators) by the register's key and folded text."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for iri, owner in owners.items():
        key = key_of(iri, kind)
        if key is None:
            continue
        own = key.removeprefix(f"{owner}.") if kind == "variable" else key
        for triple in described[iri]:
            if triple.predicate.value in predicates:
                found[(owner, fold(text_of(triple)))].add(own)
    return {place: min(keys) for place, keys in found.items() if len(keys) == 1}


def object_of(triples: Iterable[Triple], predicate: str) -> str | None:
    """The text of the first object that a property has in these statements."""
    return next(
        (
            triple.object.value
            for triple in triples
            if triple.predicate.value == predicate and not isinstance(triple.object, Triple)
        ),
        None,
    )


def text_of(triple: Triple) -> str:
    """The text of a statement's object; empty for a statement."""
    return triple.object.value if isinstance(triple.object, Literal | NamedNode) else ""
