"""Answers read on the event loop: the same bytes and failures as on a thread, and never a wait for a worker."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import (
    Broken,
    EngineError,
    Flowing,
    Left,
    OutOfMemory,
    QueryFailed,
    QuerySyntax,
    TimedOut,
)
from server.engine.limits import EngineLimits
from server.engine.pool import frames as frame
from server.engine.pool.embedded import SHORT, EmbeddedEngine
from server.engine.pool.exchange import SLACK
from server.engine.pool.frames import Frame, Incoming, Kind
from tests.server.engine.asking import ENDLESS, HUNGRY, RUNAWAY, body, eventually, request
from tests.server.engine.conftest import LIMITS

T = TypeVar("T")
THOUSANDS = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"


def on_loop(work: Awaitable[T]) -> T:
    async def run() -> T:
        return await asyncio.wait_for(work, 60)

    return uvloop.run(run())


async def begun(engine: EmbeddedEngine, text: str, media_type: str = "text/csv", **options: object) -> Flowing:
    flow = engine.query_now(request(text, media_type, **options))
    assert flow is not None
    return flow


async def flowed(engine: EmbeddedEngine, text: str, media_type: str = "text/csv", **options: object) -> str:
    return b"".join([part async for part in await begun(engine, text, media_type, **options)]).decode()


def idle(engine: EmbeddedEngine) -> bool:
    return eventually(lambda: engine.status().busy == 0 and engine.status().workers == LIMITS.workers)


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("ASK {}", "application/sparql-results+json"),
        ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "text/csv"),
        (THOUSANDS, "application/sparql-results+xml"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "application/n-triples"),
    ],
)
def test_the_bytes_are_those_that_a_thread_reads(engine: EmbeddedEngine, text: str, media_type: str) -> None:
    assert sorted(on_loop(flowed(engine, text, media_type)).splitlines()) == sorted(
        body(engine, text, media_type).splitlines()
    )


def test_threads_and_the_loop_use_the_same_workers_in_turn(engine: EmbeddedEngine) -> None:
    long = "ASK {} #" + "x" * 200_000
    for _ in range(2 * LIMITS.workers):
        assert on_loop(flowed(engine, "ASK {}", "application/sparql-results+json")) == body(engine, long)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("SELECT * {\n  ?s ?p", QuerySyntax, "expected"),
        ("DESCRIBE <a>", QueryFailed, "graph"),
        (RUNAWAY, TimedOut, "deadline"),
    ],
)
def test_what_a_query_meets_is_raised_at_its_first_bytes(
    engine: EmbeddedEngine, text: str, error: type[EngineError], message: str
) -> None:
    with pytest.raises(error, match=message):
        on_loop(flowed(engine, text, timeout=0.3))
    assert idle(engine)


def test_a_query_that_needs_too_much_memory_says_so(engine: EmbeddedEngine) -> None:
    with pytest.raises(OutOfMemory):
        on_loop(flowed(engine, HUNGRY, timeout=60))
    assert idle(engine)


def test_an_answer_that_is_not_done_at_its_deadline_is_broken(engine: EmbeddedEngine) -> None:
    sizes: list[int] = []

    async def read() -> None:
        async for part in await begun(engine, ENDLESS, timeout=0.5):
            sizes.append(len(part))

    with pytest.raises(Broken):
        on_loop(read())
    assert sum(sizes) > 100_000
    assert idle(engine)


def test_nothing_is_begun_when_no_worker_is_free(engine: EmbeddedEngine) -> None:
    async def crowd() -> None:
        held = [await begun(engine, ENDLESS) for _ in range(LIMITS.workers)]
        assert engine.query_now(request("ASK {}")) is None
        for flow in held:
            flow.close()

    on_loop(crowd())
    assert idle(engine)


def test_a_client_that_has_its_share_of_workers_is_begun_nothing_more(release: Release) -> None:
    async def crowd(engine: EmbeddedEngine) -> None:
        held = [await begun(engine, ENDLESS, caller=Caller("greedy")) for _ in range(3)]
        assert engine.query_now(request("ASK {}", caller=Caller("greedy"))) is None
        assert await flowed(engine, "ASK {}", "application/sparql-results+json", caller=Caller("other"))
        for flow in held:
            flow.close()

    with closing(EmbeddedEngine(release, EngineLimits(workers=4, client_share=75))) as engine:
        assert eventually(lambda: engine.status().workers == 4)
        on_loop(crowd(engine))


def test_a_long_query_is_left_to_a_thread(engine: EmbeddedEngine) -> None:
    async def ask() -> bool:
        return engine.query_now(request("ASK {} #" + "x" * SHORT)) is None

    assert on_loop(ask())


@pytest.mark.parametrize("character", ["\\", "\x01", "å", "\U0001f600"])
def test_the_longest_query_for_the_loop_fits_a_socket(engine: EmbeddedEngine, character: str) -> None:
    text = "ASK {} #"
    text += character * (SHORT - len(text))
    assert on_loop(flowed(engine, text, "application/sparql-results+json"))


def test_a_query_stops_when_its_client_leaves(engine: EmbeddedEngine) -> None:
    caller = Caller("leaving")

    async def ask() -> None:
        asyncio.get_running_loop().call_later(0.3, caller.leave)
        with pytest.raises(Left):
            await flowed(engine, RUNAWAY, timeout=30, caller=caller)

    began = time.monotonic()
    on_loop(ask())
    assert time.monotonic() - began < 10
    assert idle(engine)


def test_an_answer_that_is_given_up_ends_in_broken_and_frees_its_worker(engine: EmbeddedEngine) -> None:
    async def read_some() -> None:
        flow = await begun(engine, ENDLESS, timeout=30)
        assert len(await anext(flow)) > 1000
        flow.close()
        flow.close()
        with pytest.raises(Broken):
            await anext(flow)

    on_loop(read_some())
    assert idle(engine)


def test_an_answer_that_nobody_reads_is_given_up_at_its_deadline(engine: EmbeddedEngine) -> None:
    async def forget() -> bool:
        assert await anext(await begun(engine, ENDLESS, timeout=0.3))
        await asyncio.sleep(0.4 + SLACK)
        return await asyncio.to_thread(idle, engine)

    assert on_loop(forget())


@contextmanager
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


async def frames(connection: socket.socket) -> AsyncIterator[Frame]:
    incoming = Incoming(connection)
    while (received := await incoming.receive()) is not None:
        yield received


@given(st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=200)), max_size=8), st.integers(1, 50))
def test_frames_are_read_however_they_are_cut(sent: list[tuple[Kind, bytes]], piece: int) -> None:
    data = b"".join(frame.HEADER.pack(kind.value, len(payload)) + payload for kind, payload in sent)

    async def talk() -> list[tuple[Kind, bytes]]:
        with sockets() as (ours, theirs):
            reading = asyncio.create_task(collect(frames(ours)))
            for place in range(0, len(data), piece):
                theirs.sendall(data[place : place + piece])
                await asyncio.sleep(0)
            theirs.shutdown(socket.SHUT_WR)
            return [(one.kind, bytes(one.payload)) for one in await reading]

    assert on_loop(talk()) == sent


async def collect(found: AsyncIterator[Frame]) -> list[Frame]:
    return [one async for one in found]


@pytest.mark.parametrize("cut", [1, 4, 7])
def test_a_frame_that_is_cut_off_is_none(cut: int) -> None:
    async def talk() -> Frame | None:
        with sockets() as (ours, theirs):
            theirs.sendall((frame.HEADER.pack(b"D", 5) + b"12345")[:cut])
            theirs.shutdown(socket.SHUT_WR)
            return await Incoming(ours).receive()

    assert on_loop(talk()) is None


def test_a_frame_that_is_too_long_is_none() -> None:
    async def talk() -> Frame | None:
        with sockets() as (ours, theirs):
            theirs.sendall(frame.HEADER.pack(b"D", frame.LIMIT + 1))
            return await Incoming(ours).receive()

    assert on_loop(talk()) is None
