"""Queries that the engine tests ask, and how they ask them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from server.engine.interface import Engine, QueryRequest
from server.query.text import read_query

JSON = "application/sparql-results+json"
RUNAWAY = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(11)) + "}"
ENDLESS = "SELECT * {" + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + "}"
# Grouping by a key that never repeats keeps every group in memory.
HUNGRY = "SELECT ?a ?x ?b ?y ?c (COUNT(*) AS ?n) {?a ?x ?b . ?c ?y ?d . ?e ?z ?f} GROUP BY ?a ?x ?b ?y ?c ?e ?f"
FORK_SERVER = "server.engine.pool.fork_server"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_engines_of_others: set[int] = set()


def request(text: str, media_type: str = JSON, **options: Any) -> QueryRequest:
    """A request that has ten seconds unless `timeout` is among the options."""
    read = {"timeout": 10.0, "has_dataset": read_query(text).has_dataset}
    return QueryRequest(text=text, media_type=media_type, **read | options)


def body(engine: Engine, text: str, media_type: str = JSON, **options: Any) -> str:
    """The whole answer as text."""
    return b"".join(engine.query(request(text, media_type, **options)).chunks).decode()


def rows(engine: Engine, text: str, **options: Any) -> list[dict[str, str]]:
    """The rows of a SELECT, as plain strings."""
    bindings = json.loads(body(engine, text, **options))["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def count(engine: Engine, text: str = COUNT, **options: Any) -> int:
    """The one number that a query counts as ?n."""
    return int(rows(engine, text, **options)[0]["n"])


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether the condition comes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def descendants(pid: int | None = None, *, but: Collection[int] = ()) -> dict[int, str]:
    """The processes below this one (zombies too), without those of `but` and below them: pid → state letter."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry.parent.name)] = (int(fields[1]), fields[0])
    found: dict[int, str] = {}
    front = {pid or os.getpid()}
    while front:
        front = {child for child, (parent, _) in parents.items() if parent in front and child not in but}
        found |= {child: parents[child][1] for child in front}
    return found


def engine_processes() -> dict[int, str]:
    """The fork servers and workers of this module's engines, living or not yet reaped: pid → state letter."""
    below = descendants(but=_engines_of_others)
    return {pid: state for pid, state in below.items() if state == "Z" or FORK_SERVER in command_of(pid)}


def disregard_running_engines() -> None:
    """Leave out of `engine_processes` what runs already: engines that other test modules still hold."""
    _engines_of_others.clear()
    _engines_of_others.update(descendants())


def resident_bytes(pid: int) -> int:
    """What a process has in memory and shares with no file."""
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


def command_of(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
