"""What a request holds, read from the address and written to it: nothing of it is kept by the server.

`items` are `variable/KEY` and `indicator/KEY`, separated by commas; `why-N` is the reason for the N-th of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from server.pages.catalogue.things import Catalogue, Thing
from server.web.problem import Problem

MOST = 100
LONGEST = 500
TEXTS = ("purpose", "applicant", "period", "population")
_KINDS = ("variable", "indicator")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """A variable or an indicator with the reason for asking for it."""

    thing: Thing
    why: str = ""

    @property
    def name(self) -> str:
        """How the address names it."""
        return f"{self.thing.kind}/{self.thing.key}"


@dataclass(frozen=True, slots=True)
class Request:
    """The items in their order, and what the applicant wrote by the names of TEXTS."""

    items: tuple[Item, ...]
    texts: Mapping[str, str]

    def with_more(self, things: Sequence[Thing]) -> Request:
        """The same with further things, each once."""
        known = {item.thing.iri for item in self.items}
        return replace(self, items=(*self.items, *(Item(one) for one in things if one.iri not in known)))

    def without(self, thing: Thing) -> Request:
        """The same without one thing; the reasons of the others stay with them."""
        return replace(self, items=tuple(item for item in self.items if item.thing.iri != thing.iri))

    @property
    def parameters(self) -> dict[str, str]:
        """The request as parameters of an address."""
        whys = {f"why-{place}": item.why for place, item in enumerate(self.items, start=1) if item.why}
        return {"items": ",".join(item.name for item in self.items), **whys, **self.texts}


def read_request(found: Catalogue, given: Mapping[str, str]) -> Request:
    """The request of an address. Raises Problem (bad-request) for what is not known, and for more than MOST items."""
    names = [name.strip() for name in given.get("items", "").split(",") if name.strip()]
    if len(names) > MOST:
        raise Problem(
            "bad-request",
            f"A request holds at most {MOST} variables and indicators; this one has {len(names)}.",
            f"En beställning rymmer högst {MOST} variabler och mått; den här har {len(names)}.",
        )
    items = {
        thing.iri: Item(thing, _text(given, f"why-{place}"))
        for place, name in enumerate(names, start=1)
        for thing in [named(found, name)]
    }
    return Request(tuple(items.values()), {name: text for name in TEXTS if (text := _text(given, name))})


def named(found: Catalogue, name: str) -> Thing:
    """The variable or indicator of a name. Raises Problem (bad-request) when there is none."""
    kind, _, key = name.partition("/")
    thing = found.get(kind, key) if kind in _KINDS else None
    if thing is None:
        raise Problem(
            "bad-request",
            f"“{name[:80]}” is no variable or indicator of this release.",
            f"«{name[:80]}» är ingen variabel och inget mått i den här utgåvan.",
            members={"parameter": "items"},
        )
    return thing


def _text(given: Mapping[str, str], name: str) -> str:
    return _SPACE.sub(" ", given.get(name, "")).strip()[:LONGEST]
