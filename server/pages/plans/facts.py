"""What the graph says for a plan, asked by SPARQL; things by the catalogue, which has their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.plans import queries
from server.pages.queries import Counted
from server.pages.words.wording import spoken
from server.query.rows import select
from server.service import Service

MOST = 2_000
KINDS = ("person", "time", "care-unit")


@dataclass(frozen=True, slots=True)
class Facts:
    """Asks the release; each answer comes with the query and the number of its rows."""

    site: Service
    found: Catalogue

    def rows(self, query: str) -> tuple[list[list[str]], Counted]:
        """The rows of a query as texts, empty where nothing is bound."""
        table = select(self.site, query, limit=MOST)
        rows = [[term.text for term in row] for row in table.rows]
        return rows, Counted(len(rows), query)

    def thing(self, iri: str) -> Thing:
        """The thing of an IRI; a nameless one when the catalogue does not have it."""
        return self.found.things.get(iri) or Thing(iri, "", iri.rpartition("/")[2])

    def keys(self, registers: Iterable[Thing]) -> tuple[dict[tuple[str, str], list[Thing]], Counted]:
        """The variables of registers by register and by what they identify: person, time or care unit."""
        rows, counted = self.rows(queries.keys(registers))
        found: dict[tuple[str, str], list[Thing]] = defaultdict(list)
        for whole, variable, _concept, kind in rows:
            place = found[whole, kind.rpartition("/")[2]]
            if self.thing(variable) not in place:
                place.append(self.thing(variable))
        return found, counted

    def numbers(self, registers: Iterable[Thing]) -> tuple[dict[str, bool], Counted]:
        """Of which registers a source says that they hold identity numbers, or that they do not."""
        rows, counted = self.rows(queries.stated_number(registers))
        return {whole: said == "true" for whole, said in rows}, counted

    def variables(self, registers: Iterable[Thing], concepts: Iterable[Thing]) -> tuple[list[Thing], Counted]:
        """The variables of registers that measure one of the concepts, each once."""
        rows, counted = self.rows(queries.variables(registers, concepts))
        return [self.thing(iri) for iri in dict.fromkeys(row[0] for row in rows)], counted

    def lines(self, route: Thing) -> tuple[dict[str, list[Thing]], Counted]:
        """The lines of a route's plan by kind, in the order of their rows."""
        rows, counted = self.rows(queries.lines(route))
        found: dict[str, list[Thing]] = defaultdict(list)
        for line, kind, _standing in rows:
            found[kind.rpartition("/")[2]].append(self.thing(line))
        return found, counted

    def service(self, thing: Thing) -> tuple[dict[str, list[Thing]], Counted]:
        """What the source says of a service: rule, input, output."""
        rows, counted = self.rows(queries.service(thing))
        found: dict[str, list[Thing]] = defaultdict(list)
        for said, role in rows:
            found[role].append(self.thing(said))
        return found, counted

    def grounds(self, registers: Iterable[Thing]) -> tuple[list[tuple[Thing, str]], Counted]:
        """The legal grounds that sources give of registers."""
        rows, counted = self.rows(queries.grounds(registers, spoken()))
        return [(self.thing(whole), ground) for whole, ground in rows], counted

    def deciders(self, registers: Iterable[Thing]) -> tuple[list[tuple[Thing, str, str]], Counted]:
        """Who holds registers, and the pages where data are ordered from them."""
        rows, counted = self.rows(queries.deciders(registers))
        return [(self.thing(whole), who, page) for whole, who, page in rows], counted

    def suppliers(self, concepts: Iterable[Thing]) -> tuple[dict[str, dict[str, list[Thing]]], Counted]:
        """The variables that measure each concept, by concept and register."""
        rows, counted = self.rows(queries.suppliers(concepts))
        found: dict[str, dict[str, list[Thing]]] = defaultdict(lambda: defaultdict(list))
        for concept, register, variable in rows:
            found[concept][register].append(self.thing(variable))
        return found, counted

    def holders(self, concepts: Iterable[Thing]) -> tuple[list[Thing], Counted]:
        """The health data registers with variables that measure one of the concepts."""
        rows, counted = self.rows(queries.holders(concepts))
        return [self.thing(row[0]) for row in rows], counted
