"""Results of validation about the graph, and their way back to the cell or line that they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from loader.graph.terms import TermFile
from loader.judging.positions import Positions
from loader.model import iris
from loader.model.findings import NOWHERE, Finding, Message, Position, Severity
from loader.tables.sources import FILE, Source


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found in the graph: IRIs of focus and path (its first step), and a value's IRI or lexical form."""

    rule: str
    severity: Severity
    message: Message
    focus: str
    path: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Origins:
    """Where subjects come from: rows of tables, entries of sources.toml, or Turtle files of the ontology."""

    rows: Positions
    documents: Mapping[str, Position]
    terms: Mapping[str, Path]

    def locate(self, focus: str, path: str | None, value: str | None) -> Position:
        """The most exact position known of a statement; an empty one when its subject comes from nowhere."""
        found = self.rows.locate(focus, path, value) or self.documents.get(focus)
        if found is not None:
            return found
        file = self.terms.get(focus)
        return NOWHERE if file is None else Position(_shown(file), line=_line(file, focus))


def origins(rows: Positions, sources: Iterable[Source], files: Iterable[TermFile], quads: Iterable[Quad]) -> Origins:
    """The origins of everything asserted; `quads` are those of the Turtle files."""
    paths = {file.graph: file.path for file in files}
    terms: dict[str, Path] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode):
            terms.setdefault(quad.subject.value, paths[quad.graph_name.value])
    documents = {iris.document(source.key): Position(FILE, line=source.line) for source in sources}
    return Origins(rows, documents, terms)


def to_findings(results: Iterable[Result], known: Origins) -> list[Finding]:
    """The results as findings at their positions; results on cells that already have a finding are left out."""
    return [
        _finding(result, known)
        for result in results
        if result.path is None or not known.rows.was_bad(result.focus, result.path)
    ]


def _finding(result: Result, known: Origins) -> Finding:
    value = result.value
    return Finding(
        rule=result.rule,
        severity=result.severity,
        message=result.message,
        position=known.locate(result.focus, result.path, value),
        value=iris.compact(value) if value is not None and iris.is_absolute(value) else value,
        focus=result.focus,
        path=result.path,
    )


def _shown(file: Path) -> str:
    return str(Path(*file.parts[file.parts.index("ontology") :])) if "ontology" in file.parts else file.name


@cache
def _lines(file: Path) -> tuple[str, ...]:
    return tuple(file.read_text(encoding="utf-8").splitlines())


def _line(file: Path, subject: str) -> int | None:
    names = [f"<{subject}>", iris.compact(subject)]
    begin = re.compile("|".join(rf"{re.escape(name)}(?=\s)" for name in names))
    return next((number for number, line in enumerate(_lines(file), 1) if begin.match(line)), None)
