"""What feeds tell. Nothing is kept between requests: an entry's key holds a digest of what it tells, so that a reader
sees a new entry exactly when that has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loader.errors import ReleaseError
from loader.release.manifest import read_manifest
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.feeds.atom import Entry
from server.pages.things.general import cell_of
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext
from server.query.prefixes import short_name
from server.query.rows import Table
from server.service import BASE, Service

RELEASES = 20
ROWS = 1000
_SHOWN = 20


def published(folder: Path) -> str:
    """When a release was laid where it is, by its manifest's file: releases themselves have no date."""
    return datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def releases(site: Service, base: str) -> list[Entry]:
    """The releases that this server holds, the newest first, each with the graphs that have grown or shrunk."""
    found: list[tuple[str, dict[str, Any]]] = []
    for folder in site.release.directory.resolve().parent.iterdir():
        if folder.is_symlink() or not (folder / "manifest.json").is_file():
            continue
        try:
            found.append((published(folder), read_manifest(folder)))
        except ReleaseError:
            continue  # a folder that a build has not finished
    found.sort(key=lambda one: one[0], reverse=True)
    before: list[dict[str, Any] | None] = [*(manifest for _day, manifest in found[1:]), None]
    return [
        Entry(
            f"{BASE}release/{manifest['version']}",
            _("Release %(version)s", version=manifest["version"]),
            day,
            _told(manifest["graphs"], older["graphs"] if older else None),
            f"{base}/about#release",
        )
        for (day, manifest), older in zip(found[:RELEASES], before, strict=False)
    ]


def _told(graphs: Mapping[str, int], before: Mapping[str, int] | None) -> str:
    """How many statements a release has, and the graphs whose number is another than in the one before."""
    said = ngettext("One statement", "%(num)s statements", sum(graphs.values())) + "."
    if before is None:
        return said
    names = sorted(set(graphs) | set(before))
    changed = [
        f"{short_name(name)}: {before.get(name, 0)} → {graphs.get(name, 0)}"
        for name in names
        if graphs.get(name) != before.get(name)
    ]
    return "\n".join([said, *(changed or [_("Each graph has as many statements as before.")])])


def of_register(found: Catalogue, register: Thing, day: str, base: str) -> list[Entry]:
    """What holds now of a register by dated statements, the latest first, and one entry for all that is said of it."""
    link = f"{base}/{register.iri.removeprefix(BASE)}"
    told = sorted(f"{name} {value.text}" for name, values in register.said.items() for value in values)
    referring = sorted(f"{name} {other.iri}" for name, other in found.referring(register.iri))
    whole = Entry(
        f"{register.iri}#{_digest(told + referring)}",
        _("What the release says of %(register)s", register=plain(register)),
        day,
        ngettext("One statement", "%(num)s statements", len(told) + len(referring)),
        link,
    )
    statements = [_statement(found, one, day, link) for one in found.linked(register, "rg:currentStatement")]
    return [whole, *sorted(statements, key=lambda one: (one.updated, one.key), reverse=True)]


def _statement(found: Catalogue, one: Thing, day: str, link: str) -> Entry:
    value = str(cell_of(found, one, "rdf:object").plain)
    word = ", ".join(plain(prop) for prop in found.linked(one, "rg:ofProperty"))
    sources = "; ".join(plain(source) for source in found.linked(one, "dcterms:source"))
    held = one.first("rg:asOf")
    return Entry(
        f"{one.iri}#{_digest([word, value, held])}",
        f"{word}: {value}",
        f"{held}T00:00:00Z" if len(held) == 10 else day,
        "\n".join(filter(None, [one.first("rg:printedAs"), sources])),
        link,
    )


def of_answer(title: str, table: Table, day: str, link: str) -> Entry:
    """The answer to a question: another entry when any of its first ROWS rows is another."""
    rows = ["\t".join(short_name(term.text) for term in row) for row in table.rows]
    count = ngettext("One row.", "%(num)s rows.", len(rows))
    if table.more:
        count = _("More than %(num)s rows.", num=ROWS)
    more = ["…"] if len(rows) > _SHOWN else []
    text = "\n".join([count, "\t".join(table.variables), *rows[:_SHOWN], *more])
    return Entry(f"{link}#{_digest(sorted(rows))}", title, day, text, link)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
