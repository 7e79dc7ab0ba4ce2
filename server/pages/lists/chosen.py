"""A list as it is asked for: what was chosen, what is left, how many of each facet, in which order, on which page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from server.pages import law
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import read_choice
from server.pages.lists.facets import Facet
from server.pages.lists.kinds import Kind, things_of
from server.pages.queries import select
from server.pages.registers import printed_order
from server.pages.words.collation import swedish
from server.pages.words.names import order
from server.pages.words.wording import spoken
from server.web.problem import Problem

PAGE = 50


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet with its word, how many things it would leave, and whether it is chosen."""

    key: str
    word: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The list: `things` in order, all of them; `values` of each facet; `chosen` words by parameter."""

    kind: Kind
    things: tuple[Thing, ...]
    total: int
    values: tuple[tuple[Facet, tuple[Value, ...]], ...]
    chosen: Mapping[str, str]
    sort: str
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.things) // PAGE))

    @property
    def shown(self) -> tuple[Thing, ...]:
        """The things of this page."""
        return self.things[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def first(self) -> int:
        """The number of the first thing shown."""
        return (self.page - 1) * PAGE + 1 if self.things else 0

    @property
    def query(self) -> str:
        """The query that gives the same things."""
        patterns = [facet.pattern(self.chosen[facet.name]) for facet in self.kind.facets if facet.name in self.chosen]
        return select("?thing", f"?thing a {self.kind.klass} .", *patterns)


def listed(found: Catalogue, kind: Kind, given: Mapping[str, str]) -> Listed:
    """The list for the parameters of a request. Raises Problem (bad-request) that says what is wrong with one."""
    chosen = {
        facet.name: _key(found, facet, given[facet.name]) for facet in kind.facets if given.get(facet.name, "").strip()
    }
    every = _in_order(found, kind)
    keys = {facet.name: _keys(found, kind, facet, every) for facet in kind.facets}
    left = [one for one in every if all(key in keys[name][one.iri] for name, key in chosen.items())]
    sort = _sort(kind, given.get("sort", ""))
    made = Listed(
        kind,
        tuple(_sorted(found, kind, left, sort)),
        len(every),
        tuple((facet, _values(found, facet, every, keys, chosen)) for facet in kind.facets),
        chosen,
        sort,
        _page(given.get("page", "1")),
    )
    if made.page > made.pages:
        raise _bad("page", given.get("page", ""), f"1–{made.pages}")
    return made


def _keys(found: Catalogue, kind: Kind, facet: Facet, every: list[Thing]) -> Mapping[str, set[str]]:
    """The values of a facet by thing, worked out once per release."""
    return found.once((kind.key, facet.name), lambda: {one.iri: set(facet.keys(found, one)) for one in every})


def _key(found: Catalogue, facet: Facet, text: str) -> str:
    if facet.words is None:
        thing = read_choice(found, {facet.name: text}, facet.name)[facet.name]
        return thing.key if thing else ""
    if text not in facet.words:
        raise _bad(facet.name, text, ", ".join(facet.words))
    return text


def _values(
    found: Catalogue,
    facet: Facet,
    every: list[Thing],
    keys: Mapping[str, Mapping[str, set[str]]],
    chosen: Mapping[str, str],
) -> tuple[Value, ...]:
    """The values that the other choices leave, most things first."""
    others = {name: key for name, key in chosen.items() if name != facet.name}
    left = [one for one in every if all(key in keys[name][one.iri] for name, key in others.items())]
    counts = Counter(key for one in left for key in keys[facet.name][one.iri])
    picked = chosen.get(facet.name)
    if picked and picked not in counts:
        counts[picked] = 0
    made = [Value(key, facet.label(found, key), count, key == picked) for key, count in counts.items()]
    return tuple(sorted(made, key=lambda value: (-value.count, swedish(value.word))))


def _sort(kind: Kind, wanted: str) -> str:
    allowed = [column.key for column in kind.columns]
    if not wanted:
        return ""
    if wanted.lstrip("-") not in allowed:
        raise _bad("sort", wanted, ", ".join(allowed))
    return wanted


def _in_order(found: Catalogue, kind: Kind) -> list[Thing]:
    """All things of a list in the order that it has unasked, sorted once per release and language."""
    every = things_of(found, kind)
    key = ("order", kind.key, spoken())
    return found.once(key, lambda: sorted(every, key=lambda one: _start(found, kind, one)))


def _sorted(found: Catalogue, kind: Kind, things: list[Thing], sort: str) -> list[Thing]:
    """Things that stand in the usual order, by a column when one is asked for."""
    if not sort:
        return things
    column = next(one for one in kind.columns if one.key == sort.lstrip("-"))
    return sorted(
        things,
        key=lambda one: _place(found, column.key, column.of(found, one).order, one),
        reverse=sort.startswith("-"),
    )


def _place(found: Catalogue, key: str, usual: tuple[object, ...], thing: Thing) -> tuple[object, ...]:
    return printed_order(thing) if key == "source" else usual


def _start(found: Catalogue, kind: Kind, thing: Thing) -> tuple[object, ...]:
    """The order when none is asked for."""
    if kind.start == "source":
        return _by_source(found, thing)
    if kind.start == "law":
        return law.order(found, thing)
    return (swedish(thing.first("skos:notation")),) if kind.start == "code" else (order(thing),)


def _by_source(found: Catalogue, thing: Thing) -> tuple[object, ...]:
    """First the rows of printed tables, in their order; then what is read from pages, by register."""
    if any(source.kind == "passage" for source in found.linked(thing, "dcterms:source")):
        return 0, printed_order(thing)
    return 1, [order(register) for register in found.linked(thing, "rg:indicatorOf")], order(thing)


def _page(text: str) -> int:
    if not text.isdecimal() or not int(text[:9]) >= 1 or len(text) > 9:
        raise _bad("page", text, "1, 2, 3 …")
    return int(text)


def _bad(name: str, text: str, known: str) -> Problem:
    shown = text[:80]
    return Problem(
        "bad-request",
        f"“{shown}” is not a value of {name}. There is: {known}.",
        f"«{shown}» är inget värde för {name}. Det som finns: {known}.",
        members={"parameter": name},
    )
