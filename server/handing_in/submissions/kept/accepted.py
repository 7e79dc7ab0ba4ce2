"""Accepted submissions: as the loader takes them into a release, and as the world that new ones are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Triple

from loader.checked import NOTHING, Accepted
from loader.graph.accepted import AcceptedGraph, Provenance, read_statements, to_lines
from loader.graph.scopes import record_path
from loader.graph.standing import Standing, stand
from loader.release.manifest import Release
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.errors import StorageDamaged
from server.handing_in.state.kept import State
from server.handing_in.submissions.kept.model import Submission
from server.handing_in.submissions.kept.settling import changes_of, versions_before
from server.handing_in.submissions.kept.store import Submissions

_LAST = 1 << 60


def accepted_graphs(state: State) -> tuple[AcceptedGraph, ...]:
    """The graphs of the accepted submissions, by key; StorageDamaged when one of them is not what was stored."""
    submissions = Submissions(state.database)
    named = submissions.named()
    return tuple(_graph(item, state.blobs, named) for item in submissions.accepted())


@dataclass(frozen=True, slots=True)
class World:
    """What was accepted at one moment: the submissions, and by key the earlier one that each names to revise."""

    submissions: tuple[Submission, ...]
    named: dict[str, str]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the acceptances, in order."""
        return sorted(item.accepted or 0 for item in self.submissions)

    @property
    def mark(self) -> str:
        """A text that differs when something else was accepted."""
        return ",".join(map(str, self.numbers))

    def standing(self) -> Standing:
        """Which submission each record stands by."""
        return stand({}, changes_of(self.submissions, self.named))

    def with_accepted(self, submission: Submission) -> World:
        """The world in which this one has been accepted as well, last of all."""
        others = tuple(item for item in self.submissions if item.key != submission.key)
        return replace(self, submissions=(*others, replace(submission, accepted=_LAST)))

    def lacking(self, key: str) -> World:
        """The world without one of them."""
        return replace(self, submissions=tuple(item for item in self.submissions if item.key != key))

    def graphs(self, blobs: Blobs) -> tuple[AcceptedGraph, ...]:
        """As a build takes them; who accepts the last one is not known yet."""
        return tuple(_graph(item, blobs, self.named, draft=item.accepted == _LAST) for item in self.submissions)

    def beside(self, release: Release, blobs: Blobs) -> Accepted:
        """What checks have to know besides the release: NOTHING when the release holds exactly these submissions."""
        released = release.manifest.get("submissions", {})
        standing = self.standing()
        counting = {item.key: item.proof for item in self.submissions if item.key not in standing.idle}
        if counting == {key: entry.get("proof") for key, entry in released.items()}:
            return NOTHING
        triples = [
            triple for item in self.submissions for triple in held_by(item.key, standing, statements(item, blobs))
        ]
        whole = frozenset(scope for item in self.submissions if item.key in counting for scope in item.reading.whole)
        return Accepted(to_lines(triples), frozenset(standing.gone), whole)


def world_of(submissions: Submissions) -> World:
    """The world as it is now."""
    return World(tuple(submissions.accepted()), submissions.named())


def statements(submission: Submission, blobs: Blobs) -> list[Triple]:
    """What a submission states."""
    return read_statements(blobs.get(submission.reading.statements))


def held_by(key: str, standing: Standing, triples: Iterable[Triple]) -> Sequence[Triple]:
    """The statements on records that stand by the submission."""
    return [triple for triple in triples if standing.held.get(record_path(triple.subject) or "", "") == key]


def _graph(item: Submission, blobs: Blobs, named: dict[str, str], *, draft: bool = False) -> AcceptedGraph:
    return AcceptedGraph(
        key=item.key,
        statements=blobs.get(item.reading.statements),
        provenance=_provenance(
            replace(item, decided=item.received, decided_by=item.account, proof="") if draft else item
        ),
        number=item.accepted or 0,
        removes=item.reading.removes,
        whole=item.reading.whole,
        instead_of=versions_before(item.key, named),
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
