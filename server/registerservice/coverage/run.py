"""A whole coverage run: read, match, count, suppress; what leaves it is an aggregate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.registerservice.counts.counting import Atoms, count_atoms
from server.registerservice.counts.matching import match
from server.registerservice.coverage.method import describe
from server.registerservice.coverage.participation import eligible_units, participation, unit_place
from server.registerservice.coverage.result import Result, build_result
from server.registerservice.disclosure.budget import SECONDS, Budget, Progress
from server.registerservice.disclosure.cube import build_cube
from server.registerservice.disclosure.earlier import read_earlier
from server.registerservice.disclosure.suppression import THRESHOLD, suppress
from server.registerservice.reading.question import Question
from server.registerservice.reading.session import MEMORY, memory_session
from server.registerservice.reading.sides import Loaded, load


@dataclass(frozen=True)
class Rules:
    """How a result is published: threshold of suppression, intervals or none, and the earlier results beside it.

    `audit_seconds` is how long the disclosure audit may take, `eligible` the list of units that could take part.
    """

    threshold: int = THRESHOLD
    intervals: bool = True
    earlier: tuple[Path, ...] = ()
    memory: str = MEMORY
    audit_seconds: float = SECONDS
    eligible: Path | None = None


def counted(question: Question, memory: str = MEMORY) -> tuple[Atoms, Loaded]:
    """The counts of a question before disclosure control: never to be written anywhere."""
    with memory_session(memory) as connection:
        loaded = load(connection, question)
        match(connection, question)
        return count_atoms(connection, question), loaded


def measure(question: Question, rules: Rules, progress: Progress | None = None) -> tuple[Result, Loaded]:
    """The publishable result of a question, and what was told of its files; stops rather than publish what leaks."""
    earlier = read_earlier(rules.earlier, question.names())
    eligible = _eligible(rules.eligible, question)
    atoms, loaded = counted(question, rules.memory)
    cube = build_cube(atoms, question)
    kept = suppress(cube, rules.threshold, earlier, Budget(rules.audit_seconds, progress))
    result = build_result(cube, kept.hidden, question, intervals=rules.intervals)
    if eligible is not None:
        result.participation.append(participation(atoms, question, eligible))
    result.method.update(describe(question, rules.threshold, rules.intervals))
    return result, loaded


def _eligible(path: Path | None, question: Question) -> frozenset[str] | None:
    """The eligible units, once it is sure that the question has units."""
    if path is None:
        return None
    unit_place(question)
    return eligible_units(path, question.reading.encoding)
