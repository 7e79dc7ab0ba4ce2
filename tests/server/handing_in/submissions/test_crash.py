"""kill -9 while submissions come in and releases are built; `make soak` does the same more often."""

from __future__ import annotations

import random

import pytest

from loader.release.manifest import Release
from tests.server.handing_in.submissions.crashing import (
    Place,
    check_final_build,
    kill_while_building,
    kill_while_sending,
    make_place,
)

SUBMISSIONS, RELEASES = 12, 3


@pytest.fixture(scope="module")
def place(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Place:
    root = tmp_path_factory.mktemp("crash")
    return make_place(root, real_release)


@pytest.mark.timeout(600)
def test_no_acknowledged_submission_is_lost(place: Place) -> None:
    sending, kills = kill_while_sending(place, SUBMISSIONS, random.Random(4))
    assert len(sending.acknowledged) == SUBMISSIONS
    assert len(set(sending.acknowledged.values())) == SUBMISSIONS
    assert kills > 0
    log = (place.root / "server.log").read_bytes()
    assert b'"path":"/submissions"' in log
    assert place.token.encode() not in log
    assert place.token.split("_", 2)[2].encode() not in log


@pytest.mark.timeout(600)
def test_every_release_is_whole(place: Place) -> None:
    killed = kill_while_building(place, RELEASES, random.Random(4))
    assert killed > 0
    check_final_build(place)
