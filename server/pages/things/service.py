"""The pages of a service, a channel, and of what stands in sources: documents, parts and passages."""

from __future__ import annotations

from server.pages.badges import Whys
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Column, linked
from server.pages.names import called, order, plain
from server.pages.queries import counted, ref, select
from server.pages.sources import document, in_words
from server.pages.things.blocks import Block, Code, Facts, Heading, Items, Listing, Section, View
from server.pages.things.general import MOST, facts, kind_of, source_section, title_of
from server.pages.wording import gettext as _
from server.pages.wording import ngettext, spoken
from server.service import Service


def service(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a service for registers: what is sent, what comes back."""
    whys = Whys(found)
    inputs = sorted(
        found.back(thing, "rg:inputOf"), key=lambda one: (one.key_of("rg:inputStage") != "order", order(one))
    )
    outputs = sorted(found.back(thing, "rg:outputOf"), key=order)
    examples = sorted(found.back(thing, "rg:exampleOf"), key=order)
    gives: list[Block] = []
    if outputs:
        gives.append(
            Listing(
                _("What comes back."), (c.name(_("Result")), Column("form", _("As"), linked("rg:outputForm"))), outputs
            )
        )
    if examples:
        gives += [Heading(_("Examples")), Items(examples)]
    sends: list[Block] = []
    if inputs:
        columns = (
            c.name(_("What is sent")),
            Column("stage", _("When"), linked("rg:inputStage")),
            Column("duty", _("Duty"), linked("rg:inputObligation")),
        )
        sends.append(Listing(_("What the one who orders sends."), columns, inputs))
    sections = [Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))])]
    sections += [Section("gives", _("What it gives"), gives)] if gives else []
    sections += [Section("get", _("How to order it"), sends)] if sends else []
    by = ", ".join(plain(one) for one in found.linked(thing, "rg:providedBy"))
    lede = _("A service for registers, given by %(by)s.", by=by) if by else ""
    every = [*inputs, *outputs, *examples]
    return View(
        kind_of(site, thing),
        called(thing),
        lede,
        [*sections, *source_section(found, thing, *every)],
        whys,
        (_("Services"), to("/services")),
    )


def channel(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a channel through which knowledge is spread."""
    whys = Whys(found)
    kpis = sorted(found.back(thing, "rg:publishedIn"), key=order)
    sections = [Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))])]
    if kpis:
        query = select("?kpi", f"?kpi a rg:ExternalKpi ; rg:publishedIn {ref(thing.iri)} .")
        caption = ngettext("One key indicator names a register.", "%(num)s key indicators name a register.", len(kpis))
        columns = (c.name(_("Key indicator")), c.code(), Column("register", _("Register"), linked("rg:citesRegister")))
        sections.append(
            Section(
                "gives",
                _("What it gives"),
                [Listing(caption, columns, kpis[:MOST], counted(kpis, query), to("/kpis", channel=thing.key))],
            )
        )
    return View(
        kind_of(site, thing),
        called(thing),
        "",
        [*sections, *source_section(found, thing)],
        whys,
        (_("Channels"), to("/channels")),
    )


def source(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a document, a part of one, or a passage: what it is part of, and what was taken from it."""
    whys = Whys(found)
    above = document(found, thing)
    taken = sorted(found.back(thing, "dcterms:source"), key=order)
    parts = sorted(
        [*found.back(thing, "dcterms:isPartOf"), *found.back(thing, "rg:inPart")], key=lambda one: _order(one)
    )
    sections = []
    if taken:
        kinds = _by_kind(site, taken)
        sections.append(Section("taken", _("What was taken from it"), kinds))
    if parts:
        sections.append(Section("parts", _("Its parts"), [Items(parts[:200])]))
    sections.append(Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]))
    lede = _("In %(document)s.", document=plain(above)) if above is not None and above.iri != thing.iri else ""
    if thing.kind == "passage":
        lede = f"{in_words(found, thing)}. {lede}"
    return View(kind_of(site, thing), title_of(found, thing), lede, sections, whys, (_("Sources"), to("/documents")))


def _order(one: Thing) -> tuple[object, ...]:
    from server.pages.collation import swedish

    return swedish(one.key)


def _by_kind(site: Service, things: list[Thing]) -> list[Block]:
    kinds: dict[str, list[Thing]] = {}
    for one in things:
        kinds.setdefault(kind_of(site, one), []).append(one)
    blocks: list[Block] = []
    for word, every in kinds.items():
        blocks += [Heading(word), Items(every[:100])]
    return blocks


def rule(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a rule or a question: what it says in words, and its query."""
    whys = Whys(found)
    label = thing.text("skos:prefLabel", spoken())
    definition = thing.text("skos:definition", spoken()) or thing.text("rdfs:comment", spoken())
    select_text = thing.first("sh:select")
    text = select_text or thing.first("sh:construct")
    sections = (
        [Section("query", _("As a query"), [Code(text, to("/query", query=select_text) if select_text else "")])]
        if text
        else []
    )
    sections.append(Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]))
    lede = definition.text if definition and (label is None or definition.text != label.text) else ""
    word = _("Rule") if thing.kind == "rule" else _("Question")
    return View(word, title_of(found, thing), lede, sections, whys)
