"""Mends on their way to the process that puts them into a file: the mends in the header, the file as the one part."""

from __future__ import annotations

from loader.intake.upload import Upload
from server.handing_in.mending.apply import apply_mends
from server.handing_in.mending.mend import Mend


def mended(names: object, mends: object, parts: list[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The answer: the file as one part, and by their numbers the mends that are in it; TypeError when not in form."""
    if not isinstance(names, list) or not isinstance(mends, list):
        raise TypeError("The request is not in form.")
    asked = [Mend(**mend) for mend in mends]
    found = apply_mends(Upload(str(names[0]), parts[0]), asked)
    put = set(found.done)
    return {"done": [number for number, mend in enumerate(asked) if mend in put]}, [found.data]
