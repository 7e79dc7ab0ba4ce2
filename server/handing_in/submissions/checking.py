"""The one place where submissions meet the check engine: in a process of its own under the server, in this one at the
console.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from loader.checked import NOTHING, OWN_PROFILE, Accepted, CheckOptions, CheckResult
from loader.graph.accepted import AcceptedGraph
from loader.intake.upload import Upload
from loader.model.findings import Finding
from loader.release.manifest import Release
from server.handing_in.checks.asking import place
from server.handing_in.checks.runner import (
    CheckFailed,
    CheckRunner,
    CheckTimedOut,
    CheckTooLarge,
)
from server.handing_in.submissions.rehearsing import Rehearsal
from server.web.problem import Problem

Checker = Callable[[Sequence[Upload], Release, CheckOptions], CheckResult]


def check_options(
    mapping: Mapping[str, str] | None, accepted: Accepted = NOTHING, *, whole: bool = False
) -> CheckOptions:
    """How submissions are checked: always by the shapes of our own releases, which they are to join."""
    return CheckOptions(profile=OWN_PROFILE, mapping=mapping, accepted=accepted, whole=whole)


def run_check(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
    """The check in this process; its libraries are loaded when it is first needed."""
    from loader.check import check

    return check(uploads, release=release, options=options)


def checked_by(runner: CheckRunner) -> Checker:
    """The check in a process that can be killed; what that comes to otherwise is a Problem, and nothing is stored."""

    def check(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
        try:
            with place(holder=True):
                return runner.check(uploads, release, options)
        except CheckFailed as error:
            raise _problem(error) from error

    return check


def rehearsed_by(runner: CheckRunner) -> Rehearsal:
    """The rehearsal in a process that can be killed."""

    def rehearse(graphs: Sequence[AcceptedGraph]) -> Sequence[Finding]:
        try:
            with place(holder=True):
                return runner.rehearse(graphs)
        except CheckFailed as error:
            raise _problem(error) from error

    return rehearse


def _problem(error: CheckFailed) -> Problem:
    if isinstance(error, CheckTimedOut):
        return Problem("timeout", f"{error} Send smaller files.", "Kontrollen tog för lång tid. Skicka mindre filer.")
    if isinstance(error, CheckTooLarge):
        return Problem("too-large", f"{error} Send smaller files.", "Kontrollen gick över minnesgränsen.")
    return Problem("crashed", str(error), "Processen som kontrollerade filerna dog.", headers={"Retry-After": "1"})
