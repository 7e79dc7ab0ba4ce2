"""How texts become words to compare: letters without accents, Swedish endings off, compounds of “register” parted."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+|§")
_ENDINGS = (
    *("arnas", "ernas", "ornas", "andets", "arna", "erna", "orna", "ande", "ende", "aren", "ets", "ens", "ers"),
    *("ast", "are", "het", "en", "et", "er", "ar", "or", "an", "na", "es", "as", "e", "a", "n", "s", "t"),
)
_REGISTER = ("registret", "registren", "register")


def words(text: str) -> list[str]:
    """The words of a text in small letters, in their order.

    >>> words("8 kap. 4 § SoL: säbo-platser")
    ['8', 'kap', '4', '§', 'sol', 'säbo', 'platser']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


@lru_cache(100_000)
def stem(word: str) -> str:
    """A word without accents and without its Swedish ending, if enough of it is left.

    >>> [stem(word) for word in ("äldreomsorgen", "äldreomsorg", "register", "åre")]
    ['aldreomsorg', 'aldreomsorg', 'regist', 'are']
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 4:
            return plain[: -len(ending)]
    return plain


def parted(word: str) -> list[str]:
    """A compound with “register” in its two parts, else the word alone.

    >>> parted("strokeregistret"), parted("registret")
    (['stroke', 'registret'], ['registret'])
    """
    for ending in _REGISTER:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return [word.removesuffix(ending), ending]
    return [word]


def stems(text: str) -> list[str]:
    """The stems of a text's words, compounds of “register” parted."""
    return [stem(part) for word in words(text) for part in parted(word)]


def folded(text: str) -> str:
    """A text in small letters without accents, with single spaces between its words and “&” as “och”.

    >>> folded("Barn- & ungdomsvård, ÅÄÖ"), folded("BPSD-registret")
    ('barn och ungdomsvard aao', 'bpsd registret')
    """
    plain = unicodedata.normalize("NFD", text.replace("&", " och ").casefold())
    return " ".join(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


_SOUNDS = (("ck", "k"), ("ph", "f"), ("w", "v"), ("q", "k"), ("z", "s"), ("x", "ks"), ("c", "k"), ("th", "t"))
_TWICE = re.compile(r"(.)\1+")


def sounded(text: str) -> str:
    """A folded text with one letter for those that sound alike, and none twice.

    >>> sounded("swedem"), sounded("rikssvickt"), sounded("palliativ")
    ('svedem', 'riksvikt', 'paliativ')
    """
    for letters, sound in _SOUNDS:
        text = text.replace(letters, sound)
    return _TWICE.sub(r"\1", text)
