"""What a connection refuses, and how: no HTTP, too much of it, too late, too many at once."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from server.web.wire import FIELDS_BYTES
from tests.server.web.connecting import (
    ASK,
    BODY_BYTES,
    LARGE,
    Client,
    Served,
    await_connections,
    connected,
    get,
    serving,
)

FRESH = "/sparql?format=csv&query=" + quote("SELECT * { ?s ?p ?o } # ") + "{}"  # streamed, for it is new each time


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("wire")) as served:
        yield served


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(
        tmp_path_factory.mktemp("strict"), head_seconds=0.5, idle_seconds=1.2, connections=8, access_log=""
    ) as served:
        yield served


# --- refusals ---


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\xc3\xa5 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://localhost HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=repr,
)
def test_what_is_no_http_is_told_so(served: Served, data: bytes) -> None:
    with connected(served) as client:
        client.sock.sendall(data)
        answer = client.read()
        assert (answer.status, answer.problem(), answer["connection"]) == (400, "bad-request", "close")
        assert answer["cache-control"] == "no-store"
        assert client.closed()


@pytest.mark.parametrize(
    "data",
    [
        get("/health", *(f"X-{n}: y" for n in range(101))),
        get("/health", "X: " + "y" * FIELDS_BYTES),
        b"GET /health HTTP/1.1\r\nX: " + b"y" * 4 * FIELDS_BYTES,
        b"GET /" + b"y" * 5 * FIELDS_BYTES,
        get("/" + "y" * 70_000),
        get("/?" + "y" * (BODY_BYTES + FIELDS_BYTES)),
    ],
    ids=["fields", "field", "endless field", "endless address", "path", "query string"],
)
def test_a_head_that_is_too_large_is_told_so(served: Served, data: bytes) -> None:
    with connected(served) as client:
        for start in range(0, len(data), 10_000):
            client.sock.sendall(data[start : start + 10_000])
        answer = client.read()
        assert (answer.status, answer.problem()) == (431, "head-too-large")
        assert client.closed()


def test_a_long_query_string_is_read_and_a_too_long_one_is_for_the_application(served: Served) -> None:
    with connected(served) as client:
        comment = "%23" + "x" * (BODY_BYTES - 1000)
        assert client.ask(get(ASK + "%0A" + comment))[0].status == 200
        assert client.ask(get(ASK + "%0A" + comment + "x" * 2000))[0].problem() == "too-large"
        assert client.ask(get("/health#?x"), get("http://localhost/health?x=1"))[1].status == 200


def test_a_refusal_comes_behind_the_answers_that_are_on_their_way(served: Served) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?b ?f } # refused")
    with connected(served) as client:
        client.sock.sendall(get(f"/sparql?query={query}") + get("/health") + b"nonsense\r\n\r\n")
        answers = [client.read() for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 400]
        assert answers[2].problem() == "bad-request"
        assert client.closed()


def test_a_body_that_breaks_off_its_form_is_refused_at_once(served: Served) -> None:
    fields = ("Content-Type: application/sparql-query", "Transfer-Encoding: chunked")
    with connected(served) as client:
        client.sock.sendall(get("/sparql", *fields, method="POST") + b"5\r\nASK {\r\n")
        time.sleep(0.1)
        client.sock.sendall(b"no chunk\r\n")
        assert client.read().problem() == "bad-request"
        assert client.closed()


def test_only_so_many_requests_may_wait_on_a_connection(served: Served) -> None:
    with connected(served) as client:
        client.sock.sendall(get("/health") * 200)
        statuses = []
        while (answer := client.read()).status == 200:
            statuses.append(answer.status)
        assert (answer.problem(), answer["retry-after"]) == ("busy", "1")
        assert len(statuses) == 33
        assert client.closed()


def test_fields_behind_a_body_are_left_out(served: Served) -> None:
    fields = ("Content-Type: application/sparql-query", "Transfer-Encoding: chunked", "Accept: text/csv")
    body = b"1f\r\nSELECT * { ?s ?p ?o } LIMIT 1 #\r\n0\r\n" + b"Accept: text/tab-separated-values\r\n" * 101 + b"\r\n"
    with connected(served) as client:
        answer = client.ask(get("/sparql", *fields, method="POST") + body)[0]
        assert (answer.status, answer["content-type"]) == (200, "text/csv; charset=utf-8")
        assert client.ask(get("/health"))[0].status == 200


def test_an_offer_of_another_protocol_is_passed_over(served: Served) -> None:
    offer = get(ASK, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
    with connected(served) as client:
        assert [client.ask(request)[0].status for request in (offer, get(ASK), offer)] == [200, 200, 200]


def test_what_came_behind_an_offer_is_not_taken_for_another_request(served: Served) -> None:
    offer = get(ASK, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
    with connected(served) as client:
        client.sock.sendall(offer + get(ASK)[:20])
        assert client.read().status == 200
        assert client.closed()


def test_a_long_answer_to_http_1_0_ends_with_its_connection(served: Served) -> None:
    with connected(served) as client:
        same = client.ask(get(FRESH.format("one")))[0]
        assert same["transfer-encoding"] == "chunked"
    with connected(served) as client:
        client.sock.sendall(get(FRESH.format("two"), version="1.0"))
        answer = client.read(bodiless=True)
        assert (answer.status, answer["transfer-encoding"], answer["content-length"]) == (200, "", "")
        assert answer["connection"] == "close"
        assert sorted(client.stream.read().splitlines()) == sorted(same.body.splitlines())


def test_an_answer_to_http_1_0_that_breaks_off_does_not_look_whole(served: Served) -> None:
    query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with connected(served) as client:
        client.sock.sendall(get(f"/sparql?format=csv&timeout=1&query={query}", version="1.0"))
        assert client.read(bodiless=True).status == 200
        with pytest.raises(ConnectionResetError):
            all(iter(lambda: client.stream.read(65_536), b""))


def test_heads_and_short_answers_to_http_1_0(served: Served) -> None:
    with connected(served) as client:
        client.sock.sendall(get(FRESH.format("three"), method="HEAD", version="1.0"))
        head = client.read(bodiless=True)
        assert (head.status, head["transfer-encoding"]) == (200, "")
        assert client.closed()
    with connected(served) as client:
        short = client.ask(get("/health", "Connection: keep-alive", version="1.0"))[0]
        assert (short.status, json.loads(short.body)) == (200, {"status": "ok"})
        assert client.closed()


def test_asterisk_form_is_no_failure(served: Served) -> None:
    with connected(served) as client:
        assert client.ask(get("*", method="OPTIONS"))[0].status < 500


# --- time and number ---


def test_a_head_that_does_not_come_is_a_408(strict: Served) -> None:
    with connected(strict) as client:
        began = time.monotonic()
        client.sock.sendall(b"GET /health HT")
        answer = client.read()
        assert (answer.status, answer.problem()) == (408, "request-timeout")
        assert 0.4 < time.monotonic() - began < 10
        assert client.closed()


def test_a_head_that_trickles_in_is_a_408_all_the_same(strict: Served) -> None:
    with connected(strict) as client:
        client.ask(get("/health"))
        client.sock.sendall(b"GET /health HTTP/1.1\r\n")
        for number in range(100):
            if b"408" in client.sock.recv(65536, socket.MSG_PEEK | socket.MSG_DONTWAIT) if readable(client) else b"":
                break
            client.sock.sendall(f"X-{number}: y\r\n".encode())
            time.sleep(0.05)
        assert client.read().problem() == "request-timeout"


def readable(client: Client) -> bool:
    return bool(select.select([client.sock], [], [], 0)[0])


def test_who_says_nothing_is_left_without_a_word(strict: Served) -> None:
    with connected(strict) as client:
        assert client.closed()
    with connected(strict) as client:
        began = time.monotonic()
        assert client.ask(get("/health"))[0].status == 200
        assert client.closed()
        assert time.monotonic() - began > 1


def test_hot_requests_keep_a_connection_open(strict: Served) -> None:
    with connected(strict) as client:
        for _ in range(6):
            assert client.ask(get(ASK))[0].status == 200
            time.sleep(0.4)


def read_all(sock: socket.socket) -> bytes:
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"")
    return b"".join(parts)


def test_one_connection_too_many_is_told_so(strict: Served) -> None:
    await_connections(strict, 0)
    with connected(strict) as first:
        assert first.ask(get("/health"))[0].status == 200
        others = [socket.create_connection(("127.0.0.1", strict.port)) for _ in range(7)]
        with connected(strict) as late:
            answer = late.ask(get("/health"))[0]
            assert (answer.status, answer.problem(), answer["retry-after"]) == (503, "busy", "1")
            assert late.closed()
        assert first.ask(get("/health"))[0].status == 200
        crowd = [socket.create_connection(("127.0.0.1", strict.port), timeout=20) for _ in range(20)]
        others += crowd
        assert read_all(crowd[0]).startswith(b"HTTP/1.1 503 ")
        assert [read_all(sock) for sock in crowd[9:]] == [b""] * 11  # not even told
        for sock in others:
            sock.close()
        await_connections(strict, 1)
        with connected(strict) as late:
            assert late.ask(get("/health"))[0].status == 200


def test_who_floods_and_does_not_read_fills_no_memory_and_is_cut_off(strict: Served) -> None:
    with connected(strict) as client:
        for _ in range(3):
            assert len(client.ask(get(LARGE))[0].body) > 100_000
        await_connections(strict, 1)
        [connection] = strict.connections
        client.sock.settimeout(0.5)
        most = [0]

        for _ in range(60):  # Each in a packet of its own.
            client.sock.sendall(get(LARGE))
            time.sleep(0.005)
            most.append(connection.transport.get_write_buffer_size())

        def flood() -> None:
            for _ in range(20_000):
                client.sock.sendall(get(LARGE) * 10)
                most.append(connection.transport.get_write_buffer_size())

        with pytest.raises((TimeoutError, ConnectionError)):
            flood()
        assert 0 < max(most) < 1_000_000
        assert len(connection.pipeline) < 100
        await_connections(strict, 0)
