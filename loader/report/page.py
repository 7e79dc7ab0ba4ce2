"""The report as one page: no scripts, nothing fetched, every text escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from loader.report.model import Report, groups, mends, place_of

SHOWN = 200
_WORDS = {
    "sv": {
        "title": "Kontroll av inlämnade uppgifter",
        "Violation": "Fel",
        "Warning": "Varning",
        "Info": "Upplysning",
        "mends": "De åtgärder som tar bort mest",
        "findings": "Vad som hittades",
        "place": "Plats",
        "value": "Värde",
        "message": "Meddelande",
        "suggestion": "Förslag",
        "rule": "om regeln",
        "columns": "Så lästes kolumnerna",
        "file": "Fil och blad",
        "header": "Rubrik",
        "taken": "Lästes som",
        "how": "Hur",
        "ignored": "läses inte",
        "more": "… och {} till; hela listan finns i JSON, CSV och arbetsboken.",
        "nothing": "Inget att anmärka.",
        "against": "Kontrollerat mot utgåva {release}, profil {profile}.",
        "files": "Filer",
    },
    "en": {
        "title": "Check of submitted metadata",
        "Violation": "Error",
        "Warning": "Warning",
        "Info": "Note",
        "mends": "The mends that remove most",
        "findings": "What was found",
        "place": "Place",
        "value": "Value",
        "message": "Message",
        "suggestion": "Suggestion",
        "rule": "about the rule",
        "columns": "How the columns were read",
        "file": "File and sheet",
        "header": "Header",
        "taken": "Read as",
        "how": "How",
        "ignored": "not read",
        "more": "… and {} more; the whole list is in the JSON, the CSV and the workbook.",
        "nothing": "Nothing to remark on.",
        "against": "Checked against release {release}, profile {profile}.",
        "files": "Files",
    },
}


def page_report(report: Report) -> bytes:
    """A self-contained HTML page in the report's language."""
    html = _template().render(
        report=report,
        result=report.result,
        words=_WORDS[report.language],
        language=report.language,
        groups=groups(report.result.findings),
        mends=[mend for mend in mends(report.result.findings) if mend.count > 1],
        place=lambda finding: place_of(finding.position, report.result.columns),
        shown=SHOWN,
    )
    return html.encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("loader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
