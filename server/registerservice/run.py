"""A whole coverage run: read, match, count, suppress; what leaves it is an aggregate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.registerservice.counting import Atoms, count_atoms
from server.registerservice.cube import build_cube
from server.registerservice.disclosure import THRESHOLD, Progress, suppress
from server.registerservice.earlier import read_earlier
from server.registerservice.matching import match
from server.registerservice.method import describe
from server.registerservice.question import Question
from server.registerservice.result import Result, build_result
from server.registerservice.session import MEMORY, memory_session
from server.registerservice.sides import Loaded, load


@dataclass(frozen=True)
class Rules:
    """How a result is published: threshold of suppression, intervals or none, and the earlier results beside it."""

    threshold: int = THRESHOLD
    intervals: bool = True
    earlier: tuple[Path, ...] = ()
    memory: str = MEMORY


def counted(question: Question, memory: str = MEMORY) -> tuple[Atoms, Loaded]:
    """The counts of a question before disclosure control: never to be written anywhere."""
    with memory_session(memory) as connection:
        loaded = load(connection, question)
        match(connection, question)
        return count_atoms(connection, question), loaded


def measure(question: Question, rules: Rules, progress: Progress | None = None) -> tuple[Result, Loaded]:
    """The publishable result of a question, and what was told of its files; stops rather than publish what leaks."""
    earlier = read_earlier(rules.earlier, question.names())
    atoms, loaded = counted(question, rules.memory)
    cube = build_cube(atoms, question)
    kept = suppress(cube, rules.threshold, earlier, progress)
    result = build_result(cube, kept.hidden, question, intervals=rules.intervals)
    result.method.update(describe(question, rules.threshold, rules.intervals))
    return result, loaded


def bad_rows(loaded: Loaded) -> Iterable[str]:
    """Which sides have bad rows, for a summary."""
    return (side for side, number in loaded.bad.items() if number)
