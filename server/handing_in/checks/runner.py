"""Runs checks for the web process: hands each to the fork server's newborn child and waits for it, until the deadline.

CheckFailed           a check that came to no result
├── CheckTimedOut     the deadline passed
├── CheckTooLarge     it wanted more memory than a check may have
└── CheckCrashed      the process ended without an answer
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from loader.checked import CheckOptions, CheckResult
from loader.graph.accepted import AcceptedGraph
from loader.intake.upload import Upload
from loader.model.findings import Finding, from_dict
from loader.release.manifest import Release
from loader.report.wire import from_wire
from server.handing_in.checks import wire
from server.handing_in.checks.forms import KEPT, MENDING, REHEARSAL, TEMPLATE, WIRE
from server.handing_in.checks.graphs import described
from server.handing_in.checks.parent import CheckParent
from server.handing_in.mending.mend import Mend, Mended

MOST_ANSWER = 1 << 30
GRACE = 2.0


class CheckFailed(Exception):  # noqa: N818 - the checks' own tree, named for what happened
    """A check that came to no result."""


class CheckTimedOut(CheckFailed):
    """The deadline passed."""


class CheckTooLarge(CheckFailed):
    """The check wanted more memory than it may have."""


class CheckCrashed(CheckFailed):
    """The process ended without an answer."""


@dataclass(frozen=True, slots=True)
class CheckBounds:
    """What each check may use: `seconds` and `memory_mb` (MiB)."""

    seconds: int = 60
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check answers: the report in the wished form."""

    conforms: bool
    readable: bool
    body: bytes


class CheckRunner:
    """Runs checks in processes of their own; the fork server starts with the first one and again when it has died."""

    def __init__(self, bounds: CheckBounds, parent: CheckParent | None = None) -> None:
        """Start nothing yet."""
        self._bounds = bounds
        self._parent = parent or CheckParent()

    def within(self, memory_mb: int) -> CheckRunner:
        """A runner with the same fork server, whose checks may use this much memory (MiB) at most."""
        return CheckRunner(replace(self._bounds, memory_mb=min(memory_mb, self._bounds.memory_mb)), self._parent)

    def report(self, uploads: Sequence[Upload], release: Release, options: CheckOptions, form: str) -> Answer:
        """The report on the uploads in a form of loader.report.formats; CheckFailed when there is none."""
        parts = [*(upload.data for upload in uploads), options.accepted.statements]
        head, answered = self._run(parts, str(release.directory), _header(uploads, release, options) | {"form": form})
        return Answer(bool(head["conforms"]), bool(head["readable"]), answered[0])

    def check(self, uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
        """The result itself; CheckFailed when there is none."""
        answer = self.report(uploads, release, options, WIRE)
        try:
            return from_wire(answer.body)
        except (ValueError, KeyError, TypeError, SyntaxError) as error:
            raise CheckCrashed(f"The check answered what cannot be read: {error}") from error

    def rehearse(self, graphs: Sequence[AcceptedGraph]) -> list[Finding]:
        """What would stop a build with these submissions; CheckFailed when it comes to no answer."""
        header = {"form": REHEARSAL, "graphs": [described(graph) for graph in graphs]}
        _, answered = self._run([graph.statements for graph in graphs], "", header)
        try:
            return [from_dict(item) for item in json.loads(answered[0])]
        except (ValueError, KeyError, TypeError) as error:
            raise CheckCrashed(f"The rehearsal answered what cannot be read: {error}") from error

    def mend(self, upload: Upload, mends: Sequence[Mend]) -> Mended:
        """The file with the mends in it, and which of them those are; CheckFailed when it comes to no answer."""
        header = {"form": MENDING, "names": [upload.name], "mends": [asdict(mend) for mend in mends]}
        head, answered = self._run([upload.data], "", header)
        return Mended(answered[0], tuple(mends[number] for number in head["done"]))

    def template(self, release: Release, register: str, language: str) -> bytes:
        """The template as a workbook, filled with what the release says of a register; CheckFailed when not made."""
        header = {"form": TEMPLATE, "release": str(release.directory), "register": register, "language": language}
        _, answered = self._run([], str(release.directory), header)
        return answered[0]

    def kept(self, report: bytes, uploads: Sequence[Upload], form: str, language: str) -> bytes:
        """A report that was kept, in another form; CheckFailed when it comes to no answer."""
        names = [upload.name for upload in uploads]
        header = {"form": KEPT, "names": names, "report": form, "language": language}
        _, answered = self._run([*(upload.data for upload in uploads), report], "", header)
        return answered[0]

    def close(self) -> None:
        """End the fork server, and all checks with it."""
        self._parent.close()

    def _run(
        self, parts: Sequence[bytes], directory: str, header: Mapping[str, object]
    ) -> tuple[dict[str, Any], list[bytes]]:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    self._parent.hand_over(theirs, directory)
                except OSError as error:
                    raise CheckCrashed(f"No process for checks can be started: {error}") from error
            ours.settimeout(self._bounds.seconds + GRACE)
            limits = {"seconds": self._bounds.seconds, "memory_mb": self._bounds.memory_mb}
            begun = time.monotonic()
            try:
                wire.send(ours, {**header, **limits}, parts)
                answer = wire.receive(ours, MOST_ANSWER)
            except TimeoutError as error:
                raise CheckTimedOut(f"The check took over {self._bounds.seconds} seconds.") from error
            except (OSError, ValueError) as error:
                raise CheckCrashed(f"The check's process ended: {error}") from error
        if answer is None:
            if time.monotonic() - begun >= self._bounds.seconds - GRACE / 2:
                raise CheckTimedOut(f"The check took over {self._bounds.seconds} seconds.")
            raise CheckCrashed(
                "The check's process ended without an answer; "
                f"it may have wanted more than {self._bounds.memory_mb} MiB."
            )
        if answer[0].get("failed") == "memory":
            raise CheckTooLarge(f"The check wanted more than {self._bounds.memory_mb} MiB.")
        return answer


def _header(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> dict[str, object]:
    shapes = None if options.shapes is None else str(Path(options.shapes).resolve())
    return {
        "names": [upload.name for upload in uploads],
        "mapping": None if options.mapping is None else dict(options.mapping),
        "profile": options.profile,
        "language": options.language,
        "shapes": shapes,
        "release": str(release.directory),
        "accepted_gone": sorted(options.accepted.gone),
        "accepted_whole": sorted(options.accepted.whole),
        "whole": options.whole,
    }
