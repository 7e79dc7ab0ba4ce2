"""The watch over the current release, and what is made ready ahead."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from server.operations.release_watch import ReleaseWatch
from server.service import service_of


def test_what_fails_ahead_does_not_end_the_watch(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    tried = threading.Event()

    def fail() -> None:
        tried.set()
        raise RuntimeError("a name that cannot be read")

    watch = ReleaseWatch(service_of(app), fail)
    watch.start()
    assert tried.wait(5)
    assert not watch.look()
    assert [thread.name for thread in threading.enumerate()].count("release-watch") == 1
    watch.stop()
    assert "a name that cannot be read" in caplog.text


def test_what_is_derived_is_made_once_by_many_who_ask_at_a_time(app: Flask) -> None:
    made: list[int] = []
    together = threading.Barrier(4)

    def make() -> int:
        made.append(1)
        threading.Event().wait(0.05)
        return len(made)

    def ask() -> int:
        together.wait(5)
        return service_of(app).once("a test's own", make)

    with ThreadPoolExecutor(4) as threads:
        answers = [future.result() for future in [threads.submit(ask) for _ in range(4)]]
    assert answers == [1, 1, 1, 1]
