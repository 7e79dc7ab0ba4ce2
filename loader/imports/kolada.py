"""Kolada's key indicators: which registers their texts name, and as what.

Read from the list as CSV, and from the API's answers of version 2 (`next_page`) and 3 (`next_url`), one file a page.
A register named in the clause of sources is a source; in the clause of an index, which is made of several sources, a
component; beside a target level, who set it. What only sounds alike is never a source: a word for what a register is
about, such as “hysterektomi”, is a guess.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.imports.names import Named, Names

SOURCE, COMPONENT, TARGET, GUESS = "source", "component", "target-setter", "guess"
_CLAUSE = re.compile(r"\b(?:data)?källa(?:n|r)?\b\s*(?:är\s*)?:?", re.IGNORECASE)
_TARGET = re.compile(r"målnivå|målvärde|satt(?:a|s)? mål|uppsatta mål", re.IGNORECASE)
_TAKEN = re.compile(r"(?:från|hämtas|underlag|enligt|registrer\w+|uppgift\w*|data)\b", re.IGNORECASE)
_INDEX = re.compile(r"\b(?:region|kommun)?index\b|sammanväg|uppnådda målnivåer", re.IGNORECASE)
_CONTENT = re.compile(r"(?!.*regist)[A-ZÅÄÖa-zåäö][a-zåäö]+")  # one word of the language, not written as a name
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])|\n+")


class KoladaError(Exception):
    """A file is no list of key indicators; the message says where it stops being one, and what is expected."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key indicator: identifier, title and description as Kolada has them."""

    kpi: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A register that a key indicator names: its role, how sure that is (0 to 1), and the words that say it."""

    kpi: str
    register: str
    role: str
    confidence: float
    evidence: str


def read_kpis(path: Path) -> Iterator[Kpi]:
    """The key indicators of a file (CSV or JSON), or of all files of a folder; KoladaError with file and place."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        text = file.read_text(encoding="utf-8-sig")
        yield from _of_json(file, text) if text.lstrip()[:1] in ("{", "[") else _of_csv(file, text)


def _of_csv(file: Path, text: str) -> Iterator[Kpi]:
    rows = csv.DictReader(io.StringIO(text))
    missing = {"id", "title", "description"} - set(rows.fieldnames or ())
    if missing:
        raise KoladaError(
            f"{file}:1: the columns {', '.join(sorted(missing))} are missing; expected are those of Kolada."
        )
    for row in rows:
        yield _kpi(file, rows.line_num, row)


def _of_json(file: Path, text: str) -> Iterator[Kpi]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise KoladaError(f"{file}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}.") from error
    items = data.get("values", data.get("results")) if isinstance(data, dict) else data
    if not isinstance(items, list):
        raise KoladaError(f"{file}: there is no list `values` or `results` of key indicators.")
    for number, item in enumerate(items, 1):
        yield _kpi(file, number, item)


def _kpi(file: Path, number: int, item: object) -> Kpi:
    if not isinstance(item, Mapping) or not item.get("id"):
        raise KoladaError(f"{file}: number {number} has no id.")
    found: Mapping[str, Any] = item
    return Kpi(str(found["id"]), str(found.get("title") or ""), str(found.get("description") or ""))


def citations(kpis: Iterable[Kpi], names: Names) -> Iterator[Citation]:
    """Which registers the key indicators name, and as what; each pair of indicator and register once, its best role."""
    for kpi in kpis:
        best: dict[str, Citation] = {}
        for found in _cited(kpi, names):
            known = best.get(found.register)
            if known is None or _rank(found) > _rank(known):
                best[found.register] = found
        yield from best.values()


def _rank(citation: Citation) -> tuple[int, float]:
    return ((GUESS, TARGET).index(citation.role) if citation.role in (GUESS, TARGET) else 2, citation.confidence)


def _cited(kpi: Kpi, names: Names) -> Iterator[Citation]:
    composite = bool(_INDEX.search(kpi.title))
    for sentence in _SENTENCE.split(kpi.description):
        clause = _CLAUSE.search(sentence)
        for named in names.find(sentence):
            role = _role(sentence, named, clause, composite=composite)
            if role is not None:
                yield Citation(kpi.kpi, named.key, *role, evidence=named.words)


def _role(sentence: str, named: Named, clause: re.Match[str] | None, *, composite: bool) -> tuple[str, float] | None:
    """The role of a register in its sentence; None when it is named without a word that says as what."""
    if clause is not None and named.start >= clause.end():
        return (COMPONENT, 0.9) if composite else (SOURCE, 1.0)
    if _TARGET.search(sentence) and not re.search(r"hämtas från", sentence[: named.start]):
        return TARGET, 0.9
    if _CONTENT.fullmatch(named.words):
        return GUESS, 0.3
    if _TAKEN.search(sentence[: named.start]):
        return (COMPONENT, 0.8) if composite else (SOURCE, 0.8)
    return (COMPONENT, 0.6) if composite else (SOURCE, 0.6)
