"""The pages of a service, a channel, and of what stands in sources: documents, parts and passages."""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked, said
from server.pages.queries import counted, ref, select
from server.pages.things.blocks import Block, Code, Fact, Facts, Heading, Items, Listing, Section, View
from server.pages.things.general import MOST, facts, kind_of, source_section, title_of
from server.pages.words.badges import Whys
from server.pages.words.names import called, order, plain
from server.pages.words.sources import document, in_words
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext, spoken
from server.service import Service

# Properties that the page of a service shows as its own lists, and names that are the service's own key and name again.
_RELATED = (
    *("rg:hasInput", "rg:hasOutput", "rg:hasRule", "cv:hasInputType", "cpsv:produces", "cpsv:follows"),
    *("dcterms:title", "dcterms:identifier"),
)


def service(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a service for registers: how it is ordered, what is sent, what comes back."""
    whys = Whys(found)
    outputs = sorted(found.back(thing, "rg:outputOf"), key=order)
    examples = sorted(found.back(thing, "rg:exampleOf"), key=order)
    rules = sorted(found.back(thing, "rg:ruleOf"), key=_place)
    inputs = sorted(
        found.back(thing, "rg:inputOf"), key=lambda one: (one.key_of("rg:inputStage") != "order", order(one))
    )
    gives, gets = _gives(outputs, examples), [*_rules(rules), *_sends(inputs)]
    about = [*facts(site, found, thing, whys, leave=_RELATED), *_not_said(found, thing)]
    sections = [Section("what", _("What it is"), [Facts(about)])]
    sections += [Section("gives", _("What it gives"), gives)] if gives else []
    sections += [Section("get", _("How to order it"), gets)] if gets else []
    by = ", ".join(plain(one) for one in found.linked(thing, "rg:providedBy"))
    lede = _("A service for registers, given by %(by)s.", by=by) if by else ""
    every = [*inputs, *outputs, *examples, *rules]
    return View(
        kind_of(site, thing),
        called(thing),
        lede,
        [*sections, *source_section(found, thing, *every)],
        whys,
        (_("Services"), to("/services")),
    )


def _gives(outputs: list[Thing], examples: list[Thing]) -> list[Block]:
    columns = (c.name(_("Result")), Column("form", _("As"), linked("rg:outputForm")))
    blocks: list[Block] = [Listing(_("What comes back."), columns, outputs)] if outputs else []
    return [*blocks, Heading(_("Examples")), Items(examples)] if examples else blocks


def _rules(rules: list[Thing]) -> list[Block]:
    columns = (
        c.name(_("What the source says")),
        Column("kind", _("Kind"), linked("rg:ruleKind")),
        Column("step", _("Step"), _step),
        Column("description", _("In our words"), lambda found, one: said(one.text("dcterms:description", spoken()))),
    )
    return [Listing(_("For whom, in which order, and what is kept."), columns, rules)] if rules else []


def _sends(inputs: list[Thing]) -> list[Block]:
    columns = (
        c.name(_("What is sent")),
        Column("stage", _("When"), linked("rg:inputStage")),
        Column("duty", _("Duty"), linked("rg:inputObligation")),
    )
    return [Listing(_("What the one who orders sends."), columns, inputs)] if inputs else []


def _step(_found: Catalogue, rule: Thing) -> Cell:
    number = rule.first("rg:stepNumber")
    return Cell(number=int(number)) if number else Cell()


def _place(rule: Thing) -> tuple[object, ...]:
    """What must be known before the steps, the steps in their order, then the rest."""
    kind = rule.key_of("rg:ruleKind")
    before = kind in ("eligibility", "precondition", "try-first")
    number = rule.first("rg:stepNumber")
    return (0 if before else 1 if number else 2, int(number or 0), order(rule))


def _not_said(found: Catalogue, thing: Thing) -> list[Fact]:
    """What the reader of an old page wants to know and it may not say: its date, and the law behind it."""
    page = document(found, thing)
    dated = page.text("dcterms:issued", spoken()) if page is not None else None
    ground = tuple(found.linked(thing, "cv:hasLegalResource"))
    return [
        Fact(_("Date of the page"), said(dated), ()),
        Fact(_("Legal ground"), Cell(ground) if ground else Cell(unknown=True), ()),
    ]


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
    lede = _("In %(document)s.", document=plain(above)).replace("?.", "?") if above and above.iri != thing.iri else ""
    if thing.kind == "passage":
        lede = f"{in_words(found, thing)}. {lede}"
    return View(kind_of(site, thing), title_of(found, thing), lede, sections, whys, (_("Sources"), to("/documents")))


def _order(one: Thing) -> tuple[object, ...]:
    from server.pages.words.collation import swedish

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
