"""Text from outside as it may be shown: nothing in it that a terminal obeys or that turns the reading direction."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from loader.model.findings import Finding, Message

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
_KEPT = frozenset("\u00ad")


def shown(text: str) -> str:
    r"""The text on one line; control characters, direction marks and the like are written as `\u{…}`.

    >>> shown("Röd\x1b[31m\n\u202egpj")
    'Röd\\u{1B}[31m\\u{A}\\u{202E}gpj'
    """
    return "".join(rf"\u{{{ord(sign):X}}}" if _unseen(sign) else sign for sign in text)


def plain(finding: Finding) -> Finding:
    """The finding with all that it quotes as it may be shown: wherever it goes, nothing raw of a file goes along."""
    place, message = finding.position, finding.message
    quoted = (message.sv, message.en, finding.value, finding.suggestion, place.file, place.sheet, place.column)
    if all(text.isprintable() for text in quoted if isinstance(text, str)):
        return finding
    column = shown(place.column) if isinstance(place.column, str) else place.column
    return replace(
        finding,
        message=Message(sv=shown(message.sv), en=shown(message.en)),
        value=_shown(finding.value),
        suggestion=_shown(finding.suggestion),
        position=replace(place, file=_shown(place.file), sheet=_shown(place.sheet), column=column),
    )


def _shown(text: str | None) -> str | None:
    return None if text is None else shown(text)


def _unseen(sign: str) -> bool:
    return sign not in _KEPT and unicodedata.category(sign) in _UNSEEN
