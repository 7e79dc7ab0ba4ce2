"""What a submission says, by subject, beside the release that it would join."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from sys import intern

from pyoxigraph import Literal, NamedNode, Triple

from loader.intake.across import Remark
from loader.intake.world.context import Context
from loader.intake.world.names import text_of
from loader.judging.results import Result
from loader.model import iris
from loader.model.findings import Message, Severity

TYPE = iris.expand("rdf:type")
LABEL = iris.expand("skos:prefLabel")
NOTATION = iris.expand("skos:notation")


def rg(name: str) -> str:
    """The IRI of a term of the ontology."""
    return iris.PREFIXES["rg"] + name


@dataclass(frozen=True)
class Claims:
    """The submission's statements; `today` bounds what can have been measured, `code_lists` is a folder of lists."""

    triples: tuple[Triple, ...]
    context: Context
    today: date
    code_lists: Path | None = None

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Triple, ...]]:
        """The statements of each subject that has an IRI."""
        found: dict[str, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            if isinstance(triple.subject, NamedNode):
                found[triple.subject.value].append(triple)
        return {subject: tuple(triples) for subject, triples in found.items()}

    @cached_property
    def _said(self) -> Mapping[str, Mapping[str, list[str]]]:
        """The values of each property of each subject that has an IRI."""
        found: dict[str, dict[str, list[str]]] = {}
        for subject, triples in self.by_subject.items():
            own = found[subject] = {}
            for triple in triples:
                own.setdefault(intern(triple.predicate.value), []).append(text_of(triple))
        return found

    def of(self, subject: str, predicate: str) -> list[str]:
        """The values that the submission states, else those that the release states."""
        own = self._said.get(subject)
        if own is not None:
            return own.get(predicate, [])
        return [text_of(triple) for triple in self.before(subject) if triple.predicate.value == predicate]

    def label(self, subject: str, language: str) -> str:
        """A preferred label in a language, or nothing."""
        triples = self.by_subject.get(subject) or self.before(subject)
        return next((text_of(item) for item in triples if item.predicate.value == LABEL and _in(item, language)), "")

    def before(self, subject: str) -> tuple[Triple, ...]:
        """What the release states of a subject."""
        return self.context.described.get(subject, ())

    def kinds(self, subject: str) -> list[str]:
        """The classes that the submission gives a subject."""
        return [text_of(item) for item in self.by_subject.get(subject, ()) if item.predicate.value == TYPE]


def _in(triple: Triple, language: str) -> bool:
    return isinstance(triple.object, Literal) and triple.object.language == language


At = tuple[str, str, str | None]


def remark(rule: str, severity: Severity, said: Message, at: At, better: str | None = None) -> Remark:
    """A remark on the subject, the property and the value `at`; `better` is what should stand there."""
    return Remark(Result(rule, severity, said, *at), better)


def every(claims: Claims) -> Iterable[str]:
    """The subjects, in their order."""
    return claims.by_subject
