"""A report that was kept, in another form: from what was found then and the files as they were handed in."""

from __future__ import annotations

import json
from typing import Any

from loader.checked import CheckResult
from loader.intake.sheets.columns import ColumnReading, How
from loader.intake.upload import Upload
from loader.model.findings import Language, from_dict
from loader.report.effect import from_data
from loader.report.formats import REPORTS
from loader.report.model import Report


def kept_report(report: bytes, uploads: tuple[Upload, ...], form: str, language: str) -> bytes:
    """The kept report in a form of loader.report.formats, in `sv` or `en`; ValueError or KeyError when it is none."""
    said: dict[str, Any] = json.loads(report)
    result = CheckResult(
        readable=bool(said["readable"]),
        conforms=bool(said["conforms"]),
        findings=tuple(from_dict(item) for item in said["findings"]),
        quads=(),
        registers=frozenset(said.get("registers", ())),
        columns=tuple(ColumnReading(**{**item, "how": How(item["how"])}) for item in said.get("columns", ())),
    )
    spoken: Language = "en" if language == "en" else "sv"
    made = Report(result, uploads, "registergraf", str(said["release"]), spoken, from_data(said.get("effect")))
    return REPORTS[form].write(made)
