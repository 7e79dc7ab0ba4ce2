"""What a submission would change in the release, statement by statement, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from server.handing_in.submissions.lookup import Lookup
from server.handing_in.submissions.words import words_for


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that comes or goes (`added`, `removed`): as N-Triples, and as a sentence in both languages."""

    change: str
    statement: str
    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How many statements come, go and stay, and one page of those that come or go."""

    added: int
    removed: int
    unchanged: int
    changes: tuple[Change, ...]


def preview(new: list[Triple], replaced: list[Triple], lookup: Lookup, *, start: int = 0, most: int = 200) -> Preview:
    """Compare the release with what it would be.

    `new` alone would describe its subjects; `replaced` are the statements of the version that would be superseded,
    which go unless they are stated anew. What follows by inference is not shown.
    """
    before = _before(new, replaced, lookup)
    after = set(new)
    removed, added = sorted(before - after, key=str), sorted(after - before, key=str)
    ordered = _by_subject([("removed", item) for item in removed] + [("added", item) for item in added])
    page = ordered[start : start + most]
    words = words_for([item for _, item in page], lookup, [*replaced, *new])
    changes = tuple(
        Change(change, f"{item} .", words.sentence(change, item, "sv"), words.sentence(change, item, "en"))
        for change, item in page
    )
    return Preview(len(added), len(removed), len(before & after), changes)


def _before(new: Iterable[Triple], replaced: Iterable[Triple], lookup: Lookup) -> set[Triple]:
    """What the release says now of the subjects of both."""
    subjects = {triple.subject for triple in (*new, *replaced) if isinstance(triple.subject, NamedNode)}
    return {triple for said in lookup.said(subjects).values() for triple in said}


def _by_subject(changes: Iterable[tuple[str, Triple]]) -> list[tuple[str, Triple]]:
    return sorted(changes, key=lambda item: (str(item[1].subject), str(item[1].predicate), item[0] == "added"))


def as_text(found: Preview, language: str) -> Iterator[str]:
    """The preview as lines for a terminal."""
    if language == "sv":
        yield f"{found.added} nya påståenden, {found.removed} tas bort, {found.unchanged} är oförändrade."
    else:
        yield f"{found.added} new statements, {found.removed} removed, {found.unchanged} unchanged."
    for item in found.changes:
        yield item.sv if language == "sv" else item.en
    rest = found.added + found.removed - len(found.changes)
    if rest:
        yield f"… {rest} till." if language == "sv" else f"… {rest} more."
