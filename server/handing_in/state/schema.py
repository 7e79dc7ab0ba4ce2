"""The tables of the state, and how a file of an earlier version becomes one of this; a later one is refused."""

from __future__ import annotations

from collections.abc import Mapping

VERSION = 2

# Rows of the audit log are only ever added: the triggers stop every other statement, the hash chain shows what went
# round them. Of what must not be kept the details alone may be struck out; the entry that tells of it keeps the chain
# sound.
AUDIT = """
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
  details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
) STRICT;
"""
AUDIT_GUARDS = """
CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit
WHEN new.details <> '{"purged": true}' OR new.seq <> old.seq OR new.at <> old.at OR new.actor <> old.actor
  OR new.action <> old.action OR new.subject <> old.subject OR new.previous <> old.previous OR new.hash <> old.hash
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
"""
RECORDS = """
CREATE TABLE submission_records (
  submission TEXT NOT NULL REFERENCES submissions(id), record TEXT NOT NULL, scope TEXT NOT NULL,
  removed INTEGER NOT NULL, replaced_by TEXT, PRIMARY KEY (submission, record)
) STRICT;
CREATE INDEX records_by_record ON submission_records(record);
"""

TABLES = f"""{AUDIT}{AUDIT_GUARDS}
CREATE TABLE accounts (
  label TEXT PRIMARY KEY, token_id TEXT NOT NULL UNIQUE, token_hash TEXT NOT NULL, scopes TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, revoked TEXT
) STRICT;

CREATE TABLE submissions (
  id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, account TEXT NOT NULL REFERENCES accounts(label),
  kind TEXT NOT NULL, received TEXT NOT NULL, status TEXT NOT NULL, conforms INTEGER NOT NULL, options TEXT NOT NULL,
  tool TEXT NOT NULL, release TEXT NOT NULL, report TEXT NOT NULL, statements TEXT NOT NULL,
  supersedes TEXT REFERENCES submissions(id), decided TEXT, decided_by TEXT, proof TEXT,
  accepted INTEGER, whole TEXT NOT NULL DEFAULT '[]', effect TEXT NOT NULL DEFAULT '{{}}',
  world TEXT NOT NULL DEFAULT ''
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
{RECORDS}"""

# To each version from the one before it. 2: submissions say which records they put and take away, and by which number
# of the audit log they were accepted.
_TO_2 = """
ALTER TABLE submissions ADD COLUMN accepted INTEGER;
ALTER TABLE submissions ADD COLUMN whole TEXT NOT NULL DEFAULT '[]';
ALTER TABLE submissions ADD COLUMN effect TEXT NOT NULL DEFAULT '{}';
ALTER TABLE submissions ADD COLUMN world TEXT NOT NULL DEFAULT '';
UPDATE submissions SET accepted = (SELECT seq FROM audit WHERE audit.hash = submissions.proof)
  WHERE proof IS NOT NULL AND status = 'accepted';
DROP TRIGGER audit_not_changed;
DROP TRIGGER audit_not_removed;
"""
MIGRATIONS: Mapping[int, str] = {2: _TO_2 + AUDIT_GUARDS + RECORDS}
