"""What public pages stated as of a day: a holder supersedes it, but neither rewrites it nor takes it away."""

from __future__ import annotations

from loader.graph.scopes import from_a_page
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Message

RULE = "stated-by-a-page"
_KINDS = ("dated-statement/", "volume/", "register-event/")


def of_a_page(subject: str, context: Context) -> bool:
    """Whether the graph has this statement from a public page, not from a submission."""
    if not subject.removeprefix(iris.ID).startswith(_KINDS):
        return False
    return any(map(from_a_page, context.described.get(subject, ())))


def message(subject: str) -> Message:
    """Why it may not be described anew or removed, and what to do instead."""
    shown = iris.compact(subject)
    return Message(
        sv=f"{shown} är vad en offentlig sida sade, och står kvar. Lämna nyckeln tom och ange en "
        "senare dag, så ersätts den.",
        en=f"{shown} is what a public page said, and stays. Leave the key empty and give a "
        "later day: then it is superseded.",
    )
