"""The report of a check as a page shows it: with the rows that have findings, and the mends that can be applied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from loader.intake.formats import WORKBOOKS, Format, recognise_format
from loader.intake.grids.grid import Grid, GridRow
from loader.intake.grids.workbook import read_workbook
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.personal import RULE, is_identity, is_telephone
from loader.intake.sheets.aliases import known_headers
from loader.intake.sheets.delimited import read_delimited
from loader.intake.upload import Upload
from loader.report.data import report_data
from loader.report.model import Report
from server.handing_in.checks.forms import MOST_ROWS
from server.handing_in.mending.apply import apply_mends, mend_of
from server.handing_in.mending.mend import Mend

HIDDEN = "•••"
_MOST_COLUMNS, _MOST_SIGNS, _HEAD = 60, 400, 15


def report_with_rows(report: Report) -> bytes:
    """The report as JSON. `sheets` holds the heading and the rows with findings of each sheet; each finding has `mend`,
    the mend that can be put into the file, or null.
    """
    data = report_data(report)
    findings: list[dict[str, Any]] = data["findings"]  # type: ignore[assignment]
    for upload in report.uploads:
        mine = [finding for finding in findings if finding["file"] == upload.shown]
        _offer(upload, mine)
    sheets = [sheet for upload in report.uploads for sheet in _sheets(upload, report, findings)]
    return json.dumps({**data, "sheets": sheets}, ensure_ascii=False).encode()


def _offer(upload: Upload, findings: Sequence[dict[str, Any]]) -> None:
    """Set `mend` of each finding: the mend that can be put into the file, or None."""
    suggested = [(finding, mend_of(finding)) for finding in findings]
    mends = list(dict.fromkeys(mend for _, mend in suggested if mend is not None))
    done: set[Mend] = set(apply_mends(upload, mends).done) if mends else set()
    for finding, mend in suggested:
        finding["mend"] = asdict(mend) if mend in done and mend is not None else None


def _sheets(upload: Upload, report: Report, findings: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    spoken = {
        (finding["sheet"], finding["row"] or finding["line"])
        for finding in findings
        if finding["file"] == upload.shown and (finding["row"] or finding["line"])
    }
    personal = {(one["sheet"], one["row"] or one["line"]) for one in findings if one["rule"] == RULE}
    if not spoken:
        return
    form = recognise_format(upload)
    if form in WORKBOOKS or form is Format.CSV:
        for grid in _grids(upload, form):
            heading = _heading(grid, {one.header for one in report.result.columns if one.sheet == grid.sheet})
            rows = [row for row in grid.rows if (grid.sheet, row.number) in spoken][:MOST_ROWS]
            cells = {str(row.number): _cells(row, (grid.sheet, row.number) in personal) for row in rows}
            yield {"file": grid.file, "sheet": grid.sheet, "header": heading, "rows": cells}
    else:
        yield {"file": upload.shown, "sheet": None, "header": [], "rows": _lines(upload, spoken)}


def _grids(upload: Upload, form: object) -> tuple[Grid, ...]:
    if form in WORKBOOKS:
        return read_workbook(upload, DEFAULT_LIMITS).grids
    return read_delimited(upload, known_headers(), DEFAULT_LIMITS).grids


def _heading(grid: Grid, headers: set[str]) -> list[str]:
    """The row that has the most of the headers that were read, the first one when none has."""
    known: Sequence[GridRow] = grid.rows[:_HEAD]
    best = max(known, key=lambda row: len(headers.intersection(row.cells)), default=None)
    return _short(best.cells) if best is not None else []


def _cells(row: GridRow, personal: bool) -> list[str]:
    """The cells as they are shown; none of a row that holds somebody's number, whose parts may stand apart."""
    return [HIDDEN for _ in row.cells[:_MOST_COLUMNS]] if personal else _short(row.cells)


def _short(cells: Sequence[str]) -> list[str]:
    """The cells as they are shown: not too long, not too many, and without a number that is somebody's."""
    plain = [HIDDEN if is_identity(cell) or is_telephone(cell) else cell for cell in cells[:_MOST_COLUMNS]]
    return [cell if len(cell) <= _MOST_SIGNS else cell[:_MOST_SIGNS] + "…" for cell in plain]


def _lines(upload: Upload, spoken: Iterable[tuple[object, int]]) -> dict[str, list[str]]:
    """The lines of a text that is no table."""
    lines = upload.data.decode("utf-8", "replace").split("\n")
    numbers = sorted({number for _sheet, number in spoken if number <= len(lines)})[:MOST_ROWS]
    return {str(number): _short([lines[number - 1].rstrip("\r")]) for number in numbers}
