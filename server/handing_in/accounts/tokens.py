"""Tokens: `rg_<id>_<secret>`. The id finds the account; of the secret only a salted scrypt hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass

_FORM = re.compile(r"rg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_LOG_N, _R, _P = 14, 8, 1
_AT_ONCE = threading.BoundedSemaphore(4)  # one hash takes 16 MiB and some 50 ms


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A token in its two parts; it has no repr, so that it cannot come into a log by accident."""

    id: str
    secret: str

    def text(self) -> str:
        """What the client sends."""
        return f"rg_{self.id}_{self.secret}"


def make_token() -> Token:
    """A new token with 256 random bits."""
    return Token(secrets.token_hex(6), secrets.token_urlsafe(32))


def read_token(text: str) -> Token | None:
    """The token in a text, or None when it is none."""
    match = _FORM.fullmatch(text)
    return Token(match[1], match[2]) if match else None


def hash_secret(secret: str) -> str:
    """The secret's salted hash, with its parameters."""
    salt = secrets.token_bytes(16)
    return _written(_LOG_N, salt, _scrypt(secret, salt, _LOG_N))


def matches(secret: str, stored: str | None) -> bool:
    """Whether the secret has this hash; compared in constant time, and without an account just as slow as with one."""
    log_n, salt, wanted = _read(stored) if stored else (_LOG_N, b"\0" * 16, b"")
    return hmac.compare_digest(_scrypt(secret, salt, log_n), wanted)


def _scrypt(secret: str, salt: bytes, log_n: int) -> bytes:
    with _AT_ONCE:
        return hashlib.scrypt(secret.encode(), salt=salt, n=2**log_n, r=_R, p=_P, maxmem=2**27, dklen=32)


def _written(log_n: int, salt: bytes, digest: bytes) -> str:
    return f"scrypt${log_n}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def _read(stored: str) -> tuple[int, bytes, bytes]:
    _, log_n, salt, digest = stored.split("$")
    return int(log_n), base64.b64decode(salt), base64.b64decode(digest)
