"""Rows of results as delimited text."""

from __future__ import annotations

import csv
import io
from typing import Any


def table_of(rows: list[dict[str, Any]], separator: str) -> str:
    """The rows with the names of the first one's columns above them; nothing without rows."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]) if rows else [], delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
