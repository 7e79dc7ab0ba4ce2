"""Files of others that some tests read: law texts, official shapes, code lists, Kolada's list, W3C manifests.

They belong to others and are not part of the repository. REGISTERGRAF_REFERENCE names the folder that holds them;
without it, `shared/reference` beside the checkout is looked at. Where they are not there, the tests that read them are
skipped, in an automatic run, too, and say what holds the same behaviour meanwhile.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "reference"


def reference(*names: str) -> Path:
    """The place of a file or folder in the reference folder, whether or not it is there."""
    return Path(os.environ.get("REGISTERGRAF_REFERENCE") or _BESIDE).joinpath(*names)


def needs(place: Path, meanwhile: str) -> pytest.MarkDecorator:
    """Skip a test where `place` is not there; `meanwhile` says what holds the same behaviour without it."""
    return pytest.mark.skipif(not place.exists(), reason=reason(place, meanwhile))


def reason(place: Path, meanwhile: str) -> str:
    """Why a test is skipped, and how to have it run."""
    return (
        f"{place.parent.name}/{place.name} belongs to others and is not part of the repository "
        f"(REGISTERGRAF_REFERENCE names its folder); {meanwhile}"
    )
