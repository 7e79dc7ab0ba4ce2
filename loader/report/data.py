"""The report as JSON (under check-report.schema.json) and as CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from loader.model.findings import Finding, count, to_dict
from loader.report.effect import as_data
from loader.report.model import Report, cell_of, groups, mends, rule_link
from loader.report.neutral import neutral

CSV_COLUMNS = (
    "severity",
    "rule",
    "file",
    "sheet",
    "row",
    "column",
    "cell",
    "line",
    "value",
    "message",
    "suggestion",
    "link",
)


def report_data(report: Report) -> dict[str, object]:
    """The report as JSON data."""
    result = report.result
    return {
        "conforms": result.conforms,
        "readable": result.readable,
        "profile": report.profile,
        "release": report.release,
        "message": {"sv": report.conclusion.sv, "en": report.conclusion.en},
        "registers": sorted(result.registers),
        "effect": as_data(report.counted, report.release),
        "summary": {
            "severities": count(result.findings),
            "rules": [
                {"rule": group.rule, "severity": group.severity.value, "count": len(group.findings), "link": group.link}
                for group in groups(result.findings)
            ],
            "mends": [
                {"rule": mend.rule, "count": mend.count, "blocking": mend.blocking, "message": asdict(mend.text)}
                for mend in mends(result.findings)
            ],
        },
        "findings": [_finding(report, finding) for finding in result.findings],
        "columns": [{**asdict(reading), "how": reading.how.value} for reading in result.columns],
    }


def _finding(report: Report, finding: Finding) -> dict[str, object]:
    cell = cell_of(finding.position, report.result.columns)
    return {**to_dict(finding), "cell": cell, "link": rule_link(finding.rule)}


def json_report(report: Report) -> bytes:
    """The report as indented UTF-8 JSON."""
    return (json.dumps(report_data(report), ensure_ascii=False, indent=1) + "\n").encode()


def csv_report(report: Report) -> bytes:
    """One row a finding, in UTF-8 with byte order mark and semicolons in Swedish, commas in English; no formulas.

    The last row is no finding and has no severity: it counts what would go, come, change and stay.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if report.language == "sv" else ",", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for finding in report.result.findings:
        values = {**_finding(report, finding), "message": finding.message.text(report.language)}
        writer.writerow([neutral("" if values[name] is None else str(values[name])) for name in CSV_COLUMNS])
    said = ". ".join((report.effect.text(report.language).rstrip("."), *report.effects))
    writer.writerow([{"rule": "effect", "message": said}.get(name, "") for name in CSV_COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
