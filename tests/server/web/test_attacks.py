"""One client and the others: what a single request or client may take of the web process, while somebody else asks."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from server.web.admission import InFlight
from tests.server.running import Running, running

ASK = "/sparql?query=" + quote("ASK { ?s ?p ?o }")
HOSTILE = [
    "<a" * 30_000,
    "service:" * 7_000,
    "?x " * 20_000,
    "FILTER(" * 9_000,
    "{" * 60_000,
    "'" * 60_000,
    "!" * 60_000,
]


@pytest.fixture(scope="module")
def server(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("attacks")
    with running(release_root, folder / "log", trusted_proxies=1, access_log=folder / "access") as server:
        yield server


def times(server: Running, until: threading.Event) -> list[float]:
    """How long another client waits for an answer, asked again and again."""
    taken: list[float] = []
    while not until.is_set() or len(taken) < 20:
        began = time.perf_counter()
        assert server.get(ASK, **{"X-Forwarded-For": "192.0.2.99"})[0] == 200
        taken.append(time.perf_counter() - began)
        time.sleep(0.01)
    return taken


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8])
def test_hostile_texts_of_one_that_leaves_do_not_hold_up_another(server: Running, text: str) -> None:
    address = urlsplit(server.url)
    body = urlencode({"query": f"SELECT * {{ {text} }}"}).encode()
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode()
    done = threading.Event()

    def attack() -> None:
        for _ in range(60):
            with socket.create_connection((address.hostname, address.port or 0)) as client:
                client.sendall(head + body)
        done.set()

    thread = threading.Thread(target=attack)
    thread.start()
    taken = sorted(times(server, done))
    thread.join()
    assert taken[int(len(taken) * 0.9)] < 0.2, taken[-5:]


def test_a_query_over_the_limit_is_refused_with_its_size(server: Running) -> None:
    body = urlencode({"query": "SELECT * {" + "<a" * 75_000 + "}"}).encode()
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port or 0)) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" % len(body)
        )
        client.sendall(body)
        parts = []
        while part := client.recv(65_536):
            parts.append(part)
    assert b" 413 " in b"".join(parts)[:20]


@pytest.mark.parametrize("path", ["/sparql", "/submissions"])
def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(server: Running, path: str) -> None:
    address = urlsplit(server.url)
    began = time.monotonic()
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as client:
        client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000000\r\n\r\n".encode())
        assert client.recv(65_536).startswith(b"HTTP/1.1 413")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("path", "size", "status"), [("/sparql", 2_000_000, 413), ("/submissions", 15_000_000, 401)])
def test_who_sends_a_refused_body_to_its_end_reads_why(server: Running, path: str, size: int, status: int) -> None:
    """The refusal comes before the body has been taken; the connection is not reset under the client for that."""
    address = urlsplit(server.url)
    for _ in range(10):
        client = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        client.request("POST", path, b"x" * size, {"Content-Type": "text/csv"})
        response = client.getresponse()
        assert (response.status, json.loads(response.read())["status"]) == (status, status)
        client.close()


@pytest.mark.parametrize("token", ["", "Authorization: Bearer rg_no-such-token\r\n"])
def test_files_without_a_right_token_are_refused_before_they_come(server: Running, token: str) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as client:
        head = f"POST /submissions HTTP/1.1\r\nHost: localhost\r\n{token}Content-Length: 20000000\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(65_536).startswith(b"HTTP/1.1 401")


def test_a_refusal_names_the_request_and_the_limit(server: Running) -> None:
    text = "SELECT * { ?s ?p ?o } #" + "x" * 70_000
    status, headers, body = server.get("/sparql?query=" + quote(text))
    assert status in (413, 414)
    if status == 413:
        assert json.loads(body)["request"] == headers["x-request-id"]
    status, headers, body = server.get("/no-such-page")
    told = json.loads(body)
    assert (status, told["request"]) == (404, headers["x-request-id"])
    assert f'"request":"{told["request"]}"' in _logged(server)
    assert 'registergraf_refused_total{limit="bodies"}' in server.get("/metrics")[2].decode()


def _logged(server: Running) -> str:
    time.sleep(1)
    return (server.log.parent / "access").read_text(encoding="utf-8")


def test_half_bodies_of_one_client_are_bounded(server: Running) -> None:
    """Twenty megabytes each are announced; the fifth is not taken, and another client's is."""
    address = urlsplit(server.url)
    held = []

    def upload(client: str) -> bytes:
        sock = socket.create_connection((address.hostname, address.port or 0), timeout=1)
        held.append(sock)
        sock.sendall(
            f"POST /validate HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {client}\r\n"
            "Content-Type: text/csv\r\nContent-Length: 20000000\r\n\r\nabc".encode()
        )
        try:
            return sock.recv(100)
        except TimeoutError:
            return b"taken"

    try:
        answers = [upload("192.0.2.1") for _ in range(5)]
        assert answers[:4] == [b"taken"] * 4
        assert b" 503 " in answers[4]
        assert upload("192.0.2.2") == b"taken"
    finally:
        for sock in held:
            sock.close()


def test_shares_are_kept_and_come_back() -> None:
    held = InFlight(5, 3)
    assert [held.take("a") for _ in range(4)] == [True, True, True, False]
    assert [held.take("b") for _ in range(3)] == [True, True, False]
    held.give_back("a")
    assert held.take("c")
    assert not held.take("b", 1)
    for client in "aabbc":
        held.give_back(client)
    assert [held.take("z") for _ in range(4)] == [True, True, True, False]


def test_a_log_that_cannot_be_written_touches_no_answer(release_root: Path, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full, the device of Linux on which every write fails")
    with running(
        release_root, tmp_path / "log", slow_log="/dev/full", slow_seconds=0, access_log="/dev/full"
    ) as server:
        for number in range(3):
            assert server.get("/sparql?query=" + quote(f"ASK {{ ?s ?p {number} }}"))[0] == 200
        time.sleep(1)
        assert server.get(ASK)[0] == 200
    assert "log: " in server.log.read_text(encoding="utf-8")
