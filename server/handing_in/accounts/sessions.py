"""Who is signed in by a browser: an opaque name in its cookie, and here, in memory alone, the token that it stands for.

Each request has the token looked up anew, so that a revoked, renewed or expired account is signed out at once. There is
one serving process; when it ends, everybody is signed out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from server.handing_in.accounts.scopes import Account
from server.handing_in.accounts.tokens import Token

_MOST = 10_000
Authenticate = Callable[[Token], Account | None]


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in account; `proof` is what each of its forms must send, so that no other site can send one for it."""

    account: Account
    proof: str = field(repr=False)

    def proven(self, given: str) -> bool:
        """Whether a form was one of ours; compared in constant time."""
        return hmac.compare_digest(self.proof.encode(), given.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class _Kept:
    token: Token
    proof: str
    until: float


class Sessions:
    """The sessions of one server, found by the name that a browser sends; of the names only hashes are kept."""

    def __init__(self, authenticate: Authenticate, minutes: float) -> None:
        """Nobody is signed in; a session ends after so many minutes, whatever is done in it."""
        self._authenticate = authenticate
        self._seconds = minutes * 60
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def seconds(self) -> int:
        """For how long a session lasts."""
        return int(self._seconds)

    def begin(self, token: Token) -> str:
        """Sign in with a token that was found right, and return the session's name for the cookie."""
        name = secrets.token_urlsafe(32)
        kept = _Kept(token, secrets.token_urlsafe(32), time.monotonic() + self._seconds)
        with self._lock:
            self._kept[_hashed(name)] = kept
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> Session | None:
        """The session with this name, while it lasts and its account may be used."""
        with self._lock:
            kept = self._kept.get(_hashed(name)) if name else None
        if kept is None:
            return None
        account = self._authenticate(kept.token) if time.monotonic() < kept.until else None
        if account is None:
            self.end(name)
            return None
        return Session(account, kept.proof)

    def end(self, name: str) -> None:
        """Sign out."""
        with self._lock:
            self._kept.pop(_hashed(name), None)


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
