"""The audit log held against itself, its witness, and what the releases say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.handing_in.accounts.audit import START, broken_links, entries, head
from server.handing_in.accounts.witness import Witness
from server.handing_in.state.database import Database


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the log stands: its length and last hash, what is wrong, and how many entries the witness lacks."""

    length: int
    head: str
    wrong: tuple[str, ...]
    behind: int


def verify(database: Database, witness: Witness, published: Mapping[str, str], expected: str = "") -> Verdict:
    """Check the whole log.

    `published` maps entry hashes that releases name to the release; `expected` is `SEQ:HASH` as noted elsewhere.
    """
    with database.reading() as connection:
        last = head(connection)
        wrong = [*broken_links(connection), *witness.contradictions(connection)]
        known = {entry.hash: entry.seq for entry in entries(connection)}
        behind = max(0, witness.missing(connection))
    wrong += _unpublished(known, published)
    wrong += _unexpected(known, expected)
    return Verdict(last.seq if last else 0, last.hash if last else START, tuple(wrong), behind)


def _unpublished(known: Mapping[str, int], published: Mapping[str, str]) -> Iterator[str]:
    for digest, release in sorted(published.items(), key=lambda item: (item[1], item[0])):
        if digest not in known:
            yield f"The release {release} names the entry {digest}, which is not in the log."


def _unexpected(known: Mapping[str, int], expected: str) -> Iterator[str]:
    seq, colon, digest = expected.partition(":")
    if expected and not (colon and str(known.get(digest)) == seq):
        yield f"The log does not hold {expected}."
