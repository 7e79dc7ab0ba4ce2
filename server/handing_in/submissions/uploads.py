"""The files and fields of an upload, as a form (multipart/form-data) or as one file in the body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from flask import request
from werkzeug.datastructures import MultiDict

from loader.intake.upload import Upload
from server.handing_in.submissions.intake import Delivery
from server.web.problem import Problem

FORM = "multipart/form-data"
MOST_FILES = 20
_MOST_PARTS = 20_000  # a tick is one, too
FIELDS = ("register", "profile", "mapping", "supersedes", "list", "comment")
LISTS = ("", "part", "whole")
# What a body without a name is taken for, by its media type; else its content tells.
_SUFFIXES = {
    "text/turtle": ".ttl",
    "application/trig": ".trig",
    "application/n-triples": ".nt",
    "application/n-quads": ".nq",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
    "text/csv": ".csv",
}
_KEY = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def read_delivery(most_bytes: int) -> Delivery:
    """What this request hands in.

    Problem too-large (413) over `most_bytes`, bad-request (400) when it is not in form.
    """
    request.max_content_length = most_bytes
    return _read(tuple(_form_files() if request.mimetype == FORM else _body()), _fields())


def sent_comment() -> str:
    """What is said beside the files of this request; Problem bad-request (400) when it is said twice."""
    return _once(_fields(), "comment")


def _fields() -> MultiDict[str, str]:
    """The fields of this request: those of the form, or else those of the address."""
    return request.form if request.mimetype == FORM else request.args


def allow(most_bytes: int) -> None:
    """Let this request's form have so many bytes, in files and in fields; to be called before the form is read."""
    request.max_content_length = request.max_form_memory_size = most_bytes
    request.max_form_parts = _MOST_PARTS


def read_files(more: tuple[Upload, ...]) -> Delivery:
    """The files that a form of ours sends, without its empty file fields, and `more` beside them.

    Problem as `read_delivery` has it.
    """
    return _read((*(upload for upload in _form_files() if upload.data), *more), request.form)


def _read(uploads: tuple[Upload, ...], fields: MultiDict[str, str]) -> Delivery:
    if not uploads or any(not upload.data for upload in uploads):
        raise _bad("Send at least one file, and none that is empty.", "Skicka minst en fil, och ingen som är tom.")
    if len(uploads) > MOST_FILES:
        raise _bad(f"Send {MOST_FILES} files at most.", f"Skicka högst {MOST_FILES} filer.")
    given = {name: _once(fields, name) for name in FIELDS}
    for name in ("register", "profile", "supersedes"):
        if given[name] and not _KEY.fullmatch(given[name]):
            raise _bad(f"{name}={given[name]} is no key.", f"{name}={given[name]} är ingen nyckel.")
    if given["list"] not in LISTS:
        raise _bad("list is part or whole.", "list är part eller whole.")
    said = {name: given[name] for name in ("register", "profile", "supersedes", "list") if given[name]}
    options = {name: value for name, value in said.items() if value != "part"}
    return Delivery(uploads, options, _mapping(given["mapping"]))


def _form_files() -> Iterator[Upload]:
    for field, item in request.files.items(multi=True):
        if field != "file":
            raise _bad(
                f"Files are sent in the field file; {field!r} is another.",
                f"Filer skickas i fältet file; {field!r} är ett annat.",
            )
        yield Upload(item.filename or "file", item.read())


def _body() -> Iterator[Upload]:
    data = request.get_data()
    if data:
        yield Upload(_once(request.args, "name") or f"file{_SUFFIXES.get(request.mimetype, '')}", data)


def _once(fields: MultiDict[str, str], name: str) -> str:
    values = fields.getlist(name)
    if len(values) > 1:
        raise _bad(f"{name} is given more than once.", f"{name} anges mer än en gång.")
    return values[0].strip() if values else ""


def _mapping(text: str) -> dict[str, str] | None:
    if not text:
        return None
    try:
        found = json.loads(text) if text.startswith("{") else _by_lines(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise _bad(
            'mapping must be JSON: {"column in the file": "column as in the template", …}, or a line for each column: '
            "column in the file = column as in the template.",
            'mapping ska vara JSON: {"kolumn i filen": "kolumn som i mallen", …}, eller en rad för varje kolumn: '
            "kolumn i filen = kolumn som i mallen.",
        )
    return {str(name): value for name, value in found.items()}


def _by_lines(text: str) -> dict[str, str] | None:
    """The columns as people write them, one a line; None when a line has no equals sign."""
    pairs = [line.rpartition("=") for line in text.splitlines() if line.strip()]
    return {name.strip(): value.strip() for name, sign, value in pairs} if all(sign for _, sign, _ in pairs) else None


def _bad(en: str, sv: str) -> Problem:
    return Problem("bad-request", en, sv)
