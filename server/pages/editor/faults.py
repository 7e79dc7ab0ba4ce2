"""Where the editor underlines a query: the token that breaks it, or the part after which no row is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.web.problem import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a query, lines and columns counted from 1 (0: the whole line), with what is said of it."""

    words: str
    line: int
    column: int = 0
    token: str = ""
    severity: str = "error"


def broken(problem: Problem) -> Fault:
    """The fault that a syntax error names."""
    members = problem.members
    words = problem.sv if spoken() == "sv" else problem.en
    return Fault(words, int(members["line"]), int(members.get("column") or 0), str(members.get("token") or ""))


def emptied(culprit: Mapping[str, Any] | None) -> Fault | None:
    """The part of a query that no row is left after; None when no single part could be named."""
    return Fault(_("no row is left here"), int(culprit["line"]), severity="warning") if culprit else None
