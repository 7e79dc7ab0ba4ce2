"""Names of registers found in running Swedish text: inflected, spaced otherwise, in the genitive or shortened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
_LONGEST = 14  # words in a name
_SHORT = 7  # letters of a short name, such as SKaPa, which must be written as it is known: “skapa” is a verb
_BEGINNING = 4  # letters by which a word is told to begin no name
_ENDINGS = (
    (re.compile(r"(register)(?:ets?|s|n)?$|(registr)(?:ets?|en)$"), "register"),
    (re.compile(r"^(nationell|svensk|medicinsk|palliativ|scandinavisk)(?:t|a)?$"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A register named in a text: its key, the words as they stand, and where they begin and end."""

    key: str
    words: str
    start: int
    end: int


class Names:
    """The names by which registers are known, each with the key of its register."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take pairs of key and name; a name of two registers is nobody's."""
        self._whole: dict[str, str | None] = {}
        self._short: dict[str, str | None] = {}
        for key, name in names:
            for table, form in self._forms(name):
                table[form] = key if table.get(form, key) == key else None
        self._beginnings = {form[:_BEGINNING] for form in self._whole} | {name[:_BEGINNING] for name in self._short}

    def _forms(self, name: str) -> Iterator[tuple[dict[str, str | None], str]]:
        """The tables and forms under which a name is kept; one of a register's own also without its country."""
        if len(name) <= _SHORT:
            yield self._short, name.strip()
            return
        words = _words(name)
        yield self._whole, _joined(words)
        if len(words) > 1 and words[0] in ("nationell", "svensk") and words[1].endswith("register"):
            yield self._whole, _joined(words[1:])

    def find(self, text: str) -> Iterator[Named]:
        """The registers that a text names, in its order; of names within each other the longest."""
        text = unicodedata.normalize("NFC", text)
        tokens = list(_TOKEN.finditer(text))
        plain = [_plain(token[0]) for token in tokens]
        at = 0
        while at < len(tokens):
            found = self._longest(tokens, plain, at)
            if found is None:
                at += 1
                continue
            length, named = found
            yield named
            at += length

    def _longest(self, tokens: list[re.Match[str]], plain: list[str], at: int) -> tuple[int, Named] | None:
        first = tokens[at][0]
        if not {plain[at][:_BEGINNING], first[:_BEGINNING]} & self._beginnings:
            return None
        for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
            joined = _joined(plain[at : at + length])
            key = self._whole.get(joined) or self._whole.get(joined.removesuffix("s"))
            if length == 1:
                key = key or self._short.get(first) or self._short.get(first.removesuffix("s"))
            if key is not None:
                start, end = tokens[at].start(), tokens[at + length - 1].end()
                return length, Named(key, tokens[at].string[start:end], start, end)
        return None


def _words(name: str) -> list[str]:
    return [_plain(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", name))]


def _plain(word: str) -> str:
    """A word without its ending, as far as names of registers need it."""
    word = word.casefold()
    for pattern, form in _ENDINGS:
        word = pattern.sub(form, word)
    return word


def _joined(words: list[str]) -> str:
    """Words in a row without spaces and hyphens: “Palliativ registret” is “palliativregistret”."""
    return "".join(words).replace("-", "").replace("/", "")
