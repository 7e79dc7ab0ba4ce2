"""What is nearest to an address that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from rapidfuzz import fuzz, process

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.pages.frame import doors
from server.pages.links import to
from server.pages.lists.kinds import kinds
from server.pages.things.general import kind_of
from server.pages.words.wording import gettext as _
from server.search.release import index
from server.service import Service

MOST = 5
_SCORE = 0.35  # of a hit of the search, below which it is noise


@dataclass(frozen=True, slots=True)
class Near:
    """A thing near to what was asked for, and the word for its kind."""

    thing: Thing
    word: str


def nearest(site: Service) -> list[Near]:
    """Things of the kind that was asked for whose keys are like the one asked for, else what search finds for it."""
    found = catalogue(site)
    *kind, asked = request.path.strip("/")[:200].split("/")
    keys = {one.iri: one.key for one in found.of(kind[-1])} if kind else {}
    iris = [iri for _key, _score, iri in process.extract(asked, keys, scorer=fuzz.ratio, limit=MOST, score_cutoff=60)]
    hits = index(site).search(asked.replace("-", " "), most=MOST)
    iris += [hit.iri for hit in hits if hit.score >= _SCORE]
    return [Near(one, kind_of(site, one)) for one in found.all(dict.fromkeys(iris))][:MOST]


def nearest_pages() -> list[tuple[str, str]]:
    """The lists and the entries of the menu whose address is like the one asked for: word and address."""
    asked = request.path.strip("/").partition("/")[0][:200]
    pages = {door.path.strip("/"): _(door.word) for door in doors()} | {key: kind.word for key, kind in kinds().items()}
    near = process.extract(asked, list(pages), scorer=fuzz.ratio, limit=2, score_cutoff=70)
    return [(pages[str(key)], to(f"/{key}")) for key, _score, _place in near]
