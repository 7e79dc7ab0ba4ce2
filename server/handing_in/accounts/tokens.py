"""Tokens: `rg_<id>_<secret>`. The id finds the account; of the secret only its SHA-256 is kept.

The secret has 256 random bits, so that nobody can guess it back from its hash however fast the hash is. Hashes that
an earlier version made with scrypt are still read, and replaced when their token is next shown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass

_FORM = re.compile(r"rg_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_AT_ONCE = threading.BoundedSemaphore(4)  # one hash by scrypt takes 16 MiB and some 50 ms


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
    """The secret's hash, with its name."""
    return f"sha256${hashlib.sha256(secret.encode()).hexdigest()}"


def matches(secret: str, stored: str | None) -> bool:
    """Whether the secret has this hash; compared in constant time, and without an account just as slow as with one."""
    if stored is not None and is_old(stored):
        return _matches_scrypt(secret, stored)
    return hmac.compare_digest(hash_secret(secret), stored or "sha256$")


def is_old(stored: str) -> bool:
    """Whether an earlier version made the hash."""
    return stored.startswith("scrypt$")


def _matches_scrypt(secret: str, stored: str) -> bool:
    _, log_n, salt, digest = stored.split("$")
    with _AT_ONCE:
        found = hashlib.scrypt(
            secret.encode(), salt=base64.b64decode(salt), n=2 ** int(log_n), r=8, p=1, maxmem=2**27, dklen=32
        )
    return hmac.compare_digest(found, base64.b64decode(digest))
