"""Text from outside as it may be shown: nothing in it that a terminal obeys or that turns the reading direction."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_KEPT = frozenset("\u00ad")


def shown(text: str) -> str:
    r"""The text on one line; control characters, direction marks and the like are written as `\u{…}`.

    >>> shown("Röd\x1b[31m\n\u202egpj")
    'Röd\\u{1B}[31m\\u{A}\\u{202E}gpj'
    """
    return "".join(rf"\u{{{ord(sign):X}}}" if _unseen(sign) else sign for sign in text)


def _unseen(sign: str) -> bool:
    return sign not in _KEPT and unicodedata.category(sign) in _UNSEEN
