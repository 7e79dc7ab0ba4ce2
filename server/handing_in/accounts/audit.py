"""The audit log: every entry holds the hash of the one before it, so that no entry can be changed, removed or put in
between without all later ones showing it.

Whoever can write the database could compute a whole new chain. Therefore each entry's number and hash also go into a
witness file, which may stand on another volume, and the hash of each acceptance goes into the releases, which are
public. `registergraf audit verify` compares all three.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.handing_in.state.moments import now

START = "0" * 64
PURGED = json.dumps({"purged": True})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what `actor` (an account's label, or `console`) did to `subject`, and when."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    details: str
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash that the entry must have."""
        parts = (str(self.seq), self.at, self.actor, self.action, self.subject, self.details, self.previous)
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be entered; the details are few and hold no token and no personal data."""

    actor: str
    action: str
    subject: str
    details: Mapping[str, object]


def append(connection: sqlite3.Connection, event: Event) -> Entry:
    """Enter the event, within the transaction that does what it tells of."""
    last = head(connection)
    seq, previous = (last.seq + 1, last.hash) if last else (1, START)
    details = json.dumps(event.details, ensure_ascii=False, sort_keys=True)
    draft = Entry(seq, now(), event.actor, event.action, event.subject, details, previous, "")
    entry = Entry(seq, draft.at, event.actor, event.action, event.subject, details, previous, draft.computed())
    row = (entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous, entry.hash)
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return entry


def head(connection: sqlite3.Connection) -> Entry | None:
    """The last entry."""
    row = connection.execute("SELECT * FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return Entry(*row) if row else None


def entries(connection: sqlite3.Connection, after: int = 0) -> Iterator[Entry]:
    """The entries behind number `after`, in order."""
    for row in connection.execute("SELECT * FROM audit WHERE seq > ? ORDER BY seq", (after,)):
        yield Entry(*row)


def _struck(connection: sqlite3.Connection) -> frozenset[int]:
    """The entries whose details were struck out, by what the entries that tell of it say."""
    rows = connection.execute("SELECT details FROM audit WHERE action = 'state-purged'").fetchall()
    return frozenset(int(seq) for row in rows for seq in json.loads(row[0]).get("entries", ()))


def broken_links(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with the chain itself, entry by entry."""
    previous, expected = START, 1
    struck = _struck(connection)
    for entry in entries(connection):
        if entry.seq != expected:
            yield f"Entry {expected} is missing: the next one is number {entry.seq}."
        if entry.previous != previous:
            yield f"Entry {entry.seq} does not follow the entry before it."
        if entry.computed() != entry.hash and not (entry.details == PURGED and entry.seq in struck):
            yield f"Entry {entry.seq} was changed: its content does not have its hash."
        previous, expected = entry.hash, entry.seq + 1
