"""Code lists of others (ICD-10-SE, KVÅ, ATC, any table of code, label and parent) as SKOS schemes, each a graph.

The lists are not part of the project: whoever has a file imports it, and a build takes in what is in the folder that
REGISTERGRAF_CODES names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from loader.graph.codelists import CODES
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import read_text
from loader.tables.table import RawRow, split_rows

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "kod", "key", "notation"),
    "label": ("label", "benämning", "text", "value", "name", "titel", "title"),
    "parent": ("parent", "överordnad", "broader", "parent_code"),
}
_SAFE = re.compile(r"[A-Za-z0-9._-]+")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its label, its parent's code where it has one, and its row in the file (the header is row 1)."""

    code: str
    label: str
    parent: str | None
    row: int


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list as read: its good rows, and what is wrong with the others."""

    codes: tuple[Code, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a list: its key and title, the language of its labels, its edition, source and classification."""

    key: str
    title: str
    language: str
    edition: str | None = None
    source: str | None = None
    classification: str | None = None


def read_codes(path: Path, *, by_prefix: bool = False) -> CodeList:
    """The codes of a delimited text; `by_prefix`: a code without parent is below the longest that it begins with."""
    text = read_text(path, path.name)
    if isinstance(text, Finding):
        return CodeList((), (text,))
    header = text.text.partition("\n")[0]
    rows = list(split_rows(text, max(_DELIMITERS, key=header.count)))
    broken = tuple(row for row in rows if isinstance(row, Finding))
    good = [row for row in rows if not isinstance(row, Finding)]
    columns = _columns(good[0][2]) if good else {}
    lacking = [name for name in ("code", "label") if name not in columns]
    if broken or lacking:
        return CodeList((), (*broken, *(_lacking(path.name, name) for name in lacking)))
    codes, findings = _codes(path.name, good[1:], columns)
    if by_prefix:
        codes = _prefixed(codes)
    return CodeList(tuple(codes), (*findings, *_parents(path.name, codes)))


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [name.casefold() for name in header]
    found = {kind: next((names.index(one) for one in known if one in names), -1) for kind, known in COLUMNS.items()}
    return {kind: index for kind, index in found.items() if index >= 0}


def _codes(file: str, rows: Sequence[RawRow], columns: Mapping[str, int]) -> tuple[list[Code], list[Finding]]:
    codes: dict[str, Code] = {}
    findings: list[Finding] = []
    for number, _, cells in rows:
        said = {kind: cells[index] if index < len(cells) else "" for kind, index in columns.items()}
        code, label = said["code"], said["label"]
        where = Position(file, row=number, column="code")
        if not _SAFE.fullmatch(code):
            sv, en = "Koden har tecken utöver A–Z, 0–9, . _ -.", "The code has signs other than A–Z, 0–9, . _ -."
            findings.append(_finding("bad-code", where, code, sv, en))
        elif not label:
            place = Position(file, row=number, column="label")
            findings.append(
                _finding("code-without-label", place, code, "Koden har ingen text.", "The code has no label.")
            )
        elif code in codes:
            row = codes[code].row
            sv, en = f"Koden står redan på rad {row}.", f"The code stands on row {row} already."
            findings.append(_finding("code-twice", where, code, sv, en))
        else:
            codes[code] = Code(code, label, said.get("parent") or None, number)
    return list(codes.values()), findings


def _prefixed(codes: Sequence[Code]) -> list[Code]:
    known = {code.code for code in codes}
    starts = {one: next((one[:end] for end in range(len(one) - 1, 0, -1) if one[:end] in known), None) for one in known}
    return [Code(one.code, one.label, one.parent or starts[one.code], one.row) for one in codes]


def _parents(file: str, codes: Sequence[Code]) -> Iterator[Finding]:
    """Parents that are not in the list, and a circle of parents."""
    rows = {code.code: code.row for code in codes}
    for code in codes:
        if code.parent is not None and code.parent not in rows:
            where = Position(file, row=code.row, column="parent")
            sv, en = "Den överordnade koden finns inte i listan.", "The parent is not in the list."
            yield _finding("no-such-parent", where, code.parent, sv, en)
    try:
        TopologicalSorter({code.code: [code.parent] for code in codes if code.parent}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        where = Position(file, row=rows.get(circle[0]), column="parent")
        sv, en = "Koden är överordnad sig själv.", "The code is above itself."
        yield _finding("circle-of-codes", where, " < ".join(circle), sv, en)


def code_quads(about: About, codes: Sequence[Code]) -> Iterator[Quad]:
    """The list as a SKOS scheme in its own graph."""
    graph, scheme = NamedNode(CODES + about.key), NamedNode(iris.thing(f"scheme/{about.key}"))
    for predicate, value in _described(about):
        yield Quad(scheme, NamedNode(iris.expand(predicate)), value, graph)
    for code in codes:
        yield from (
            Quad(_concept(about, code.code), NamedNode(iris.expand(predicate)), value, graph)
            for predicate, value in _concept_facts(about, scheme, code)
        )


def _described(about: About) -> Iterator[tuple[str, NamedNode | Literal]]:
    yield "rdf:type", NamedNode(iris.expand("skos:ConceptScheme"))
    for predicate in ("skos:prefLabel", "dcterms:title"):
        for language in ("sv", "en"):
            yield predicate, Literal(about.title, language=language)
    if about.edition is not None:
        yield "owl:versionInfo", Literal(about.edition)
    if about.source is not None:
        yield "dcterms:source", NamedNode(about.source)
    if about.classification is not None:
        yield "dcterms:subject", NamedNode(about.classification)


def _concept_facts(about: About, scheme: NamedNode, code: Code) -> Iterator[tuple[str, NamedNode | Literal]]:
    yield "rdf:type", NamedNode(iris.expand("skos:Concept"))
    yield "skos:inScheme", scheme
    yield "skos:notation", Literal(code.code)
    yield "skos:prefLabel", Literal(code.label, language=about.language)
    if code.parent is None:
        yield "skos:topConceptOf", scheme
    else:
        yield "skos:broader", _concept(about, code.parent)


def _concept(about: About, code: str) -> NamedNode:
    return NamedNode(iris.thing(f"code/{about.key}.{code}"))


def _lacking(file: str, name: str) -> Finding:
    names = ", ".join(COLUMNS[name])
    sv, en = f"Kolumnen saknas. Den får heta {names}.", f"The column is missing. It may be called {names}."
    return _finding("missing-column", Position(file, row=1, column=name), name, sv, en)


def _finding(rule: str, where: Position, value: str, sv: str, en: str) -> Finding:
    return Finding(rule, Severity.VIOLATION, Message(sv, en), where, value)
