"""Every IRI of the release, and the nearest of them to one that it does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from server.query.answering import Question
from server.query.prefixes import PREFIXES
from server.query.rows import read_table
from server.service import BASE, Site
from server.web.media import JSON

_MOST = 500_000
_SCORE = 65.0
_WHOLE = 45.0  # of the whole names: a short one that is only part of a long one is no misspelling of it
_ROLES = {
    "properties": "SELECT DISTINCT ?x { ?s ?x ?o }",
    "classes": "SELECT DISTINCT ?x { { ?s a ?x } UNION { ?x a <http://www.w3.org/2002/07/owl#Class> } "
    "FILTER(isIRI(?x)) }",
    "things": "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?p ?x } FILTER(isIRI(?x)) }",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The IRIs of a release by the role they play in it."""

    properties: frozenset[str]
    classes: frozenset[str]
    things: frozenset[str]
    graphs: frozenset[str]

    def nearest(self, iri: str, role: str, most: int = 3) -> list[str]:
        """The IRIs of a role most like `iri` in their last part, those in the same namespace first."""
        candidates: Collection[str] = getattr(self, role)
        namespace, local = split(iri)
        near = [item for item in candidates if split(item)[0] == namespace]
        return _best(local, near, most) or _best(local, candidates, most)


def vocabulary(site: Site) -> Vocabulary:
    """The vocabulary of the release that answers, read once."""
    derived = site.derived
    found = derived.get("vocabulary")
    if not isinstance(found, Vocabulary):
        roles = {role: frozenset(_iris(site, query)) for role, query in _ROLES.items()}
        found = Vocabulary(**roles, graphs=frozenset(site.graphs))
        derived["vocabulary"] = found
    return found


def known_prefixes(site: Site) -> dict[str, str]:
    """The common prefixes, and one per type of things in the release: `register:` for …/id/register/."""
    types = {
        iri.removeprefix(BASE + "id/").partition("/")[0]
        for iri in vocabulary(site).things
        if iri.startswith(BASE + "id/")
    }
    return {**{name: f"{BASE}id/{name}/" for name in sorted(types) if name}, **PREFIXES}


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


def _iris(site: Site, query: str) -> Iterable[str]:
    answer = site.answering.ask(Question(query, "SELECT", JSON, site.settings.timeout))
    table = read_table(answer.chunks, _MOST, characters=_MOST * 100)
    return (row[0].text for row in table.rows)
