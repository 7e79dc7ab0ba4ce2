"""The submissions in the database; every change is one transaction together with its entry in the audit log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from server.handing_in.accounts.audit import Event, append
from server.handing_in.state.database import Database
from server.handing_in.submissions.kept.model import ALLOWED, Action, Draft, Reading, Status, Step, Submission
from server.handing_in.submissions.kept.rows import insert, select, update_reading
from server.handing_in.submissions.kept.settling import (
    NONE,
    earlier_version,
    named_versions,
    note,
    outdated,
    set_status,
    settled,
)

__all__ = ["NONE", "Moved", "SubmissionError", "Submissions", "UnknownSubmission"]


class SubmissionError(Exception):
    """What was asked cannot be done to the submission; the message is in English, `sv` in Swedish."""

    def __init__(self, en: str, sv: str) -> None:
        """Keep both."""
        super().__init__(en)
        self.sv = sv


class UnknownSubmission(SubmissionError):  # noqa: N818 - named for what is the matter
    """There is no submission with this key."""


class Moved(SubmissionError):  # noqa: N818 - named for what happened
    """Something else was accepted or withdrawn meanwhile; what was tried has to be tried again."""

    def __init__(
        self,
        en: str = "Something else was decided meanwhile; try again.",
        sv: str = "Något annat avgjordes; försök igen.",
    ) -> None:
        """Keep both."""
        super().__init__(en, sv)


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
            _check_named(connection, draft)
            older = earlier_version(connection, draft)
            entry = append(connection, _received(draft, older))
            status = _status(draft.reading)
            insert(connection, draft, entry.at, status, older)
            note(connection, draft.key, entry, ("received", status))
            ended = [item.key for item in outdated(connection, draft, older)]
            set_status(connection, ended, Status.SUPERSEDED, entry, draft.key)
        return self.get(draft.key), True

    def check_named(self, draft_registers: frozenset[str], named: str) -> None:
        """SubmissionError when the submission that is to be superseded is not there, or is about other registers."""
        with self._database.reading() as connection:
            _check_registers(connection, named, draft_registers)

    def decide(
        self, key: str, action: Action, account: str, comment: str, *, expected: Sequence[int] | None = None
    ) -> Submission:
        """Accept, return or withdraw; SubmissionError when its status does not allow that.

        `expected` are the numbers of the acceptances on which the decision rests; Moved when they are others now.
        """
        with self._database.writing() as connection:
            _allowed(connection, key, action)
            if expected is not None and _accepted_numbers(connection) != list(expected):
                raise Moved
            entry = append(connection, Event(account, f"submission-{action}", key, {"comment": comment}))
            status = {Action.ACCEPT: Status.ACCEPTED, Action.RETURN: Status.RETURNED}.get(action, Status.WITHDRAWN)
            stands = status is Status.ACCEPTED
            connection.execute(
                "UPDATE submissions SET status = ?, decided = ?, decided_by = ?, proof = ?, accepted = ? WHERE id = ?",
                (status, entry.at, account, entry.hash if stands else None, entry.seq if stands else None, key),
            )
            note(connection, key, entry, (str(action), status), comment)
            for other, changed in settled(connection).items():
                set_status(connection, [other], changed, entry, key)
        return self.get(key)

    def reread(self, key: str, reading: Reading, account: str, *, reopen: bool, expected: Sequence[int]) -> Submission:
        """Put a new check in the place of the old one; the status follows from it. `reopen` takes it up again.

        `expected` is as `decide` has it.
        """
        action = Action.REOPEN if reopen else Action.ACCEPT
        with self._database.writing() as connection:
            submission = _allowed(connection, key, action)
            if _accepted_numbers(connection) != list(expected):
                raise Moved
            name = "submission-reopened" if reopen else "submission-rechecked"
            details = {"report": reading.report, "release": reading.release}
            entry = append(connection, Event(account, name, key, details))
            status = _status(reading)
            update_reading(connection, key, reading, status)
            note(connection, key, entry, (name.removeprefix("submission-"), status))
            if reopen:
                draft = _as_draft(submission, reading)
                ended = [item.key for item in outdated(connection, draft, None)]
                set_status(connection, ended, Status.SUPERSEDED, entry, key)
        return self.get(key)

    def remark(self, key: str, account: str, comment: str) -> Submission:
        """Enter a comment into a submission's history; UnknownSubmission when there is none."""
        with self._database.writing() as connection:
            submission = _get(connection, key)
            entry = append(connection, Event(account, "submission-commented", key, {"comment": comment}))
            note(connection, key, entry, ("commented", submission.status), comment)
        return submission

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
            found = select(connection, "id > ? AND (? = '' OR status = ?)", after, status, status)
            wanted = (item for item in found if registers is None or item.registers <= registers)
            return [item for item, _ in zip(wanted, range(most), strict=False)]

    def accepted(self) -> list[Submission]:
        """What was accepted and not taken back, by key, also when newer ones stand before all of it."""
        with self._database.reading() as connection:
            return list(select(connection, "accepted IS NOT NULL"))

    def named(self) -> dict[str, str]:
        """Each submission that was handed in to revise another by name, and which."""
        with self._database.reading() as connection:
            return named_versions(connection)

    def mapping_for(self, register: str) -> dict[str, str] | None:
        """The mapping of columns that was last given with files about this register alone, unless it was withdrawn."""
        with self._database.reading() as connection:
            given = [
                item
                for item in select(connection, "options LIKE '%\"mapping\"%' AND status <> 'withdrawn'")
                if item.registers == {register} and "mapping" in item.options
            ]
        last = max(given, key=lambda item: (item.received, item.key), default=None)
        return None if last is None else dict(json.loads(last.options["mapping"]))

    def kept_bytes(self, account: str) -> int:
        """How many bytes of files are kept for an account."""
        query = (
            "SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT sha256, size FROM submission_files"
            " JOIN submissions ON submissions.id = submission WHERE account = ?)"
        )
        with self._database.reading() as connection:
            return int(connection.execute(query, (account,)).fetchone()[0])

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


def _check_named(connection: sqlite3.Connection, draft: Draft) -> None:
    named = draft.options.get("supersedes", "")
    if named not in ("", NONE):
        _check_registers(connection, named, draft.registers)


def _check_registers(connection: sqlite3.Connection, named: str, registers: frozenset[str]) -> None:
    if not _get(connection, named).registers <= registers:
        raise SubmissionError(
            f"The submission {named} is about other registers.", f"Inlämningen {named} gäller andra register."
        )


def _as_draft(submission: Submission, reading: Reading) -> Draft:
    return Draft(
        submission.digest,
        submission.account,
        submission.registers,
        submission.kind,
        submission.options,
        submission.files,
        reading,
    )


def _received(draft: Draft, older: str | None) -> Event:
    details = {
        "digest": draft.digest,
        "registers": sorted(draft.registers),
        "report": draft.reading.report,
        "supersedes": older,
    }
    return Event(draft.account, "submission-received", draft.key, details)


def _accepted_numbers(connection: sqlite3.Connection) -> list[int]:
    rows = connection.execute("SELECT accepted FROM submissions WHERE accepted IS NOT NULL ORDER BY accepted")
    return [row[0] for row in rows]


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


def _first(connection: sqlite3.Connection, condition: str, *values: str) -> Submission | None:
    return next(select(connection, condition, *values), None)
