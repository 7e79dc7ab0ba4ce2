"""The audit log: each way of rewriting it is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from click.testing import CliRunner

from server.cli import main
from server.handing_in.accounts.audit import Entry, entries
from server.handing_in.accounts.verify import Verdict, verify
from server.handing_in.state.kept import State
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days


@pytest.fixture
def filled(state: State) -> State:
    for label in ("one", "two", "three", "four"):
        state.accounts.create(label, ["steward"], in_days(1), actor="console")
    return state


def look(state: State, published: dict[str, str] | None = None, expected: str = "") -> Verdict:
    return verify(state.database, state.witness, published or {}, expected)


def tamper(state: State, change: Callable[[sqlite3.Connection], object]) -> None:
    """Change the database behind the program's back, as one who can write the file would."""
    with closing(sqlite3.connect(state.database.file)) as connection:
        connection.execute("DROP TRIGGER audit_not_changed")
        connection.execute("DROP TRIGGER audit_not_removed")
        change(connection)
        connection.commit()


def rechain(connection: sqlite3.Connection) -> None:
    """Compute the whole chain anew, so that it is sound in itself."""
    previous = "0" * 64
    for number, row in enumerate(connection.execute("SELECT * FROM audit ORDER BY seq").fetchall(), 1):
        at, actor, action, subject, details = row[1:6]
        draft = Entry(number, at, actor, action, subject, details, previous, "")
        connection.execute(
            "UPDATE audit SET seq = ?, previous = ?, hash = ? WHERE seq = ?",
            (number, previous, draft.computed(), row[0]),
        )
        previous = draft.computed()


def test_an_untouched_log_is_sound(filled: State) -> None:
    verdict = look(filled)
    assert (verdict.length, verdict.wrong, verdict.behind) == (4, (), 0)
    assert look(filled, {verdict.head: "0.1.0-x"}, f"4:{verdict.head}").wrong == ()


def test_the_database_itself_refuses_to_change_or_remove_entries(filled: State) -> None:
    with closing(sqlite3.connect(filled.database.file)) as connection:
        for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(statement)


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "details"])
def test_a_changed_entry_is_seen(filled: State, column: str) -> None:
    tamper(filled, lambda connection: connection.execute(f"UPDATE audit SET {column} = 'x' WHERE seq = 2"))
    assert look(filled).wrong == ("Entry 2 was changed: its content does not have its hash.",)


def test_a_removed_entry_is_seen(filled: State) -> None:
    tamper(filled, lambda connection: connection.execute("DELETE FROM audit WHERE seq = 2"))
    wrong = look(filled).wrong
    assert "Entry 2 is missing: the next one is number 3." in wrong
    assert "Entry 3 does not follow the entry before it." in wrong


def test_a_cut_tail_is_seen_by_the_witness(filled: State) -> None:
    tamper(filled, lambda connection: connection.execute("DELETE FROM audit WHERE seq = 4"))
    assert look(filled).wrong == (f"Entry 4 was removed: {filled.witness.file} has it.",)


def test_a_whole_new_chain_is_seen_by_the_witness(filled: State) -> None:
    def rewrite(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit SET subject = 'somebody-else' WHERE seq = 3")
        rechain(connection)

    tamper(filled, rewrite)
    assert look(filled).wrong == tuple(
        f"Entry {number} was replaced: {filled.witness.file} has another hash." for number in (3, 4)
    )


def test_with_the_witness_gone_too_releases_and_notes_still_tell(filled: State) -> None:
    head = look(filled).head

    def rewrite(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit SET subject = 'somebody-else' WHERE seq = 1")
        rechain(connection)

    tamper(filled, rewrite)
    filled.witness.file.unlink()
    assert look(filled).wrong == ()
    assert look(filled, {head: "0.1.0-x"}).wrong == (
        f"The release 0.1.0-x names the entry {head}, which is not in the log.",
    )
    assert look(filled, expected=f"4:{head}").wrong == (f"The log does not hold 4:{head}.",)


def test_a_witness_that_fell_behind_is_brought_up(filled: State) -> None:
    lines = filled.witness.file.read_bytes().splitlines(keepends=True)
    filled.witness.file.write_bytes(b"".join(lines[:2]) + lines[2][:20])
    assert look(filled).behind == 2
    filled.accounts.revoke("one", actor="console")
    assert (look(filled).behind, look(filled).wrong) == (0, ())
    assert filled.witness.file.read_bytes().splitlines(keepends=True)[:4] == lines


def test_an_entry_is_made_with_its_deed_or_not_at_all(filled: State) -> None:
    def fail() -> None:
        with filled.database.writing() as connection:
            connection.execute("UPDATE accounts SET revoked = 'x'")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert all(account.revoked is None for account in filled.accounts.all())
    with filled.database.reading() as connection:
        assert len(list(entries(connection))) == 4


def test_the_command_tells(filled: State, kept_settings: Settings) -> None:
    environ = {"REGISTERGRAF_STATE": str(kept_settings.state), "REGISTERGRAF_RELEASES": str(kept_settings.releases)}
    sound = CliRunner().invoke(main, ["audit", "verify"], env=environ)
    assert sound.exit_code == 0
    assert sound.output == f"4:{look(filled).head}\n"
    tamper(filled, lambda connection: connection.execute("UPDATE audit SET actor = 'x' WHERE seq = 2"))
    broken = CliRunner().invoke(main, ["audit", "verify"], env=environ)
    assert broken.exit_code == 1
    assert "Entry 2 was changed" in broken.output
