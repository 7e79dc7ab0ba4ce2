"""What follows for the other submissions when one comes in, is accepted, or is taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from loader.graph.standing import Change, stand
from server.handing_in.accounts.audit import Entry
from server.handing_in.submissions.kept.model import (
    REPLACED_BY_CONFORMING,
    REPLACED_BY_FAULTY,
    Draft,
    Status,
    Submission,
)
from server.handing_in.submissions.kept.rows import select

NONE = "none"


def changes_of(submissions: Iterable[Submission], named: Mapping[str, str]) -> list[Change]:
    """What each of the accepted submissions does; `named` maps each submission to the one that it names to revise."""
    return [
        Change(
            key=item.key,
            number=item.accepted or 0,
            puts=item.reading.puts,
            removes=item.reading.removes,
            whole=item.reading.whole,
            revises=versions_before(item.key, named),
        )
        for item in submissions
    ]


def versions_before(key: str, named: Mapping[str, str]) -> frozenset[str]:
    """The submissions in whose place one was handed in by name: the one it names, what that one names, and so on."""
    found: list[str] = []
    older = named.get(key, "")
    while older and older not in (*found, key):
        found.append(older)
        older = named.get(older, "")
    return frozenset(found)


def covered(older: Submission, draft: Draft) -> bool:
    """Whether the newer submission says everything anew that the older one speaks of."""
    if older.registers != draft.registers:
        return False
    if not older.reading.records:
        return {file.name for file in older.files} <= {file.name for file in draft.files}
    return older.reading.records <= draft.reading.records and older.reading.whole <= draft.reading.whole


def earlier_version(connection: sqlite3.Connection, draft: Draft) -> str | None:
    """The submission that a new one is a version of: the one that it names, else the latest that it covers."""
    wanted = draft.options.get("supersedes", "")
    if wanted:
        return None if wanted == NONE else wanted
    live = REPLACED_BY_CONFORMING | {Status.ACCEPTED}
    others = [item for item in select(connection, "id <> ?", draft.key) if item.status in live and covered(item, draft)]
    latest = max(others, key=lambda item: _number(connection, item.key), default=None)
    return latest.key if latest else None


def outdated(connection: sqlite3.Connection, draft: Draft, version_of: str | None) -> list[Submission]:
    """The submissions that nobody needs to look at any more, now that this one waits."""
    if draft.options.get("supersedes") == NONE:
        return []
    ending = REPLACED_BY_CONFORMING if draft.reading.conforms else REPLACED_BY_FAULTY
    names = named_versions(connection)
    older = versions_before(draft.key, {**names, draft.key: version_of or ""})
    others = select(connection, "id <> ?", draft.key)
    return [item for item in others if item.status in ending and (item.key in older or covered(item, draft))]


def named_versions(connection: sqlite3.Connection) -> dict[str, str]:
    """Each submission that names another, and which."""
    return {item.key: item.named for item in select(connection, "1") if item.named not in ("", NONE)}


def settled(connection: sqlite3.Connection) -> dict[str, Status]:
    """The accepted submissions whose status changes: nothing of them is in force any more, or something is again."""
    accepted = list(select(connection, "accepted IS NOT NULL"))
    idle = stand({}, changes_of(accepted, named_versions(connection))).idle
    wanted = {item.key: Status.SUPERSEDED if item.key in idle else Status.ACCEPTED for item in accepted}
    return {item.key: wanted[item.key] for item in accepted if item.status is not wanted[item.key]}


def note(connection: sqlite3.Connection, key: str, entry: Entry, step: tuple[str, Status], comment: str = "") -> None:
    """Enter a step (action, status after it) into a submission's history."""
    connection.execute(
        "INSERT INTO submission_events (submission, at, account, action, status, comment, audit)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, entry.at, entry.actor, *step, comment, entry.seq),
    )


def set_status(connection: sqlite3.Connection, keys: Iterable[str], status: Status, entry: Entry, because: str) -> None:
    """Give submissions a status that follows from what was done to another."""
    action = "superseded" if status is Status.SUPERSEDED else "reinstated"
    for key in keys:
        connection.execute("UPDATE submissions SET status = ? WHERE id = ?", (status, key))
        note(connection, key, entry, (action, status), because)


def _number(connection: sqlite3.Connection, key: str) -> int:
    query = "SELECT min(audit) FROM submission_events WHERE submission = ?"
    return int(connection.execute(query, (key,)).fetchone()[0])
