"""/search: what was understood, the hits with their reasons, by kind; /search/suggest for the field on every page."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, request
from markupsafe import Markup, escape
from rapidfuzz import fuzz, process

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.frame import page
from server.pages.links import thing as address
from server.pages.registers import indicators
from server.pages.things.general import kind_of
from server.pages.words.names import called, plain
from server.pages.words.wording import capital, ngettext, small, spoken
from server.pages.words.wording import gettext as _
from server.search.index import ALIAS, CODE, INFLECTED, MISSPELT, PART, SHORT, TEXT, Hit
from server.search.release import KINDS, index
from server.search.words import stems
from server.service import Service, current_service
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("finding", __name__)
MOST, PAGE, SUGGESTED = 300, 40, 8
NEAR = 80  # per cent of likeness from which a word counts as the one that was meant
LEAST, SHARE = 0.12, 0.25  # score, and share of the best one, below which a hit is noise


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as a page shows it: the thing, its name with the words that were asked for marked, its kind in words, what
    there is to say of it, and why it was found.
    """

    thing: Thing
    name: Markup
    word: str
    about: str
    why: str


@blueprint.get("/search")
def search() -> Response:
    """The page of hits."""
    site = current_service()
    asked, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    if kind and kind not in KINDS:
        raise _bad_kind(kind)
    found = catalogue(site)
    every = _enough(index(site).search(asked, most=MOST)) if asked else []
    counts = Counter(hit.kind for hit in every)
    hits = [hit for hit in every if not kind or hit.kind == kind]
    values = {
        "shown": [_found(site, found, hit, asked) for hit in hits[:PAGE]],
        "kinds": [(one, _kind_word(site, found, one), count) for one, count in counts.most_common()],
        "understood": list(dict.fromkeys(hit.instead for hit in every[:5] if hit.instead)),
    }
    crumbs = [(_("Search"), "")]
    return page(
        site, "search.html", searched=asked, kind=kind, total=len(hits), all=len(every), crumbs=crumbs, **values
    )


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """At most eight things for what has been typed: `[{label, kind, href}]`."""
    site = current_service()
    valid = validity(site, "suggest", request.full_path, spoken(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    found = catalogue(site)
    hits = _enough(index(site).search(request.args.get("q", "")[:200], most=SUGGESTED))
    rows = [
        {"label": plain(one), "kind": kind_of(site, one), "href": address(one.iri)}
        for one in found.all(hit.iri for hit in hits)
    ]
    return whole(json.dumps(rows, ensure_ascii=False).encode("utf-8"), "application/json", valid)


def _enough(hits: list[Hit]) -> list[Hit]:
    """The hits that are worth showing beside the best one."""
    return [hit for hit in hits if hit.score >= max(LEAST, SHARE * hits[0].score)]


def _bad_kind(kind: str) -> Problem:
    known = ", ".join(KINDS)
    return Problem(
        "bad-request",
        f"“{kind[:40]}” is not a value of kind. There is: {known}.",
        f"«{kind[:40]}» är inget värde för kind. Det som finns: {known}.",
    )


def _kind_word(site: Service, found: Catalogue, kind: str) -> str:
    return capital(kind_of(site, found.of(kind)[0]))


def _found(site: Service, found: Catalogue, hit: Hit, asked: str) -> Found:
    thing = found.things[hit.iri]
    name = _with_marks(called(thing), set(stems(f"{asked} {hit.instead}")))
    return Found(thing, name, _word(site, found, thing), _about(found, thing), _why(hit))


def _with_marks(value: Value, wanted: set[str]) -> Markup:
    """A name in which the words are marked that are among the wanted ones, or nearly."""
    parts = [
        Markup("<mark>{}</mark>").format(part) if _meets(part, wanted) else escape(part)
        for part in re.split(r"(\w+)", value.text)
    ]
    text = Markup("").join(parts)
    foreign = value.language not in ("", spoken())
    return Markup('<span lang="{}">{}</span>').format(value.language, text) if foreign else text


def _meets(word: str, wanted: set[str]) -> bool:
    own = [one for one in stems(word) if len(one) > 2 or one.isdecimal()]
    if not wanted.isdisjoint(own):
        return True
    long = [one for one in own if len(one) > 4]
    return any(process.extractOne(one, wanted, scorer=fuzz.ratio, score_cutoff=NEAR) for one in long)


def _word(site: Service, found: Catalogue, thing: Thing) -> str:
    """The kind in words, with the register that an indicator or a variable is of."""
    registers = [*found.linked(thing, "rg:indicatorOf"), *found.linked(thing, "rg:variableOf")]
    if not registers:
        return kind_of(site, thing)
    return _("%(kind)s in %(register)s", kind=kind_of(site, thing), register=plain(registers[0]))


def _about(found: Catalogue, thing: Thing) -> str:
    """A line on a thing: of a register how many indicators, of a provision what it says, else its definition."""
    if thing.kind == "register":
        count = len(indicators(found, thing))
        known = ngettext("One indicator.", "%(num)s indicators.", count) if count else _("No indicators are known.")
        name = called(thing, whole=True).text
        return f"{name}. {known}" if name != plain(thing) else known
    value = thing.text("eli:description", spoken()) or thing.text("skos:definition", spoken())
    return value.text if value is not None else ""


def _why(hit: Hit) -> str:
    """The reason for a hit."""
    field = {SHORT: _("the short name"), ALIAS: _("another name"), CODE: _("the code"), TEXT: _("what it is about")}
    where = field.get(hit.entry.field, _("the name"))
    how = {
        MISSPELT: _("spelt a little differently"),
        PART: _("as part of a word"),
        INFLECTED: _("in another form"),
    }.get(hit.manner, "")
    text = hit.entry.text if len(hit.entry.text) < 70 else hit.entry.text[:67] + "…"
    said = _("Found in %(where)s: %(text)s", where=where, text=text)
    if hit.instead:
        said += "; " + _("“%(word)s” is what it is called here", word=hit.instead)
    return f"{said}; {small(how)}" if how else said
