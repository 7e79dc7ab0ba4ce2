"""A submission as the JSON that clients see."""

from __future__ import annotations

from dataclasses import asdict

from server.handing_in.submissions.kept.model import MEANING, Step, Submission

PATH = "/submissions/"


def brief(submission: Submission) -> dict[str, object]:
    """What a list shows."""
    sv, en = MEANING[submission.status]
    effect = submission.reading.effect
    return {
        "id": submission.key,
        "href": PATH + submission.key,
        "status": submission.status,
        "meaning": {"sv": sv, "en": en},
        "conforms": submission.reading.conforms,
        "kind": submission.kind,
        "effect": {
            "removed": len(effect.removed),
            "new": effect.new,
            "changed": effect.changed,
            "unchanged": effect.same,
        },
        "registers": sorted(submission.registers),
        "account": submission.account,
        "received": submission.received,
        "supersedes": submission.supersedes,
        "decided": submission.decided,
        "decided_by": submission.decided_by,
    }


def full(submission: Submission, history: list[Step]) -> dict[str, object]:
    """Everything but the contents."""
    reading, href = submission.reading, PATH + submission.key
    return {
        **brief(submission),
        "checked_against": reading.release,
        "tool": reading.tool,
        "removes": sorted(reading.effect.removed),
        "options": dict(submission.options),
        "files": [{**asdict(file), "href": f"{href}/files/{place}"} for place, file in enumerate(submission.files)],
        "report": f"{href}/report",
        "preview": f"{href}/preview",
        "history": [asdict(step) for step in history],
    }
