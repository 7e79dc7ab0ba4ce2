"""A zipped file with some of its parts replaced: all others, their order and what is noted of them stay."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive in which these parts have this content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = old.comment
        for entry in old.infolist():
            new.writestr(_noted(entry), parts.get(entry.filename, old.read(entry)))
    return out.getvalue()


def _noted(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(entry.filename, entry.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(made, name, getattr(entry, name))
    return made
