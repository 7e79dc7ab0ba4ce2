"""The service in this process behind real sockets, and clients that write and read bytes."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pytest
from uvicorn import Config, Server

from server.operations.asgi import Application, Service
from server.settings import Settings
from server.web.headers import COMMON_HEADERS
from server.web.incoming import Receive, Scope
from server.web.wire import Connection
from tests.server.conftest import make_current, write_release

ASK = "/sparql?query=" + quote("ASK {}")
LARGE = "/sparql?format=csv&query=" + quote("SELECT * { ?s ?p ?o } LIMIT 5000")
FIRST, SECOND = "0.1.0-000000000001", "0.1.0-000000000002"
BODY_BYTES = 100_000


@dataclass
class Served:
    """The real service behind real sockets in this process; `calls` counts what reached the application."""

    port: int
    server: Server
    root: Path
    log: Path
    calls: int = 0

    @property
    def connections(self) -> list[Connection]:
        return [item for item in self.server.server_state.connections if isinstance(item, Connection)]


@dataclass
class Client:
    """One connection; `read` takes one response from it."""

    sock: socket.socket
    stream: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.stream = self.sock.makefile("rb")

    def ask(self, *requests: bytes) -> list[Answer]:
        self.sock.sendall(b"".join(requests))
        return [self.read() for _ in requests]

    def read(self, *, bodiless: bool = False) -> Answer:
        lines = []
        while (line := self.stream.readline()) not in (b"\r\n", b""):
            lines.append(line.decode("latin-1").rstrip())
        assert lines, "closed without an answer"
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines[1:])]
        length = int(dict(headers).get("content-length", "0"))
        chunked = dict(headers).get("transfer-encoding") == "chunked"
        body = b"" if bodiless else self.read_chunks() if chunked else self.stream.read(length)
        return Answer(lines[0], headers, body)

    def read_chunks(self) -> bytes:
        parts = []
        while size := int(self.stream.readline(), 16):
            parts.append(self.stream.read(size))
            assert self.stream.readline() == b"\r\n"
        assert self.stream.readline() == b"\r\n"
        return b"".join(parts)

    def closed(self) -> bool:
        """Whether the server has closed; waits for it to."""
        try:
            return self.stream.read(1) == b""
        except ConnectionResetError:
            return True


@dataclass(frozen=True)
class Answer:
    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status(self) -> int:
        return int(self.line.split()[1])

    @property
    def undated(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """All of it, in its order, but the date."""
        return self.line, [item for item in self.headers if item[0] != "date"], self.body

    def __getitem__(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    def problem(self) -> str:
        """The problem's name, once it is seen to be one for everybody's browser, in two languages."""
        assert self["content-type"] == "application/problem+json"
        assert {name.lower(): value for name, value in COMMON_HEADERS}.items() <= dict(self.headers).items()
        found = json.loads(self.body)
        assert found["status"] == self.status
        assert found["detail"] != found["detail_sv"]
        assert found["title"] != found["title_sv"]
        return str(found["type"]).rsplit("/")[-1]


@contextmanager
def serving(folder: Path, **changes: Any) -> Iterator[Served]:
    """A service over two small releases."""
    write_release(folder / "releases", FIRST, extra=4000)
    write_release(folder / "releases", SECOND, extra=10)
    make_current(folder / "releases", FIRST)
    values = {"workers": 2, "queue": 8, "rate_per_minute": 0, "watch_seconds": 0.05, "body_bytes": BODY_BYTES}
    places = {"releases": folder / "releases", "state": folder / "state", "access_log": str(folder / "log")}
    settings = Settings(**(places | values | changes))  # type: ignore[arg-type]
    application = Application(lambda: Service(settings))

    async def counted(scope: Scope, receive: Receive, send: Any) -> None:
        made.calls += scope["type"] == "http"
        await application(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    config = Config(counted, http=Connection, ws="none", lifespan="on", interface="asgi3", proxy_headers=False,
                    access_log=False, server_header=False, log_config=None, timeout_graceful_shutdown=1,
                    timeout_keep_alive=1)  # fmt: skip
    made = Served(listener.getsockname()[1], Server(config), folder / "releases", folder / "log")
    thread = threading.Thread(target=made.server.run, args=([listener],))
    thread.start()
    try:
        await_status(made, "/ready", 200)
        made.calls = 0
        yield made
    finally:
        made.server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def await_status(served: Served, path: str, status: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if served.server.started:
            with connected(served) as client:
                if client.ask(get(path))[0].status == status:
                    return
        time.sleep(0.05)
    pytest.fail(f"no {status} from {path}")


@contextmanager
def connected(served: Served) -> Iterator[Client]:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(sock)
        try:
            yield client
        finally:
            client.stream.close()


def get(path: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *fields]
    return "\r\n".join([*lines, "", ""]).encode()


def await_connections(served: Served, number: int) -> None:
    deadline = time.monotonic() + 15
    while len(served.connections) != number:
        assert time.monotonic() < deadline, len(served.connections)
        time.sleep(0.05)
