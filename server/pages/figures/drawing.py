"""Small drawings in SVG: horizontal bars and columns, the same text for the page, for a file and for the command line.

Each mark has a class, by which the page's style sheet colours it in light, dark and print, and attributes that colour
it where there is no style sheet. Lengths are in pixels of a drawing 440 wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup, escape

WIDTH = 440
_LETTER = 7.6  # the width of a letter of 14 px, on the generous side
_LINE = 18
_NAME = 50  # letters of a name on one line
_COLOURS = {
    "v1": 'fill="#0a5875"',
    "v2": 'fill="#9cc4d4" stroke="#0a5875"',
    "v3": 'fill="#ffffff" stroke="#14191d" stroke-width="1.5"',
    "axis": 'stroke="#ccd3d8"',
    "base": 'stroke="#14191d"',
}
_TEXT = 'font-size="14" font-family="sans-serif" fill="#14191d"'


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a bar from `start` to `end` on the scale: v1 computed, v2 possible or open, v3 published."""

    look: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Marks in a row with what is written after them; only the text, in italics, when there are none."""

    marks: tuple[Mark, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under a name; `heading` begins a part of the drawing."""

    name: str
    bars: tuple[Bar, ...]
    heading: str = ""


def bars(key: str, title: str, description: str, groups: Sequence[Group], most: float) -> Markup:
    """Horizontal bars from zero to `most`, the name of each group above it."""
    longest = max((len(bar.text) for group in groups for bar in group.bars if bar.marks), default=0)
    scale = (WIDTH - 12 - longest * _LETTER) / most
    parts: list[Markup] = []
    parted = any(group.heading for group in groups)
    y = 0.0
    for group in groups:
        if group.heading:
            parts.append(_words(0, y + 22, group.heading, "bold"))
            y += 32
        for line in wrap(group.name, _NAME):
            parts.append(_words(0, y + 15, line, "" if parted else "bold"))
            y += _LINE
        y += 4
        begin = y
        for bar in group.bars:
            parts.extend(_bar(bar, y, scale))
            y += _LINE
        parts.append(_line("base", 0.5, begin - 2, 0.5, y))
        y += 12
    return _svg(key, title, description, y, parts)


def _bar(bar: Bar, y: float, scale: float) -> Iterable[Markup]:
    if not bar.marks:
        yield _words(6, y + 13, bar.text, "italic")
        return
    for mark in bar.marks:
        inset = 1 if mark.look == "v3" else 0
        width = max((mark.end - mark.start) * scale - inset, 1.5)
        yield _rect(mark.look, mark.start * scale + inset, y + inset, width, 15 - inset)
    yield _words(max(mark.end for mark in bar.marks) * scale + 6, y + 13, bar.text)


def columns(key: str, title: str, description: str, numbers: Sequence[tuple[int, int]], every: int = 5) -> Markup:
    """A column for each year, the year below every fifth and the number above the highest."""
    height, most = 150.0, max((number for _year, number in numbers), default=1) or 1
    step = (WIDTH - 8) / max(len(numbers), 1)
    parts = []
    for place, (year, number) in enumerate(numbers):
        x, tall = 4 + place * step, number * height / most
        if number:
            parts.append(_rect("v1", x, 22 + height - tall, step - 2, max(tall, 1)))
        if number == most:
            parts.append(_words(x + step / 2, 16 + height - tall, str(number), "bold", "middle"))
        if year % every == 0:
            parts.append(_words(x + step / 2, height + 40, str(year), "", "middle"))
    parts.append(_line("base", 0, 22.5 + height, WIDTH, 22.5 + height))
    return _svg(key, title, description, height + 48, parts)


def _svg(key: str, title: str, description: str, height: float, parts: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{title}</title>'
        '<desc id="{key}-d">{description}</desc>{parts}</svg>'
    ).format(
        width=WIDTH, height=_number(height), key=key, title=title, description=description, parts=Markup("").join(parts)
    )


def _rect(look: str, x: float, y: float, width: float, height: float) -> Markup:
    size = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return Markup(f'<rect class="{look}" {_COLOURS[look]} {size}/>')  # noqa: S704 - made of numbers alone


def _line(look: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    ends = f'x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
    return Markup(f'<line class="{look}" {_COLOURS[look]} {ends}/>')  # noqa: S704 - made of numbers alone


def _words(x: float, y: float, text: str, look: str = "", anchor: str = "start") -> Markup:
    """A text; `look` is bold, italic or empty."""
    style = {"bold": ' class="b" font-weight="600"', "italic": ' font-style="italic"'}.get(look, "")
    place = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}"'
    return Markup(f"<text{style} {_TEXT} {place}>{escape(text)}</text>")  # noqa: S704 - the text is escaped


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
