"""The page of any thing: its definition, its properties in words, and what refers to it, by kind."""

from __future__ import annotations

from collections.abc import Iterable

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.lists.cells import Cell, Column
from server.pages.things.blocks import Block, Fact, Facts, Heading, Items, Listing, Section, View
from server.pages.things.terms import kind_word, word
from server.pages.words.badges import Badge, Whys
from server.pages.words.names import called, order
from server.pages.words.sources import passages
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.query.prefixes import short_name
from server.service import Service

_ELSEWHERE = frozenset(
    {
        *("skos:prefLabel", "skos:definition", "rdf:type", "dcterms:source", "skos:inScheme", "skos:topConceptOf"),
        *("rdfs:label", "rdfs:comment", "sh:select", "sh:construct"),
    }
)
RULES = {
    "rg:concernsTargetGroup": "register-concerns-group",
    "rg:concernsServiceArea": "register-concerns-area",
    "rg:supportsAnalysisLevel": "municipality-without-linkage",
    "rg:linkableWith": "linkable",
    "rg:preciselyLinkableWith": "precisely-linkable",
    "rg:comparableWith": "comparable",
    "rg:hasLegalBasis": "has-legal-basis",
    "rg:mappingStatus": "mapping-status",
    "rg:statedRelevance": "stated-relevance",
    "rg:servedBy": "served-by",
    "rg:holdsConceptualVariable": "holds-conceptual-variable",
}
MOST = 40


def general(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a thing of no kind in particular."""
    whys = Whys(found)
    definition = thing.text("skos:definition", spoken()) or thing.text("rdfs:comment", spoken())
    sections = [
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]),
        *referring(site, found, thing),
        *source_section(found, thing),
    ]
    return View(kind_of(site, thing), title_of(found, thing), definition.text if definition else "", sections, whys)


def kind_of(site: Service, thing: Thing) -> str:
    """The word for what a thing is: of indicators the readers' own, else that of its narrowest class."""
    common = {"indicator": _("Indicator"), "kpi": _("Key indicator")}
    return common.get(thing.kind) or kind_word(site, [short_name(value.text) for value in thing.values("rdf:type")])


def title_of(found: Catalogue, thing: Thing):  # type: ignore[no-untyped-def]
    """Its name; a passage by its part and row."""
    from server.pages.catalogue.things import Value
    from server.pages.words.sources import in_words

    if thing.kind == "passage":
        return Value("literal", in_words(found, thing))
    return called(thing, whole=thing.kind != "register")


def facts(site: Service, found: Catalogue, thing: Thing, whys: Whys, *, leave: Iterable[str] = ()) -> list[Fact]:
    """All properties of a thing in words, but those that the page shows elsewhere."""
    out = _ELSEWHERE | set(leave)
    shown = (name for name in sorted(thing.said) if name not in out and not _repeats(thing, name))
    return [fact(site, found, thing, name, whys) for name in shown]


def _repeats(thing: Thing, name: str) -> bool:
    """Whether a term of others only says, by inference, what a property of ours says of the same things."""
    if name.startswith("rg:") or not all(value.inferred for value in thing.values(name)):
        return False
    same = set(thing.iris(name))
    return any(other.startswith("rg:") and same == set(thing.iris(other)) for other in thing.said if same)


def fact(site: Service, found: Catalogue, thing: Thing, name: str, whys: Whys) -> Fact:
    """One property of a thing in words, with a badge when it is inferred."""
    values = thing.values(name)
    badges: tuple[Badge, ...] = ()
    if values and all(value.inferred for value in values):
        badges = (whys.inferred(RULES.get(name, "")),)
    return Fact(word(site, name), cell_of(found, thing, name), badges)


def cell_of(found: Catalogue, thing: Thing, name: str) -> Cell:
    """The values of a property: things as links, else the text in the reader's language, truth values in words."""
    things = found.linked(thing, name)
    if things:
        return Cell(tuple(things))
    value = thing.text(name, spoken())
    if value is None:
        return Cell(unknown=True)
    if value.datatype.endswith("#boolean"):
        return Cell(text=_("yes") if value.text == "true" else _("no"))
    if value.kind == "iri":
        return Cell(text=short_name(value.text), href=value.text)
    same = [one.text for one in thing.values(name) if one.language == value.language]
    return Cell(text="; ".join(same), language=value.language)


def referring(site: Service, found: Catalogue, thing: Thing) -> list[Section]:
    """What refers to a thing, by property and kind."""
    groups: dict[str, list[Thing]] = {}
    for name, other in found.referring(thing.iri):
        groups.setdefault(name, []).append(other)
    blocks: list[Block] = []
    for name, others in sorted(groups.items()):
        blocks.append(Heading(_("%(kind)s, by “%(property)s”", kind=_kinds(site, others), property=word(site, name))))
        blocks.append(_listing(others))
    return [Section("referring", _("What refers to it"), blocks)] if blocks else []


def _kinds(site: Service, things: list[Thing]) -> str:
    return ", ".join(dict.fromkeys(kind_of(site, one) or one.kind for one in things))


def _listing(things: list[Thing]) -> Block:
    ordered = sorted(things, key=order)
    if len(ordered) <= MOST:
        return Items(ordered)
    column = Column("name", _("Name"), lambda _found, one: Cell((one,)))
    return Listing(_("The first %(shown)s of %(all)s", shown=MOST, all=len(ordered)), (column,), ordered[:MOST])


def source_section(found: Catalogue, *things: Thing) -> list[Section]:
    """Where it stands: passages of the sources, each once."""
    every = {passage.iri: passage for thing in things for passage in passages(found, thing)}
    return [Section("sources", _("Where it stands"), [Items(list(every.values())[:60])])] if every else []
