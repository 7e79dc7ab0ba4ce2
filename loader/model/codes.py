"""Concept schemes as code lists: a concept is found by key, notation or any label in Swedish or English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode, Quad

from loader.model import iris
from loader.model.nearest import fold, nearest

_SKOS = iris.PREFIXES["skos"]
_LABELS = {_SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel", "notation")}
_SHOWN = {_SKOS + name for name in ("prefLabel", "altLabel", "notation")}
_IN_SCHEME = _SKOS + "inScheme"


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept: its scheme's and its own key."""

    scheme: str
    key: str

    @property
    def iri(self) -> str:
        """The concept's IRI."""
        return iris.thing(f"{self.scheme}/{self.key}")


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A text that stands for more than one concept."""

    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One scheme: `by_text` maps folded keys, notations and labels to concepts, `shown` is what may be suggested.

    `labels` are the preferred labels by language, in the order of the keys.
    """

    scheme: str
    by_key: Mapping[str, Concept]
    by_text: Mapping[str, tuple[Concept, ...]]
    shown: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str) -> Concept | Ambiguous | None:
        """The concept with this key, else with this notation or label (case and white space folded)."""
        exact = self.by_key.get(text)
        if exact is not None:
            return exact
        found = self.by_text.get(fold(text), ())
        if len(found) > 1:
            return Ambiguous(found)
        return found[0] if found else None

    def suggest(self, text: str) -> str | None:
        """The legal value nearest to the text."""
        return nearest(text, self.shown)


CodeLists = Mapping[str, CodeList]


def code_lists(quads: Iterable[Quad]) -> CodeLists:
    """The code lists in the quads of the schemes, by scheme key; concepts are the members named below their scheme."""
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    members: dict[str, str] = {}
    preferred: dict[str, dict[str, str]] = {"sv": {}, "en": {}}
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        subject, predicate = quad.subject.value, quad.predicate.value
        if predicate == _IN_SCHEME and isinstance(quad.object, NamedNode):
            members[subject] = quad.object.value
        elif predicate in _LABELS and isinstance(quad.object, Literal):
            texts[subject].append((predicate, quad.object.value))
            if predicate == _SKOS + "prefLabel" and quad.object.language in preferred:
                preferred[quad.object.language][subject] = quad.object.value
    by_scheme: dict[str, list[Concept]] = defaultdict(list)
    for concept, scheme in sorted(members.items()):
        name = scheme.removeprefix(iris.ID + "scheme/")
        prefix = f"{iris.ID}{name}/"
        if concept.startswith(prefix):
            by_scheme[name].append(Concept(name, concept.removeprefix(prefix)))
    return {
        name: replace(_code_list(name, concepts, texts), labels=_labels(concepts, preferred))
        for name, concepts in by_scheme.items()
    }


def _labels(concepts: list[Concept], preferred: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {
        language: tuple(known.get(concept.iri, concept.key) for concept in concepts)
        for language, known in preferred.items()
    }


def _code_list(name: str, concepts: list[Concept], texts: Mapping[str, list[tuple[str, str]]]) -> CodeList:
    by_text: dict[str, dict[Concept, None]] = defaultdict(dict)
    shown: set[str] = set()
    for concept in concepts:
        by_text[fold(concept.key)][concept] = None
        shown.add(concept.key)
        for predicate, text in texts.get(concept.iri, ()):
            by_text[fold(text)][concept] = None
            if predicate in _SHOWN:
                shown.add(text)
    return CodeList(
        scheme=name,
        by_key={concept.key: concept for concept in concepts},
        by_text={text: tuple(found) for text, found in by_text.items()},
        shown=tuple(sorted(shown)),
    )
