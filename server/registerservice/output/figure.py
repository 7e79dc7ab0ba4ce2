"""The shares of one breakdown as a figure in SVG: a dot with its interval for each place that is shown."""

from __future__ import annotations

from html import escape

from loader.model.findings import Language
from server.registerservice.coverage.result import Result, Row
from server.registerservice.messages import Said
from server.registerservice.output.summary import NAMES, SUPPRESSED, percent, place, share_text

_LEFT, _WIDTH, _RIGHT, _LINE, _TOP = 230, 420, 90, 22, 60
MOST_ROWS = 200
_WHOLE = Said("Alla", "All")
_CUT = Said("Bara de första raderna visas.", "Only the first rows are shown.")


def figure_rows(result: Result) -> list[Row]:
    """The whole and the first breakdown, of the reference found in the register where that is there."""
    rows = [row for row in result.measurements if row.what == "reference-found-in-register"]
    first = next((tuple(row.by) for row in rows if len(row.by) == 1), ())
    return [row for row in rows if not row.by or tuple(row.by) == first][:MOST_ROWS]


def figure_bytes(result: Result, lang: Language) -> bytes:
    """The figure as a file of its own."""
    return (figure(result, lang) + "\n").encode()


def figure(result: Result, lang: Language) -> str:
    """The figure as an SVG element with a title, a description and the numbers as text."""
    rows = figure_rows(result)
    title = NAMES["reference-found-in-register"].text(lang)
    told = "; ".join(f"{_name(row, lang)}: {share_text(row, lang)}" for row in rows)
    height = _TOP + _LINE * len(rows) + 30
    width = _LEFT + _WIDTH + _RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="13" lang="{lang}">',
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="24" font-size="16" font-weight="bold">{escape(title)}</text>',
        *_axis(height, lang),
        *(_mark(row, _TOP + _LINE * number + 14, lang) for number, row in enumerate(rows)),
    ]
    if len(rows) == MOST_ROWS:
        parts.append(f'<text x="10" y="{height - 8}">{_CUT.text(lang)}</text>')
    return "".join([*parts, "</svg>"])


def _x(fraction: float) -> float:
    return round(_LEFT + _WIDTH * fraction, 1)


def _axis(height: int, lang: Language) -> list[str]:
    lines = []
    for step in range(0, 101, 25):
        x = _x(step / 100)
        lines.append(f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{height - 26}" stroke="#ccc"/>')
        lines.append(f'<text x="{x}" y="{_TOP - 8}" text-anchor="middle">{step}{" %" if lang == "sv" else "%"}</text>')
    return lines


def _mark(row: Row, y: int, lang: Language) -> str:
    name = f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(_name(row, lang)[:32])}</text>'
    if row.rate is None:
        return f'{name}<text x="{_LEFT + 4}" y="{y + 4}" fill="#555">{escape(SUPPRESSED.text(lang))}</text>'
    drawn = f'<circle cx="{_x(row.rate)}" cy="{y}" r="4.5" fill="#12496b"/>'
    if row.lower is not None and row.upper is not None:
        ends = f'x1="{_x(row.lower)}" x2="{_x(row.upper)}"'
        drawn = f'<line {ends} y1="{y}" y2="{y}" stroke="#12496b" stroke-width="2"/>{drawn}'
    number = f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 4}">{percent(row.rate, lang)}</text>'
    return name + drawn + number


def _name(row: Row, lang: Language) -> str:
    return place(row) or _WHOLE.text(lang)
