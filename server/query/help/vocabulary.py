"""The IRIs of a release by the role they play in it, and the nearest of them to one that it does not hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rapidfuzz import fuzz, process

from server.engine.source import BASE, Source
from server.query.prefixes import PREFIXES

MOST = 500_000
_SCORE = 65.0
_WHOLE = 45.0  # of the whole names: a short one that is only part of a long one is no misspelling of it
_ALL = {
    "properties": "SELECT DISTINCT ?x { ?s ?x ?o }",
    "classes": "SELECT DISTINCT ?x { { ?s a ?x } UNION { ?x a <http://www.w3.org/2002/07/owl#Class> } "
    "FILTER(isIRI(?x)) }",
    "things": "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?p ?x } FILTER(isIRI(?x)) }",
    "graphs": "SELECT DISTINCT ?x { GRAPH ?x { ?s ?p ?o } }",
}
_HELD = {
    "properties": "ASK {{ ?s <{0}> ?o }}",
    "classes": "ASK {{ {{ ?s a <{0}> }} UNION {{ <{0}> a <http://www.w3.org/2002/07/owl#Class> }} }}",
    "things": "ASK {{ {{ <{0}> ?p ?o }} UNION {{ ?s ?p <{0}> }} }}",
    "graphs": "ASK {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
}


def holds(source: Source, iri: str, role: str) -> bool:
    """Whether the release holds an IRI as one of its properties, classes, things or graphs."""
    return source.ask(_HELD[role].format(iri))


def nearest(source: Source, iri: str, role: str, most: int = 3) -> list[str]:
    """The IRIs of a role most like `iri` in their last part, those in the same namespace first."""
    candidates = iris(source, role)
    namespace, local = split(iri)
    near = [item for item in candidates if split(item)[0] == namespace]
    return _best(local, near, most) or _best(local, candidates, most)


def iris(source: Source, role: str) -> tuple[str, ...]:
    """Every IRI of a role, read once per source."""
    found = source.memory.get(role)
    if found is None:
        found = tuple(row[0].text for row in source.over((), ()).rows(_ALL[role], MOST))
        source.memory[role] = found
    return found


def known_prefixes(source: Source) -> dict[str, str]:
    """The common prefixes, and one per kind of things in the release: `register:` for …/id/register/."""
    begin = BASE + "id/"
    kinds = {iri.removeprefix(begin).partition("/")[0] for iri in iris(source, "things") if iri.startswith(begin)}
    return {**{name: f"{begin}{name}/" for name in sorted(kinds) if name}, **PREFIXES}


def split(iri: str) -> tuple[str, str]:
    """An IRI's namespace, up to the last `#` or `/`, and the rest.

    >>> split("https://w3id.org/registergraf/ns#Register")
    ('https://w3id.org/registergraf/ns#', 'Register')
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def _best(local: str, candidates: Collection[str], most: int) -> list[str]:
    names = {item: split(item)[1] for item in candidates}
    found = process.extract(local, names, scorer=fuzz.WRatio, processor=str.lower, limit=most, score_cutoff=_SCORE)
    alike = [(score, key) for name, score, key in found if fuzz.ratio(local.lower(), name.lower()) >= _WHOLE]
    return [key for _, key in sorted(alike, key=lambda item: (-item[0], item[1]))]


def nearest_job(source: Source, arguments: dict[str, Any]) -> list[str]:
    """`nearest` as a Job, letter case aside. Arguments: iri, role."""
    iri, role = arguments["iri"], arguments["role"]
    same = [item for item in iris(source, role) if item.lower() == iri.lower()]
    return same or nearest(source, iri, role)
