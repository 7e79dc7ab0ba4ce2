"""What no table may hold: e-mail addresses and personal identity numbers, wherever in a cell they stand.

Personal identity numbers are those of the Swedish Tax Agency (SKV 704): a day of birth, three digits and a check digit
by the Luhn algorithm, in ten or twelve digits; coordination numbers have 60 added to the day (SKV 707).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.table import Row, Table

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NUMBER = re.compile(r"(?<![\d.,/_-])(?:19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?![\d.,/_-]*\d)")


def personal_findings(tables: Iterable[Table]) -> Iterator[Finding]:
    """A finding for each cell with an e-mail address or a personal identity number; the value itself is not shown."""
    for table in tables:
        for row in table.rows:
            for column, text in row.cells.items():
                if "@" in text and _MAIL.search(text):
                    yield _finding(table, row, column, ("en e-postadress", "an e-mail address"))
                elif holds_identity_number(text):
                    yield _finding(table, row, column, ("ett personnummer", "a personal identity number"))


def holds_identity_number(text: str) -> bool:
    """Whether a text holds a personal identity or coordination number with a right check digit.

    >>> holds_identity_number("se 811218-9876"), holds_identity_number("811218-9875")
    (True, False)
    """
    return any(_is_born(*match.groups()) and _checks("".join(match.groups())) for match in _NUMBER.finditer(text))


def _is_born(year: str, month: str, day: str, *_: str) -> bool:
    number = int(day) - 60 if int(day) > 60 else int(day)
    try:
        return bool(date(2000 + int(year), int(month), number))
    except ValueError:
        return False


def _checks(digits: str) -> bool:
    """Whether ten digits meet the Luhn algorithm."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _finding(table: Table, row: Row, column: str, what: tuple[str, str]) -> Finding:
    message = Message(
        sv=f"Cellen innehåller {what[0]}. Ta bort uppgiften; tabellerna handlar aldrig om enskilda personer.",
        en=f"The cell holds {what[1]}. Remove it; the tables are never about single persons.",
    )
    position = Position(table.file, row=row.number, column=column, line=row.line)
    return Finding("personal-data", Severity.VIOLATION, message, position)
