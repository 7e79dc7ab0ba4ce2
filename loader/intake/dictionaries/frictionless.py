"""Frictionless table schemas and data packages: each field is a variable (specs.frictionlessdata.io/table-schema)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from loader.intake.dictionaries.entries import Entry, as_sheet, listed_codes
from loader.intake.grids.grid import ReadGrids
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
            unit = field["unit"] if isinstance(field.get("unit"), str) else ""
            yield Entry(field["name"], (("und", " ".join(text.split())),), unit=unit, codes=_codes(field))


def _codes(field: dict[str, Any]) -> str:
    """The values that a field may have: its categories with their labels, or its enumeration."""
    limits = field.get("constraints")
    found = field.get("categories") or (limits.get("enum") if isinstance(limits, dict) else None)
    items = found if isinstance(found, list) else []
    pairs = [(item.get("value", ""), item.get("label", "")) if isinstance(item, dict) else (item, "") for item in items]
    return listed_codes((str(code), str(text)) for code, text in pairs)
