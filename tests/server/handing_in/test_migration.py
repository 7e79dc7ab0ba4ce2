"""A state of version 1 is brought up to this version, with nothing lost; a failed attempt changes nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from loader.graph.accepted import to_statements
from loader.model.iris import expand
from server.handing_in.accounts.tokens import make_token
from server.handing_in.accounts.verify import verify
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.errors import StorageDamaged
from server.handing_in.state.kept import State, open_state
from server.handing_in.state.schema import VERSION
from server.handing_in.submissions.kept.model import Status
from server.handing_in.submissions.kept.store import Submissions
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days, old_hash

VERSION_1 = """
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
  details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

CREATE TABLE accounts (
  label TEXT PRIMARY KEY, token_id TEXT NOT NULL UNIQUE, token_hash TEXT NOT NULL, scopes TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, revoked TEXT
) STRICT;

CREATE TABLE submissions (
  id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, account TEXT NOT NULL REFERENCES accounts(label),
  kind TEXT NOT NULL, received TEXT NOT NULL, status TEXT NOT NULL, conforms INTEGER NOT NULL, options TEXT NOT NULL,
  tool TEXT NOT NULL, release TEXT NOT NULL, report TEXT NOT NULL, statements TEXT NOT NULL,
  supersedes TEXT REFERENCES submissions(id), decided TEXT, decided_by TEXT, proof TEXT
) STRICT;
CREATE INDEX submissions_by_status ON submissions(status);
CREATE TABLE submission_files (
  submission TEXT NOT NULL REFERENCES submissions(id), place INTEGER NOT NULL, name TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (submission, place)
) STRICT;
CREATE TABLE submission_registers (
  submission TEXT NOT NULL REFERENCES submissions(id), register TEXT NOT NULL, PRIMARY KEY (submission, register)
) STRICT;
CREATE INDEX submissions_by_register ON submission_registers(register);
CREATE TABLE submission_events (
  number INTEGER PRIMARY KEY, submission TEXT NOT NULL REFERENCES submissions(id), at TEXT NOT NULL,
  account TEXT NOT NULL, action TEXT NOT NULL, status TEXT NOT NULL, comment TEXT NOT NULL, audit INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_submission ON submission_events(submission);
"""
TOKEN = make_token()
KEY = "a" * 20


def hashed(*parts: object) -> str:
    import json

    return hashlib.sha256(json.dumps([*map(str, parts)], ensure_ascii=False).encode()).hexdigest()


@pytest.fixture
def old(tmp_path: Path) -> State:
    """A state as version 1 left it: an account, and a submission that was accepted."""
    folder = tmp_path / "state"
    folder.mkdir()
    variable, register = NamedNode(expand("variable:riksstroke.x")), NamedNode(expand("register:riksstroke"))
    triples = [Triple(variable, NamedNode(expand("rg:variableOf")), register)]
    triples.append(Triple(variable, NamedNode(expand("skos:notation")), Literal("X")))
    statements = Blobs(folder).put(to_statements(KEY, triples))
    report = Blobs(folder).put(b"{}")
    first = hashed(1, "t1", "office", "submission-received", KEY, "{}", "0" * 64)
    second = hashed(2, "t2", "stewards", "submission-accept", KEY, "{}", first)
    with closing(sqlite3.connect(folder / "registergraf.sqlite3", isolation_level=None)) as connection:
        connection.executescript(VERSION_1 + "PRAGMA user_version = 1;")
        account = ("office", TOKEN.id, old_hash(TOKEN.secret), '["holder:riksstroke"]', "2020", in_days(1), None)
        connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?)", account)
        rows = [
            (1, "t1", "office", "submission-received", KEY, "{}", "0" * 64, first),
            (2, "t2", "stewards", "submission-accept", KEY, "{}", first, second),
        ]
        connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        row = (KEY, "d", "office", "variables", "t1", "accepted", 1, "{}", "0.1.0", "r", report, statements)
        connection.execute(
            f"INSERT INTO submissions VALUES ({', '.join('?' * 16)})", (*row, None, "t2", "stewards", second)
        )
        connection.execute("INSERT INTO submission_registers VALUES (?, 'riksstroke')", (KEY,))
        event = (KEY, "t1", "office", "received", "received", "", 1)
        connection.execute("INSERT INTO submission_events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", event)
    return open_state(Settings(state=folder, releases=tmp_path / "releases"))


def test_everything_is_there_afterwards(old: State) -> None:
    found = Submissions(old.database).get(KEY)
    assert (found.status, found.accepted, found.decided_by) == (Status.ACCEPTED, 2, "stewards")
    assert found.reading.puts == {"variable/riksstroke.x": "variables:riksstroke"}
    assert [item.key for item in Submissions(old.database).accepted()] == [KEY]
    assert old.accounts.authenticate(TOKEN) is not None
    assert verify(old.database, old.witness, {}).wrong == ()
    with closing(sqlite3.connect(old.database.file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == VERSION


def test_the_audit_log_is_guarded_as_before(old: State) -> None:
    old.accounts.all()
    for statement in ("UPDATE audit SET actor = 'x'", "UPDATE audit SET details = '{}'", "DELETE FROM audit"):
        with closing(sqlite3.connect(old.database.file)) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_what_cannot_be_migrated_is_left_as_it_was(old: State) -> None:
    for blob in (old.folder / "blobs").rglob("*"):
        if blob.is_file():
            blob.write_bytes(b"damaged")
    before = old.database.file.read_bytes()
    with pytest.raises(StorageDamaged):
        old.accounts.all()
    with closing(sqlite3.connect(old.database.file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
        columns = {row[1] for row in connection.execute("PRAGMA table_info(submissions)")}
    assert "accepted" not in columns
    assert len(old.database.file.read_bytes()) >= len(before)
