"""A contest: queries asked of several servers in turn, their times, and whether they agree on the answer."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.client import Client, NoAnswer, Taken
from tests.bench.measurement import OURS, Section, geometric_mean
from tests.bench.queries import Query
from tests.bench.servers import OXIGRAPH, Server

LIMIT = 60.0  # seconds after which a query is given up
PATIENCE = 2  # queries given up on, after which a server is asked no more in this contest
SLOW = 5.0  # seconds above which a server is asked twice only


@dataclass(frozen=True, slots=True)
class Asked:
    """A server with an open connection."""

    server: Server
    client: Client


@dataclass(slots=True)
class Contest:
    """The queries of one section: `rows` are how many ours gave, `hanging` counts what each server was given up on."""

    section: Section
    queries: Sequence[Query]
    rows: dict[str, int] = field(default_factory=dict)
    hanging: Counter[str] = field(default_factory=Counter)

    def run(self, servers: Sequence[Asked]) -> None:
        """Ask every query of every server."""
        for query in self.queries:
            began = time.perf_counter()
            self._ask(query, servers)
            print(f"  {query.name}: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)

    def _ask(self, query: Query, servers: Sequence[Asked]) -> None:
        """In turn, as often as the query wants, and once more before for warmth."""
        taken: dict[str, list[Taken]] = {one.server.name: [] for one in servers}
        notes: dict[str, str] = {}
        for _ in range(query.runs + 1):
            for one in servers:
                name = one.server.name
                if name not in notes and not (len(taken[name]) > 1 and taken[name][0].whole > SLOW):
                    self._ask_once(query, one, taken[name], notes)
        for name, answers in taken.items():
            self._note(query, name, answers, notes.get(name, ""))

    def _ask_once(self, query: Query, one: Asked, taken: list[Taken], notes: dict[str, str]) -> None:
        name = one.server.name
        if self.hanging[name] >= PATIENCE:
            notes[name] = "(not asked: earlier queries hang)"
            return
        try:
            taken.append(one.client.ask(query.text))
        except NoAnswer as error:
            notes[name] = f"(error {error.status})" if error.status else f"(over {LIMIT:.0f} s)"
            if not error.status:
                self.hanging[name] += 1

    def _note(self, query: Query, name: str, answers: list[Taken], note: str) -> None:
        rows = row_count(answers[0].body) if answers else None
        if name == OURS and rows is not None:
            self.rows[query.name] = rows
        if rows is not None and rows != self.rows.get(query.name):
            note = f"({rows} rows for {self.rows.get(query.name)})"
        warm = answers[1:] or answers
        self.section.add(query.name, name, "ms", [1000 * one.whole for one in warm], note)
        if query.large and answers:
            self.section.add(f"{query.name}: first byte", name, "ms", [1000 * one.first for one in warm])
            self.section.add(f"{query.name}: size", name, "MB", [len(one.body) / 1e6 for one in warm[:1]])


def row_count(body: bytes) -> int:
    """How many rows an answer in JSON has; 1 for true or false, -1 for what is no JSON."""
    try:
        answer = json.loads(body)
    except ValueError:
        return -1
    return len(answer["results"]["bindings"]) if "results" in answer else 1


def summarise(section: Section) -> None:
    """Put totals over the questions in front, and name those that stand out, in the remarks."""
    names = list(dict.fromkeys(one.subject for one in section.measurements))
    medians = {
        name: {one.case: one for one in section.measurements if (one.subject, one.unit) == (name, "ms")}
        for name in names
    }
    totals = Section(section.name, section.title)
    ours = medians[OURS]
    for name in names:
        both = [case for case, one in medians[name].items() if one.median and case in ours and ours[case].median]
        if not both:
            totals.add("sum of medians", name, "ms", [], "(0 questions)")
            continue
        times = [medians[name][case].median or 0 for case in both]
        ratios = [time / (ours[case].median or 1) for time, case in zip(times, both, strict=True)]
        totals.add("sum of medians", name, "ms", [sum(times)], f"({len(both)} questions)")
        totals.add("geometric mean of the ratios to ours", name, "×", [geometric_mean(ratios)])
    section.remarks += _disagreements(section)
    section.remarks.append(_on_par(section))
    section.measurements[:0] = totals.measurements


def _disagreements(section: Section) -> list[str]:
    """Questions that a server did not answer as ours did."""
    return [f"{one.case}: {one.subject} {one.note}" for one in section.measurements if one.note and one.unit == "ms"]


def _on_par(section: Section) -> str:
    """How many questions ours answers within 1 ms + 10 % of Oxigraph in memory, and by how much it is slower."""
    pairs = [
        (base.median, one.median)
        for one in section.measurements
        if one.subject == OXIGRAPH and one.unit == "ms" and one.median
        if (base := section.find(one.case, "ms", OURS)) and base.median
    ]
    within = sum(ours <= theirs * 1.1 + 1 for ours, theirs in pairs)
    more = statistics.median(ours - theirs for ours, theirs in pairs)
    return f"Within 1 ms + 10 % of {OXIGRAPH}: {within} of {len(pairs)}; the median difference is {more:.2f} ms."
