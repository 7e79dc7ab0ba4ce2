"""A build that no accepted submission can stop: what no longer conforms is left out by name; what stood before stands.

A submission conformed when it was accepted. Sources, shapes and rules change afterwards; then the next release lacks
it, and says so, until its holder hands in a corrected one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from loader.graph.accepted import AcceptedGraph
from loader.model.findings import Finding, Message, Position, Severity
from loader.release.build import SUBMISSION, Outcome, Progress, build
from loader.resources import Resources

RULE = "submission-left-out"


def build_with_what_conforms(
    resources: Resources, output: Path, progress: Progress = lambda stage: None, *, submissions: Sequence[AcceptedGraph]
) -> Outcome:
    """Build as `build` does, without the submissions that would stop it; a finding names each of them.

    Blocked only when the sources themselves are: then the findings are those of the sources alone.
    """

    def attempt(kept: Sequence[AcceptedGraph], left: Iterable[Finding]) -> Outcome:
        return build(resources, output, progress, submissions=kept, noted=tuple(left))

    first = attempt(submissions, ())
    if first.release is not None or not submissions:
        return first
    if not _blamed(first.findings, submissions):
        alone = attempt((), [_left_out(graph, first.findings) for graph in submissions])
        if alone.release is None:
            return alone
    return _without(first, submissions, attempt)


def _without(blocked: Outcome, submissions: Sequence[AcceptedGraph], attempt: Callable[..., Outcome]) -> Outcome:
    """Leave out whom the findings blame, else the one that was accepted last, until the rest builds."""
    outcome, kept, left = blocked, sorted(submissions, key=lambda graph: graph.number), list[Finding]()
    while outcome.release is None and kept:
        gone = _blamed(outcome.findings, kept) or {kept[-1].key}
        left += [_left_out(graph, outcome.findings) for graph in kept if graph.key in gone]
        kept = [graph for graph in kept if graph.key not in gone]
        outcome = attempt(kept, left)
    return outcome


def _blamed(findings: Iterable[Finding], submissions: Iterable[AcceptedGraph]) -> set[str]:
    places = {finding.position.file for finding in findings if finding.severity is Severity.VIOLATION}
    return {graph.key for graph in submissions if SUBMISSION + graph.key in places}


def _left_out(graph: AcceptedGraph, findings: Iterable[Finding]) -> Finding:
    """The finding that names a submission, with the first reason."""
    place = SUBMISSION + graph.key
    worst = [finding for finding in findings if finding.severity is Severity.VIOLATION]
    reason = next((finding for finding in worst if finding.position.file == place), worst[0] if worst else None)
    sv, en = (reason.message.sv, reason.message.en) if reason else ("", "")
    message = Message(
        sv=f"Inlämningen {graph.key} är godtagen men utelämnad, för den stämmer inte längre: {sv} "
        "Det som gällde före den gäller. Be registrets innehavare lämna in en rättad.",
        en=f"The submission {graph.key} is accepted but left out, for it no longer conforms: {en} "
        "What stood before it stands. Ask the register's holder to hand in a corrected one.",
    )
    return Finding(RULE, Severity.WARNING, message, Position(place))
