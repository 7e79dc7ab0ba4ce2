"""The words of the pages: English in code and templates, Swedish from the gettext catalogue `locale/sv.po`.

`gettext` and `ngettext` speak the language of the request. A number in words is for the beginning of sentences.
"""

from __future__ import annotations

import gettext as standard
import io
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import g, has_request_context

from server.web.language import language

CATALOGUES = Path(__file__).parents[1] / "locale"
_WORDS = {
    "sv": ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
}


@lru_cache(4)
def catalogue(lang: str) -> standard.NullTranslations:
    """The messages of a language; those of English are the keys themselves."""
    if lang != "sv":
        return standard.NullTranslations()
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        messages = read_po(file, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def spoken() -> str:
    """The language of the request at hand, found once: sv or en."""
    if not has_request_context():
        return "sv"
    if "language" not in g:
        g.language = language()
    return str(g.language)


def gettext(message: str, **values: object) -> str:
    """A message in the language of the request, `%(name)s` filled in."""
    return _filled(catalogue(spoken()).gettext(message), values)


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """A message that depends on a number, which it may show as `%(n)s` (in words up to twelve) or `%(num)s`."""
    return _filled(plural(one, many, count), {"n": in_words(count), **values})


def plural(one: str, many: str, count: int) -> str:
    """The message for a number, with the number filled in where it is shown in digits, as `%(num)s`."""
    return catalogue(spoken()).ngettext(one, many, count).replace("%(num)s", grouped(count))


def in_words(count: int) -> str:
    """A number as a Swedish or English text has it: in words up to twelve."""
    return _WORDS[spoken()][count] if 0 <= count <= 12 else grouped(count)


def grouped(count: int) -> str:
    """A number in digits, its thousands apart as the language has it: by a space that does not break, or a comma."""
    return str(format_decimal(count, locale=spoken()))


def decimal(number: Decimal) -> str:
    """A number with the decimal sign of the language, without empty decimals."""
    text = f"{number.normalize():f}"
    return text.replace(".", ",") if spoken() == "sv" else text


def capital(text: str) -> str:
    """The same with a capital letter first."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation or a name with capitals."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() or len(first) < 2 else text[:1].lower() + text[1:]


def listed(names: list[str]) -> str:
    """Names one after another, with “and” before the last."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def _filled(text: str, values: dict[str, object]) -> str:
    return text % values if values else text
