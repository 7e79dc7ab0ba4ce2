"""How much is read of what is submitted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts of things; `ratio` is unpacked to packed bytes of a zipped format."""

    upload_bytes: int = 32 * 1024 * 1024
    uploads: int = 20
    sheets: int = 50
    rows: int = 100_000
    columns: int = 500
    cell: int = 20_000
    cells: int = 3_000_000
    unpacked_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    entries: int = 2_000
    statements: int = 1_000_000
    depth: int = 100


DEFAULT_LIMITS = Limits()
