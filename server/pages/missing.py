"""What is nearest to an address that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from rapidfuzz import fuzz, process, utils

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.pages.names import plain
from server.pages.things.general import kind_of
from server.service import Site


@dataclass(frozen=True, slots=True)
class Near:
    """A thing near to what was asked for, and the word for its kind."""

    thing: Thing
    word: str


def nearest(site: Site) -> list[Near]:
    """The things whose keys and names are most like the end of the address."""
    found = catalogue(site)
    asked = request.path.rstrip("/")[:200].rpartition("/")[2]
    shown = [one for one in found.things.values() if one.said.get("skos:prefLabel")]
    names = {one.iri: f"{one.key} {plain(one)}" for one in shown}
    best = process.extract(asked, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=5, score_cutoff=70)
    return [Near(found.things[iri], kind_of(site, found.things[iri])) for _name, _score, iri in best]
