"""The report page: a result in Swedish for a steering group, in one file without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import Environment
from markupsafe import Markup

from loader.model.findings import Language
from server.registerservice.coverage.result import Reason, Result, Row
from server.registerservice.output.figure import figure
from server.registerservice.output.summary import NAMES, REASONS, SUPPRESSED, percent, place

_LANG: Language = "sv"
_PAGE = """<!DOCTYPE html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Täckning mellan register och referens</title>
<style>
body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 } caption { text-align: left; font-weight: bold }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.note { border-left: 4px solid #12496b; padding: .5rem 1rem; background: #f2f6f9 } svg { max-width: 100%; height: auto }
</style></head><body><main>
<h1>Täckning mellan register och referens</h1>
<p class="note">Sidan visar vad två filer säger om varandra. Den ersätter inte en beställning av täckningsgradsanalys
hos Socialstyrelsen, som ser hela landet och alla vårdgivare. De som finns i ingen av filerna är okända.</p>
<h2>I korthet</h2>
<ul>{% for line in short %}<li>{{ line }}</li>{% endfor %}</ul>
{{ picture }}
<h2>Andelar</h2>
{% for caption, rows in tables %}
<table><caption>{{ caption }}</caption>
<thead><tr><th>Uppdelning</th><th class="n">Funna</th><th class="n">Av</th><th class="n">Andel</th>
<th class="n">95 % intervall</th></tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td{% if loop.index > 1 %} class="n"{% endif %}>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</tbody></table>
{% endfor %}
<h2>De som inte återfanns</h2>
<table><thead><tr><th>Riktning</th><th>Orsak</th><th class="n">Antal</th></tr></thead>
<tbody>{% for row in reasons %}<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td><td class="n">{{ row[2] }}</td></tr>
{% endfor %}</tbody></table>
<h2>Så gjordes det</h2>
<dl>{% for name, value in method %}<dt><strong>{{ name }}</strong></dt><dd>{{ value }}</dd>{% endfor %}</dl>
</main></body></html>
"""
_METHOD = {
    "count": "Vad som räknas",
    "matching": "Matchning",
    "window_days": "Fönster, dagar",
    "unit_is_key": "Enheten måste vara densamma",
    "period": "Period",
    "case_selection": "Urval efter koder",
    "washout_days": "Tvättid, dagar",
    "resident_and_alive_at": "Bosatta och i livet den",
    "bad_rows_left_out": "Rader med fel lämnade utanför",
    "interval": "Intervall",
    "suppression": "Små tal",
    "software": "Program",
    "made": "Gjord",
}
_COUNTED = {"persons": "personer", "events": "händelser"}


def report_bytes(result: Result, _lang: Language) -> bytes:
    """The page, always in Swedish; every text of the input is escaped."""
    template = Environment(autoescape=True).from_string(_PAGE)
    told = template.render(
        short=[f"{NAMES[row.what].text(_LANG)}: {_sentence(row)}" for row in _short(result)],
        picture=Markup(figure(result, _LANG)),  # noqa: S704
        tables=_tables(result),
        reasons=[_reason(entry) for entry in result.unmatched],
        method=[
            (name, _told(result.method[key])) for key, name in _METHOD.items() if result.method.get(key) is not None
        ],
    )
    return told.encode()


def _short(result: Result) -> Iterable[Row]:
    return [row for row in result.shares if not row.by]


def _sentence(row: Row) -> str:
    if row.suppressed:
        return SUPPRESSED.text(_LANG)
    return f"{row.found} av {row.of}" + (f", {percent(row.rate, _LANG)}" if row.rate is not None else "")


def _tables(result: Result) -> list[tuple[str, list[list[str]]]]:
    found: dict[str, list[list[str]]] = {}
    for row in result.shares:
        found.setdefault(NAMES[row.what].text(_LANG), []).append(_cells(row))
    return list(found.items())


def _cells(row: Row) -> list[str]:
    where = place(row) or "Alla"
    if row.suppressed:
        return [where, *["–"] * 3, SUPPRESSED.text(_LANG)]
    rate = percent(row.rate, _LANG) if row.rate is not None else "–"
    known = row.lower is not None and row.upper is not None
    limits = f"{percent(row.lower or 0, _LANG)}–{percent(row.upper or 0, _LANG)}" if known else "–"
    return [where, str(row.found), str(row.of), rate, limits]


def _reason(entry: Reason) -> tuple[str, str, str]:
    number = SUPPRESSED.text(_LANG) if entry.count is None else str(entry.count)
    where = ", ".join(filter(None, (NAMES[entry.direction].text(_LANG), place(entry))))
    return where, REASONS[entry.reason].text(_LANG), number


def _told(value: object) -> str:
    if isinstance(value, dict):
        return str(value[_LANG])
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return _COUNTED.get(str(value), str(value))
