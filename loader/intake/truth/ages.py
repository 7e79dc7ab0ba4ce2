"""Ages that a label names against the age limits beside it, on both sides of every bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loader.intake.across import Remark
from loader.intake.truth.claims import Claims, every, remark, rg
from loader.model.findings import Message, Severity
from loader.model.nearest import fold

_LOWER, _UPPER = ("ageOver", "ageFrom"), ("ageUnder", "ageTo")
_YEAR = r"(?:[ -]?(?:års?|åringar|years?(?: old| of age)?))"
_WRITTEN = (
    (rf"([0-9]{{1,3}})\s*[-–]\s*([0-9]{{1,3}}){_YEAR}", "between"),
    (rf"mellan ([0-9]{{1,3}}) och ([0-9]{{1,3}}){_YEAR}", "between"),
    (r"aged ([0-9]{1,3})\s*(?:-|–|to)\s*([0-9]{1,3})", "between"),
    (rf"([0-9]{{1,3}}){_YEAR} (?:och|eller|and|or) (?:äldre|over|older|above)", "from"),
    (r"aged ([0-9]{1,3}) (?:and|or) (?:over|older|above)", "from"),
    (rf"(?:från|minst|at least) ([0-9]{{1,3}}){_YEAR}", "from"),
    (rf"(?:över|äldre än|older than|over) ([0-9]{{1,3}}){_YEAR}", "over"),
    (
        r"(?:people|persons|patients|personer|patienter|aged|barn) (?:över|over) ([0-9]{1,3})(?![0-9.,]| ?[%a-z])",
        "over",
    ),
    (rf"([0-9]{{1,3}}){_YEAR} (?:och|eller|and|or) (?:yngre|younger|under|below)", "to"),
    (rf"(?:till och med|t\.?o\.?m\.?|högst|up to|at most) ([0-9]{{1,3}}){_YEAR}", "to"),
    (rf"(?:under|yngre än|younger than|below) ([0-9]{{1,3}}){_YEAR}", "under"),
)
_AGE = re.compile(r"[0-9].*(?:år|year)|(?:aged|över|over) [0-9]")
"""What every one of these holds."""
_PATTERNS = tuple((re.compile(rf"(?<![0-9\w]){pattern}"), kind) for pattern, kind in _WRITTEN)


@dataclass(frozen=True, slots=True)
class Limits:
    """The youngest and the oldest age in whole years that are meant; None where there is no limit."""

    youngest: int | None = None
    oldest: int | None = None


def ages_in(text: str) -> Limits | None:
    """The limits that a text names; None when it names none, or more than one pair.

    >>> ages_in("Andel patienter över 65 år"), ages_in("Share of patients aged 18-64")
    (Limits(youngest=66, oldest=None), Limits(youngest=18, oldest=64))
    """
    plain, found = fold(text), []
    if _AGE.search(plain) is None:
        return None
    for pattern, kind in _PATTERNS:
        matches = list(pattern.finditer(plain))
        found += [_limits(kind, [int(number) for number in match.groups()]) for match in matches]
        plain = pattern.sub(" ", plain) if matches else plain
    sides = [(limit.youngest is not None, limit.oldest is not None) for limit in found]
    if len(found) == 2 and sorted(sides) == [(False, True), (True, False)]:
        lower, upper = (max(getattr(limit, side) or 0 for limit in found) for side in ("youngest", "oldest"))
        return Limits(lower, upper)
    return found[0] if len(found) == 1 else None


def _limits(kind: str, ages: list[int]) -> Limits:
    match kind:
        case "between":
            return Limits(ages[0], ages[1])
        case "from":
            return Limits(youngest=ages[0])
        case "over":
            return Limits(youngest=ages[0] + 1)
        case "to":
            return Limits(oldest=ages[0])
    return Limits(oldest=ages[0] - 1)


def age_remarks(claims: Claims) -> Iterator[Remark]:
    """A remark for each stated limit that differs from the one in a label."""
    for subject in every(claims):
        for language in ("sv", "en"):
            label = claims.label(subject, language)
            named = ages_in(label)
            found = [] if named is None else list(_differing(claims, subject, label, named))
            yield from found
            if found:
                break


def _differing(claims: Claims, subject: str, label: str, named: Limits) -> Iterator[Remark]:
    for names, wanted, step in ((_LOWER, named.youngest, 1), (_UPPER, named.oldest, -1)):
        for name in names:
            for value in claims.of(subject, rg(name)):
                meant = int(value) + (step if name in ("ageOver", "ageUnder") else 0) if value.isdigit() else None
                if wanted is not None and meant is not None and meant != wanted:
                    yield _differs((subject, rg(name), value), label)


def _differs(at: tuple[str, str, str], label: str) -> Remark:
    message = Message(
        sv=f"Åldersgränsen är {at[2]} år, men måttet heter «{label}». Skriv samma ålder på båda ställena.",
        en=f"The age limit is {at[2]} years, but the measure is called “{label}”. Write the same age in both.",
    )
    return remark("age-differs-from-label", Severity.VIOLATION, message, at)
