"""The page of a register, in one skeleton for those of which much is known and those of which hardly anything is."""

from __future__ import annotations

from collections.abc import Iterator

from server.pages.answers.rows import by_variable
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists.cells import Cell, all_of, linked
from server.pages.registers import (
    by_municipality,
    coverages,
    holders,
    indicators,
    kpis,
    levels,
    place_variables,
    relevance,
)
from server.pages.things.blocks import Block, Chart, Fact, Facts, Section, Text, View
from server.pages.things.general import kind_of, source_section
from server.pages.things.registers.parts import dated, get, gives, sure
from server.pages.words.badges import Badge, Whys
from server.pages.words.names import called, order, plain, within
from server.pages.words.wording import capital, ngettext, small
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed as in_a_row
from server.service import Service


def register(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a data collection."""
    whys = Whys(found)
    what = [Facts(_facts(found, thing, whys)), *_charts(found, thing), *dated(found, thing)]
    sections = [
        Section("what", _("What it is"), what),
        Section("gives", _("What it gives"), gives(found, thing)),
        Section("get", _("How to get at it"), get(found, thing, whys)),
        Section("sure", _("How sure this is"), sure(found, thing)),
        *source_section(
            found,
            thing,
            *found.back(thing, "rg:listsRegister"),
            *found.back(thing, "rg:assesses"),
            *found.back(thing, "dqv:computedOn"),
        ),
    ]
    return View(
        kind_of(site, thing),
        called(thing),
        _lede(found, thing),
        sections,
        whys,
        (_("Registers"), to("/registers")),
        _beside(found, thing),
    )


def _lede(found: Catalogue, thing: Thing) -> str:
    """What a register is and gives, in a few sentences."""
    whole, every = called(thing, whole=True).text, indicators(found, thing)
    said = [f"{whole}."] if called(thing).text != whole else []
    said += _of_indicators(found, thing, every)
    if thing.flag("rg:coFundedByMunicipalities") and not every:
        said.append(_("Municipalities co-fund it, and the mapping left it out."))
    if thing.iris("rg:statedRelevance"):
        levels = in_a_row([small(plain(one)) for one in _levels(found, thing)])
        said.append(_("The mapping judges it to be of %(levels)s.", levels=levels))
    if cited := kpis(found, thing):
        said.append(
            ngettext(
                "One key indicator in Kolada names it as its source.",
                "%(n)s key indicators in Kolada name it as their source.",
                len(cited),
            )
        )
    return " ".join(capital(text) for text in said)


def _of_indicators(found: Catalogue, thing: Thing, every: list[Thing]) -> Iterator[str]:
    """Whom the indicators concern, and of how many nobody has said it."""
    told = [one for one in every if one.iris("rg:concernsTargetGroup")]
    groups = in_a_row([within(one) for one in sorted(found.linked(thing, "rg:concernsTargetGroup"), key=order)])
    if told:
        yield ngettext(
            "One indicator bears on %(groups)s.",
            "%(n)s indicators bear on %(groups)s.",
            len(told),
            groups=groups,
        )
    if more := len(every) - len(told):
        yield ngettext(
            "Of one indicator that is known nobody has said whom it concerns.",
            "Of %(n)s indicators that are known nobody has said whom they concern.",
            more,
        )
    if not every:
        yield _("No indicators are known.")


def _levels(found: Catalogue, thing: Thing) -> list[Thing]:
    return [one for one in (found.get("relevance-level", level) for level in relevance(thing)) if one is not None]


def _facts(found: Catalogue, thing: Thing, whys: Whys) -> list[Fact]:
    names = [called(thing, whole=True).text, *(value.text for value in thing.values("skos:altLabel"))]
    inferred = (whys.inferred("register-concerns-group"),)
    every = [
        Fact(_("Name"), Cell(text="; ".join(dict.fromkeys(names)))),
        _relevance(found, thing, whys),
        Fact(
            _("Target groups"),
            linked("rg:concernsTargetGroup")(found, thing),
            inferred if thing.iris("rg:concernsTargetGroup") else (),
        ),
        Fact(
            _("Service areas"),
            linked("rg:concernsServiceArea")(found, thing),
            inferred if thing.iris("rg:concernsServiceArea") else (),
        ),
        Fact(_("Level"), all_of(levels(found, thing))),
        _municipality(found, thing, whys),
        Fact(_("Co-funded by municipalities"), _flag(thing)),
        Fact(_("In the mapping"), linked("rg:mappingStatus")(found, thing)),
        _holder(found, thing),
    ]
    more = [("rg:subRegisterOf", _("Part of"))]
    return every + [Fact(word, Cell(tuple(found.linked(thing, name)))) for name, word in more if thing.iris(name)]


def _holder(found: Catalogue, thing: Thing) -> Fact:
    """Who holds it; where no source says so, who is responsible for its personal data, which it says."""
    every = holders(found, thing)
    note = _("Controller of its personal data.") if every and not thing.iris("rg:heldBy") else ""
    return Fact(_("Holder"), all_of(every), (), note)


def _flag(thing: Thing) -> Cell:
    from server.pages.lists.cells import yes_or_no

    return yes_or_no(thing.flag("rg:coFundedByMunicipalities"))


def _relevance(found: Catalogue, thing: Thing, whys: Whys) -> Fact:
    stated, computed = thing.keys("rg:statedRelevance"), thing.keys("rg:computedRelevance")
    badges: tuple[Badge, ...] = (whys.inferred(f"relevance-{computed[0]}"),) if computed else ()
    note = ""
    if stated and computed:
        note = (
            _("Our own computation gives the same.")
            if set(stated) == set(computed)
            else _(
                "Our own computation gives %(level)s.",
                level=", ".join(small(plain(one)) for one in found.linked(thing, "rg:computedRelevance")),
            )
        )
    return Fact(_("Relevance"), all_of(_levels(found, thing)), badges, note)


def _municipality(found: Catalogue, thing: Thing, whys: Whys) -> Fact:
    if by_municipality(thing):
        pairs = place_variables(found, thing)
        things = tuple({variable.iri: variable for variable, _concept in pairs}.values())
        return Fact(
            _("Municipality without linkage"),
            Cell(things),
            (by_variable(thing, pairs, whys),),
            _("Yes, by this variable."),
        )
    known = len(found.back(thing, "rg:variableOf"))
    note = (
        ngettext(
            "The one known variable does not tell the home municipality; the whole list is not in the graph.",
            "None of the %(n)s known variables tells the home municipality; the whole list is not in the graph.",
            known,
        )
        if known
        else _("No variable is known.")
    )
    return Fact(_("Municipality without linkage"), Cell(unknown=True), (), note)


def _charts(found: Catalogue, thing: Thing) -> list[Block]:
    made: list[Block] = []
    for metric in ("coverage", "response-rate"):
        for one in coverages(found, thing, metric)[:3]:
            if one.known:
                year = one.year or _("but of which year?")
                word = _("Coverage") if metric == "coverage" else _("Response rate")
                title = _(
                    "%(metric)s: %(value)s per cent, %(year)s",
                    metric=word,
                    value=(_("under") + " " if one.below else "") + one.text,
                    year=year,
                )
                made.append(
                    Chart(title, one, one.thing.first("rg:printedAs"), found.linked(one.thing, "dcterms:source"))
                )
            else:
                made.append(
                    Text(
                        _(
                            "Response rate of the register's questionnaires: “%(printed)s”, no number.",
                            printed=one.thing.first("rg:printedAs"),
                        ),
                        note=True,
                    )
                )
    return made


def _beside(found: Catalogue, thing: Thing) -> list[tuple[str, list[tuple[str, str]]]]:
    from server.pages.links import thing as address

    mine = set(thing.iris("rg:holdsConceptualVariable"))
    near = sorted(
        found.linked(thing, "rg:comparableWith"),
        key=lambda one: (-len(mine & set(one.iris("rg:holdsConceptualVariable"))), order(one)),
    )
    compare = [(plain(one), address(one.iri)) for one in near[:8]]
    made = [(_("About the same in"), compare)] if compare else []
    if thing.flag("rg:coFundedByMunicipalities"):
        same = sorted(
            (one for one in found.of("register") if one.flag("rg:coFundedByMunicipalities") and one.iri != thing.iri),
            key=order,
        )
        made.append((_("Also co-funded by municipalities"), [(plain(one), address(one.iri)) for one in same]))
    ways = [
        (_("The limits of what is known"), to(f"/limits/{thing.key}")),
        (_("Put together a request for data"), to("/request", register=thing.key)),
        (_("Plan a linkage"), to("/plan", register=thing.key)),
        (_("Compare it with another"), to("/compare", "sides", registers=thing.key)),
        (_("Follow what changes (Atom)"), to("/changes.atom", register=thing.key)),
    ]
    made.append((_("More"), ways))
    made.append((_("For those who hold the register"), [(_("Check and hand in"), to("/check"))]))
    return made
