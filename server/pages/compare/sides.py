"""Two to five registers side by side: the facts of each in a column of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.pages.answers.choose import SURE
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import read_choice
from server.pages.lists import columns
from server.pages.lists.cells import Cell, all_of, said, yes_or_no
from server.pages.registers import levels
from server.pages.words.names import order
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.web.problem import Problem

LEAST, MOST = 2, 5


@dataclass(frozen=True, slots=True)
class Fact:
    """A row: what is compared, and a cell for each register."""

    word: str
    cells: tuple[Cell, ...]

    @property
    def differ(self) -> bool:
        """Whether the registers differ in it."""
        return len({str(cell.plain) for cell in self.cells}) > 1


def registers_of(found: Catalogue, text: str) -> tuple[Thing, ...]:
    """The registers of `registers=a,b,c`, each once, none when it is empty.

    Raises Problem (bad-request) for a key that is not known, and for more than five.
    """
    keys = list(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))
    if len(keys) > MOST:
        raise Problem(
            "bad-request",
            f"At most {MOST} registers stand side by side; these are {len(keys)}.",
            f"Högst {MOST} register kan stå sida vid sida; det här är {len(keys)}.",
            members={"parameter": "registers"},
        )
    chosen = [read_choice(found, {"register": key}, "register")["register"] for key in keys]
    return tuple({one.iri: one for one in chosen if one is not None}.values())


def facts(found: Catalogue, registers: tuple[Thing, ...]) -> list[Fact]:
    """The rows of the table, from who answers for a register to where its values are shown."""
    return [Fact(word, tuple(make(found, one) for one in registers)) for word, make in _rows()]


def _rows() -> list[tuple[str, Callable[[Catalogue, Thing], Cell]]]:
    return [
        (_("Full name"), lambda _found, one: said(one.text("skos:prefLabel", spoken()))),
        (_("Responsible"), lambda found, one: all_of(_holders(found, one))),
        (_("Since"), lambda _found, one: _text(one.first("rg:startYear"))),
        (_("Who is in it"), lambda _found, one: said(one.text("rg:inclusionCriteria", spoken()))),
        (_("Relevance"), columns.relevance().of),
        (_("Coverage"), columns.coverage().of),
        (_("Level"), lambda found, one: all_of(levels(found, one))),
        (_("Municipality without linkage, by"), columns.local().of),
        (_("Can be linked with"), _property("rg:linkableWith")),
        (_("Indicators"), columns.indicators().of),
        (_("Of results, surely"), lambda found, one: Cell(number=_results(found, one))),
        (_("Variables that are known"), lambda found, one: Cell(number=len(found.back(one, "rg:variableOf")))),
        (_("Target groups"), _property("rg:concernsTargetGroup")),
        (_("Service areas"), _property("rg:concernsServiceArea")),
        (_("Co-funded by municipalities"), _funded),
        (_("In Kolada"), columns.kpis().of),
        (_("In the mapping"), columns.status().of),
    ]


def _funded(_found: Catalogue, register: Thing) -> Cell:
    return yes_or_no(register.flag("rg:coFundedByMunicipalities"))


def _holders(found: Catalogue, register: Thing) -> list[Thing]:
    return found.linked(register, "dpv:hasDataController") or found.linked(register, "rg:heldBy")


def _text(text: str) -> Cell:
    return Cell(text=text) if text else Cell(unknown=True)


def _property(name: str) -> Callable[[Catalogue, Thing], Cell]:
    return lambda found, one: all_of(sorted(found.linked(one, name), key=order))


def _results(found: Catalogue, register: Thing) -> int:
    return sum("results" in one.keys(SURE) for one in found.back(register, "rg:indicatorOf"))
