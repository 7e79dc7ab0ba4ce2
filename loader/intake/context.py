"""What a submission is read and checked against: the code lists, subjects and names in a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from loader.checked import NOTHING, Accepted
from loader.errors import ReleaseError
from loader.graph.codelists import Codes, codes_of, is_code_graph
from loader.graph.scopes import records_of
from loader.intake.released import released
from loader.judging.validate import prepare, to_rdflib
from loader.model import iris
from loader.model.codes import CodeLists, code_lists
from loader.model.findings import Message
from loader.model.layout import Layouts, default_layouts
from loader.model.nearest import fold
from loader.release.manifest import Release
from loader.tables.reportcells import GroupLabels, RegisterVariables, group_labels
from loader.tables.subjects import Place, Subjects

_SKOS = iris.PREFIXES["skos"]
_RG = iris.PREFIXES["rg"]
_TYPE = iris.PREFIXES["rdf"] + "type"
_COMPUTED_ON, _MEASUREMENT_OF = (iris.PREFIXES["dqv"] + name for name in ("computedOn", "isMeasurementOf"))


def scopes_in(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    """The records that are described, by path, with their scopes."""
    return records_of(triple for subject, found in described.items() if subject.startswith(iris.ID) for triple in found)


@dataclass(frozen=True, slots=True)
class Context:
    """A release taken apart: `everything` are all its statements, `quads` those on data and terms, `described` those of
    each subject that are not inferred.

    `terms` are the statements of the ontology and the schemes, `flat_shapes` the
    shapes, flattened. `registers` finds a
    register's key by folded key, name or short name; `notations` and `labels` the key of a variable or indicator by its
    register's key and folded text; `owners` the register of a variable or indicator by its IRI; `measurements` the path
    of the only measurement of a register, metric, year, and folded population and method; `names` the keys of the rows
    of a table by folded label; `class_names` the labels of classes by prefixed name; `groups_of_area` the target groups
    that sources pair with a service area; `code_lists` the imported lists, by key, which are in none of the others;
    `start_years` and `statuses` what the release says of registers, and
    `inferred_only` the properties that it has by inference alone.
    """

    quads: tuple[Quad, ...]
    described: Mapping[str, tuple[Triple, ...]]
    terms: tuple[Quad, ...]
    flat_shapes: Graph
    layouts: Layouts
    codes: CodeLists
    group_labels: GroupLabels
    subjects: Subjects
    registers: Mapping[str, str]
    notations: Mapping[tuple[str, str], str]
    labels: Mapping[tuple[str, str], str]
    owners: Mapping[str, str]
    measurements: Mapping[tuple[str, ...], str]
    everything: tuple[Quad, ...]
    names: Mapping[str, Mapping[str, str]]
    class_names: Mapping[str, Message]
    groups_of_area: Mapping[str, frozenset[str]]
    start_years: Mapping[str, frozenset[str]]
    statuses: Mapping[str, frozenset[str]]
    inferred_only: frozenset[str]
    code_lists: Mapping[str, Codes] = field(default_factory=dict)

    def key_named(self, table: str, text: str) -> str | None:
        """The key of the row of a table (or of `a|b`) with this key, label or short name, in Swedish or English."""
        tables = table.split("|")
        if "registers" in tables:
            return self.register_key(text)
        return next((key for name in tables if (key := self.names.get(name, {}).get(fold(text)))), None)

    def register_key(self, text: str) -> str | None:
        """The key of the register with this key, name or short name."""
        return self.registers.get(fold(text))


def read_context(release: Release, accepted: Accepted = NOTHING) -> Context:
    """The context of a release with what was accepted since; read once per release and process.

    ReleaseError when the release cannot be read.
    """
    context = _read(release.directory, release.version)
    return context if accepted == NOTHING else _joined(release.directory, release.version, accepted)


@lru_cache(maxsize=1)
def _joined(directory: Path, version: str, accepted: Accepted) -> Context:
    """The release's context in which accepted records stand in the place of its own, and what was removed is gone."""
    before = _read(directory, version)
    try:
        triples = [quad.triple for quad in parse(accepted.statements, format=RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as error:
        raise ReleaseError(f"What was accepted cannot be read: {error}") from error
    gone = accepted.gone | _beside_whole_lists(before, accepted.whole)
    anew = {triple.subject for triple in triples} | {NamedNode(iris.thing(path)) for path in gone}
    graph = NamedNode(iris.graph("submission/accepted"))
    quads = [quad for quad in before.everything if quad.subject not in anew]
    quads += [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
    return replace(context_of(tuple(quads), before), code_lists=before.code_lists)


@lru_cache(maxsize=2)
def _read(directory: Path, version: str) -> Context:
    graph = directory / "graph.nq"
    try:
        quads = tuple(parse(path=str(graph), format=RdfFormat.N_QUADS))
    except (OSError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"{graph} of release {version} cannot be read: {error}") from error
    lists = codes_of(filter(is_code_graph, quads))
    own = quads if not lists else tuple(quad for quad in quads if not is_code_graph(quad))
    return replace(context_of(own), code_lists=lists)


def _beside_whole_lists(before: Context, whole: frozenset[str]) -> frozenset[str]:
    known = scopes_in(before.described) if whole else {}
    return frozenset(path for path, scope in known.items() if scope in whole)


def context_of(quads: tuple[Quad, ...], before: Context | None = None) -> Context:
    """The context of statements in named graphs; `before` is one with the same shapes."""
    layouts = default_layouts()
    known = released(quads)
    codes = code_lists(known.schemes())
    described = known.described()
    owners = _owners(described)
    return Context(
        quads=known.data(),
        described=described,
        terms=known.terms(),
        flat_shapes=prepare(to_rdflib(known.shapes())) if before is None else before.flat_shapes,
        layouts=layouts,
        codes=codes,
        group_labels=group_labels(codes),
        subjects=_subjects(described, layouts),
        registers=_register_names(described),
        notations=_texts(described, owners, "variable", (_SKOS + "notation", _RG + "otherNotation")),
        labels=_texts(described, owners, "indicator", (_SKOS + "prefLabel", _RG + "printedAs")),
        owners=owners,
        measurements=_measurements(described),
        everything=quads,
        names=_names(described, layouts),
        class_names=_class_names(described, layouts),
        groups_of_area=_groups_of_area(described),
        start_years=known.values(_RG + "startYear"),
        statuses=known.values(_RG + "mappingStatus"),
        inferred_only=known.inferred_only(),
    )


def key_of(iri: str, kind: str) -> str | None:
    """The key of a thing of a kind by its IRI.

    >>> key_of("https://w3id.org/registergraf/id/register/boris", "register")
    'boris'
    """
    prefix = f"{iris.ID}{kind}/"
    return iri.removeprefix(prefix) if iri.startswith(prefix) else None


def _subjects(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> Subjects:
    """The subjects of the release as those that rows may refer to; parts are known within their source alone."""
    tables: dict[str, list[str]] = defaultdict(list)
    for name, layout in layouts.items():
        if not layout.per_source:
            tables[layout.subject.partition("/")[0]].append(name)
    places: dict[str, dict[str, tuple[Place, ...]]] = defaultdict(dict)
    for iri, triples in described.items():
        if not iri.startswith(iris.ID) or not any(triple.predicate.value == _TYPE for triple in triples):
            continue
        path = iri.removeprefix(iris.ID)
        kind, _, key = path.partition("/")
        for table in tables.get(kind, ()):
            places[table][key] = (Place(path, "", "", 0),)
    return Subjects(dict(places), {}, _register_variables(described), frozenset())


def _register_variables(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, RegisterVariables]:
    notations: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    shown: dict[str, list[str]] = defaultdict(list)
    for iri, triples in described.items():
        register = _object(triples, _RG + "variableOf")
        if register is None or key_of(iri, "variable") is None:
            continue
        owner = register.removeprefix(iris.ID)
        for triple in triples:
            if triple.predicate.value in (_SKOS + "notation", _RG + "otherNotation"):
                text = triple.object.value if isinstance(triple.object, Literal) else ""
                notations[owner][fold(text)][iri.removeprefix(iris.ID)] = None
                shown[owner].append(text)
    return {
        owner: RegisterVariables({text: tuple(paths) for text, paths in known.items()}, tuple(shown[owner]))
        for owner, known in notations.items()
    }


def _object(triples: Iterable[Triple], predicate: str) -> str | None:
    return next(
        (
            triple.object.value
            for triple in triples
            if triple.predicate.value == predicate and not isinstance(triple.object, Triple)
        ),
        None,
    )


def _owners(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    owners = {}
    for iri, triples in described.items():
        register = _object(triples, _RG + "variableOf") or _object(triples, _RG + "indicatorOf")
        if register is not None and key_of(register, "register") is not None:
            owners[iri] = register.removeprefix(f"{iris.ID}register/")
    return owners


def _names(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> dict[str, dict[str, str]]:
    """Keys by every label and short name that stands for one row of its table alone."""
    by_kind: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for iri, triples in described.items():
        kind, _, key = iri.removeprefix(iris.ID).partition("/")
        for triple in triples if iri.startswith(iris.ID) else ():
            if triple.predicate.value in (_SKOS + "prefLabel", _RG + "shortName"):
                by_kind[kind][fold(_text(triple))].add(key)
    tables = {name: layout.subject.partition("/")[0] for name, layout in layouts.items() if not layout.per_source}
    return {
        table: {text: min(keys) for text, keys in by_kind[kind].items() if len(keys) == 1}
        for table, kind in tables.items()
    }


def _groups_of_area(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for triples in described.values():
        group, area = (_object(triples, _RG + name) for name in ("pairsTargetGroup", "pairsServiceArea"))
        if group is not None and area is not None:
            found[area].add(group)
    return {area: frozenset(groups) for area, groups in found.items()}


def _class_names(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> dict[str, Message]:
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


def _register_names(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    """Keys by every name that stands for one register alone; a key is stronger than a name."""
    found: dict[str, set[str]] = defaultdict(set)
    keys = {}
    for iri, triples in described.items():
        key = key_of(iri, "register")
        if key is not None and any(triple.predicate.value == _TYPE for triple in triples):
            keys[fold(key)] = key
            for triple in triples:
                if triple.predicate.value in (_SKOS + "prefLabel", _RG + "shortName"):
                    found[fold(_text(triple))].add(key)
        named = _object(triples, _RG + "nameOf")
        if named is not None and (owner := key_of(named, "register")) is not None:
            for triple in triples:
                if triple.predicate.value == _RG + "printedAs":
                    found[fold(_text(triple))].add(owner)
    alone = {text: min(owners) for text, owners in found.items() if len(owners) == 1}
    return {**alone, **keys}


def _texts(
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
                found[(owner, fold(_text(triple)))].add(own)
    return {place: min(keys) for place, keys in found.items() if len(keys) == 1}


def _measurements(described: Mapping[str, tuple[Triple, ...]]) -> dict[tuple[str, ...], str]:
    """The path of each measurement that alone measures what it measures."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    texts = tuple(_RG + name for name in ("measurementYear", "comparedPopulation", "measurementMethod"))
    for iri, triples in described.items():
        register, metric = _object(triples, _COMPUTED_ON), _object(triples, _MEASUREMENT_OF)
        if key_of(iri, "coverage") is None or register is None or metric is None:
            continue
        details = [fold(_object(triples, name) or "") for name in texts]
        place = (key_of(register, "register") or "", metric.rpartition("/")[2], *details)
        found[place].add(iri.removeprefix(iris.ID))
    return {place: min(paths) for place, paths in found.items() if len(paths) == 1}


def _text(triple: Triple) -> str:
    return triple.object.value if isinstance(triple.object, Literal | NamedNode) else ""
