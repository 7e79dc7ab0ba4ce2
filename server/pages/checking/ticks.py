"""What a tick of the form stands for: the same mend in one cell or more of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.handing_in.mending.mend import Mend
from server.web.problem import Problem

MOST_PLACES = 5_000


def as_value(file: str, mends: Sequence[Mapping[str, Any] | None]) -> str:
    """The value of a box: file, old and new text, and the places; empty when there is nothing to mend."""
    every = [mend for mend in mends if mend is not None][:MOST_PLACES]
    if not every:
        return ""
    places = [[mend["sheet"], mend["row"], mend["column"]] for mend in every]
    return json.dumps([file, every[0]["old"], every[0]["new"], places], ensure_ascii=False, separators=(",", ":"))


def ticked(values: Iterable[str]) -> dict[str, list[Mend]]:
    """The mends that were ticked, by file; Problem bad-request (400) for what is no tick of ours."""
    found: dict[str, list[Mend]] = {}
    for value in values:
        file, mends = _read(value)
        found.setdefault(file, []).extend(mends)
    return found


def _read(value: str) -> tuple[str, list[Mend]]:
    try:
        file, old, new, places = json.loads(value)
        mends = [Mend(sheet, int(row), int(column), old, new) for sheet, row, column in places]
        texts = [file, old, new, *(mend.sheet for mend in mends if mend.sheet is not None)]
        if all(isinstance(text, str) for text in texts):
            return file, mends
    except (ValueError, TypeError):
        pass
    raise Problem("bad-request", "A tick is none of this page.", "Ett kryss är inget av den här sidans.")
