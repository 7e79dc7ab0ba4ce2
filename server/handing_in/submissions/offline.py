"""Submissions without a server: the release asked by an engine of its own, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from loader.release.manifest import current_release
from server.engine.opened import open_engine
from server.handing_in.state.kept import open_state
from server.handing_in.submissions.checking import run_check
from server.handing_in.submissions.intake import Intake
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.lookup import Lookup
from server.query.answering import Answering, SlowLog
from server.settings import Settings
from server.web.metrics import Metrics


@contextmanager
def local_intake(settings: Settings) -> Iterator[Intake]:
    """An intake against the current release; ReleaseError when there is none, EngineError when it cannot be asked."""
    state, release = open_state(settings), current_release(settings.releases)
    engine = open_engine(replace(settings, workers=1, queue=1), release)
    try:
        lookup = Lookup(Answering(engine, Metrics(), SlowLog("", 0)), settings.timeout)
        yield Intake(Submissions(state.database), state.blobs, run_check, lookup, release)
    finally:
        engine.close()
