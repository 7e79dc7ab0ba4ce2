"""The build made before a decision as it will be after it, so that no decision can stop the next release."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loader.graph.accepted import AcceptedGraph
from loader.model.findings import Finding
from server.web.problem import Problem

Rehearsal = Callable[[Sequence[AcceptedGraph]], Sequence[Finding]]
_SHOWN = 5


def rehearse_here(graphs: Sequence[AcceptedGraph]) -> Sequence[Finding]:
    """The rehearsal in this process; its libraries are loaded when it is first needed."""
    from loader.release.rehearsal import rehearse
    from loader.resources import find_resources

    return rehearse(find_resources(), graphs)


def must_build(findings: Sequence[Finding]) -> None:
    """Problem conflict (409) that says what would stop the next release."""
    if not findings:
        return
    sv, en = (" ".join(_sentence(finding, language) for finding in findings[:_SHOWN]) for language in ("sv", "en"))
    raise Problem(
        "conflict",
        f"The next release could not be built after this: {en}",
        f"Nästa version skulle inte gå att bygga efter detta: {sv}",
        members={"rules": sorted({finding.rule for finding in findings})},
    )


def _sentence(finding: Finding, language: str) -> str:
    return finding.message.sv if language == "sv" else finding.message.en
