"""The production server as `registergraf serve` starts it: streaming, broken transfers, switches, stopping, the log."""

from __future__ import annotations

import http.client
import json
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.server.conftest import make_current, write_release
from tests.server.running import Running, running

# Lines of the releases as CSV: a header and one line per statement.
LARGE = 1 + 17 + 60_000
SMALL = 1 + 17 + 10
ALL = "/sparql?query=" + quote("SELECT * { ?s ?p ?o }")
# The answer begins at once and goes on for far longer than its deadline.
LONG = "/sparql?format=csv&timeout=1&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("production")
    write_release(root, "0.1.0-000000000001", extra=60_000)
    write_release(root, "0.1.0-000000000002", extra=10)
    make_current(root, "0.1.0-000000000001")
    return root


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that a server has soon; three patterns over it still go on for far longer than any deadline."""
    root = tmp_path_factory.mktemp("few")
    write_release(root, "0.1.0-000000000003", extra=1000)
    make_current(root, "0.1.0-000000000003")
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[Running]:
    with running(root, root / "server.log") as server:
        yield server


def connection(server: Running) -> http.client.HTTPConnection:
    address = urlsplit(server.url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)


def test_a_large_result_is_whole(server: Running) -> None:
    status, headers, body = server.get(ALL, Accept="text/csv")
    assert status == 200
    assert "content-length" not in headers
    assert body.count(b"\n") == LARGE
    assert headers["etag"]


def test_a_failure_in_mid_stream_breaks_the_transfer(server: Running) -> None:
    """The deadline passes while rows are sent: the status was 200, so only an incomplete transfer can tell."""
    conn = connection(server)
    conn.request("GET", LONG)
    response = conn.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    response.close()
    conn.close()
    said = server.log.read_text(encoding="utf-8")
    assert "broken after" in said
    assert "Traceback" not in said


def test_a_failure_before_the_first_byte_is_a_503(server: Running) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    status, headers, body = server.get("/sparql?timeout=0.5&query=" + quote(slow))
    assert status == 503
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["type"].endswith("/problem/timeout")
    assert headers["access-control-allow-origin"] == "*"


def test_a_reader_who_leaves_frees_the_worker(server: Running) -> None:
    for _ in range(12):
        conn = connection(server)
        conn.request("GET", LONG.replace("timeout=1", "timeout=60"))
        response = conn.getresponse()
        response.read(1000)
        response.close()
        conn.close()
    deadline = time.monotonic() + 10
    while busy(server) > 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert busy(server) == 0


def busy(server: Running) -> float:
    text = server.get("/metrics")[2].decode()
    return float(next(line for line in text.splitlines() if line.startswith("registergraf_engine_busy ")).split()[1])


def test_head_has_the_headers_and_no_body(server: Running) -> None:
    for path in ("/sparql?query=" + quote("ASK {}"), ALL, "/", "/health"):
        conn = connection(server)
        conn.request("HEAD", path)
        response = conn.getresponse()
        assert (response.status, response.read()) == (200, b"")
        conn.close()


def test_hot_answers_are_the_same_and_can_be_unmodified(server: Running) -> None:
    path = "/sparql?query=" + quote("SELECT * { ?s a ?o } ORDER BY ?s ?o")
    first, second = server.get(path), server.get(path)
    assert first[2] == second[2]
    own = ("date", "x-request-id")
    assert {k: v for k, v in first[1].items() if k not in own} == {k: v for k, v in second[1].items() if k not in own}
    status, headers, body = server.get(path, **{"If-None-Match": first[1]["etag"]})
    assert (status, body) == (304, b"")
    assert headers["etag"] == first[1]["etag"]
    assert "content-type" not in headers


def test_a_body_that_is_too_large_is_refused(server: Running) -> None:
    conn = connection(server)
    conn.request("POST", "/sparql", b"query=" + b"x" * 2_000_000, {"Content-Type": "application/x-www-form-urlencoded"})
    response = conn.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["type"].endswith("too-large")
    conn.close()


def test_percent_encoding_is_decoded_once(server: Running) -> None:
    status, _, body = server.get("/graph/a%2525b")
    assert status == 404
    assert "graph/a%25b>" in json.loads(body)["detail"]


def test_the_release_switches_while_queries_run(root: Path, tmp_path: Path) -> None:
    with running(root, tmp_path / "switch.log", watch_seconds=0.1) as server:
        before = server.get(ALL, Accept="text/csv")
        failures: list[object] = []
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                status, _, body = server.get(ALL, Accept="text/csv")
                if (status, body.count(b"\n")) not in ((200, LARGE), (200, SMALL)):
                    failures.append((status, len(body)))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            make_current(root, "0.1.0-000000000002")
            await_rows(server, SMALL)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            make_current(root, "0.1.0-000000000001")
        after = server.get(ALL, Accept="text/csv")
        assert failures == []
        assert after[1]["etag"] != before[1]["etag"]


def await_rows(server: Running, lines: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if server.get(ALL, Accept="text/csv")[2].count(b"\n") == lines:
            return
        time.sleep(0.1)
    pytest.fail(server.log.read_text(encoding="utf-8"))


def test_stopping_lets_a_running_answer_finish(root: Path, tmp_path: Path) -> None:
    with running(root, tmp_path / "stop.log") as server:
        conn = connection(server)
        conn.request("GET", ALL, headers={"Accept": "text/csv"})
        response = conn.getresponse()
        begun = response.read(1000)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert (begun + response.read()).count(b"\n") == LARGE
        conn.close()
        assert server.process.wait(20) == 0


def test_the_access_log_has_hashes_and_no_texts(few: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with running(
        few, tmp_path / "server.log", access_log=log, slow_log=tmp_path / "slow.log", slow_seconds=0
    ) as server:
        path = "/sparql?query=" + quote("ASK { <urn:secret> ?p ?o }")
        server.get(path)
        server.get(path)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    asked = [line for line in lines if line["path"] == "/sparql"]
    assert [line["cache"] for line in asked] == ["miss", "hit"]
    assert len({line["query"] for line in asked}) == 1
    assert len(asked[0]["query"]) == 16
    assert "secret" not in log.read_text()
    assert "127.0.0.1" not in log.read_text()
    assert "urn:secret" in (tmp_path / "slow.log").read_text()


def test_leaving_before_the_first_byte_frees_the_worker(server: Running) -> None:
    conn = connection(server)
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    conn.request("GET", "/sparql?timeout=60&query=" + quote(slow))
    await_busy(server, 1)
    conn.close()
    await_busy(server, 0)


def await_busy(server: Running, number: int) -> None:
    deadline = time.monotonic() + 10
    while busy(server) != number:
        assert time.monotonic() < deadline, busy(server)
        time.sleep(0.05)


def test_slow_readers_of_one_client_leave_a_worker_to_others(few: Path, tmp_path: Path) -> None:
    """Four workers; behind a proxy, so that the test can be two clients."""
    with running(few, tmp_path / "share.log", trusted_proxies=1) as server:
        held = [connection(server) for _ in range(6)]
        for conn in held:
            conn.request("GET", LONG.replace("timeout=1", "timeout=60"), headers={"X-Forwarded-For": "192.0.2.1"})
        await_busy(server, 3)
        path = "/sparql?timeout=5&query=" + quote("ASK {}")
        assert server.get(path, **{"X-Forwarded-For": "192.0.2.2"})[0] == 200
        other = "/sparql?timeout=0.5&query=" + quote("ASK { ?s ?p ?o }")
        status, headers, body = server.get(other, **{"X-Forwarded-For": "192.0.2.1"})
        assert (status, json.loads(body)["type"].rsplit("/")[-1]) == (503, "busy")
        assert int(headers["retry-after"]) >= 1
        for conn in held:
            conn.close()


def test_the_access_log_is_written_soon(few: Path, tmp_path: Path) -> None:
    log = tmp_path / "soon.log"
    with running(few, tmp_path / "server.log", access_log=log) as server:
        server.get("/sparql?query=" + quote("ASK { <urn:x> ?p ?o }"))
        deadline = time.monotonic() + 5
        while '"path":"/sparql"' not in log.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_readers_who_leave_are_no_errors_in_the_log(few: Path, tmp_path: Path) -> None:
    with running(few, tmp_path / "leaving.log") as server:
        for _ in range(6):
            conn = connection(server)
            conn.request("GET", LONG.replace("timeout=1", "timeout=60"))
            response = conn.getresponse()
            response.read(1000)
            response.close()
            conn.close()
        await_busy(server, 0)
        counted = re.search(r'outcome="closed"} ([0-9.]+)', server.get("/metrics")[2].decode())
        assert counted is not None
        assert float(counted[1]) >= 6  # what is read ahead for the pages may close some, too
    said = server.log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "broken" not in said
