"""What is nearest to an address that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from rapidfuzz import fuzz, process

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.pages.things.general import kind_of
from server.search.release import index
from server.service import Service

MOST = 5


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
    iris += [hit.iri for hit in index(site).search(asked.replace("-", " "), most=MOST)]
    return [Near(one, kind_of(site, one)) for one in found.all(dict.fromkeys(iris))][:MOST]
