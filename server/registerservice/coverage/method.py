"""How a result was made, as data that goes with it: definitions, keys, windows, and nothing of the rows."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from server.registerservice.reading.question import Question

MATCHING = {
    "persons": {
        "sv": "En person räknas en gång, vid sin första rad, och är funnen om någon av raderna har en motsvarighet.",
        "en": "A person counts once, at the first row, and is found when any of the rows has a counterpart.",
    },
    "events": {
        "sv": "En till en, närmast först; det kan ge färre par än den största möjliga parningen.",
        "en": "One to one, nearest first; this can give fewer pairs than the largest possible matching.",
    },
}
INTERVAL = {
    "sv": "Wilsons intervall, 95 %, utan kontinuitets- och ändlighetskorrektion. Där båda källorna är totalräkningar "
    "mäter det inte slump i urvalet utan hur mycket andelen kan väntas skifta mellan lika stora grupper.",
    "en": "Wilson's interval, 95 %, without correction for continuity or finite population. Where both sources are "
    "full counts it measures no sampling error but how much the share can be expected to vary between groups of "
    "this size.",
}


def describe(question: Question, threshold: int, intervals: bool) -> dict[str, Any]:
    """The method of a run in words and settings."""
    period = question.period
    return {
        "software": f"registergraf {_version()}",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "count": question.count,
        "matching": MATCHING[question.count],
        "window_days": question.window if question.date is not None else None,
        "unit_is_key": question.unit is not None,
        "period": f"{period.first}..{period.last}" if period is not None else None,
        "case_selection": question.codes is not None,
        "washout_days": question.washout,
        "resident_and_alive_at": question.people.at.isoformat() if question.people.at is not None else None,
        "bad_rows_left_out": question.reading.skip_bad,
        "interval": INTERVAL if intervals else None,
        "suppression": _suppression(threshold),
    }


def _suppression(threshold: int) -> dict[str, Any]:
    if threshold < 2:
        return {"threshold": threshold, "sv": "Inget döljs.", "en": "Nothing is hidden."}
    return {
        "threshold": threshold,
        "sv": f"Antal mellan 1 och {threshold - 1} döljs, och så många till att inget dolt antal kan bestämmas "
        f"närmare än {threshold}.",
        "en": f"Counts from 1 to {threshold - 1} are hidden, and as many more as it takes that no hidden count can "
        f"be bounded closer than {threshold}.",
    }


def _version() -> str:
    try:
        return version("registergraf")
    except PackageNotFoundError:
        return "(not installed)"
