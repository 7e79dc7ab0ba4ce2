"""The accounts in the database: made, renewed, revoked, and found by their token."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from server.handing_in.accounts.audit import Event, append
from server.handing_in.accounts.scopes import Account, AccountError, check_label, check_scopes
from server.handing_in.accounts.tokens import Token, hash_secret, is_old, make_token, matches
from server.handing_in.state.database import Database
from server.handing_in.state.moments import now


class Accounts:
    """All accounts; every change is in the audit log."""

    def __init__(self, database: Database) -> None:
        """Over the state's database."""
        self._database = database

    def create(self, label: str, scopes: Iterable[str], expires: str, *, actor: str) -> Token:
        """Make an account; its token is shown this once. AccountError when the label is taken."""
        granted = check_scopes(scopes)
        token, made = make_token(), now()
        secret = hash_secret(token.secret)
        row = (check_label(label), token.id, secret, json.dumps(sorted(granted)), made, _later(expires, made))
        with self._database.writing() as connection:
            if _find(connection, label) is not None:
                raise AccountError(f"There is an account {label!r} already, or was; labels are not used again.")
            connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
            details = {"scopes": sorted(granted), "expires": expires}
            append(connection, Event(actor, "account-created", label, details))
        return token

    def renew(self, label: str, expires: str, *, actor: str) -> Token:
        """Give an account a new token; the old one ends at once. AccountError when it is unknown or revoked."""
        token = make_token()
        secret = hash_secret(token.secret)
        with self._database.writing() as connection:
            account = _find(connection, label)
            if account is None or account.revoked:
                raise AccountError(f"There is no account {label!r} that can be renewed.")
            values = (token.id, secret, _later(expires, now()), label)
            connection.execute("UPDATE accounts SET token_id = ?, token_hash = ?, expires = ? WHERE label = ?", values)
            append(connection, Event(actor, "account-renewed", label, {"expires": expires}))
        return token

    def revoke(self, label: str, *, actor: str) -> None:
        """End an account at once and for good; what it did stays. AccountError when there is none to end."""
        with self._database.writing() as connection:
            account = _find(connection, label)
            if account is None or account.revoked:
                raise AccountError(f"There is no account {label!r} that can be revoked.")
            connection.execute("UPDATE accounts SET revoked = ? WHERE label = ?", (now(), label))
            append(connection, Event(actor, "account-revoked", label, {}))

    def all(self) -> list[Account]:
        """Every account, revoked ones too, by label."""
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute("SELECT * FROM accounts ORDER BY label")]

    def find(self, label: str) -> Account | None:
        """The account with the label."""
        with self._database.reading() as connection:
            return _find(connection, label)

    def authenticate(self, token: Token) -> Account | None:
        """The usable account that has this token. One that was revoked or has expired is entered in the audit log."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM accounts WHERE token_id = ?", (token.id,)).fetchone()
        if not matches(token.secret, row["token_hash"] if row else None):
            return None
        account = _account(row)
        if account.usable(now()):
            if is_old(row["token_hash"]):
                self._rehash(token)
            return account
        with self._database.writing() as connection:
            why = "revoked" if account.revoked else "expired"
            append(connection, Event(account.label, "token-refused", account.label, {"why": why}))
        return None

    def _rehash(self, token: Token) -> None:
        with self._database.writing() as connection:
            values = (hash_secret(token.secret), token.id)
            connection.execute("UPDATE accounts SET token_hash = ? WHERE token_id = ?", values)

    def change_scopes(self, label: str, grant: Iterable[str], take: Iterable[str], *, actor: str) -> Account:
        """Widen or narrow what an account may do; AccountError when it cannot be, or when no scope would be left."""
        granted, taken = frozenset(grant), frozenset(take)
        check_scopes(granted | taken)
        with self._database.writing() as connection:
            account = _find(connection, label)
            if account is None or account.revoked:
                raise AccountError(f"There is no account {label!r} whose scopes can be changed.")
            if missing := sorted(taken - account.scopes):
                raise AccountError(f"The account {label!r} does not have {', '.join(missing)}.")
            scopes = sorted(check_scopes((account.scopes | granted) - taken))
            connection.execute("UPDATE accounts SET scopes = ? WHERE label = ?", (json.dumps(scopes), label))
            details = {"granted": sorted(granted), "taken": sorted(taken), "scopes": scopes}
            append(connection, Event(actor, "account-scopes-changed", label, details))
        return replace(account, scopes=frozenset(scopes))


def _later(expires: str, made: str) -> str:
    if expires <= made:
        raise AccountError(f"The account would expire on {expires}, which is past.")
    return expires


def _find(connection: sqlite3.Connection, label: str) -> Account | None:
    row = connection.execute("SELECT * FROM accounts WHERE label = ?", (label,)).fetchone()
    return _account(row) if row else None


def _account(row: sqlite3.Row) -> Account:
    scopes = frozenset(json.loads(row["scopes"]))
    return Account(row["label"], scopes, row["created"], row["expires"], row["revoked"])
