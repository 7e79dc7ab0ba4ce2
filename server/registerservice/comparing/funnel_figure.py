"""A funnel plot in SVG: each unit's ratio against what was expected, with the limits of both levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import sqrt

from server.registerservice.statistics.funnel import LEVELS, Dispersion, limits

Unit = tuple[str, float, float]

_WIDTH, _HEIGHT, _EDGE, _STEPS = 720, 440, 60, 80


def funnel_svg(units: Sequence[Unit], spread: Dispersion | None, title: str, axes: tuple[str, str]) -> str:
    """The figure of units (name, observed, expected); every unit has its name and ratio as a title."""
    most = 1.05 * max(expected for _, _, expected in units)
    highest = min(5.0, 1.1 * max(1.5, *(observed / expected for _, observed, expected in units)))

    def x(expected: float) -> float:
        return round(_EDGE + (_WIDTH - 2 * _EDGE) * sqrt(expected / most), 1)

    def y(ratio: float) -> float:
        return round(_HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * min(ratio, highest) / highest, 1)

    told = "; ".join(f"{name}: {observed / expected:.2f}" for name, observed, expected in units)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="12"><title>{escape(title)}</title><desc>{escape(told)}</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_EDGE}" y="26" font-size="16" font-weight="bold">{escape(title)}</text>',
        f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{y(1)}" y2="{y(1)}" stroke="#555"/>',
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 14}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<text x="16" y="{_EDGE - 14}">{escape(axes[1])}</text>',
        *_ticks(highest, most, x, y),
        *(_curve(level, spread, most, x, y) for level in LEVELS),
    ]
    for name, observed, expected in units:
        ratio = observed / expected
        hint = f"<title>{escape(name)}: {ratio:.2f}</title>"
        parts.append(f'<circle cx="{x(expected)}" cy="{y(ratio)}" r="4" fill="#12496b">{hint}</circle>')
    return "".join([*parts, "</svg>"])


def _ticks(highest: float, most: float, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    marks = []
    for step in range(int(highest * 2) + 1):
        marks.append(f'<text x="{_EDGE - 8}" y="{y(step / 2) + 4}" text-anchor="end">{step / 2:g}</text>')
    for share in (0.0625, 0.25, 0.5625, 1):
        value = most * share
        marks.append(f'<text x="{x(value)}" y="{_HEIGHT - _EDGE + 18}" text-anchor="middle">{value:.0f}</text>')
    return marks


def _curve(
    level: float, spread: Dispersion | None, most: float, x: Callable[[float], float], y: Callable[[float], float]
) -> str:
    """Both limits of a level as lines; the wider level is dashed."""
    drawn = ""
    places = [most * (step / _STEPS) ** 2 for step in range(4, _STEPS + 1)]
    for side in (0, 1):
        points = " ".join(f"{x(place)},{y(limits(place, level, spread)[side])}" for place in places)
        dash = "" if level == LEVELS[0] else ' stroke-dasharray="6 4"'
        drawn += f'<polyline points="{points}" fill="none" stroke="#b5442c"{dash}/>'
    return drawn
