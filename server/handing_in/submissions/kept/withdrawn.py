"""Submissions that were taken back after a release had them: what went with them leaves a trace in the next ones."""

from __future__ import annotations

from loader.graph.accepted import AcceptedGraph, Provenance
from server.handing_in.state.kept import State
from server.handing_in.state.purge import NAME as PURGED
from server.handing_in.submissions.kept.rows import select

# Accepted, then in a release, then withdrawn: by the numbers of the audit log.
_PUBLISHED = """status = 'withdrawn' AND kind <> ? AND EXISTS (
  SELECT 1 FROM submission_events AS taken, audit AS built, submission_events AS back
  WHERE taken.submission = submissions.id AND taken.action = 'accept' AND built.action = 'release-built'
    AND back.submission = submissions.id AND back.action = 'withdraw'
    AND taken.audit < built.seq AND built.seq < back.audit)"""


def withdrawn_graphs(state: State) -> tuple[AcceptedGraph, ...]:
    """Their graphs, by key; StorageDamaged when one of them is not what was stored."""
    with state.database.reading() as connection:
        found = list(select(connection, _PUBLISHED, PURGED))
    return tuple(
        AcceptedGraph(
            key=item.key,
            statements=state.blobs.get(item.reading.statements),
            provenance=Provenance(item.account, item.decided_by or "", item.received, "", (), item.reading.tool, ""),
            withdrawn=item.decided or "",
        )
        for item in found
    )
