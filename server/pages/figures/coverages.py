"""Figure 1 of the report and the coverage of every register: intervals, by relevance or one after another."""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.figures.drawing import Bar, Group, Mark, bars
from server.pages.figures.figure import Figure
from server.pages.queries import Counted, ref, select
from server.pages.registers import LEVELS, Coverage, coverage, in_percent, relevance
from server.pages.tables import Cell, Table
from server.pages.words.names import order, plain
from server.pages.words.wording import capital, in_words, ngettext
from server.pages.words.wording import gettext as _
from server.service import BASE

_METRIC = ref(f"{BASE}id/coverage-metric/coverage")
_MEASURED = (
    f"?measured dqv:computedOn ?register ; dqv:isMeasurementOf {_METRIC} ; "
    "rg:percentFrom|rg:percentTo|rg:percentUnder ?number ."
)


def _in_words(one: Coverage) -> str:
    """An interval in words, in figures whose axis has the sign of per cent; with the year in brackets."""
    text = in_percent(one).removesuffix(" %")
    return f"{text} ({one.year})" if one.year else text


def _bar(one: Coverage) -> Bar:
    """Solid up to the lower limit, light from there to the upper one; without a lower limit light from zero."""
    low = float(one.low) if one.low is not None else 0.0
    high = float(one.high) if one.high is not None else 100.0
    solid = (Mark("v1", 0, low),) if low else ()
    return Bar(solid + ((Mark("v2", low, high),) if high > low else ()), _in_words(one))


def _legend() -> tuple[tuple[str, str], ...]:
    return (("v1", _("up to the lower limit, or the one number there is")), ("v2", _("up to the upper limit, or open")))


def by_register(found: Catalogue) -> Figure:
    """The latest coverage of every register that has one, highest first."""
    known = _known(found, found.of("register"))
    groups = [Group(plain(register), (_bar(one),)) for register, one in known]
    near = sum(one.low is not None and one.low >= 90 for _register, one in known)
    low = sum(one.high is not None and one.high <= 50 for _register, one in known)
    title = _(
        "Coverage: %(near)s near a hundred, %(low)s under fifty per cent",
        near=ngettext("one register", "%(n)s registers", near),
        low=in_words(low),
    )
    silent = len(found.of("register")) - len(known)
    subtitle = _(
        "The latest measurement of each register, per cent, with its year; an interval where the source gives one."
    )
    subtitle += " " + ngettext("Of one register we do not know it.", "Of %(num)s registers we do not know it.", silent)
    query = select("?register", _MEASURED)
    return Figure(
        "coverage",
        title,
        subtitle,
        bars("coverage", title, _told(known), groups, 100),
        _table(found, _("Coverage"), known, query),
        _legend(),
        (),
        Counted(len(known), query),
    )


def by_relevance(found: Catalogue) -> Figure:
    """Figure 1: the registers with a relevance by level, and the coverage of each."""
    groups: list[Group] = []
    every: list[tuple[Thing, Coverage]] = []
    silent = 0
    for level in LEVELS:
        mine = [one for one in found.of("register") if relevance(one)[:1] == [level]]
        known = _known(found, mine)
        silent += len(mine) - len(known)
        thing = found.get("relevance-level", level)
        for place, (register, one) in enumerate(known):
            groups.append(Group(plain(register), (_bar(one),), plain(thing) if thing and place == 0 else ""))
        every += known
    high = [one for register, one in every if relevance(register)[:1] == ["high"]]
    good = sum(one.low is not None and one.low >= 90 for one in high)
    title = _(
        "%(good)s of %(all)s registers of high relevance whose coverage is known reach ninety per cent",
        all=in_words(len(high)),
        good=capital(in_words(good)),
    )
    query = select("?register", "?register rg:statedRelevance|rg:computedRelevance ?level .", _MEASURED)
    subtitle = _("Coverage in per cent by relevance, as sources state it or as it is computed from their criteria.")
    subtitle += " " + ngettext(
        "Of one register with a relevance we do not know the coverage.",
        "Of %(num)s registers with a relevance we do not know the coverage.",
        silent,
    )
    part = found.get("part", "skr-2022.figure-1")
    return Figure(
        "relevance-and-coverage",
        title,
        subtitle + " " + _("The report's figure names no numbers."),
        bars("relevance-and-coverage", title, _told(every), groups, 100),
        _table(found, _("Figure 1"), every, query),
        _legend(),
        (part,) if part else (),
        Counted(len(every), query),
    )


def _known(found: Catalogue, registers: list[Thing]) -> list[tuple[Thing, Coverage]]:
    pairs = [(register, one) for register in registers if (one := coverage(found, register)) is not None]
    return sorted(pairs, key=lambda pair: (-(pair[1].low or 0), -(pair[1].high or 100), order(pair[0])))


def _told(known: list[tuple[Thing, Coverage]]) -> str:
    return " ".join(f"{plain(register)}: {_in_words(one)}." for register, one in known)


def _table(found: Catalogue, name: str, known: list[tuple[Thing, Coverage]], query: str) -> Table:
    unknown = _("we do not know")
    rows: list[list[Cell]] = [
        [
            plain(register),
            ", ".join(plain(level) for key in relevance(register) if (level := found.get("relevance-level", key)))
            or unknown,
            float(one.low) if one.low is not None else unknown,
            float(one.high) if one.high is not None else unknown,
            one.year or unknown,
            register.iri,
        ]
        for register, one in known
    ]
    keys = ("register", "relevance", "percent_from", "percent_to", "year", "iri")
    words = (_("Register"), _("Relevance"), _("From, per cent"), _("To, per cent"), _("Year"), "IRI")
    return Table(name, keys, words, rows, query)
