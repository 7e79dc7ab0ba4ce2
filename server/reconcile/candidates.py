"""The candidates of a query: by name, by identifier, and by the values of properties, with the reasons as features."""

from __future__ import annotations

from typing import Any

from rapidfuzz import fuzz

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.reconcile.kinds import TYPES, about, key_of, name_of, notable, thing_of
from server.reconcile.reading import Query
from server.search.matching import Match
from server.search.release import matcher
from server.search.words import folded
from server.service import Service

_SHARE = 0.25  # of a score that comes from properties, when there are any
_SAME, _NAMED = 95.0, 90.0  # per cent from which values are the same, and score from which a name is


def candidates(site: Service, query: Query) -> list[dict[str, Any]]:
    """At most as many candidates as wanted, best first, as the API gives them."""
    known = thing_of(site, query.text.strip())
    if known is not None and (not query.kinds or known.kind in query.kinds):
        return [_candidate(site, known, 100.0, True, {"identifier": 1.0})]
    kinds = query.kinds or tuple(TYPES.values())
    found = matcher(site).match(query.text, kinds=kinds, most=max(query.limit, 50 if query.values else 0))
    things = catalogue(site).things
    if not query.values:
        rows = [(things[one.iri], one.score, one.sure, _features(one)) for one in found]
    else:
        rows = _weighed(site, query, [(things[one.iri], one) for one in found])
    return [_candidate(site, *row) for row in rows[: query.limit]]


def _features(match: Match) -> dict[str, float]:
    if match.cited:
        return {"citation": 1.0}
    return {"name": round(match.name, 3), "telling": round(match.core, 3), "words": round(match.words, 3)}


def _weighed(
    site: Service, query: Query, found: list[tuple[Thing, Match]]
) -> list[tuple[Thing, float, bool, dict[str, float]]]:
    """The same with the values of properties compared: they part things that have one name."""
    rows = []
    for thing, match in found:
        likeness = {
            pid: max((_alike(site, thing, pid, value) for value in values), default=0.0) for pid, values in query.values
        }
        mean = sum(likeness.values()) / len(likeness)
        score = (1 - _SHARE) * match.score + _SHARE * mean
        rows.append((thing, score, match.score >= _NAMED and mean >= _SAME, {**_features(match), **_told(likeness)}))
    rows.sort(key=lambda row: (-row[1], row[0].iri))
    alone = sum(row[2] for row in rows) == 1
    return [(thing, score, same and alone, told) for thing, score, same, told in rows]


def _told(likeness: dict[str, float]) -> dict[str, float]:
    return {f"property {pid}": round(value / 100, 3) for pid, value in likeness.items()}


def _alike(site: Service, thing: Thing, pid: str, value: str) -> float:
    """How like a value is to the likest one that a thing has of a property, in per cent."""
    texts = []
    for one in thing.said.get(pid, ()):
        linked = catalogue(site).things.get(one.text) if one.kind == "iri" else None
        texts += [one.text] if linked is None else [key_of(linked), name_of(linked), linked.first("rg:shortName")]
    if value in texts:
        return 100.0
    return max((fuzz.ratio(folded(value), folded(text)) for text in texts if text), default=0.0)


def _candidate(site: Service, thing: Thing, score: float, match: bool, features: dict[str, float]) -> dict[str, Any]:
    made: dict[str, Any] = {"id": key_of(thing), "name": name_of(thing), "score": round(score, 1), "match": match}
    if text := about(site, thing):
        made["description"] = text
    made["type"] = notable(site, thing)
    made["features"] = [{"id": name, "value": value} for name, value in features.items()]
    return made
