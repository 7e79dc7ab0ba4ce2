"""What a check is asked, and what it answers; without the engine, whose libraries are many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyoxigraph

from loader.intake.sheets.columns import ColumnReading
from loader.model.findings import Finding, Language, Message

OWN_PROFILE = "registergraf"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted and may not be in the release yet.

    `statements` are those of the records that stand (N-Triples), `gone` the paths of records that were taken away, and
    of the scopes in `whole` nothing else stands.
    """

    statements: bytes = b""
    gone: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()


NOTHING = Accepted()


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check against: `mapping` names columns by header, `shapes` is a folder of a profile's shapes.

    `today` bounds what can have been measured (None: the day of the check); `code_lists` is a folder of code lists.
    `accepted` joins the release; `whole` says that the tables are whole lists: what they lack goes.
    """

    profile: str = OWN_PROFILE
    language: Language = "sv"
    mapping: Mapping[str, str] | None = None
    shapes: Path | None = None
    today: date | None = None
    code_lists: Path | None = None
    accepted: Accepted = NOTHING
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a submission does, record by record (paths): takes away, adds, changes, leaves as it was.

    `names` are what those are called that it takes away.
    """

    removed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    names: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found, and what would be published: `registers` are the keys of the registers that are touched.

    `readable` is False when no file could be read at all; `conforms` is False when a finding blocks. `quads` replace
    what the release says of their subjects; they name no graph. `removes` maps records that rows take away to what
    replaces each, `whole` are the scopes (`variables:svedem`) of which the tables are the whole list. `effect` is None
    when nothing was compared: the files hold personal data, or none could be read.
    """

    readable: bool
    conforms: bool
    findings: tuple[Finding, ...]
    quads: tuple[pyoxigraph.Triple, ...]
    registers: frozenset[str]
    columns: tuple[ColumnReading, ...]
    removes: Mapping[str, str | None] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    effect: Effect | None = None
