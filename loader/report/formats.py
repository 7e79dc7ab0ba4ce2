"""The forms that a report is given in: by name, media type and file suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from loader.report.data import csv_report, json_report
from loader.report.model import Report
from loader.report.page import page_report
from loader.report.rdf import json_ld_report, turtle_report
from loader.report.sarif import sarif_report
from loader.report.text import text_report
from loader.report.workbook import workbook_report

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One form: `suffix` without its dot."""

    name: str
    media_type: str
    suffix: str
    write: Callable[[Report], bytes]


REPORTS: Mapping[str, ReportFormat] = {
    form.name: form
    for form in (
        ReportFormat("json", "application/json", "json", json_report),
        ReportFormat("text", "text/plain", "txt", text_report),
        ReportFormat("html", "text/html", "html", page_report),
        ReportFormat("csv", "text/csv", "csv", csv_report),
        ReportFormat("sarif", "application/sarif+json", "sarif", sarif_report),
        ReportFormat("turtle", "text/turtle", "ttl", turtle_report),
        ReportFormat("json-ld", "application/ld+json", "jsonld", json_ld_report),
        ReportFormat("xlsx", _XLSX, "xlsx", workbook_report),
    )
}
