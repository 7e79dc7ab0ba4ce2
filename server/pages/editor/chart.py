"""The answer of a query as a drawing, when it has a number and a category: bars in the order of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from server.pages.catalogue.things import Catalogue
from server.pages.figures.drawing import Bar, Group, Mark, bars
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.query.rows import Term

MOST = 40
_FEWEST = 2
_NUMBERS = frozenset({"integer", "int", "long", "nonNegativeInteger", "positiveInteger", "decimal", "double", "float"})
_LETTERS = 90


def chart(found: Catalogue, names: Sequence[str], rows: Sequence[Sequence[Term]]) -> Markup | None:
    """Bars for the first column of numbers by the first column of words; None when the answer has no such pair.

    Both columns must be filled in every row, the words must differ from row to row, no number may be below zero, and
    there must be between 2 and MOST rows.
    """
    if not _FEWEST <= len(rows) <= MOST:
        return None
    columns = list(zip(*rows, strict=True))
    number = next((place for place, terms in enumerate(columns) if all(_is_number(term) for term in terms)), None)
    category = next((place for place, terms in enumerate(columns) if _are_words(found, terms)), None)
    if number is None or category is None:
        return None
    values = [float(term.text) for term in columns[number]]
    groups = [
        Group(_word(found, term), (Bar((Mark("v1", 0, value),), shown.text.replace(".", _point())),))
        for term, value, shown in zip(columns[category], values, columns[number], strict=True)
    ]
    said = {"number": names[number], "category": names[category]}
    title = _("%(number)s by %(category)s", **said)
    description = _("Bars from zero to %(most)s, in the order of the answer.", most=columns[number][_top(values)].text)
    return bars("answer", title, description, groups, max(values) or 1)


def _top(values: Sequence[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)


def _point() -> str:
    return "," if spoken() == "sv" else "."


def _is_number(term: Term) -> bool:
    if term.kind != "literal" or term.datatype.rpartition("#")[2] not in _NUMBERS:
        return False
    try:
        return 0 <= float(term.text) < float("inf")
    except ValueError:
        return False


def _are_words(found: Catalogue, terms: Sequence[Term]) -> bool:
    """Whether a column can name bars: words or things, each once."""
    if not all(term.text and not term.datatype.endswith(tuple(_NUMBERS)) for term in terms):
        return False
    return len({_word(found, term) for term in terms}) == len(terms)


def _word(found: Catalogue, term: Term) -> str:
    thing = found.things.get(term.text) if term.kind == "iri" else None
    text = plain(thing) if thing else term.text
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
