"""What is submitted, as it comes in: bytes under a name."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """One submitted file: the name is for messages only and never becomes a path."""

    name: str
    data: bytes

    @property
    def shown(self) -> str:
        """The name for messages: its last segment, without control characters, at most 120 characters."""
        last = unicodedata.normalize("NFC", self.name).replace("\\", "/").rpartition("/")[2]
        return "".join(sign if sign.isprintable() else "_" for sign in last)[:120] or "file"

    @property
    def source(self) -> str:
        """The key of the upload as a source: the same bytes have the same one."""
        return f"submitted-{hashlib.sha256(self.data).hexdigest()[:12]}"
