"""Mends put into a file of any kind that has cells."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers.expat import ExpatError

from loader.intake.formats import Format, recognise_format
from loader.intake.grids.archive import check_archive
from loader.intake.grids.cells import place_of
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.upload import Upload
from server.handing_in.mending.delimited import mend_text
from server.handing_in.mending.mend import Mend, Mended
from server.handing_in.mending.ods import mend_ods
from server.handing_in.mending.xlsx import mend_xlsx

_DAMAGED = (KeyError, IndexError, ValueError, OSError, EOFError, RuntimeError, zlib.error, ExpatError)
_CUT = 200  # characters from which a finding shows no more of a cell


def apply_mends(upload: Upload, mends: Sequence[Mend]) -> Mended:
    """A file of the same kind with the mends in it, and which of them those are; untouched when it has no cells."""
    form = recognise_format(upload)
    if form is Format.CSV:
        return mend_text(upload.data, mends)
    if form not in (Format.XLSX, Format.ODS) or check_archive(upload, DEFAULT_LIMITS) is not None:
        return Mended(upload.data, ())
    try:
        return (mend_xlsx if form is Format.XLSX else mend_ods)(upload.data, mends)
    except (*_DAMAGED, zipfile.BadZipFile):
        return Mended(upload.data, ())


def mend_of(finding: Mapping[str, Any]) -> Mend | None:
    """The mend that a finding of a report suggests; None when it names no cell, or nothing to put there."""
    old, new, row, column = (finding[name] for name in ("value", "suggestion", "row", "column"))
    if old is None or not new or not row or max(len(old), len(new)) >= _CUT:
        return None
    place = place_of(finding["cell"] or "")
    if place is None and isinstance(column, int):
        place = (row, column)
    return None if place is None else Mend(finding["sheet"], *place, old, new)
