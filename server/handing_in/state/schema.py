"""The tables of the state; `VERSION` is kept in the file and a newer file is refused."""

from __future__ import annotations

VERSION = 1

# Rows of the audit log are only ever added: the triggers stop every other statement, the hash chain shows what went
# round them.
TABLES = """
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
