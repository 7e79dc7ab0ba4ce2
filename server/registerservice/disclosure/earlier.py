"""Earlier results beside this one: what a reader learns by taking one from the other.

A cell that was hidden stays hidden. A cell whose count differs from the earlier by 1 to the threshold less 1 is hidden,
for the difference is a count of few people; where all differences have one sign they are audited as a table of their
own. A cell that was shown with the very counts of today counts as known, so nothing can be hidden behind it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.registerservice.counts.counting import By, Count
from server.registerservice.disclosure.audit import Audit, Equation, Kind, equation
from server.registerservice.disclosure.cube import Cell, Cube
from server.registerservice.messages import StopError
from server.registerservice.reading.question import DIRECTIONS, SIDES

_KINDS: tuple[Kind, ...] = ("of", "found", "unfound")


@dataclass
class Earlier:
    """Earlier results, each as cells with their counts, None where they were hidden."""

    results: list[dict[Cell, Count | None]] = field(default_factory=list)
    known: set[Cell] = field(default_factory=set)

    def sensitive(self, cube: Cube, threshold: int) -> set[Cell]:
        """Cells to hide for the earlier results' sake; settles what a reader knows already."""
        found: set[Cell] = set()
        for cell, count in self._shared(cube):
            changes = [abs(change) for change in _changes(cube.counts[cell], count)] if count is not None else []
            if count is None or any(0 < change < threshold for change in changes):
                found.add(cell)
            elif not any(changes):
                self.known.add(cell)
        return found

    def _shared(self, cube: Cube) -> Iterable[tuple[Cell, Count | None]]:
        return ((cell, count) for result in self.results for cell, count in result.items() if cell in cube.counts)

    def differences(self, cube: Cube, hidden: set[Cell], threshold: int) -> list[tuple[Cell, Kind]]:
        """Small differences that can be worked out although their cells are hidden."""
        found = []
        for result in self.results:
            shared = {cell: count for cell, count in result.items() if cell in cube.counts and count is not None}
            changes = {cell: _changes(cube.counts[cell], count) for cell, count in shared.items()}
            signs = {change > 0 for values in changes.values() for change in values if change}
            if len(signs) == 1:
                found += _audited(cube, changes, hidden, threshold)
        return found


def _changes(now: Count, then: Count) -> tuple[int, int, int]:
    return now.of - then.of, now.found - then.found, now.unfound - then.unfound


def _audited(
    cube: Cube, changes: Mapping[Cell, tuple[int, int, int]], hidden: set[Cell], threshold: int
) -> list[tuple[Cell, Kind]]:
    """The audit of a table of differences, of which a reader knows those of cells that are shown in both results."""
    equations: list[Equation] = []
    for cell, values in changes.items():
        if cell not in hidden:
            parts = cube.quantities(cell)
            equations += [equation(part.variables, abs(value)) for part, value in zip(parts, values, strict=False)]
    kept = [
        (cell, part)
        for cell, values in changes.items()
        if cell in hidden
        for part, value in zip(cube.quantities(cell), values, strict=False)
        if 0 < abs(value) < threshold
    ]
    narrow = Audit(cube.size, equations).narrow([part for _, part in kept], threshold)
    return [(kept[place][0], kept[place][1].kind) for place in narrow]


def read_earlier(paths: Iterable[Path], names: tuple[str, ...]) -> Earlier:
    """Earlier results in JSON; stops on what is none. Cells by dimensions that are not asked for now are left aside."""
    return Earlier([_read(path, names) for path in paths])


def _read(path: Path, names: tuple[str, ...]) -> dict[Cell, Count | None]:
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        found = dict(_cell(entry, names) for entry in result["measurements"])
        return found | dict(_reason(entry, names) for entry in result["unmatched"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StopError(
            f"{path} är inget resultat i JSON från registergraf coverage.",
            f"{path} is no result in JSON of registergraf coverage.",
        ) from None


def _cell(entry: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Cell, Count | None]:
    count = None if entry["suppressed"] else Count(int(entry["of"]), int(entry["found"]))
    return Cell(_side(entry), _by(entry, names)), count


def _reason(entry: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Cell, Count | None]:
    count = None if entry["suppressed"] else Count(int(entry["count"]))
    return Cell(_side(entry), _by(entry, names), entry["reason"]), count


def _by(entry: Mapping[str, Any], names: tuple[str, ...]) -> By:
    """The dimensions in today's order."""
    return tuple(sorted(entry["by"].items(), key=lambda part: names.index(part[0]) if part[0] in names else len(names)))


def _side(entry: Mapping[str, Any]) -> Any:
    return next(side for side in SIDES if DIRECTIONS[side] == entry["direction"])
