"""Code books in YAML: a mapping of variables to what is said of them, or a list of such mappings with names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from loader.intake.dictionaries.entries import Entry, as_sheet
from loader.intake.sheets.grids import ReadGrids
from loader.intake.upload import Upload

_NAMES = ("colname_silver", "name", "variable", "notation")
_SWEDISH = ("label_sv", "labels_swe", "notes_swe", "title_sv")
_ENGLISH = ("label_en", "labels_eng", "labels")
_UNSAID = ("label", "title", "description")
_NOTHING = ("", "NA", "N/A")
_DEEP = 20


class _Loader(yaml.SafeLoader):
    """Reads plain values; an alias would let a small file grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def read_yaml(upload: Upload) -> ReadGrids | None:
    """The variables as a sheet; None when the file is no code book."""
    try:
        found = yaml.load(upload.data.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    entries = list(_entries(found))
    return as_sheet(upload, "YAML", "", entries) if entries else None


def _entries(found: Any) -> Iterator[Entry]:
    items = found.items() if isinstance(found, dict) else ((None, item) for item in found or ())
    if not isinstance(found, dict | list):
        return
    for key, body in items:
        if not isinstance(body, dict):
            continue
        name = _first(body, _NAMES) or (str(key) if key is not None else "")
        if name:
            labels = (("sv", _first(body, _SWEDISH)), ("en", _first(body, _ENGLISH)), ("und", _first(body, _UNSAID)))
            yield Entry(name, labels, str(key) if key is not None else "")


def _first(body: dict[str, Any], names: tuple[str, ...]) -> str:
    texts = (" ".join(str(body[name]).split()) for name in names if isinstance(body.get(name), str | int))
    return next((text for text in texts if text not in _NOTHING), "")
