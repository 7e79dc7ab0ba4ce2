"""What the remote engine makes of each way in which an endpoint can fail: each is played by a small HTTP server."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from loader.release.manifest import Release
from server.engine.interface import (
    Broken,
    Busy,
    Crashed,
    EngineError,
    QueryFailed,
    QuerySyntax,
    TimedOut,
    Unreachable,
)
from server.engine.limits import EngineLimits
from server.engine.remote.endpoint import RemoteEngine
from tests.server.engine.asking import JSON, body, eventually, request

OK = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}; charset=utf-8\r\n".encode()
TRUE = b'{"head":{},"boolean":true}'


@pytest.fixture(autouse=True)
def _short_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.engine.remote.endpoint.PROBE_SECONDS", 0.5)


class Endpoint:
    """Answers every request with what `respond` writes to the connection, and notes the requests."""

    def __init__(self, respond: Callable[[socket.socket], None]) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._respond = respond
        self.requests: list[bytes] = []
        self.gone = threading.Event()
        self.url = f"http://user:secret@127.0.0.1:{self._server.getsockname()[1]}/sparql"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while (head := self._read(connection)) is not None:
                    self.requests.append(head)
                    before = connection.fileno()
                    self._respond(connection)
                    if connection.fileno() != before:
                        return
            except OSError:
                self.gone.set()

    @staticmethod
    def _read(connection: socket.socket) -> bytes | None:
        """One request; None at the end."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(rest) < length:
            rest += connection.recv(65536)
        return head + b"\r\n\r\n" + rest

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@contextmanager
def engine_over(respond: Callable[[socket.socket], None], release: Release) -> Iterator[tuple[RemoteEngine, Endpoint]]:
    endpoint = Endpoint(respond)
    with closing(endpoint), closing(RemoteEngine(endpoint.url, release, EngineLimits(workers=2))) as engine:
        yield engine, endpoint


def whole(status: str, said: bytes = b"", *headers: str) -> Callable[[socket.socket], None]:
    """A response of this status line and body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(said)}", *headers, "", ""]
    return lambda connection: connection.sendall("\r\n".join(lines).encode() + said)


def then_close(data: bytes) -> Callable[[socket.socket], None]:
    """These bytes, and then the end of the connection."""

    def respond(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.close()

    return respond


def then_wait(data: bytes) -> Callable[[socket.socket], None]:
    """These bytes, and then nothing for longer than the deadline."""

    def respond(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(1)

    return respond


@pytest.mark.parametrize(
    ("respond", "kind", "message"),
    [
        (whole("400 Bad Request", b"error at 3:7: expected WHERE"), QuerySyntax, "^expected WHERE$"),
        (whole("400 Bad Request", b"MALFORMED QUERY: Lexical error"), QuerySyntax, "Lexical"),
        (whole("400 Bad Request", b"unknown function <http://e/f>"), QueryFailed, "unknown function"),
        (whole("400 Bad Request"), QueryFailed, "does not say why"),
        (whole("500 Oops", b"division"), QueryFailed, "500. division"),
        (whole("500 SPARQL Request Failed", b"Virtuoso S1T00 Error"), TimedOut, "own time limit"),
        (whole("504 Gateway Timeout"), TimedOut, "own time limit"),
        (whole("408 Request Timeout"), TimedOut, "own time limit"),
        (whole("429 Too Many Requests", b"", "Retry-After: 17"), Busy, "429"),
        (whole("503 Unavailable", b"", "Retry-After: Sun, 22 Nov 2026 15:21:29 GMT"), Busy, "503"),
        (whole("401 Unauthorized"), Unreachable, "user and password"),
        (whole("404 Not Found"), Unreachable, "is not at this address"),
        (whole("405 Not Allowed"), Unreachable, "takes no POST"),
        (whole("302 Found", b"", "Location: http://127.0.0.1:1/"), Unreachable, "new address"),
        (whole("200 OK", b"<html/>", "Content-Type: text/html"), QueryFailed, "answers text/html"),
        (whole("200 OK", TRUE, f"Content-Type: {JSON}", "X-SPARQL-MaxRows: 10"), QueryFailed, "ResultSetMaxRows"),
        (then_close(OK + b"\r\n" + TRUE), QueryFailed, "go unseen"),
        (then_close(b""), Unreachable, "cannot be reached"),
        (then_close(b"SSH-2.0-OpenSSH\r\n"), Unreachable, "cannot be reached"),
        (then_close(OK + b"Content-Length: 99\r\n\r\n"), Crashed, "cut its answer off 99 bytes"),
        (then_wait(b""), TimedOut, "did not begin"),
        (then_wait(OK + b"Content-Length: 9\r\n\r\n"), TimedOut, "did not end"),
    ],
)
def test_failures_before_the_first_byte(
    release: Release, respond: Callable[[socket.socket], None], kind: type[EngineError], message: str
) -> None:
    with engine_over(respond, release) as (engine, _):
        with pytest.raises(kind, match=message) as caught:
            engine.query(request("ASK {}", timeout=0.4))
        assert type(caught.value) is kind
        assert "secret" not in str(caught.value)
        assert engine.status().busy == 0


def test_the_advice_of_a_busy_endpoint_is_passed_on(release: Release) -> None:
    with engine_over(whole("429 Slow down", b"", "Retry-After: 17"), release) as (engine, _):
        with pytest.raises(Busy) as caught:
            engine.query(request("ASK {}"))
        assert caught.value.retry_after == 17


def test_the_position_of_a_syntax_error(release: Release) -> None:
    for said, position in (
        (b"error at 3:7: x", (3, 7)),
        (b"Parse error: Encountered at line 12, column 5.", (12, 5)),
        (b"Virtuoso 37000 Error SP030: SPARQL compiler, line 4: syntax error", (4, None)),
    ):
        with engine_over(whole("400 Bad Request", said), release) as (engine, _):
            with pytest.raises(QuerySyntax) as caught:
                engine.query(request("ASK {}"))
            assert (caught.value.line, caught.value.column) == position


@pytest.mark.parametrize(
    "data",
    [
        OK + b"Content-Length: 100\r\n\r\n" + TRUE,
        OK + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + TRUE + b"\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + TRUE + b"\r\nffff\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1a\r\n" + TRUE + b"\r\nno length\r\n",
    ],
)
def test_an_answer_that_is_cut_off_is_broken(release: Release, data: bytes) -> None:
    with engine_over(then_close(data), release) as (engine, _):
        chunks = engine.query(request("ASK {}")).chunks
        with pytest.raises(Broken, match="cut its answer off"):
            deque(chunks, maxlen=0)
        assert engine.status().busy == 0


def trickle(connection: socket.socket) -> None:
    """An answer without end, some bytes at a time."""
    connection.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"4\r\nabcd\r\n")
        time.sleep(0.05)


def test_an_answer_that_trickles_is_broken_at_the_deadline(release: Release) -> None:
    with engine_over(trickle, release) as (engine, endpoint):
        chunks = engine.query(request("ASK {}", timeout=0.5)).chunks
        with pytest.raises(Broken, match="before the deadline"):
            deque(chunks, maxlen=0)
        assert endpoint.gone.wait(5)


def test_closing_an_answer_tells_the_endpoint(release: Release) -> None:
    with engine_over(trickle, release) as (engine, endpoint):
        chunks = engine.query(request("ASK {}", timeout=60)).chunks
        assert engine.status().busy == 1
        chunks.close()
        chunks.close()
        assert endpoint.gone.wait(5)
        assert engine.status().busy == 0
        engine.query(request("ASK {}", timeout=60))  # Nobody holds this one.
        assert eventually(lambda: engine.status().busy == 0)


def test_no_more_queries_than_workers(release: Release) -> None:
    with engine_over(trickle, release) as (engine, _):
        running = [engine.query(request("ASK {}", timeout=60)).chunks for _ in range(2)]
        with pytest.raises(Busy, match="2 queries"):
            engine.query(request("ASK {}"))
        for chunks in running:
            chunks.close()


def test_connections_are_kept_and_mended(release: Release) -> None:
    """Three queries on one connection; then the endpoint closes it in between, and the fourth is sent on another."""
    served: list[socket.socket] = []

    def respond(connection: socket.socket) -> None:
        served.append(connection)
        whole("200 OK", TRUE, f"Content-Type: {JSON}")(connection)
        if len(served) == 3:
            connection.close()

    with engine_over(respond, release) as (engine, endpoint):
        assert [body(engine, "ASK {}") for _ in range(4)] == [TRUE.decode()] * 4
        assert len(endpoint.requests) == 4
        assert [connection is served[0] for connection in served] == [True, True, True, False]


def test_what_is_sent(release: Release) -> None:
    with engine_over(whole("200 OK", TRUE, f"Content-Type: {JSON}"), release) as (engine, endpoint):
        body(engine, "ASK { FILTER('å' = ?x) }", default_graphs=("http://e/g?a=b&c",))
        head, _, form = endpoint.requests[0].partition(b"\r\n\r\n")
        assert (
            form
            == b"query=ASK+%7B+FILTER%28%27%C3%A5%27+%3D+%3Fx%29+%7D&default-graph-uri=http%3A%2F%2Fe%2Fg%3Fa%3Db%26c"
        )
        assert b"POST /sparql HTTP/1.1" in head
        assert b"Accept: application/sparql-results+json" in head
        assert b"Authorization: Basic dXNlcjpzZWNyZXQ=" in head


@pytest.mark.parametrize("url", ["ftp://e/", "http://", "/sparql", "http://e/#x", "localhost:7878/query"])
def test_what_is_no_endpoint(release: Release, url: str) -> None:
    with pytest.raises(ValueError, match="must be http"):
        RemoteEngine(url, release)
