"""kill -9 while submissions come in and releases are built; `make soak` does the same more often over all sources."""

from __future__ import annotations

import random

import pytest

from loader.release.manifest import Release
from loader.resources import Resources
from tests.server.handing_in.submissions.crashing import (
    Place,
    check_final_build,
    kill_while_building,
    kill_while_sending,
    make_place,
)

SUBMISSIONS, RELEASES = 6, 2


@pytest.fixture(scope="module")
def place(holders: Resources, holders_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = make_place(tmp_path_factory.mktemp("crash"), holders_release)
    place.sources, place.build_seconds = holders.sources, 3.0
    return place


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
