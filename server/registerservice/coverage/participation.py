"""Anslutningsgrad: units that take part over units that are eligible, only from a list of eligible units."""

from __future__ import annotations

from pathlib import Path

from server.registerservice.counts.counting import Atoms
from server.registerservice.coverage.result import Row
from server.registerservice.messages import StopError
from server.registerservice.reading.question import Question
from server.registerservice.reading.session import memory_session
from server.registerservice.reading.tablefile import open_table

NAME = "participation"


def eligible_units(path: Path, encoding: str | None = None) -> frozenset[str]:
    """The units of a file with the column `unit`; stops when it names none."""
    with memory_session() as connection:
        table = open_table(connection, path, encoding)
        rows = connection.execute(f"SELECT DISTINCT {table.cell('unit')} FROM {table.relation}").fetchall()
    units = frozenset(str(unit) for (unit,) in rows if unit is not None)
    if not units:
        raise StopError(f"{path.name} nämner ingen enhet.", f"{path.name} names no unit.")
    return units


def unit_place(question: Question) -> int:
    """The place of the unit among the dimensions: the one called unit, or the key; stops when there is none."""
    for place, dimension in enumerate(question.dimensions()):
        if dimension.name == "unit" or question.is_key(dimension):
            return place
    raise StopError(
        "Anslutningsgraden behöver enheten i uppdelningen: --by unit.",
        "Participation needs the unit among what is broken down by: --by unit.",
    )


def participation(atoms: Atoms, question: Question, eligible: frozenset[str]) -> Row:
    """How many of the eligible units have a row in the register, whatever the number of rows."""
    place = unit_place(question)
    taking_part = {values[place] for values, count in atoms["register"].items() if count.of}
    found = len(taking_part & eligible)
    return Row(NAME, {}, found, len(eligible), found / len(eligible), None, None, False)
