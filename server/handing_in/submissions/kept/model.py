"""A submission, the states it can be in, and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """Where a submission stands; only accepted ones are in the next release."""

    RECEIVED = "received"
    NEEDS_CORRECTION = "needs-correction"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What someone does to a submission that is there."""

    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


ALLOWED: Mapping[Action, frozenset[Status]] = {
    Action.ACCEPT: frozenset({Status.RECEIVED}),
    Action.RETURN: frozenset({Status.RECEIVED, Status.NEEDS_CORRECTION}),
    Action.WITHDRAW: frozenset({Status.RECEIVED, Status.NEEDS_CORRECTION, Status.RETURNED, Status.ACCEPTED}),
    Action.REOPEN: frozenset({Status.NEEDS_CORRECTION, Status.RETURNED, Status.SUPERSEDED, Status.WITHDRAWN}),
}

# A new version that conforms takes the place of these at once; an accepted one stays until the new one is accepted.
REPLACED_BY_CONFORMING = frozenset({Status.RECEIVED, Status.NEEDS_CORRECTION, Status.RETURNED})
REPLACED_BY_FAULTY = frozenset({Status.NEEDS_CORRECTION, Status.RETURNED})

MEANING: Mapping[Status, tuple[str, str]] = {
    Status.RECEIVED: (
        "Mottagen utan fel; väntar på granskning.",
        "Received without errors; waits for a steward.",
    ),
    Status.NEEDS_CORRECTION: (
        "Sparad, men den har fel som måste rättas innan den kan godtas. Se rapporten.",
        "Stored, but it has errors that must be mended before it can be accepted. See the report.",
    ),
    Status.RETURNED: ("Återlämnad med en kommentar.", "Returned with a comment."),
    Status.ACCEPTED: ("Godtagen; ingår i nästa version.", "Accepted; part of the next release."),
    Status.SUPERSEDED: (
        "Ersatt av en nyare inlämning. Dras den tillbaka gäller den här igen, om den var godtagen.",
        "Superseded by a newer submission. If that one is withdrawn, this one stands again, if it was accepted.",
    ),
    Status.WITHDRAWN: (
        "Tillbakadragen; ingår inte i nästa version. Historiken finns kvar.",
        "Withdrawn; not part of the next release. Its history stays.",
    ),
}


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was handed in: its name (data, never a path), digest, and size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a submission does when it is accepted: the records that go (paths), and how many it adds and changes."""

    removed: tuple[str, ...] = ()
    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What the check made of the files: digests of the report (JSON) and the statements (N-Triples).

    `release` is the version it was checked against, `world` what was accepted then, `tool` the program's version.
    `puts` maps the records that it describes to their scopes, `removes` those that it takes away to what replaces each,
    `whole` are the scopes of which it is the whole list.
    """

    conforms: bool
    report: str
    statements: str
    release: str
    tool: str
    puts: Mapping[str, str] = field(default_factory=dict)
    removes: Mapping[str, str | None] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    effect: Effect = Effect()
    world: str = ""

    @property
    def records(self) -> frozenset[str]:
        """Every record that it speaks of."""
        return frozenset((*self.puts, *self.removes))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is needed to store a submission; the option `supersedes` is a key, or `none` to stand beside the others."""

    digest: str
    account: str
    registers: frozenset[str]
    kind: str
    options: Mapping[str, str]
    files: tuple[File, ...]
    reading: Reading

    @property
    def key(self) -> str:
        """The submission's key: the beginning of its digest, so that the same files have the same key."""
        return self.digest[:20]


@dataclass(frozen=True, slots=True)
class Submission:
    """A stored submission; `proof` is the audit log's hash of its acceptance, `accepted` its number.

    Both stay while a newer one stands before it, so that it stands again when that one is withdrawn.
    """

    key: str
    digest: str
    account: str
    registers: frozenset[str]
    kind: str
    received: str
    status: Status
    options: Mapping[str, str]
    files: tuple[File, ...]
    reading: Reading
    supersedes: str | None
    decided: str | None
    decided_by: str | None
    proof: str | None
    accepted: int | None = None

    @property
    def named(self) -> str:
        """The submission in whose place this one was handed in by name; empty when none was named."""
        return self.options.get("supersedes", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a submission's history."""

    at: str
    account: str
    action: str
    status: Status
    comment: str
