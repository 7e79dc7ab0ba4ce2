"""Accounts and their tokens: what is stored, when a token ends, who is asked to wait."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.handing_in.accounts.failures import FailureLimit
from server.handing_in.accounts.scopes import AccountError
from server.handing_in.accounts.tokens import Token, hash_secret, make_token, matches, read_token
from server.handing_in.state.kept import State
from server.handing_in.state.moments import written
from server.settings import Settings
from tests.server.conftest import make_current, write_release


def in_days(days: float) -> str:
    return written(datetime.now(UTC) + timedelta(days=days))


def age(state: State, label: str, monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Let the accounts see a later moment."""
    monkeypatch.setattr("server.handing_in.accounts.store.now", lambda: in_days(days))
    assert state.accounts.find(label) is not None


def test_a_token_opens_its_account_and_no_other(state: State) -> None:
    one = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    two = state.accounts.create("stewards", ["steward", "operator"], in_days(1), actor="console")
    first, second = state.accounts.authenticate(one), state.accounts.authenticate(two)
    assert first is not None
    assert second is not None
    assert (first.label, first.registers, first.is_steward) == ("riksstroke", frozenset({"riksstroke"}), False)
    assert (second.label, second.registers, second.is_steward, second.is_operator) == (
        "stewards",
        frozenset(),
        True,
        True,
    )
    assert state.accounts.authenticate(Token(one.id, two.secret)) is None
    assert state.accounts.authenticate(make_token()) is None


def test_the_secret_is_nowhere_in_the_state(state: State) -> None:
    token = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    state.accounts.authenticate(token)
    kept = [path for path in state.folder.rglob("*") if path.is_file()]
    assert {path.name for path in kept} >= {"registergraf.sqlite3", "audit.witness"}
    assert [path for path in kept if token.secret.encode() in path.read_bytes()] == []
    assert token.secret not in repr(token)


def test_only_the_owner_can_read_the_state(state: State) -> None:
    state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    for path in (state.folder, *state.folder.glob("registergraf.sqlite3"), state.witness.file):
        assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0, path


def test_a_token_ends_on_its_day(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    token = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(2), actor="console")
    age(state, "riksstroke", monkeypatch, 1.9)
    assert state.accounts.authenticate(token) is not None
    age(state, "riksstroke", monkeypatch, 2.1)
    assert state.accounts.authenticate(token) is None
    with state.database.reading() as connection:
        last = connection.execute("SELECT action, details FROM audit ORDER BY seq DESC").fetchone()
    assert tuple(last) == ("token-refused", '{"why": "expired"}')


def test_a_revoked_account_is_closed_at_once_and_for_good(state: State) -> None:
    token = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    state.accounts.revoke("riksstroke", actor="console")
    assert state.accounts.authenticate(token) is None
    with pytest.raises(AccountError, match="not used again"):
        state.accounts.create("riksstroke", ["steward"], in_days(1), actor="console")
    with pytest.raises(AccountError, match="can be renewed"):
        state.accounts.renew("riksstroke", in_days(1), actor="console")
    with pytest.raises(AccountError, match="can be revoked"):
        state.accounts.revoke("riksstroke", actor="console")


def test_a_renewed_token_replaces_the_old_one(state: State) -> None:
    old = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    new = state.accounts.renew("riksstroke", in_days(5), actor="console")
    assert state.accounts.authenticate(old) is None
    account = state.accounts.authenticate(new)
    assert account is not None
    assert account.scopes == {"holder:riksstroke"}


@pytest.mark.parametrize(
    ("label", "scopes", "message"),
    [
        ("Anna Svensson", ["steward"], "is no label"),
        ("console", ["steward"], "is no label"),
        ("a" * 65, ["steward"], "is no label"),
        ("a", ["holder:"], "is no scope"),
        ("a", ["holder:*"], "is no scope"),
        ("a", ["admin"], "is no scope"),
        ("a", [], "needs a scope"),
    ],
)
def test_odd_labels_and_scopes_are_refused(state: State, label: str, scopes: list[str], message: str) -> None:
    with pytest.raises(AccountError, match=message):
        state.accounts.create(label, scopes, in_days(1), actor="console")
    assert state.accounts.all() == []


def test_an_account_cannot_begin_expired(state: State) -> None:
    with pytest.raises(AccountError, match="past"):
        state.accounts.create("a", ["steward"], in_days(-1), actor="console")


def test_hashes_are_compared_in_constant_time_with_and_without_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    token = make_token()
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "server.handing_in.accounts.tokens.hmac.compare_digest",
        lambda a, b: compared.append((a, b)) or False,  # type: ignore[func-returns-value]
    )
    assert not matches(token.secret, hash_secret(token.secret))
    assert not matches(token.secret, None)
    assert [a for a, _ in compared] == [hash_secret(token.secret)] * 2
    assert token.secret not in hash_secret(token.secret)


def old_hash(secret: str) -> str:
    """As version 1 of the state kept it."""
    salt = b"0123456789abcdef"
    digest = hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, maxmem=2**27, dklen=32)
    return f"scrypt$14${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def test_a_hash_of_an_earlier_version_is_read_and_replaced(state: State) -> None:
    token = state.accounts.create("riksstroke", ["holder:riksstroke"], in_days(1), actor="console")
    with state.database.writing() as connection:
        connection.execute("UPDATE accounts SET token_hash = ?", (old_hash(token.secret),))
    assert state.accounts.authenticate(Token(token.id, "A" * 43)) is None
    assert state.accounts.authenticate(token) is not None
    with state.database.reading() as connection:
        kept = connection.execute("SELECT token_hash FROM accounts").fetchone()[0]
    assert kept == hash_secret(token.secret)
    assert state.accounts.authenticate(token) is not None


def test_scopes_are_widened_and_narrowed(kept_settings: Settings, state: State) -> None:
    token = state.accounts.create("office", ["holder:riksstroke"], in_days(1), actor="console")
    grown = run(kept_settings, "account", "scopes", "office", "--grant", "holder:rikshoft", "--grant", "steward")
    assert grown.stdout == "office\tholder:rikshoft,holder:riksstroke,steward\n"
    shrunk = run(kept_settings, "account", "scopes", "office", "--take", "holder:riksstroke", "--take", "steward")
    assert shrunk.exit_code == 0
    account = state.accounts.authenticate(token)
    assert account is not None
    assert account.scopes == {"holder:rikshoft"}
    for bad in (["--take", "steward"], ["--take", "holder:rikshoft"], ["--grant", "admin"]):
        assert run(kept_settings, "account", "scopes", "office", *bad).exit_code == 2
    assert run(kept_settings, "account", "scopes", "nobody", "--grant", "steward").exit_code == 2
    log = run(kept_settings, "audit", "show").stdout.splitlines()
    assert [line.split("\t")[3] for line in log] == ["account-created", *["account-scopes-changed"] * 2]
    assert '"taken": ["holder:riksstroke", "steward"]' in log[-1]


def test_an_unknown_register_is_told(kept_settings: Settings) -> None:
    write_release(kept_settings.releases, "0.1.0-aaaaaaaaaaaa")
    make_current(kept_settings.releases, "0.1.0-aaaaaaaaaaaa")
    made = run(kept_settings, "account", "create", "office", "--scope", "holder:rikstroke", "--scope", "holder:bipolar")
    assert made.exit_code == 0
    assert "There is no register 'rikstroke' in the current release" in made.stderr
    assert "Did you mean riksstroke?" in made.stderr
    assert "bipolar" not in made.stderr
    assert read_token(made.stdout.strip()) is not None


def test_only_whole_tokens_are_read() -> None:
    text = make_token().text()
    assert read_token(text) is not None
    assert [read_token(bad) for bad in (text[:-1], text + "A", text.upper(), "", "rg__", text + "\n")] == [None] * 6


def test_failures_make_one_client_wait_and_no_other() -> None:
    limit = FailureLimit(3)
    for _ in range(3):
        assert limit.wait("192.0.2.1", 0.0) == 0
        limit.failed("192.0.2.1", 0.0)
    limit.failed("192.0.2.1", 0.0)
    assert limit.wait("192.0.2.1", 0.0) == 20
    assert limit.wait("192.0.2.1", 20.1) == 0
    assert limit.wait("192.0.2.2", 0.0) == 0


def test_an_ipv6_client_is_its_network() -> None:
    limit = FailureLimit(1)
    for host in range(2):
        limit.failed(f"2001:db8::{host}", 0.0)
    assert limit.wait("2001:db8::ffff", 0.0) > 0
    assert limit.wait("2001:db8:0:1::1", 0.0) == 0


def run(settings: Settings, *arguments: str) -> Result:
    environ = {"REGISTERGRAF_STATE": str(settings.state), "REGISTERGRAF_RELEASES": str(settings.releases)}
    return CliRunner().invoke(main, arguments, env=environ)


def test_the_commands_make_list_renew_and_revoke(kept_settings: Settings, state: State) -> None:
    made = run(kept_settings, "account", "create", "riksstroke", "--scope", "holder:riksstroke", "--days", "30")
    assert made.exit_code == 0
    token = read_token(made.stdout.strip())
    assert token is not None
    assert state.accounts.authenticate(token) is not None
    assert run(kept_settings, "account", "create", "riksstroke", "--scope", "steward").exit_code == 2
    renewed = read_token(run(kept_settings, "account", "renew", "riksstroke").output.strip())
    assert renewed is not None
    listed = run(kept_settings, "account", "list").output
    assert listed.startswith("riksstroke\tholder:riksstroke\tuntil ")
    assert renewed.secret not in listed
    assert run(kept_settings, "account", "revoke", "riksstroke").exit_code == 0
    assert "revoked" in run(kept_settings, "account", "list").output
    assert state.accounts.authenticate(renewed) is None
    shown = run(kept_settings, "audit", "show").output
    assert [line.split("\t")[3] for line in shown.splitlines()] == [
        "account-created",
        "account-renewed",
        "account-revoked",
        "token-refused",
    ]
    assert renewed.secret not in shown


def test_no_account_is_there_by_default(kept_settings: Settings, state: State) -> None:
    assert run(kept_settings, "account", "list").output == ""
    assert not kept_settings.state.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings = Settings(state=tmp_path / "file" / "state", releases=tmp_path)
    failed = run(settings, "account", "create", "a", "--scope", "steward")
    assert failed.exit_code == 2
    assert str(tmp_path / "file") in failed.output


def test_a_database_of_a_later_version_is_refused(kept_settings: Settings, state: State) -> None:
    state.accounts.create("a", ["steward"], in_days(1), actor="console")
    with closing(__import__("sqlite3").connect(state.database.file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "version 99" in run(kept_settings, "account", "list").output
