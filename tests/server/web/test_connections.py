"""What the HTTP server bounds by itself: heads, slow clients, idle connections, transfers that break off."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.server.conftest import make_current, write_release
from tests.server.running import Running, running

ALL = "/sparql?query=" + quote("SELECT * { ?s ?p ?o }")
LONG = "/sparql?format=csv&timeout=1&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("connections")
    write_release(folder, "0.1.0-000000000001", extra=60_000)
    make_current(folder, "0.1.0-000000000001")
    with running(folder, folder / "log", head_seconds=1, idle_seconds=1, connections=20) as server:
        yield server


@contextmanager
def connected(server: Running) -> Iterator[socket.socket]:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=20) as sock:
        yield sock


def all_of(sock: socket.socket) -> bytes:
    parts = []
    while part := sock.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(server: Running, begun: bytes) -> None:
    began = time.monotonic()
    with connected(server) as sock:
        sock.sendall(begun)
        assert sock.recv(1000) == b""
    assert 0.5 < time.monotonic() - began < 4


def test_a_connection_that_asks_no_more_is_closed(server: Running) -> None:
    with connected(server) as sock:
        sock.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        assert all_of(sock).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 4


def test_a_head_that_is_too_large_is_refused(server: Running) -> None:
    with connected(server) as sock:
        try:
            for number in range(100):
                sock.sendall(
                    b"GET / HTTP/1.1\r\nHost: x\r\n" if not number else b"X-%d: %b\r\n" % (number, b"a" * 9000)
                )
            assert sock.recv(100).startswith(b"HTTP/1.1 431")
        except (ConnectionResetError, BrokenPipeError):
            return


def test_idle_connections_make_room_for_others(server: Running) -> None:
    held = [
        socket.create_connection((urlsplit(server.url).hostname, urlsplit(server.url).port or 0)) for _ in range(30)
    ]
    try:
        began = time.monotonic()
        assert server.get("/health")[0] == 200
        assert time.monotonic() - began < 5
    finally:
        for sock in held:
            sock.close()


def test_a_client_that_takes_nothing_is_cut_off_and_its_worker_freed(server: Running) -> None:
    with connected(server) as sock:
        sock.sendall(f"GET {LONG.replace('timeout=1', 'timeout=60')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        deadline = time.monotonic() + 10
        while b"registergraf_engine_busy 0.0" not in server.get("/metrics")[2]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_an_answer_to_http_1_0_has_its_length(server: Running) -> None:
    with connected(server) as sock:
        sock.sendall(f"GET {ALL}&format=csv HTTP/1.0\r\n\r\n".encode())
        head, _, body = all_of(sock).partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(body) in head.lower() + b"\r\n"
    assert body.count(b"\n") == 1 + 17 + 60_000


def test_an_answer_to_http_1_0_that_breaks_off_or_is_too_large_is_an_error(server: Running) -> None:
    """Its end could not be told from a cut, so nothing of it is sent."""
    with connected(server) as sock:
        sock.sendall(f"GET {LONG} HTTP/1.0\r\n\r\n".encode())
        head, _, body = all_of(sock).partition(b"\r\n\r\n")
    assert int(head.split()[1]) in (500, 503, 505), head
    assert b"http" not in body[:20] or json.loads(body)["status"] == 505


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    paths = ["/health", "/sparql?query=" + quote("ASK {}"), "/nothing"]
    with connected(server) as sock:
        sock.sendall("".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in paths).encode())
        answers = all_of(sock)
    assert [int(part.split()[0]) for part in answers.split(b"HTTP/1.1 ")[1:]] == [200, 200, 404]


def test_a_kept_answer_is_given_to_each_and_a_condition_is_heeded(server: Running, tmp_path: Path) -> None:
    path = "/sparql?query=" + quote("SELECT ?x { VALUES ?x { 1 2 3 } }")
    first = server.get(path, Accept="text/csv")
    second = server.get(path, Accept="text/csv")
    assert first[2] == second[2]
    for condition in (first[1]["etag"], "*", f'"x", {first[1]["etag"]}'):
        assert server.get(path, Accept="text/csv", **{"If-None-Match": condition})[0] == 304
    assert server.get(path, Accept="text/csv", **{"If-None-Match": '"other"'})[0] == 200
    assert server.get(path, Accept="application/sparql-results+json")[1]["content-type"].endswith("+json")


def test_the_shipped_questions_are_answered_ahead(server: Running) -> None:
    entries = 0.0
    deadline = time.monotonic() + 20
    while entries < 40 and time.monotonic() < deadline:
        text = server.get("/metrics")[2].decode()
        line = next(line for line in text.splitlines() if line.startswith("registergraf_cache_entries"))
        entries = float(line.split()[1])
    assert entries >= 40


def test_a_broken_transfer_is_seen(server: Running) -> None:
    parts = urlsplit(server.url)
    conn = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    conn.request("GET", LONG)
    with pytest.raises(http.client.IncompleteRead):
        conn.getresponse().read()
    conn.close()
