"""/static/…: the style sheet, the icon and the scripts, compressed for who takes it."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response

from server.service import current_service
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("static_files", __name__)
FOLDER = Path(__file__).with_name("static")
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@blueprint.get("/static/<path:filename>")
def static_file(filename: str) -> Response:
    """A file of the folder `static`. Raises Problem (not-found) for any other name."""
    site = current_service()
    path = FOLDER / filename
    if filename not in {one.name for one in FOLDER.iterdir()} or not path.is_file():
        raise Problem("not-found", f"There is no file {filename[:80]}.", f"Det finns ingen fil {filename[:80]}.")
    body, digest = _read(path, path.stat().st_mtime_ns)
    valid = validity(site, "static", filename, digest)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return whole(body, kind, valid)


def has_editor() -> bool:
    """Whether the query editor was bundled (`make editor`); the pages are whole without it."""
    return (FOLDER / "editor.js").is_file()


@lru_cache(16)
def _read(path: Path, _changed: int) -> tuple[bytes, str]:
    body = path.read_bytes()
    return body, hashlib.sha256(body).hexdigest()
