"""What a check is asked, and what it answers; without the engine, whose libraries are many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph

from loader.intake.sheets.columns import ColumnReading
from loader.judging.findings import Finding, Language

OWN_PROFILE = "registergraf"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check against: `mapping` names columns by header, `shapes` is a folder of a profile's shapes.

    `today` bounds what can have been measured (None: the day of the check); `code_lists` is a folder of code lists.
    """

    profile: str = OWN_PROFILE
    language: Language = "sv"
    mapping: Mapping[str, str] | None = None
    shapes: Path | None = None
    today: date | None = None
    code_lists: Path | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found, and what would be published: `registers` are the keys of the registers that are touched.

    `readable` is False when no file could be read at all; `conforms` is False when a finding blocks. `quads` replace
    what the release says of their subjects; they name no graph.
    """

    readable: bool
    conforms: bool
    findings: tuple[Finding, ...]
    quads: tuple[pyoxigraph.Triple, ...]
    registers: frozenset[str]
    columns: tuple[ColumnReading, ...]
