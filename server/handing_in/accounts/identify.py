"""Who sends a request: the account of its bearer token (RFC 6750)."""

from __future__ import annotations

from flask import request

from server.handing_in.accounts.failures import FailureLimit
from server.handing_in.accounts.scopes import Account
from server.handing_in.accounts.store import Accounts
from server.handing_in.accounts.tokens import read_token
from server.web.access import client_address
from server.web.problem import Problem

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="registergraf"'}


class Gatekeeper:
    """Asks every request for a token, and slows down clients that show wrong ones."""

    def __init__(self, accounts: Accounts, *, failures_per_minute: int, trusted_proxies: int) -> None:
        """Over the accounts."""
        self._accounts = accounts
        self._failures = FailureLimit(failures_per_minute)
        self._proxies = trusted_proxies

    def caller(self) -> Account:
        """The account that sends this request; Problem as `account` has it."""
        return self.account(request.headers.get("Authorization", ""), client_address(self._proxies))

    def account(self, authorization: str, client: str) -> Account:
        """The account of the header Authorization that an address sent.

        Problem unauthorized (401), or rate-limited (429) when the address has shown too many wrong tokens: a right one
        is never refused for what others behind the same address did.
        """
        scheme, _, text = authorization.partition(" ")
        if not scheme:
            raise _unauthorized("No token was sent.", "Ingen nyckel skickades med.")
        token = read_token(text.strip()) if scheme.lower() == "bearer" else None
        account = self._accounts.authenticate(token) if token else None
        if account is None:
            self._let_try(client)
            self._failures.failed(client)
            raise _unauthorized(
                "The token is not valid here, or no longer.", "Nyckeln gäller inte här, eller har slutat gälla."
            )
        return account

    def _let_try(self, client: str) -> None:
        wait = self._failures.wait(client)
        if wait:
            raise Problem(
                "rate-limited",
                f"Too many wrong tokens came from this address; wait {wait} s.",
                f"För många felaktiga nycklar kom från den här adressen; vänta {wait} s.",
                headers={"Retry-After": str(wait)},
                members={"limit": "failures"},
            )


def _unauthorized(en: str, sv: str) -> Problem:
    how = (
        "Send 'Authorization: Bearer TOKEN' with a token from those who run this server.",
        "Skicka 'Authorization: Bearer NYCKEL' med en nyckel från dem som driver tjänsten.",
    )
    return Problem("unauthorized", f"{en} {how[0]}", f"{sv} {how[1]}", headers=_CHALLENGE)
