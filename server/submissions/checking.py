"""The one place where submissions meet the check engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from loader.check import CheckOptions, CheckResult, Upload
from loader.release import Release

Checker = Callable[[Sequence[Upload], Release, CheckOptions], CheckResult]


def check_options(options: Mapping[str, str], mapping: Mapping[str, str] | None) -> CheckOptions:
    """The check's options out of a submission's."""
    return CheckOptions(profile=options.get("profile", "registergraf"), mapping=mapping)


def run_check(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
    """The check engine, loaded when it is first needed: its libraries are many."""
    from loader.check import check

    return check(uploads, release=release, options=options)
