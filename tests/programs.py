"""System programs that some tests need: which they are, what Debian calls their packages, and what their absence means.

Where CI is set, a missing program is a failure; on anybody's own machine the test is skipped and says why.
`python -m tests.programs` lists what is missing (exit code 1 when something is and CI is set).
"""

from __future__ import annotations

import os
import shutil
import sys

import pytest

PACKAGES = {
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "curl": "curl",
    "virtuoso-t": "virtuoso-opensource-7-bin",
    "node": "nodejs",
    "npm": "npm",
    "nginx": "nginx-light",
    "apache2": "apache2-bin",
}


def in_ci() -> bool:
    """Whether this is an automatic run, where nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def require_program(name: str) -> str:
    """The path of a program of PACKAGES; without it the calling test is skipped, or fails in CI."""
    path = shutil.which(name)
    if path is not None:
        return path
    reason = f"{name} is not installed (Debian package {PACKAGES[name]})"
    if in_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def missing() -> list[str]:
    """The programs that cannot be found, in alphabetical order."""
    return sorted(name for name in PACKAGES if shutil.which(name) is None)


def main() -> int:
    """Print what is missing and what follows from it; the exit code is 1 when that is not allowed."""
    absent = missing()
    for name in absent:
        sys.stderr.write(f"{name} is not installed (Debian package {PACKAGES[name]}): ")
        sys.stderr.write("CI needs it.\n" if in_ci() else "the tests that need it are skipped.\n")
    return 1 if absent and in_ci() else 0


if __name__ == "__main__":
    sys.exit(main())
