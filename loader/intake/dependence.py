"""Whether what a rule found follows from a cell that already has a finding: one fault gives one finding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pyoxigraph import NamedNode, Triple

from loader.intake.evidence import Evidence
from loader.judging.checks import read_checks
from loader.judging.results import Result
from loader.model import iris
from loader.resources import find_resources

_NAME = re.compile(r"\b([a-z]+:[A-Za-z]+)\b")


class Dependence:
    """What the submission says of each of its subjects, and which of it was bad."""

    def __init__(self, evidence: Evidence, triples: Iterable[Triple]) -> None:
        self._evidence = evidence
        self._near: dict[str, set[str]] = defaultdict(set)
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                self._near[triple.subject.value].add(triple.object.value)

    def on_bad(self, result: Result) -> bool:
        """Whether the rule reads a property that is bad of its subject, or of what the subject refers to."""
        read = _properties().get(result.rule, frozenset())
        subjects = (result.focus, *self._near.get(result.focus, ()))
        return any(self._evidence.was_bad(subject, name) for subject in subjects for name in read)


@cache
def _properties() -> dict[str, frozenset[str]]:
    """The properties that each check reads, by rule."""
    found = {}
    for check in read_checks(find_resources().checks):
        names = {name for name in _NAME.findall(check.query) if name.partition(":")[0] in iris.PREFIXES}
        found[check.rule] = frozenset(iris.expand(name) for name in names)
    return found
