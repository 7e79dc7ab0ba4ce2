"""The matrix, the gaps and the registers side by side as tables to download."""

from __future__ import annotations

from server.pages.catalogue.things import Thing
from server.pages.compare.gaps import Gaps
from server.pages.compare.matrix import Matrix
from server.pages.compare.sides import Fact
from server.pages.queries import ref, select
from server.pages.tables import Cell, Table
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _


def matrix_table(made: Matrix) -> Table:
    """A row for each line, a column for each column, then what no source states and everything."""
    keys = (made.axes.rows.kind, *(column.key for column in made.columns), "not_stated", "total", "iri")
    words = (made.axes.rows.one, *(plain(column) for column in made.columns), _("Not stated"), _("All"), "IRI")
    rows: list[list[Cell]] = [
        [
            plain(line.thing),
            *(cell.number for cell in line.cells),
            line.silent.number,
            line.total.number,
            line.thing.iri,
        ]
        for line in made.lines
    ]
    return Table(f"{made.axes.rows.word}, {made.axes.columns.word}"[:31], keys, words, rows, made.query.query)


def gaps_table(made: Gaps) -> Table:
    """A row for each group and follow-up area."""
    keys = ("target_group", "follow_up_area", "sure", "possible", "gap")
    words = (_("Target group"), _("Follow-up area"), _("Surely"), _("Possibly"), _("Gap"))
    rows: list[list[Cell]] = [
        [plain(group), plain(one.area), one.sure, one.maybe, _("yes") if one.gap else _("no")]
        for group, row in made.rows
        for one in row
    ]
    return Table(_("Gaps"), keys, words, rows, made.count.query)


def facts_table(registers: tuple[Thing, ...], facts: list[Fact]) -> Table:
    """A row for each fact, a column for each register."""
    keys = ("fact", *(one.key for one in registers))
    words = (_("What"), *(plain(one) for one in registers))
    rows: list[list[Cell]] = [[fact.word, *(cell.plain for cell in fact.cells)] for fact in facts]
    return Table(_("Side by side"), keys, words, rows, facts_query(registers))


def facts_query(registers: tuple[Thing, ...]) -> str:
    """Everything that is said of the registers."""
    values = " ".join(ref(one.iri) for one in registers)
    return select("?register ?property ?value", f"VALUES ?register {{ {values} }}", "?register ?property ?value .")
