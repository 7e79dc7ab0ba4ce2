"""What the page itself holds of the files, for nothing is kept: in its form, to be sent again with the next step."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import request

from loader.intake.upload import Upload
from server.handing_in.submissions.uploads import allow, read_files
from server.pages.words.wording import gettext as _
from server.service import current_service
from server.web.problem import Problem

if TYPE_CHECKING:
    from server.handing_in.submissions.intake import Delivery

MOST_BYTES = 400_000  # of files that a page holds; larger ones are chosen again
Held = list[tuple[str, str]]


def sent() -> Delivery:
    """The files, the pasted rows, or the files that the page held. Raises Problem as /validate does."""
    most = current_service().settings.upload_bytes
    allow(most)
    delivery = read_files((*held_uploads(), *_pasted()))
    return replace(delivery, uploads=tuple(one for one in delivery.uploads if one.data))


def held(uploads: Iterable[Upload]) -> Held:
    """Names and contents as the form holds them; nothing when they are too large for that."""
    every = tuple(uploads)
    if sum(len(upload.data) for upload in every) > MOST_BYTES:
        return []
    return [(upload.shown, base64.b64encode(upload.data).decode("ascii")) for upload in every]


def _pasted() -> list[Upload]:
    text = request.form.get("text", "").strip()
    return [Upload(_("pasted.csv"), text.encode("utf-8"))] if text else []


def held_uploads() -> tuple[Upload, ...]:
    """The files that the page held; Problem bad-request (400) when they are broken."""
    names, every = request.form.getlist("again-name"), request.form.getlist("again-data")
    try:
        return tuple(
            Upload(name, base64.b64decode(data, validate=True)) for name, data in zip(names, every, strict=True)
        )
    except (binascii.Error, ValueError) as error:
        raise Problem(
            "bad-request", "The page's own copy of the file is broken.", "Sidans kopia av filen är trasig."
        ) from error
