"""Names as they come in columns: a letter lost, doubled, swapped or wrong, accents gone, spaces moved, genitives."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

LETTERS = "abdefghijklmnoprstuvyåäö"


def damaged(name: str, seed: int) -> str:
    """A name with one damage, or with two when it is long; the same for the same seed."""
    chance = random.Random(f"{seed}:{name}")
    for _time in range(2 if len(name) > 16 else 1):
        name = chance.choice(WAYS)(name, chance)
    return name


def _place(name: str, chance: random.Random) -> int:
    return chance.randrange(1, max(len(name) - 1, 2))


def _lost(name: str, chance: random.Random) -> str:
    at = _place(name, chance)
    return name[:at] + name[at + 1 :]


def _doubled(name: str, chance: random.Random) -> str:
    at = _place(name, chance)
    return name[:at] + name[at] + name[at:] if at < len(name) else name


def _swapped(name: str, chance: random.Random) -> str:
    at = _place(name, chance)
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


def _wrong(name: str, chance: random.Random) -> str:
    at = _place(name, chance)
    return name[:at] + chance.choice(LETTERS) + name[at + 1 :]


def _plain(name: str, _chance: random.Random) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def _joined(name: str, _chance: random.Random) -> str:
    return name.replace(" ", "", 1)


def _parted(name: str, chance: random.Random) -> str:
    at = _place(name, chance)
    return name[:at] + " " + name[at:]


def _hyphens(name: str, _chance: random.Random) -> str:
    return name.replace("-", " ") if "-" in name else name.replace(" ", "-", 1)


def _capitals(name: str, _chance: random.Random) -> str:
    return name.upper()


def _genitive(name: str, _chance: random.Random) -> str:
    return name + "s"


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    *(_lost, _doubled, _swapped, _wrong, _plain, _joined, _parted, _hyphens, _capitals, _genitive),
)
