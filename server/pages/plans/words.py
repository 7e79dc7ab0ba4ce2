"""Variables named in few words: as their register writes them, numbered ones as a run."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.pages.catalogue.things import Thing
from server.pages.words.names import plain

_NUMBERED = re.compile(r"([^0-9]+)([0-9]{1,3})")


def notation(variable: Thing) -> str:
    """What the register calls the variable, with its label where that says more."""
    short, label = variable.first("skos:notation"), plain(variable)
    return label if not short or short.casefold() == label.casefold() else f"{short} ({label})"


def notations(variables: Iterable[Thing]) -> str:
    """The variables one after another; DIA1, DIA2 … DIA30 become DIA1–DIA30."""
    runs: dict[str, list[int]] = {}
    named: list[str] = []
    for variable in variables:
        numbered = _NUMBERED.fullmatch(variable.first("skos:notation"))
        if numbered is None:
            named.append(notation(variable))
            continue
        if numbered[1] not in runs:
            named.append(numbered[1])
        runs.setdefault(numbered[1], []).append(int(numbered[2]))
    return ", ".join(_run(name, sorted(set(runs[name]))) if name in runs else name for name in dict.fromkeys(named))


def _run(name: str, numbers: list[int]) -> str:
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{name}{numbers[0]}–{name}{numbers[-1]}"
    return ", ".join(f"{name}{number}" for number in numbers)
