"""Diagrams 1 to 3 of the report: shares by follow-up area and by target group, and numbers by group and area."""

from __future__ import annotations

from decimal import Decimal

from server.pages.answers.choose import MAYBE, RESULTS, SURE, printed_indicators
from server.pages.answers.rows import areas
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.figures.drawing import Bar, Group, Mark, bars
from server.pages.figures.figure import Figure, about, legend, percent, published
from server.pages.queries import Counted, select
from server.pages.tables import Cell, Table
from server.pages.words.names import order, plain, within
from server.pages.words.wording import decimal, listed
from server.pages.words.wording import gettext as _

_PRINTED = "?indicator a rg:TabulatedIndicator ; {prop} ?about ."
_MAIN = ("people-with-impairment", "older-people")


def follow_up(found: Catalogue) -> Figure:
    """Diagram 1: the shares of the follow-up areas, sure and possible, beside what the report prints."""
    every = printed_indicators(found)
    columns = areas(found)
    sure, maybe = ({area.iri: _pointing(found, (name,), area) for area in columns} for name in (SURE, MAYBE))
    rows: list[list[Cell]] = []
    groups = []
    for area in columns:
        shares = percent(sure[area.iri], len(every)), percent(maybe[area.iri], len(every))
        printed = published(found, area)
        groups.append(Group(plain(area), (_printed(printed), _computed(*shares))))
        value = float(printed.first("rg:figureValue")) if printed else _("we do not know")
        rows.append([plain(area), value, float(shares[0]), float(shares[1]), area.iri])
    title, description = _follow_up_title(found, columns, maybe, len(every)), _described(groups)
    keys = ("follow_up_area", "published_about", "sure", "sure_or_possible", "iri")
    words = (_("Follow-up area"), _("Published, about"), _("Computed, surely"), _("With the possible"), "IRI")
    query = select("?about ?indicator", _PRINTED.format(prop=MAYBE))
    return Figure(
        "follow-up-areas",
        title,
        _("Share of the indicators, per cent, by follow-up area. One indicator can belong to several."),
        bars("follow-up-areas", title, description, groups, 100),
        Table(_("Diagram 1"), keys, words, rows, query),
        legend("v3", "v1", "v2"),
        _sources(found, "diagram-1", *(one for area in columns if (one := published(found, area)) is not None)),
        Counted(sum(maybe.values()), query),
    )


def _follow_up_title(found: Catalogue, columns: list[Thing], maybe: dict[str, int], whole: int) -> str:
    results = next((area for area in columns if area.key == RESULTS), None)
    printed = published(found, results) if results else None
    if results is None or printed is None:
        return _("The printed indicators by follow-up area")
    share, said = percent(maybe[results.iri], whole), Decimal(printed.first("rg:figureValue"))
    if share == said:
        return _("The printed indicators show results as often as the whole annex")
    return (
        _("The printed indicators show results more often than the whole annex")
        if share > said
        else _("The printed indicators show results less often than the whole annex")
    )


def _printed(figure: Thing | None) -> Bar:
    if figure is None:
        return Bar((), _("the report prints no number"))
    return Bar((Mark("v3", 0, float(figure.first("rg:figureValue"))),), about(figure))


def _computed(sure: Decimal, maybe: Decimal) -> Bar:
    if maybe == sure:
        return Bar((Mark("v1", 0, float(sure)),), decimal(sure))
    text = _("%(sure)s surely, %(maybe)s with poss.", sure=decimal(sure), maybe=decimal(maybe))
    return Bar((Mark("v1", 0, float(sure)), Mark("v2", float(sure), float(maybe))), text)


def _described(groups: list[Group]) -> str:
    """The drawing in words."""
    told = [f"{group.name}: {'; '.join(bar.text for bar in group.bars)}" for group in groups]
    return " ".join(f"{text.removesuffix('.')}." for text in told)


def _sources(found: Catalogue, part: str, *figures: Thing) -> tuple[Thing, ...]:
    diagram = found.get("part", f"skr-2022.{part}")
    passages = [passage for figure in figures for passage in found.linked(figure, "dcterms:source")]
    return tuple({one.iri: one for one in ([diagram] if diagram else []) + passages}.values())


def by_group(found: Catalogue) -> Figure:
    """Diagram 2: the shares of the target groups and service areas."""
    every = printed_indicators(found)
    main = [one for key in _MAIN if (one := found.get("target-group", key)) is not None]
    rows: list[list[Cell]] = []
    groups = []
    told = [(plain(one), [one], _concerning(found, one)) for one in _both(found)]
    alone = sum(number for _name, _things, number in told)
    if len(main) == len(_MAIN):
        told.append((" / ".join(plain(one) for one in main), main, _concerning(found, *main)))
    for name, things, number in sorted(told, key=lambda one: -one[2]):
        share, printed = (
            percent(number, len(every)),
            published(found, *things) if len(things) != 1 else _of_one(found, things[0]),
        )
        groups.append(Group(name, ((_printed(printed),) if printed else ()) + (_computed(share, share),)))
        said = float(printed.first("rg:figureValue")) if printed else _("we do not know")
        rows.append([name, said, float(share), number, "; ".join(one.iri for one in things)])
    title = _groups_title(found, main)
    keys, words = (
        ("about", "published_about", "computed", "number", "iri"),
        (_("Target group or service area"), _("Published, about"), _("Computed"), _("Number"), "IRI"),
    )
    query = select("?about ?indicator", _PRINTED.format(prop="rg:concernsTargetGroup|rg:concernsServiceArea"))
    figures = [one for _name, things, _n in told if (one := published(found, *things)) is not None]
    return Figure(
        "target-groups",
        title,
        _("Share of the indicators, per cent, by target group and service area. The report prints two of the shares."),
        bars("target-groups", title, _described(groups), groups, 100),
        Table(_("Diagram 2"), keys, words, rows, query),
        legend("v3", "v1"),
        _sources(found, "diagram-2", *figures),
        Counted(alone, query),
    )


def _groups_title(found: Catalogue, main: list[Thing]) -> str:
    printed = published(found, *main) if main else None
    if printed is None:
        return _("The printed indicators by target group and service area")
    return _(
        "%(share)s per cent of the printed indicators concern impairment or older people; the report says %(said)s",
        share=decimal(percent(_concerning(found, *main), len(printed_indicators(found)))),
        said=about(printed),
    )


def _of_one(found: Catalogue, thing: Thing) -> Thing | None:
    """The share that is printed for one thing alone, or with the area that serves it."""
    figure = published(found, thing)
    if figure is None:
        return None
    of_kind = [one for one in found.linked(figure, "rg:figureConcerns") if one.kind == thing.kind]
    return figure if of_kind == [thing] else None


def _both(found: Catalogue) -> list[Thing]:
    return sorted([*found.of("target-group"), *found.of("service-area")], key=order)


def _concerning(found: Catalogue, *things: Thing) -> int:
    return _pointing(found, ("rg:concernsTargetGroup", "rg:concernsServiceArea"), *things)


def _pointing(found: Catalogue, names: tuple[str, ...], *things: Thing) -> int:
    """How many of the printed indicators point to one or more of the things by one of the properties."""
    pointing = set[str]().union(*(found.pointing(thing, name) for thing in things for name in names))
    return sum(one.iri in pointing for one in printed_indicators(found))


def numbers(found: Catalogue) -> Figure:
    """Diagram 3: how many of the printed indicators concern each target group and service area."""
    every = printed_indicators(found)
    kinds = ((_("Target groups"), "target-group"), (_("Service areas"), "service-area"))
    groups: list[Group] = []
    rows: list[list[Cell]] = []
    for word, kind in kinds:
        pairs = [(_concerning(found, one), one) for one in found.of(kind)]
        counted = sorted(pairs, key=lambda pair: (-pair[0], order(pair[1])))
        for place, (number, one) in enumerate(counted):
            bar = Bar((Mark("v1", 0, number),), str(number)) if number else Bar((), _("none of the printed ones"))
            groups.append(Group(plain(one), (bar,), word if place == 0 else ""))
            rows.append([word, plain(one), number, one.iri])
    most = max((int(str(row[2])) for row in rows), default=1)
    top = listed([within(one) for one in _top(found)])
    title = _("Of the printed indicators, most concern %(names)s", names=top)
    query = select("?about ?indicator", _PRINTED.format(prop="rg:concernsTargetGroup|rg:concernsServiceArea"))
    keys, words = ("kind", "about", "number", "iri"), (_("Kind"), _("About"), _("Indicators"), "IRI")
    return Figure(
        "numbers-by-group",
        title,
        _(
            "Number of indicators. The sum is larger than %(all)s, for one can concern several; the report says the "
            "same of its diagram, whose numbers it does not print.",
            all=len(every),
        ),
        bars("numbers-by-group", title, _described(groups), groups, most or 1),
        Table(_("Diagram 3"), keys, words, rows, query),
        legend("v1"),
        _sources(found, "diagram-3"),
        Counted(sum(int(str(row[2])) for row in rows), query),
    )


def _top(found: Catalogue) -> list[Thing]:
    """The two groups with most indicators."""
    groups = sorted(found.of("target-group"), key=lambda one: (-_concerning(found, one), order(one)))
    return groups[:2]
