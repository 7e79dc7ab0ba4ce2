"""The ticked mends put into the files, and the files as they come back."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from collections.abc import Mapping, Sequence

from flask import Response, current_app

from loader.intake.upload import Upload
from server.handing_in.checks.asking import failures_as_problems, place, strangers_checks_of
from server.handing_in.mending.mend import Mend
from server.pages.words.wording import gettext as _
from server.web.filenames import attachment

_TYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def mended_files(uploads: Sequence[Upload], ticks: Mapping[str, Sequence[Mend]]) -> tuple[list[Upload], int]:
    """The files with the mends in them, those that changed under a new name, and the number of cells that changed."""
    made, number = [], 0
    for upload in uploads:
        mends = list(dict.fromkeys(ticks.get(upload.shown, ())))
        if not mends:
            made.append(upload)
            continue
        with place(holder=False), failures_as_problems():
            found = strangers_checks_of(current_app).mend(upload, mends)
        cells = len({(mend.sheet, mend.row, mend.column) for mend in found.done})
        made.append(Upload(_named(upload.shown), found.data) if cells else upload)
        number += cells
    return made, number


def as_download(uploads: Sequence[Upload]) -> Response:
    """One file as itself, more of them in a zip archive; no cache keeps it."""
    if len(uploads) == 1:
        return _download(uploads[0].shown, uploads[0].data)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, upload in enumerate(uploads, 1):
            alone = sum(other.shown == upload.shown for other in uploads) == 1
            archive.writestr(upload.shown if alone else f"{number}-{upload.shown}", upload.data)
    return _download(_("corrected") + ".zip", out.getvalue())


def _named(name: str) -> str:
    """The file's name with a word that says that it was mended, once."""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, suffix) if dot else (name, "")
    word = "-" + _("corrected")
    return name if stem.endswith(word) else f"{stem}{word}{dot}{suffix}"


def _download(name: str, data: bytes) -> Response:
    suffix = name.rpartition(".")[2].lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(f"x.{suffix}")[0] or "application/octet-stream"
    kind = kind if kind in (*_TYPES.values(), "application/zip") else "application/octet-stream"
    headers = {"Cache-Control": "no-store", "Content-Disposition": attachment(name)}
    return Response(data, 200, headers, content_type=kind)
