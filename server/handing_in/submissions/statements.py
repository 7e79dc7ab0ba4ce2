"""The stored statements of submissions."""

from __future__ import annotations

from pyoxigraph import Triple

from loader.graph.accepted import read_statements
from server.handing_in.state.blobs import Blobs
from server.handing_in.submissions.model import Submission
from server.handing_in.submissions.store import Submissions


def new_and_replaced(
    submission: Submission, submissions: Submissions, blobs: Blobs
) -> tuple[list[Triple], list[Triple]]:
    """What a submission states, and what the accepted versions state that it would take the place of."""
    new = read_statements(blobs.get(submission.reading.statements))
    replaced = [
        statement
        for item in submissions.replaced_by(submission)
        for statement in read_statements(blobs.get(item.reading.statements))
    ]
    return new, replaced
