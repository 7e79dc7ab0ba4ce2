"""The question form: what can be chosen in it, in Swedish order."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import KINDS, Choice
from server.pages.words.names import order, plain
from server.pages.words.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Field:
    """A select with its options, the key that is chosen, and the word for choosing none."""

    name: str
    word: str
    none: str
    options: tuple[Thing, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The selects of the form, and the municipalities to type the name of one."""

    selects: tuple[Field, ...]
    more: tuple[Field, ...]
    municipalities: tuple[Thing, ...]
    municipality: str


def fields(found: Catalogue, choice: Choice) -> Fields:
    """Group and area first; follow-up area and level are the further ones."""
    first = (
        _field(found, choice, "group", _("Target group"), _("All groups")),
        _field(found, choice, "area", _("Service area"), _("All areas")),
    )
    more = (
        _field(found, choice, "follow-up", _("Follow-up area"), _("All follow-up areas")),
        _field(found, choice, "level", _("Level"), _("All levels")),
    )
    municipalities = found.once("municipalities", lambda: tuple(sorted(found.of("municipality"), key=order)))
    place = choice["municipality"]
    return Fields(first, more, municipalities, plain(place) if place else "")


def _field(found: Catalogue, choice: Choice, name: str, word: str, none: str) -> Field:
    chosen = choice[name]
    return Field(name, word, none, tuple(sorted(found.of(KINDS[name]), key=order)), chosen.key if chosen else "")
