"""The one place where submissions meet the check engine, which is loaded when it is first needed: its libraries are
many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.intake.upload import Upload
from loader.release import Release

if TYPE_CHECKING:
    from loader.check import CheckResult


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files are to be checked: against which profile, with which columns taken for what."""

    profile: str
    mapping: Mapping[str, str] | None


Checker = Callable[[Sequence[Upload], Release, Wanted], "CheckResult"]


def wanted(options: Mapping[str, str], mapping: Mapping[str, str] | None) -> Wanted:
    """What a submission's options say of it."""
    return Wanted(options.get("profile", "registergraf"), mapping)


def run_check(uploads: Sequence[Upload], release: Release, how: Wanted) -> CheckResult:
    """The check engine."""
    from loader.check import CheckOptions, check

    return check(uploads, release=release, options=CheckOptions(profile=how.profile, mapping=how.mapping))
