"""The rows of the law tables, each with its cells by column, and how one place in an act is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from loader.model.findings import Finding, Message, Severity
from loader.tables.records import Record

TABLES = (
    "legal_acts",
    "legal_outlines",
    "legal_provisions",
    "legal_wordings",
    "legal_bases",
    "legal_correspondences",
    "legal_absences",
)


@dataclass(frozen=True)
class LawRow:
    """One row: `key` is what other tables refer to it by."""

    record: Record

    @cached_property
    def cells(self) -> Mapping[str, str]:
        """The text of every column."""
        return {cell.column.name: cell.text for cell in self.record.cells}

    @property
    def key(self) -> str:
        """The last segment of the row's IRI."""
        return self.record.path.partition("/")[2]

    def text(self, column: str) -> str:
        """A cell's text, empty when the table has no such column."""
        return self.cells.get(column, "")

    def items(self, column: str) -> tuple[str, ...]:
        """The items of a cell that may have several."""
        return tuple(item.strip() for item in self.text(column).split("|") if item.strip())

    def finding(self, rule: str, column: str, said: tuple[str, str]) -> Finding:
        """A finding at one cell of the row, which stops a build."""
        message = Message(sv=said[0], en=said[1])
        return Finding(rule, Severity.VIOLATION, message, self.record.position(column), self.text(column) or None)


@dataclass(frozen=True)
class LawTables:
    """All law rows by table and key."""

    rows: Mapping[str, Mapping[str, LawRow]]

    def of(self, table: str) -> Iterable[LawRow]:
        """The rows of a table, in order."""
        return self.rows.get(table, {}).values()

    def find(self, table: str, key: str) -> LawRow | None:
        """The row of a table with this key."""
        return self.rows.get(table, {}).get(key)

    def act_of(self, provision: LawRow) -> LawRow | None:
        """The act in which a provision stands."""
        return self.find("legal_acts", provision.text("act"))

    def groups_named(self, provision: LawRow) -> frozenset[str]:
        """The target groups that the provision, or a provision of which it is part, names."""
        whole = self.find("legal_provisions", provision.text("part_of"))
        above = frozenset() if whole is None else self.groups_named(whole)
        return above | frozenset(provision.items("names"))

    def last_day(self, provision: LawRow) -> str:
        """The last day of a provision, or of its act, as YYYY-MM-DD; empty while it is in force."""
        act = self.act_of(provision)
        return provision.text("last_day") or ("" if act is None else act.text("last_day"))


def law_tables(records: Iterable[Record]) -> LawTables:
    """The law rows among the records."""
    found: dict[str, dict[str, LawRow]] = {table: {} for table in TABLES}
    for record in records:
        if record.table in found:
            row = LawRow(record)
            found[record.table][row.key] = row
    return LawTables(found)


def place(chapter: str, section: str) -> str:
    """How a section, or a chapter when there is none, is called in Swedish law: 8 kap. 2 §, 9 §, 8 kap."""
    parts = [f"{chapter} kap." if chapter else "", f"{section} §" if section else ""]
    return " ".join(part for part in parts if part)
