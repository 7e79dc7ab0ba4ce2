"""Moments in time as the state holds them: UTC, whole seconds, as xsd:dateTime writes them."""

from __future__ import annotations

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """The present moment."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """A moment with a time zone as text.

    >>> written(datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC))
    '2026-11-22T15:04:05Z'
    """
    return moment.astimezone(UTC).strftime(_FORM)
