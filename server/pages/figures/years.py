"""How old the statements are: dated statements by the year that they speak of."""

from __future__ import annotations

from collections import Counter

from server.pages.catalogue.things import Catalogue
from server.pages.figures.drawing import columns
from server.pages.figures.figure import Figure, legend
from server.pages.queries import Counted, select
from server.pages.tables import Cell, Table
from server.pages.words.wording import gettext as _

_SPAN = 3  # years that the title speaks of


def by_year(found: Catalogue) -> Figure:
    """How many statements on registers public sources make for each year; the undated ones in words."""
    statements = found.of("dated-statement")
    dated = Counter(int(year) for one in statements if (year := one.first("rg:asOf")[:4]))
    years = range(min(dated, default=0), max(dated, default=0) + 1)
    numbers = [(year, dated[year]) for year in years]
    begin = max(years, key=lambda year: sum(dated[year + step] for step in range(_SPAN)), default=0)
    span = sum(dated[begin + step] for step in range(_SPAN))
    all_dated = sum(dated.values())
    title = _(
        "%(span)s of %(all)s dated statements are of %(begin)s–%(end)s",
        span=span,
        all=all_dated,
        begin=begin,
        end=begin + _SPAN - 1,
    )
    subtitle = _(
        "Statements on registers by the year that their source speaks of. %(undated)s more have no date: we do not "
        "know how old they are.",
        undated=len(statements) - all_dated,
    )
    described = " ".join(f"{year}: {number}." for year, number in numbers if number)
    query = select("?statement", "?statement a rg:DatedStatement ; rg:asOf ?day .")
    rows: list[list[Cell]] = [[year, number] for year, number in numbers if number]
    rows.append([_("no date"), len(statements) - all_dated])
    return Figure(
        "years",
        title,
        subtitle,
        columns("years", title, described, numbers),
        Table(_("Years"), ("year", "statements"), (_("Year"), _("Statements")), rows, query),
        legend("v1"),
        (),
        Counted(all_dated, query),
    )
