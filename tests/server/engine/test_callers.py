"""Who asks: one client cannot take every worker, and a client that leaves takes its query along."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import Answer, Broken, Busy, Chunks, Left, TimedOut
from server.engine.limits import EngineLimits
from server.engine.pool.embedded import EmbeddedEngine
from server.engine.pool.queue import WaitingQueue
from server.engine.remote.endpoint import RemoteEngine
from tests.server.engine.asking import ENDLESS, RUNAWAY, body, count, eventually, request
from tests.server.engine.test_remote_errors import OK, TRUE, Endpoint


@pytest.fixture(scope="module")
def shared(release: Release) -> Iterator[EmbeddedEngine]:
    """Four workers and four places, of each of which one client may hold three."""
    engine = EmbeddedEngine(release, EngineLimits(workers=4, queue=4))
    yield engine
    engine.close()


def slow_readers(engine: EmbeddedEngine, client: str, number: int) -> list[Answer]:
    """Answers of which nothing more is taken."""
    return [engine.query(request(ENDLESS, timeout=30, caller=Caller(client))) for _ in range(number)]


def free(engine: EmbeddedEngine, answers: list[Answer]) -> None:
    for answer in answers:
        answer.chunks.close()
    assert eventually(lambda: engine.status().busy == 0 and engine.status().workers == 4)


def test_one_client_leaves_a_worker_to_the_others(shared: EmbeddedEngine) -> None:
    held = slow_readers(shared, "greedy", 3)
    with pytest.raises(Busy):
        body(shared, "ASK {}", timeout=0.3, caller=Caller("greedy"))
    assert "true" in body(shared, "ASK {}", timeout=5, caller=Caller("other"))
    assert "true" in body(shared, "ASK {}", timeout=5)
    free(shared, held)
    assert "true" in body(shared, "ASK {}", timeout=5, caller=Caller("greedy"))


def test_others_pass_by_a_client_that_has_its_share(shared: EmbeddedEngine) -> None:
    """The greedy one waits first in the line, and the worker that is free goes to the other."""
    held = slow_readers(shared, "greedy", 3)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(body, shared, "ASK {}", timeout=20, caller=Caller("greedy")) for _ in range(3)]
        assert eventually(lambda: shared.status().queued == 3)
        with pytest.raises(Busy, match="this client has its share"):
            body(shared, "ASK {}", caller=Caller("greedy"))
        assert "true" in body(shared, "ASK {}", timeout=5, caller=Caller("other"))
        assert not any(one.done() for one in waiting)
        free(shared, held)
        assert all("true" in one.result() for one in waiting)


def test_one_worker_is_enough_for_one_client(release: Release) -> None:
    with closing(EmbeddedEngine(release, EngineLimits(workers=1, queue=1))) as engine:
        assert "true" in body(engine, "ASK {}", caller=Caller("only"))


@given(st.integers(1, 300), st.integers(0, 100))
def test_a_share_is_some_and_not_more_than_all(of: int, percent: int) -> None:
    assert 1 <= EngineLimits(client_share=percent).share(of) <= of


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=30), st.integers(1, 12), st.integers(1, 12))
def test_the_line_keeps_its_order_and_its_places(clients: list[str], places: int, share: int) -> None:
    line = WaitingQueue(places, share)
    joined = [line.join(client) for client in clients if not line.is_full(client)]
    assert list(line) == joined
    assert len(line) <= places
    assert all(sum(one.client == client for one in line) <= share for client in "abc")
    assert line.first(lambda client: client != "a") is next((one for one in joined if one.client != "a"), None)


def leave_soon(caller: Caller) -> threading.Timer:
    timer = threading.Timer(0.3, caller.leave)
    timer.start()
    return timer


def test_a_query_stops_when_its_client_leaves_before_the_first_byte(shared: EmbeddedEngine) -> None:
    caller, began = Caller("leaving"), time.monotonic()
    leave_soon(caller)
    with pytest.raises(Left):
        shared.query(request(RUNAWAY, timeout=30, caller=caller))
    assert time.monotonic() - began < 10
    assert eventually(lambda: shared.status().busy == 0)
    assert "crash" not in shared.status().restarts


def test_a_client_that_has_left_is_not_waited_for(shared: EmbeddedEngine) -> None:
    held = slow_readers(shared, "", 4)
    caller = Caller("leaving")
    leave_soon(caller)
    with pytest.raises(Left):
        shared.query(request("ASK {}", timeout=30, caller=caller))
    assert shared.status().queued == 0
    with pytest.raises(Left):
        shared.query(request("ASK {}", timeout=30, caller=caller))
    free(shared, held)


def test_leaving_after_the_answer_changes_nothing(shared: EmbeddedEngine) -> None:
    caller = Caller("done")
    assert "true" in body(shared, "ASK {}", caller=caller)
    restarts = shared.status().restarts
    caller.leave()
    assert count(shared) == 260
    assert shared.status().restarts == restarts


def never(connection: socket.socket) -> None:
    """Takes the query and says nothing until the other side has gone."""
    connection.recv(1)


def answers(connection: socket.socket) -> None:
    connection.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(TRUE) + TRUE)


def remote(endpoint: Endpoint, release: Release) -> RemoteEngine:
    return RemoteEngine(endpoint.url, release, EngineLimits(workers=4))


def test_a_remote_query_is_given_up_when_its_client_leaves(release: Release) -> None:
    endpoint = Endpoint(never)
    with closing(endpoint), closing(remote(endpoint, release)) as engine:
        caller, began = Caller("leaving"), time.monotonic()
        leave_soon(caller)
        with pytest.raises(Left):
            engine.query(request("ASK {}", timeout=30, caller=caller))
        assert time.monotonic() - began < 10
        assert engine.status().busy == 0
        assert len([one for one in endpoint.requests if b"ASK" in one]) == 1


def test_who_leaves_late_does_not_cut_the_next_one_on_the_same_connection(release: Release) -> None:
    endpoint = Endpoint(answers)
    with closing(endpoint), closing(remote(endpoint, release)) as engine:
        first = Caller("first")
        assert "true" in body(engine, "ASK {}", caller=first)
        second = engine.query(request("ASK {}", caller=Caller("second")))
        first.leave()
        assert b"true" in b"".join(second.chunks)


def test_one_client_leaves_connections_to_the_others(release: Release) -> None:
    endpoint = Endpoint(never)
    with closing(endpoint), closing(remote(endpoint, release)) as engine, ThreadPoolExecutor(4) as threads:
        greedy: list[Future[Answer]] = [
            threads.submit(engine.query, request("ASK {}", timeout=2, caller=Caller("greedy"))) for _ in range(3)
        ]
        assert eventually(lambda: engine.status().busy == 3)
        with pytest.raises(Busy, match="this client"):
            engine.query(request("ASK {}", timeout=2, caller=Caller("greedy")))
        with pytest.raises(TimedOut):
            engine.query(request("ASK {}", timeout=0.5, caller=Caller("other")))
        assert [type(one.exception()) for one in greedy] == [TimedOut] * 3


def test_a_reader_is_woken_when_another_thread_gives_the_answer_up(shared: EmbeddedEngine) -> None:
    """The replacement's connection often gets the number of the one that was shut; nobody may wait for it."""
    with ThreadPoolExecutor(2) as threads:
        for _ in range(40):
            caller = Caller()
            chunks = shared.query(request(ENDLESS, timeout=60, caller=caller)).chunks
            reader = threads.submit(_all_of, chunks)
            threads.submit(caller.leave).result(timeout=10)
            with pytest.raises(Broken):
                reader.result(timeout=10)
    free(shared, [])


def _all_of(chunks: Chunks) -> int:
    return sum(map(len, chunks))
