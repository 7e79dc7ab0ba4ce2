"""Accepted submissions as the loader takes them into a release."""

from __future__ import annotations

from loader.graph.accepted import AcceptedGraph, Provenance
from server.handing_in.state.errors import StorageDamaged
from server.handing_in.state.kept import State
from server.handing_in.submissions.model import Submission
from server.handing_in.submissions.store import Submissions


def accepted_graphs(state: State) -> tuple[AcceptedGraph, ...]:
    """The graphs of the accepted submissions, by key; StorageDamaged when one of them is not what was stored."""
    return tuple(
        AcceptedGraph(item.key, state.blobs.get(item.reading.statements), _provenance(item))
        for item in Submissions(state.database).accepted()
    )


def _provenance(submission: Submission) -> Provenance:
    if submission.decided is None or submission.decided_by is None or submission.proof is None:
        raise StorageDamaged(f"The submission {submission.key} is accepted, but not by whom and when.")
    return Provenance(
        account=submission.account,
        steward=submission.decided_by,
        received=submission.received,
        accepted=submission.decided,
        files=tuple(file.sha256 for file in submission.files),
        tool=submission.reading.tool,
        proof=submission.proof,
        revises=submission.supersedes,
    )
