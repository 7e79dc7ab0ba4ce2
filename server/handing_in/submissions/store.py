"""The submissions in the database; every change is one transaction together with its entry in the audit log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple

from server.handing_in.accounts.audit import Entry, Event, append, head
from server.handing_in.state.database import Database
from server.handing_in.submissions.model import (
    ALLOWED,
    REPLACED_BY_CONFORMING,
    REPLACED_BY_FAULTY,
    Action,
    Draft,
    File,
    Reading,
    Status,
    Step,
    Submission,
)

NONE = "none"


class SubmissionError(Exception):
    """What was asked cannot be done to the submission; the message is in English, `sv` in Swedish."""

    def __init__(self, en: str, sv: str) -> None:
        """Keep both."""
        super().__init__(en)
        self.sv = sv


class UnknownSubmission(SubmissionError):  # noqa: N818 - named for what is the matter
    """There is no submission with this key."""


class Submissions:
    """All submissions ever handed in; none is ever removed."""

    def __init__(self, database: Database) -> None:
        """Over the state's database."""
        self._database = database

    def add(self, draft: Draft) -> tuple[Submission, bool]:
        """Store a submission; the one with the same files and options instead, and False, when there is one."""
        with self._database.writing() as connection:
            known = _first(connection, "digest = ?", draft.digest)
            if known is not None:
                return known, False
            replaced = _replaced(connection, draft)
            entry = append(connection, _received(draft, replaced))
            _insert(connection, draft, entry, replaced)
            _note(connection, draft.key, entry, _status(draft.reading), "")
            if replaced is not None:
                _supersede_waiting(connection, replaced, draft, entry)
        return self.get(draft.key), True

    def decide(self, key: str, action: Action, account: str, comment: str) -> Submission:
        """Accept, return or withdraw; SubmissionError when its status does not allow that."""
        with self._database.writing() as connection:
            submission = _allowed(connection, key, action)
            entry = append(connection, Event(account, f"submission-{action}", key, {"comment": comment}))
            status = {Action.ACCEPT: Status.ACCEPTED, Action.RETURN: Status.RETURNED}.get(action, Status.WITHDRAWN)
            proof = entry.hash if status is Status.ACCEPTED else None
            connection.execute(
                "UPDATE submissions SET status = ?, decided = ?, decided_by = ?, proof = ? WHERE id = ?",
                (status, entry.at, account, proof, key),
            )
            _note(connection, key, entry, status, comment)
            if status is Status.ACCEPTED:
                _supersede_accepted(connection, submission, entry)
        return self.get(key)

    def reread(self, key: str, reading: Reading, account: str, *, reopen: bool) -> Submission:
        """Put a new check in the place of the old one; the status follows from it. `reopen` takes it up again."""
        action = Action.REOPEN if reopen else Action.ACCEPT
        with self._database.writing() as connection:
            submission = _allowed(connection, key, action)
            name = "submission-reopened" if reopen else "submission-rechecked"
            entry = append(
                connection, Event(account, name, key, {"report": reading.report, "release": reading.release})
            )
            status = _status(reading)
            connection.execute(
                "UPDATE submissions SET conforms = ?, report = ?, statements = ?, release = ?, tool = ?, status = ?,"
                " decided = NULL, decided_by = NULL, proof = NULL WHERE id = ?",
                (*astuple(reading), status, key),
            )
            _note(connection, key, entry, status, "")
            if reopen:
                _take_up(connection, submission, reading)
        return self.get(key)

    def get(self, key: str) -> Submission:
        """The submission with the key; UnknownSubmission when there is none."""
        with self._database.reading() as connection:
            return _get(connection, key)

    def with_digest(self, digest: str) -> Submission | None:
        """The submission of these very files and options."""
        with self._database.reading() as connection:
            return _first(connection, "digest = ?", digest)

    def listed(
        self, registers: frozenset[str] | None, status: str = "", after: str = "", most: int = 100
    ) -> list[Submission]:
        """Submissions by key, behind `after`: all of them, or those about no other registers than these."""
        with self._database.reading() as connection:
            found = _select(connection, "id > ? AND (? = '' OR status = ?)", after, status, status)
            wanted = (item for item in found if registers is None or item.registers <= registers)
            return [item for item, _ in zip(wanted, range(most), strict=False)]

    def accepted(self) -> list[Submission]:
        """What goes into the next release, by key."""
        with self._database.reading() as connection:
            return list(_select(connection, "status = ?", Status.ACCEPTED))

    def history(self, key: str) -> list[Step]:
        """What happened to a submission, in order."""
        query = (
            "SELECT at, account, action, status, comment FROM submission_events WHERE submission = ? ORDER BY number"
        )
        with self._database.reading() as connection:
            return [
                Step(row["at"], row["account"], row["action"], Status(row["status"]), row["comment"])
                for row in connection.execute(query, (key,))
            ]

    def replaced_by(self, submission: Submission) -> list[Submission]:
        """The accepted submissions that this one takes the place of when it is accepted."""
        with self._database.reading() as connection:
            older = _older(connection, submission.supersedes, submission.key)
            return [item for item in older if item.status is Status.ACCEPTED]


def _replaced(connection: sqlite3.Connection, draft: Draft) -> Submission | None:
    """The submission that the new one is a version of: the one that was named, else the latest of its kind."""
    if draft.supersedes == NONE:
        return None
    if draft.supersedes:
        named = _get(connection, draft.supersedes)
        if not named.registers <= draft.registers:
            raise SubmissionError(
                f"The submission {named.key} is about other registers.",
                f"Inlämningen {named.key} gäller andra register.",
            )
        return named
    others = _select(connection, "kind = ? AND id <> ?", draft.kind, draft.key)
    live = [item for item in others if item.registers == draft.registers]
    waiting = [item for item in live if item.status in REPLACED_BY_CONFORMING | {Status.ACCEPTED}]
    return max(waiting, key=lambda item: _number(connection, item.key), default=None)


def _take_up(connection: sqlite3.Connection, submission: Submission, reading: Reading) -> None:
    """Make a submission that is taken up again the version after the one that stands now."""
    now = Draft(
        submission.digest, submission.account, submission.registers, submission.kind, {}, submission.files, reading
    )
    standing = _replaced(connection, now)
    if standing is not None:
        connection.execute("UPDATE submissions SET supersedes = ? WHERE id = ?", (standing.key, submission.key))
        last = head(connection)
        if last is not None:
            _supersede_waiting(connection, standing, now, last)


def _received(draft: Draft, replaced: Submission | None) -> Event:
    details = {
        "digest": draft.digest,
        "registers": sorted(draft.registers),
        "report": draft.reading.report,
        "supersedes": replaced.key if replaced else None,
    }
    return Event(draft.account, "submission-received", draft.key, details)


def _insert(connection: sqlite3.Connection, draft: Draft, entry: Entry, replaced: Submission | None) -> None:
    reading = draft.reading
    row = {
        "id": draft.key,
        "digest": draft.digest,
        "account": draft.account,
        "kind": draft.kind,
        "received": entry.at,
        "status": _status(reading),
        "conforms": reading.conforms,
        "options": json.dumps(dict(draft.options), ensure_ascii=False, sort_keys=True),
        "tool": reading.tool,
        "release": reading.release,
        "report": reading.report,
        "statements": reading.statements,
        "supersedes": replaced.key if replaced else None,
    }
    names = ", ".join(row)
    connection.execute(f"INSERT INTO submissions ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))  # noqa: S608 - names are ours
    connection.executemany(
        "INSERT INTO submission_files VALUES (?, ?, ?, ?, ?)",
        [(draft.key, place, file.name, file.sha256, file.size) for place, file in enumerate(draft.files)],
    )
    connection.executemany(
        "INSERT INTO submission_registers VALUES (?, ?)", [(draft.key, name) for name in sorted(draft.registers)]
    )


def _supersede_waiting(connection: sqlite3.Connection, old: Submission, draft: Draft, entry: Entry) -> None:
    """Older versions that nobody needs to look at any more; what is accepted stays until the new one is."""
    ending = REPLACED_BY_CONFORMING if draft.reading.conforms else REPLACED_BY_FAULTY
    older = _older(connection, old.key, draft.key)
    _supersede(connection, [item for item in older if item.status in ending], draft.key, entry)


def _supersede_accepted(connection: sqlite3.Connection, new: Submission, entry: Entry) -> None:
    old = [item for item in _older(connection, new.supersedes, new.key) if item.status is Status.ACCEPTED]
    _supersede(connection, old, new.key, entry)


def _older(connection: sqlite3.Connection, key: str | None, newest: str) -> list[Submission]:
    """The versions before `newest`: the one with the key, what that one superseded, and so on."""
    found: list[Submission] = []
    while key is not None and key != newest and key not in [item.key for item in found]:
        found.append(_get(connection, key))
        key = found[-1].supersedes
    return found


def _supersede(connection: sqlite3.Connection, old: Iterable[Submission], key: str, entry: Entry) -> None:
    for item in old:
        connection.execute("UPDATE submissions SET status = ? WHERE id = ?", (Status.SUPERSEDED, item.key))
        _note(connection, item.key, entry, Status.SUPERSEDED, key)


def _note(connection: sqlite3.Connection, key: str, entry: Entry, status: Status, comment: str) -> None:
    action = entry.action.removeprefix("submission-") if status is not Status.SUPERSEDED else "superseded"
    connection.execute(
        "INSERT INTO submission_events (submission, at, account, action, status, comment, audit)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, entry.at, entry.actor, action, status, comment, entry.seq),
    )


def _allowed(connection: sqlite3.Connection, key: str, action: Action) -> Submission:
    submission = _get(connection, key)
    if submission.status not in ALLOWED[action]:
        raise SubmissionError(
            f"The submission is {submission.status}; {action} is possible from: {', '.join(sorted(ALLOWED[action]))}.",
            f"Inlämningens läge är {submission.status}; {action} går från: {', '.join(sorted(ALLOWED[action]))}.",
        )
    return submission


def _status(reading: Reading) -> Status:
    return Status.RECEIVED if reading.conforms else Status.NEEDS_CORRECTION


def _get(connection: sqlite3.Connection, key: str) -> Submission:
    found = _first(connection, "id = ?", key)
    if found is None:
        raise UnknownSubmission(f"There is no submission {key}.", f"Det finns ingen inlämning {key}.")
    return found


def _number(connection: sqlite3.Connection, key: str) -> int:
    query = "SELECT min(audit) FROM submission_events WHERE submission = ?"
    return int(connection.execute(query, (key,)).fetchone()[0])


def _first(connection: sqlite3.Connection, condition: str, *values: str) -> Submission | None:
    return next(_select(connection, condition, *values), None)


def _select(connection: sqlite3.Connection, condition: str, *values: str) -> Iterator[Submission]:
    query = f"SELECT * FROM submissions WHERE {condition} ORDER BY id"  # noqa: S608 - conditions are ours
    for row in connection.execute(query, values).fetchall():
        yield _submission(connection, row)


def _submission(connection: sqlite3.Connection, row: sqlite3.Row) -> Submission:
    files = connection.execute(
        "SELECT name, sha256, size FROM submission_files WHERE submission = ? ORDER BY place", (row["id"],)
    )
    registers = connection.execute("SELECT register FROM submission_registers WHERE submission = ?", (row["id"],))
    return Submission(
        key=row["id"],
        digest=row["digest"],
        account=row["account"],
        registers=frozenset(item[0] for item in registers),
        kind=row["kind"],
        received=row["received"],
        status=Status(row["status"]),
        options=json.loads(row["options"]),
        files=tuple(File(*file) for file in files),
        reading=Reading(bool(row["conforms"]), row["report"], row["statements"], row["release"], row["tool"]),
        supersedes=row["supersedes"],
        decided=row["decided"],
        decided_by=row["decided_by"],
        proof=row["proof"],
    )
