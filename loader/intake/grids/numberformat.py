"""What a cell of a workbook shows: its number in its number format (ECMA-376 part 1, 18.8.30).

A format is followed where it leaves no doubt: digits, leading zeros, decimals, percent, words before and after, days
and times. Grouping of thousands is left out, and other formats (fractions, powers of ten, conditions) give the number.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "hh:mm:ss"),
    **{22: "yyyy-mm-dd hh:mm", 36: "yyyy-mm-dd", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 49: "@"},
}
"""The formats that have a number and no text in a workbook."""
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKETS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_DIGITS = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<part>[#0?]*))?")
_WORD = "\ufdd0"  # stands for a quoted word while the pattern is taken apart
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31


def shown(raw: str, code: str, *, from_1904: bool = False) -> str:
    """The text that a cell with this number and this format shows.

    >>> shown("0.57999999999999996", "0%"), shown("12", "0000"), shown("1.1", "0.00"), shown("46082", "mmm-dd")
    ('58 %', '0012', '1.10', '2026-03-01')
    """
    try:
        number = Decimal(repr(float(raw))) if re.search(r"[.eE]", raw) else Decimal(raw)
    except (InvalidOperation, ValueError, OverflowError):
        return raw
    if not number.is_finite():
        return raw
    if code.casefold() in ("", "general", "@", "standard"):
        return plain(number)
    if is_date(code):
        return _moment(number, from_1904=from_1904) or plain(number)
    return _rendered(number, code) or plain(number)


def plain(number: Decimal) -> str:
    """The number without a power of ten and without zeros that say nothing.

    >>> plain(Decimal("1E+15")), plain(Decimal("0.50"))
    ('1000000000000000', '0.5')
    """
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def is_date(code: str) -> bool:
    """Whether a format shows a day or a time.

    >>> is_date("[$-41D]d mmm yyyy"), is_date('0 "dagar"')
    (True, False)
    """
    bare = _BRACKETS.sub("", _QUOTED.sub("", code.split(";")[0])).casefold()
    return bare not in ("general", "standard") and re.search(r"[ymdhs]", bare) is not None


def _moment(number: Decimal, *, from_1904: bool) -> str | None:
    if not 0 <= number < _LAST_SERIAL:
        return None
    if number < 1 and not from_1904:
        return (datetime.min + timedelta(seconds=round(float(number) * 86_400))).time().isoformat()
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        moment = first + timedelta(seconds=round(float(number) * 86_400))
    except OverflowError:
        return None
    return (
        moment.date().isoformat()
        if moment == datetime.combine(date(*moment.timetuple()[:3]), datetime.min.time())
        else moment.isoformat()
    )


def _rendered(number: Decimal, code: str) -> str | None:
    sections = _sections(code)
    section, negative = sections[0], number < 0
    if negative and len(sections) > 1:
        section, number, negative = sections[1], -number, False
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    if re.search(r"\[[<>=]", section):
        return None
    words: list[str] = []

    def keep(match: re.Match[str]) -> str:
        words.append(match[1] if match[1] is not None else match[2] or " ")
        return _WORD

    return _fill(number, _QUOTED.sub(keep, _BRACKETS.sub("", section)), words, negative=negative)


def _sections(code: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])+', code) or [code]


def _fill(number: Decimal, pattern: str, words: list[str], *, negative: bool) -> str | None:
    """The pattern with the number in the place of its digits; None when it holds more than digits and words."""
    digits = next((match for match in _DIGITS.finditer(pattern) if match[0].strip(",")), None)
    if digits is None or digits[0] in (".", ""):
        return None
    before, after = pattern[: digits.start()], pattern[digits.end() :]
    if re.search(rf"[^{_WORD}\s%()+-]", before + after):
        return None
    whole, part = digits["whole"], digits["part"] or ""
    scaled = abs(number) * 100 ** (before + after).count("%") / 1000 ** (len(whole) - len(whole.rstrip(",")))
    rounded = scaled.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    front, _, behind = f"{rounded:f}".partition(".")
    least = len(part.rstrip("#?"))
    behind = behind[:least] + behind[least:].rstrip("0")
    text = front.zfill(max(1, sum(sign == "0" for sign in whole))) + (f".{behind}" if behind else "")
    given = iter(words)
    around = [re.sub(_WORD, lambda _: next(given), side) for side in (before, after)]
    around = [re.sub(r"\s*%", " %", side) for side in around]
    return f"{'-' if negative and rounded else ''}{around[0]}{text}{around[1]}".strip()
