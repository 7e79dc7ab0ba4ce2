"""What is left of a record that was taken away, as `loader.graph.joining` writes it: how it is known, and its day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from pyoxigraph import Triple

from loader.model import iris

_INVALIDATED, _SPECIALIZATION = iris.expand("prov:invalidatedAtTime"), iris.expand("prov:specializationOf")
_HERE = ZoneInfo("Europe/Stockholm")


def is_trace(triples: Collection[Triple]) -> bool:
    """Whether these statements on one thing are what is left of it; an earlier value of what stands is none."""
    predicates = {triple.predicate.value for triple in triples}
    return _INVALIDATED in predicates and _SPECIALIZATION not in predicates


def day_of(moment: str) -> str:
    """The Swedish day of a moment (xsd:dateTime with its zone).

    >>> day_of("2026-11-28T23:30:00Z")
    '2026-11-29'
    """
    return datetime.fromisoformat(moment).astimezone(_HERE).date().isoformat()
