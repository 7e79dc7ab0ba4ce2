"""What is answered: the rows of the question that is meant, or of a candidate that was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from server.asking.asked import Candidate, Understanding, asking
from server.asking.mentions import STRONG, Mention
from server.pages.catalogue.read import catalogue
from server.query.rows import Table, Term, select
from server.service import BASE, Service

_NAMES = ("skos:prefLabel", "rg:shortName", "skos:altLabel", "skos:notation")
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Answer:
    """An understanding with the rows of one candidate: `about` what the rows were narrowed to, `more` when there are
    more rows than were wanted. Without rows when it is not sure and none was chosen.
    """

    understanding: Understanding
    sure: bool
    chosen: Candidate | None
    table: Table
    about: tuple[Mention, ...]


def answered(site: Service, text: str, *, limit: int, choice: int = 0) -> Answer:
    """The answer to a text in Swedish, of at most `limit` rows; `choice` takes the candidate with that number, from 1.

    Raises Problem (bad-request) for a choice that is not there, and what asking the engine raises.
    """
    meant = asking(site).understand(text)
    one = meant.candidates[(choice or 1) - 1] if len(meant.candidates) >= (choice or 1) else None
    if one is None or not (meant.sure or choice):
        return Answer(meant, False, None, _EMPTY, ())
    beside = [named for named in meant.beside if named.kind in STRONG]
    table = select(site, one.query, limit=_MOST if beside else limit)
    rows, about = _narrowed(site, table, beside)
    shown = Table(table.variables, rows[:limit], table.more or len(rows) > limit)
    return Answer(meant, meant.sure and len(about) == len(beside), one, shown, tuple(about))


def _narrowed(site: Service, table: Table, beside: list[Mention]) -> tuple[list[list[Term]], list[Mention]]:
    """The rows that name all that the text names beside the slots, as far as any row does."""
    rows, about = [list(row) for row in table.rows], []
    for named in beside:
        thing = catalogue(site).things.get(f"{BASE}id/{named.kind}/{named.key}")
        names = {value.text for name in _NAMES for value in thing.said.get(name, ())} if thing else set()
        kept = [row for row in rows if any(cell.text in names for cell in row)]
        if kept:
            rows = kept
            about.append(named)
    return rows, about


_EMPTY = Table([], [], False)
