"""What public pages stated as of a day: a holder supersedes it, but neither rewrites it nor takes it away."""

from __future__ import annotations

from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Message

RULE = "stated-by-a-page"
_KINDS = ("dated-statement/", "volume/", "register-event/")
_SOURCE = iris.expand("dcterms:source")


def of_a_page(subject: str, context: Context) -> bool:
    """Whether the graph has this statement from a public page, not from a submission."""
    if not subject.removeprefix(iris.ID).startswith(_KINDS):
        return False
    sources = (triple.object for triple in context.described.get(subject, ()) if triple.predicate.value == _SOURCE)
    return any(not str(getattr(source, "value", "")).startswith(f"{iris.ID}passage/") for source in sources)


def message(subject: str) -> Message:
    """Why it may not be described anew or removed, and what to do instead."""
    shown = iris.compact(subject)
    return Message(
        sv=f"{shown} är vad en offentlig sida sade, och står kvar. Lämna nyckeln tom och ange en "
        "senare dag, så ersätts den.",
        en=f"{shown} is what a public page said, and stays. Leave the key empty and give a "
        "later day: then it is superseded.",
    )
