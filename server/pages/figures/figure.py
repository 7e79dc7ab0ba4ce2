"""A figure: its finding as a title, what it counts, the drawing, the same numbers as a table, and the query."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted
from server.pages.tables import Table
from server.pages.words.wording import decimal
from server.pages.words.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Figure:
    """`legend` has the looks that occur with their words; `sources` are where the published numbers stand."""

    key: str
    title: str
    subtitle: str
    svg: Markup
    table: Table
    legend: tuple[tuple[str, str], ...]
    sources: tuple[Thing, ...]
    query: Counted


def published(found: Catalogue, *concerned: Thing) -> Thing | None:
    """The share in per cent that a source prints for just these things together."""
    wanted = {thing.iri for thing in concerned}
    for figure in found.of("figure"):
        if figure.key_of("rg:unit") == "percent" and wanted <= set(figure.iris("rg:figureConcerns")):
            return figure
    return None


def about(figure: Thing) -> str:
    """A published number as it is printed: `about 70`, `just under 60`."""
    value = decimal(Decimal(figure.first("rg:figureValue")))
    words = {"about": _("about %(n)s", n=value), "just-under": _("just under %(n)s", n=value)}
    return words.get(figure.key_of("rg:exactness"), value)


def percent(part: int, whole: int) -> Decimal:
    """A share in per cent with one decimal."""
    if not whole:
        return Decimal(0)
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def legend(*looks: str) -> tuple[tuple[str, str], ...]:
    """The words of the looks."""
    words = {
        "v3": _("published in the report, of about 1,000 indicators in an annex that is not published"),
        "v1": _("computed from this release"),
        "v2": _("possibly"),
    }
    return tuple((look, words[look]) for look in looks)
