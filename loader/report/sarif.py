"""The report in SARIF 2.1.0 (OASIS), for editors and code review."""

from __future__ import annotations

import json
from urllib.parse import quote

from loader.model.findings import Finding, Severity
from loader.report.effect import as_data
from loader.report.model import Report, cell_of, groups, rule_link
from loader.resources import project_version

_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_report(report: Report) -> bytes:
    """One run; a cell of a sheet is a logical location, its row the line."""
    found = groups(report.result.findings)
    rules = list(dict.fromkeys(group.rule for group in found))
    run = {
        "tool": {
            "driver": {
                "name": "registergraf",
                "semanticVersion": project_version(),
                "informationUri": "https://w3id.org/registergraf/",
                "language": report.language,
                "rules": [{"id": rule, "helpUri": rule_link(rule)} for rule in rules],
            }
        },
        "language": report.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.result.readable}],
        "properties": {"effect": as_data(report.counted, report.release)},
        "results": [_result(report, finding, rules.index(finding.rule)) for finding in report.result.findings],
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def _result(report: Report, finding: Finding, index: int) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message.text(report.language)},
        "properties": {
            "message": {"sv": finding.message.sv, "en": finding.message.en},
            "value": finding.value,
            "suggestion": finding.suggestion,
        },
    }
    location = _location(report, finding)
    return {**result, "locations": [location]} if location else result


def _location(report: Report, finding: Finding) -> dict[str, object]:
    position = finding.position
    if position.file is None:
        return {}
    physical: dict[str, object] = {"artifactLocation": {"uri": quote(position.file)}}
    line = position.line or position.row
    if line is not None:
        column = {"startColumn": position.column} if isinstance(position.column, int) else {}
        physical["region"] = {"startLine": line, **column}
    location: dict[str, object] = {"physicalLocation": physical}
    cell = cell_of(position, report.result.columns)
    if position.sheet is not None or cell is not None:
        name = "!".join(filter(None, (position.sheet, cell or (None if position.row is None else str(position.row)))))
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "element"}]
    return location
