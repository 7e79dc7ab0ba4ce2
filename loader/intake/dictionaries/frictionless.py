"""Frictionless table schemas and data packages: each field is a variable (specs.frictionlessdata.io/table-schema)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from loader.intake.dictionaries.entries import Entry, as_sheet
from loader.intake.sheets.grids import ReadGrids
from loader.intake.upload import Upload


def read_schema(upload: Upload) -> ReadGrids | None:
    """The fields as a sheet of variables; None when the JSON holds no table schema."""
    try:
        found = json.loads(upload.data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "@context" in found:
        return None
    entries = [entry for schema in _schemas(found) for entry in _entries(schema)]
    title = next((found[name] for name in ("title", "name") if isinstance(found.get(name), str)), "")
    return as_sheet(upload, "Frictionless Table Schema", title, entries) if entries else None


def _schemas(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    resources = found.get("resources", [found])
    for resource in resources if isinstance(resources, list) else ():
        schema = resource.get("schema", resource) if isinstance(resource, dict) else None
        if isinstance(schema, dict) and isinstance(schema.get("fields"), list):
            yield schema


def _entries(schema: dict[str, Any]) -> Iterator[Entry]:
    for field in schema["fields"]:
        if isinstance(field, dict) and isinstance(field.get("name"), str):
            text = next((field[name] for name in ("title", "description") if isinstance(field.get(name), str)), "")
            yield Entry(field["name"], (("und", " ".join(text.split())),))
