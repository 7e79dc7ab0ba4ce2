"""What the embedded engine does with queries that are too slow, too large or too many, and with readers that leave."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import Broken, Busy, Chunks, OutOfMemory, TimedOut
from server.engine.limits import EngineLimits
from server.engine.pool.embedded import EmbeddedEngine
from tests.server.engine.asking import (
    COUNT,
    ENDLESS,
    HUNGRY,
    RUNAWAY,
    body,
    count,
    engine_processes,
    eventually,
    request,
    resident_bytes,
)

# About 80 MiB of groups, held for as long as the answer is not read to its end.
LARGE = (
    "SELECT ?a ?x ?b ?y ?c ?e (COUNT(*) AS ?n) {{SELECT * {?a ?x ?b . ?c ?y ?d . ?e ?z ?f} LIMIT 160000}} "
    "GROUP BY ?a ?x ?b ?y ?c ?e ?f"
)


def occupied(engine: EmbeddedEngine, number: int, timeout: float) -> list[Chunks]:
    """`number` workers that are in the midst of an endless answer."""
    return [engine.query(request(ENDLESS, timeout=timeout)).chunks for _ in range(number)]


def all_free(engine: EmbeddedEngine) -> bool:
    status = engine.status()
    return status.workers == 3 and status.busy == 0


def test_a_runaway_is_stopped_at_its_deadline_and_its_worker_replaced(own_engine: EmbeddedEngine) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut, match="deadline"):
        own_engine.query(request(RUNAWAY, timeout=0.5))
    assert time.monotonic() - began >= 0.5
    assert eventually(lambda: all_free(own_engine))
    assert own_engine.status().restarts == {"deadline": 1}
    assert count(own_engine) == 260


def test_small_queries_are_answered_while_runaways_run(release: Release) -> None:
    engine = EmbeddedEngine(release, EngineLimits(workers=11))
    with ThreadPoolExecutor(10) as threads:
        runaways = [threads.submit(engine.query, request(RUNAWAY, timeout=3)) for _ in range(10)]
        assert eventually(lambda: engine.status().busy == 10)
        answers = 0
        while engine.status().busy == 10:
            assert "true" in body(engine, "ASK {}", timeout=2)
            answers += 1
        assert answers > 10
        assert [type(runaway.exception()) for runaway in runaways] == [TimedOut] * 10
    assert eventually(lambda: engine.status().workers == 11)
    assert engine.status().restarts == {"deadline": 10}
    engine.close()


def test_an_answer_that_is_not_done_at_its_deadline_is_broken(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(ENDLESS, timeout=0.7)).chunks
    received: list[bytes] = []
    with pytest.raises(Broken, match=r"cut off.*deadline"):
        received.extend(chunks)
    assert len(received) > 1
    assert eventually(lambda: all_free(own_engine))


def test_the_deadline_also_holds_for_a_reader_who_takes_nothing(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(ENDLESS, timeout=0.5)).chunks
    assert eventually(lambda: own_engine.status().restarts == {"deadline": 1})
    with pytest.raises(Broken, match="deadline"):
        list(chunks)


def test_closing_an_answer_frees_its_worker(own_engine: EmbeddedEngine) -> None:
    for begun in (False, True):
        chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
        assert own_engine.status().busy == 1
        if begun:
            next(chunks)
        chunks.close()
        chunks.close()
        assert eventually(lambda: all_free(own_engine))
        with pytest.raises(Broken, match="given up"):
            next(chunks)
    assert own_engine.status().restarts == {"closed": 2}


def test_an_answer_that_nobody_holds_frees_its_worker(own_engine: EmbeddedEngine) -> None:
    own_engine.query(request(ENDLESS, timeout=60))
    assert eventually(lambda: all_free(own_engine))
    assert own_engine.status().restarts == {"closed": 1}


def test_a_second_thread_may_close_an_answer(own_engine: EmbeddedEngine) -> None:
    def read(chunks: Iterator[bytes]) -> int:
        return sum(len(chunk) for chunk in chunks)

    chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read, chunks)
        time.sleep(0.1)
        chunks.close()
        error = reading.exception(timeout=10)
    assert error is None or isinstance(error, Broken)
    assert eventually(lambda: all_free(own_engine))


def test_a_complete_answer_keeps_the_worker(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(COUNT)).chunks
    assert own_engine.status().busy == 0
    assert b"260" in b"".join(chunks)
    chunks.close()
    assert own_engine.status().restarts == {}


def test_a_query_over_its_memory_is_stopped(own_engine: EmbeddedEngine) -> None:
    with pytest.raises(OutOfMemory, match="memory"):
        own_engine.query(request(HUNGRY, timeout=60))
    assert eventually(lambda: all_free(own_engine))
    assert own_engine.status().restarts == {"memory": 1}
    assert count(own_engine) == 260


def test_the_queries_of_one_client_share_the_memory_of_one(own_engine: EmbeddedEngine) -> None:
    """Two of about 80 MiB each, of 128: the larger one of the same client is stopped, another client's goes on."""
    first, other = (own_engine.query(request(LARGE, caller=Caller(key))).chunks for key in "ab")
    small = own_engine.query(request("ASK {}", caller=Caller("a"))).chunks
    assert b"true" in b"".join(small)
    second = own_engine.query(request(LARGE, caller=Caller("a"))).chunks
    with pytest.raises(Broken, match="memory"):
        list(first)
    assert [len(b"".join(chunks)) > 10_000_000 for chunks in (second, other)] == [True, True]
    assert own_engine.status().restarts["memory"] == 1


def test_one_great_allocation_is_stopped_too(own_engine: EmbeddedEngine) -> None:
    doubled = 'BIND("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" AS ?t0)' + "".join(
        f" BIND(CONCAT(?t{i}, ?t{i}) AS ?t{i + 1})" for i in range(26)
    )
    with pytest.raises(OutOfMemory):
        own_engine.query(request(f"SELECT (STRLEN(?t26) AS ?n) {{ {doubled} }}", timeout=60))
    assert eventually(lambda: all_free(own_engine))


def test_a_full_queue_is_refused(own_engine: EmbeddedEngine) -> None:
    running = occupied(own_engine, 3, timeout=60)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(body, own_engine, "ASK {}", timeout=60) for _ in range(2)]
        assert eventually(lambda: own_engine.status().queued == 2)
        with pytest.raises(Busy, match="queue is full") as caught:
            own_engine.query(request("ASK {}"))
        assert caught.value.retry_after >= 1
        running[0].close()
        assert ["true" in future.result(timeout=20) for future in waiting] == [True, True]
    for chunks in running:
        chunks.close()


def test_who_waits_until_the_deadline_is_told_that_it_was_busy(own_engine: EmbeddedEngine) -> None:
    running = occupied(own_engine, 3, timeout=60)
    with pytest.raises(Busy, match="became free"):
        own_engine.query(request("ASK {}", timeout=0.2))
    assert own_engine.status().queued == 0
    for chunks in running:
        chunks.close()


def test_a_large_answer_is_streamed_in_bounded_memory(own_engine: EmbeddedEngine) -> None:
    """100 MB pass through this process, which never holds more than a few chunks; nor does the worker."""
    chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
    small = max(resident_bytes(pid) for pid in engine_processes())
    tracemalloc.start()
    received = 0
    while received < 100_000_000:
        received += len(next(chunks))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
    time.sleep(0.2)  # A reader who pauses: what the worker computes meanwhile must wait, not pile up.
    assert max(resident_bytes(pid) for pid in engine_processes()) < small + (16 << 20)
    chunks.close()


def test_many_threads_share_the_workers(own_engine: EmbeddedEngine) -> None:
    engine = own_engine
    lock = threading.Lock()
    results: list[str] = []

    def ask(number: int) -> None:
        try:
            text = body(engine, f"SELECT ({number} AS ?n) {{}}", "text/csv")
        except Busy:
            text = f"n\r\n{number}\r\n"
        with lock:
            results.append(text)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(400)))
    assert sorted(results) == sorted(f"n\r\n{number}\r\n" for number in range(400))
    assert engine.status().restarts == {}
