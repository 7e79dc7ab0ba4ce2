"""What a sheet found, as sentences: computed from its counts, with singular, plural and “none” in both languages."""

from __future__ import annotations

from server.pages.answers.sheet import Sheet
from server.pages.choice import Choice
from server.pages.words.names import plain, within
from server.pages.words.wording import capital, ngettext, small
from server.pages.words.wording import gettext as _


def about(choice: Choice) -> str:
    """What a sheet is about, within a sentence: “older people within elderly care”."""
    group, area = choice["group"], choice["area"]
    if group and area:
        return _("%(group)s within %(area)s", group=within(group), area=within(area))
    if area:
        return _("the area %(area)s", area=within(area))
    return within(group) if group else _("social services")


def title(choice: Choice) -> str:
    """The heading of the sheet, a question."""
    municipality = choice["municipality"]
    if municipality:
        return _("What do the registers say of %(about)s in %(place)s?", about=about(choice), place=plain(municipality))
    return _("What do the registers say of %(about)s?", about=about(choice))


def short_title(choice: Choice) -> str:
    """The choice alone, for the window and the breadcrumbs."""
    return capital(
        ", ".join(
            small(plain(thing)) if name != "municipality" else plain(thing) for name, thing in choice.things.items()
        )
    )


def summary(sheet: Sheet) -> list[str]:
    """The sentences of “in short”."""
    said = [_extent(sheet)]
    if sheet.figures.indicators.number:
        said += [*_results(sheet), _municipality(sheet), *_conditions(sheet)]
    return [*said, *_kolada(sheet), *_outside(sheet)]


def _extent(sheet: Sheet) -> str:
    figures = sheet.figures
    if not figures.indicators.number:
        return _(
            "No register of the mapping has an indicator that concerns %(about)s, as far as the sources print them.",
            about=_narrowed(sheet.choice),
        )
    registers = ngettext("One register has", "%(n)s registers have", figures.registers.number)
    indicators = ngettext("one indicator that concerns", "%(n)s indicators that concern", figures.indicators.number)
    return capital(
        _(
            "%(registers)s %(indicators)s %(about)s.",
            registers=registers,
            indicators=indicators,
            about=_narrowed(sheet.choice),
        )
    )


def _narrowed(choice: Choice) -> str:
    """What the indicators concern, with the follow-up area and level that were asked for."""
    text = about(choice)
    if (area := choice["follow-up"]) is not None:
        text = _("%(about)s and the follow-up area %(area)s", about=text, area=within(area))
    if (level := choice["level"]) is not None:
        text = _("%(about)s at the level %(level)s", about=text, level=within(level))
    return text


def _results(sheet: Sheet) -> list[str]:
    if sheet.choice["follow-up"] is not None:
        return []
    sure, maybe = sheet.figures.results.number, sheet.figures.maybe_results.number
    if sure and maybe:
        first = ngettext("One of the indicators shows results", "%(n)s of the indicators show results", sure)
        return [
            capital(
                _("%(first)s, %(more)s.", first=first, more=ngettext("one more possibly", "%(n)s more possibly", maybe))
            )
        ]
    if sure:
        return [
            capital(ngettext("One of the indicators shows results.", "%(n)s of the indicators show results.", sure))
        ]
    if maybe:
        return [
            ngettext(
                "None of them surely shows results; one may.", "None of them surely shows results; %(n)s may.", maybe
            )
        ]
    return [_("None of them shows results.")]


def _municipality(sheet: Sheet) -> str:
    registers, indicators = sheet.figures.local_registers.number, sheet.figures.local_indicators.number
    place = sheet.choice["municipality"]
    where = plain(place) if place else _("municipality")
    if not registers:
        return _(
            "As far as their variables are known, none of the registers can be broken down by %(place)s "
            "without linkage.",
            place=where,
        )
    first = ngettext(
        "One register can be broken down by %(place)s without linkage",
        "%(n)s registers can be broken down by %(place)s without linkage",
        registers,
        place=where,
    )
    more = ngettext("with one indicator", "with %(n)s indicators in all", indicators)
    return capital(_("%(first)s, %(more)s.", first=first, more=more))


def _conditions(sheet: Sheet) -> list[str]:
    if sheet.choice["follow-up"] is not None:
        return []
    if (number := sheet.figures.conditions.number) == 0:
        return [
            _(
                "No indicator is about conditions in the service, such as staffing and competence; "
                "those you must follow up yourselves."
            )
        ]
    return [
        capital(
            ngettext(
                "One indicator is about conditions in the service.",
                "%(n)s indicators are about conditions in the service.",
                number,
            )
        )
    ]


def _kolada(sheet: Sheet) -> list[str]:
    if not (number := sheet.kolada.count.number):
        return [_("No key indicator in Kolada names any of the registers as its source.")]
    first = ngettext(
        "In Kolada, one key indicator names one of the registers as its source",
        "In Kolada, %(n)s key indicators name one of the registers as their source",
        number,
    )
    return [capital(_("%(first)s; %(more)s.", first=first, more=_of_municipalities(number, sheet.kolada.local)))]


def _of_municipalities(number: int, local: int) -> str:
    if not local:
        return _("none has values of municipalities") if number > 1 else _("it has values of regions alone")
    if local == number:
        return ngettext("it has values of municipalities", "all have values of municipalities", number)
    return ngettext("one has values of municipalities", "%(n)s have values of municipalities", local)


def _outside(sheet: Sheet) -> list[str]:
    number = len(sheet.unknown.outside)
    if not number:
        return []
    return [
        ngettext(
            "One register that municipalities co-fund is not part of the mapping.",
            "The %(n)s registers that municipalities co-fund are not part of the mapping.",
            number,
        )
    ]
