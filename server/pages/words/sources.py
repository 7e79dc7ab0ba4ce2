"""Where a statement stands in a source: `T 9:1` in dense tables, in words elsewhere."""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _


def passages(found: Catalogue, thing: Thing) -> list[Thing]:
    """The passages from which a thing was taken."""
    return found.linked(thing, "dcterms:source")


def short(found: Catalogue, passage: Thing) -> str:
    """`T 9:1` for row 1 of table 9, else the part and the row in words."""
    part = next(iter(found.linked(passage, "rg:inPart")), None)
    if part is not None and part.key_of("rg:partKind") == "table" and part.first("rg:partNumber"):
        row = _row(passage)
        return f"T\N{NO-BREAK SPACE}{part.first('rg:partNumber')}" + (f":{row}" if row.isdecimal() else "")
    if passage.kind == "document":
        return _published(found, passage)
    return in_words(found, passage)


def _published(found: Catalogue, thing: Thing) -> str:
    """A document by its publisher and year, in few words."""
    by = ", ".join(plain(one).partition(" (")[0] for one in found.linked(thing, "dcterms:publisher"))
    year = (thing.first("dcterms:issued") or thing.first("dcterms:date") or thing.first("rg:retrievedOn"))[:4]
    text = plain(thing)
    return ", ".join(part for part in (by, year) if part) or (text if len(text) < 40 else text[:37] + "…")


def in_words(found: Catalogue, passage: Thing) -> str:
    """Such as “Table 9: …, row 1”; a document by its title."""
    part = next(iter(found.linked(passage, "rg:inPart")), None)
    if part is None:
        return plain(passage)
    return _("%(part)s, %(row)s", part=plain(part), row=_row_in_words(passage))


def document(found: Catalogue, thing: Thing) -> Thing | None:
    """The document that a passage or part belongs to."""
    seen: set[str] = set()
    while thing.kind != "document" and thing.iri not in seen:
        seen.add(thing.iri)
        above = [*found.linked(thing, "rg:inPart"), *found.linked(thing, "dcterms:isPartOf")]
        if not above:
            return None
        thing = above[0]
    return thing if thing.kind == "document" else None


def _row(passage: Thing) -> str:
    return passage.first("rg:rowNumber") or passage.first("skos:notation").rpartition(".")[2]


def _row_in_words(passage: Thing) -> str:
    row = _row(passage)
    if row.isdecimal():
        return _("row %(number)s", number=row)
    kind, _dash, number = row.rpartition("-") if row[-1:].isdecimal() else (row, "", "")
    words = {
        "paragraph": _("paragraph"),
        "item": _("item"),
        "caption": _("caption"),
        "footnote": _("footnote"),
        "heading": _("heading"),
        "group-column": _("column of groups"),
        "channel": _("channel"),
        "criterion": _("criterion"),
        "source": _("source line"),
    }
    return f"{words.get(kind, kind)} {number}".strip()
