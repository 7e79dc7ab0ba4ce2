"""The places for checks: holders before strangers, one client within its share, and a wait that is told truly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from server.handing_in.checks.places import Asker, NoPlace, Places

HOLDER = Asker("office", holder=True)


def waiting_for(places: Places, number: int) -> None:
    deadline = time.monotonic() + 10
    while places.waiting() != number and time.monotonic() < deadline:
        time.sleep(0.002)
    assert places.waiting() == number


def begin(places: Places, asker: Asker, done: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        with places.taken(asker):
            done()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_place_is_left_for_a_holder() -> None:
    places = Places(2, 0.05)
    with places.taken(Asker("a")):
        with pytest.raises(NoPlace), places.taken(Asker("b")):
            pass
        with places.taken(HOLDER):
            pass


def test_a_holder_who_comes_later_is_served_first() -> None:
    places, order = Places(1, 10), list[str]()
    with ExitStack() as held:
        held.enter_context(places.taken(HOLDER))
        threads = [begin(places, Asker("a"), lambda: order.append("stranger"))]
        waiting_for(places, 1)
        threads.append(begin(places, Asker("office"), lambda: order.append("client")))
        waiting_for(places, 2)
        threads.append(begin(places, HOLDER, lambda: order.append("holder")))
        waiting_for(places, 3)
    for thread in threads:
        thread.join()
    assert order == ["holder", "stranger", "client"]


def test_one_client_waits_with_few_requests_and_others_get_in() -> None:
    places = Places(2, 10)
    with ExitStack() as held:
        held.enter_context(places.taken(Asker("a")))
        threads = [begin(places, Asker("a"), lambda: None) for _ in range(2)]
        waiting_for(places, 2)
        with pytest.raises(NoPlace), places.taken(Asker("a")):
            pass
        threads.append(begin(places, Asker("b"), lambda: None))
        waiting_for(places, 3)
    for thread in threads:
        thread.join()
    assert places.waiting() == 0


def test_the_wait_that_is_told_follows_what_checks_take() -> None:
    places = Places(1, 0.01)
    assert places.expected(Asker("a")) == 1
    for _ in range(12):
        with places.taken(Asker("a")):
            time.sleep(0.02)
    with places.taken(HOLDER), pytest.raises(NoPlace) as told, places.taken(Asker("b")):
        pass
    assert told.value.seconds == 1
    assert places.waiting() == 0


def test_who_fails_in_a_place_gives_it_back() -> None:
    places = Places(1, 0.01)
    with pytest.raises(ValueError, match="bad"), places.taken(Asker("a")):
        raise ValueError("bad")
    with places.taken(Asker("b")):
        pass
