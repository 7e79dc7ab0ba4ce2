"""The two processes of `registergraf serve`: replacing the serving one, ending with the supervising one, failing."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.server.conftest import make_current, write_release
from tests.server.running import ROOT, Running, await_ready, free_port, running

FIRST, SECOND = "0.1.0-000000000001", "0.1.0-000000000002"
LINES = 1 + 17 + 60_000  # of the first release as CSV: a header and one line per statement
ALL = "/sparql?query=" + quote("SELECT * { ?s ?p ?o }")
ASK = "/sparql?query=" + quote("ASK {}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_release(tmp_path, FIRST)
    write_release(tmp_path, SECOND, extra=10)
    make_current(tmp_path, FIRST)
    return tmp_path


@pytest.fixture
def large_root(root: Path) -> Path:
    """The same with a first release whose answer takes a while."""
    shutil.rmtree(root / FIRST)
    write_release(root, FIRST, extra=60_000)
    return root


@pytest.fixture
def server(root: Path) -> Iterator[Running]:
    with running(root, root / "server.log", watch_seconds=0) as server:
        yield server


def serving(server: Running) -> list[int]:
    """The serving processes, which are the children of the supervising one."""
    lists = [path.read_text().split() for path in Path(f"/proc/{server.process.pid}/task").glob("*/children")]
    return [int(pid) for children in lists for pid in children if exists(int(pid))]


def descendants(pid: int) -> list[int]:
    """What a process and its children have started: fork server and query workers."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    children = [int(child) for found in lists for child in found]
    return children + [item for child in children for item in descendants(child)]


def connection(server: Running) -> http.client.HTTPConnection:
    address = urlsplit(server.url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)


def await_(condition: object, server: Running) -> None:
    deadline = time.monotonic() + 30
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, server.log.read_text(encoding="utf-8")
        time.sleep(0.05)


def exists(pid: int) -> bool:
    try:
        return b"zombie" not in Path(f"/proc/{pid}/status").read_bytes()
    except FileNotFoundError:
        return False


def test_a_dead_serving_process_is_replaced(server: Running) -> None:
    [old] = serving(server)
    os.kill(old, signal.SIGKILL)
    await_(lambda: not exists(old) and len(serving(server)) == 1, server)
    await_ready(server)
    [new] = serving(server)
    assert new != old


def test_a_serving_process_that_hangs_is_replaced(root: Path) -> None:
    with running(root, root / "server.log", watch_seconds=0, hang_seconds=2) as server:
        [old] = serving(server)
        time.sleep(1.5)  # it has shown that it lives
        os.kill(old, signal.SIGSTOP)
        await_(lambda: not exists(old) and len(serving(server)) == 1, server)
        await_ready(server)
        assert "has not moved for 2 s" in server.log.read_text(encoding="utf-8")


def test_a_serving_process_that_is_only_idle_is_left_alone(root: Path) -> None:
    with running(root, root / "server.log", watch_seconds=0, hang_seconds=2) as server:
        [old] = serving(server)
        time.sleep(5)
        assert serving(server) == [old]


def test_what_dies_before_it_serves_is_not_started_for_ever(root: Path) -> None:
    """Whatever kills it: it is started once more, and then no more."""
    values = {"RELEASES": root, "WORKERS": 2, "PORT": free_port()}
    environ = {**os.environ, **{f"REGISTERGRAF_{name}": str(value) for name, value in values.items()}}
    code = "import server.app; server.app.create_app = lambda settings: 1 / 0"
    command = [sys.executable, "-c", f"{code}\nfrom server.cli import main; main()", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("cannot start") == 2


def test_sighup_brings_up_another_and_lets_running_answers_finish(large_root: Path, server: Running) -> None:
    [old] = serving(server)
    conn = connection(server)
    conn.request("GET", ALL, headers={"Accept": "text/csv"})
    response = conn.getresponse()
    begun = response.read(1000)
    make_current(large_root, SECOND)
    server.process.send_signal(signal.SIGHUP)
    await_(lambda: len(serving(server)) == 2, server)
    [new] = set(serving(server)) - {old}
    os.kill(new, signal.SIGSTOP)  # it takes long to start, as on a busy machine
    time.sleep(4)
    assert server.get(ASK)[0] == 200
    os.kill(new, signal.SIGCONT)
    await_(lambda: SECOND in server.get("/ready")[2].decode(), server)
    assert (begun + response.read()).count(b"\n") == LINES
    conn.close()
    await_(lambda: serving(server) not in ([old], []) and not exists(old), server)
    assert len(serving(server)) == 1


def test_sighup_on_a_damaged_release_keeps_the_old_one(root: Path, server: Running) -> None:
    [old] = serving(server)
    (root / SECOND / "manifest.json").write_text("{}", encoding="utf-8")
    make_current(root, SECOND)
    server.process.send_signal(signal.SIGHUP)
    await_(lambda: "is not replaced" in server.log.read_text(encoding="utf-8"), server)
    assert serving(server) == [old]
    assert FIRST in server.get("/ready")[2].decode()


@pytest.mark.soak
def test_sighup_does_not_wait_for_ever_for_what_does_not_stop(root: Path) -> None:
    with running(root, root / "server.log", watch_seconds=0, stop_seconds=0) as server:
        [old] = serving(server)
        server.process.send_signal(signal.SIGHUP)
        await_(lambda: len(serving(server)) == 2, server)
        os.kill(old, signal.SIGSTOP)
        await_(lambda: not exists(old), server)
        assert server.get(ASK)[0] == 200
        assert old not in serving(server)


def test_the_serving_process_ends_with_its_supervisor(server: Running) -> None:
    """Killed, it can tell nobody; the port is free and no query worker is left all the same."""
    [pid] = serving(server)
    await_(lambda: len(descendants(pid)) > 4, server)
    workers = descendants(pid)
    port = urlsplit(server.url).port or 0
    server.process.kill()
    server.process.wait()
    await_(lambda: not exists(pid) and not any(exists(worker) for worker in workers), server)
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_with_exit_code_0(server: Running, number: signal.Signals) -> None:
    [pid] = serving(server)
    server.process.send_signal(number)
    assert server.process.wait(20) == 0
    assert not exists(pid)
    said = server.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if not line.startswith("{")] == [f"Listening on {server.url}"]


def test_what_can_never_start_is_told_in_one_line(root: Path) -> None:
    with (root / FIRST / "graph.nq").open("a", encoding="utf-8") as file:
        file.write("no statement")
    values = {"RELEASES": root, "WORKERS": 2, "PORT": free_port()}
    environ = {**os.environ, **{f"REGISTERGRAF_{name}": str(value) for name, value in values.items()}}
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "graph.nq is not as it was built" in done.stderr


def test_a_query_beyond_the_grace_is_told_that_the_server_stops(large_root: Path) -> None:
    with running(large_root, large_root / "server.log", stop_seconds=1) as server:
        conn = connection(server)
        conn.request(
            "GET", "/sparql?timeout=60&query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        )
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        response = conn.getresponse()
        assert response.status == 503
        assert json.loads(response.read())["type"].endswith("/problem/not-ready")
        conn.close()
        assert server.process.wait(20) == 0


def test_an_address_from_a_proxy_that_is_not_trusted_is_told_once(root: Path) -> None:
    with running(root, root / "server.log") as server:
        for number in range(3):
            server.get(ASK + f"&n={number}", **{"X-Forwarded-For": "192.0.2.1"})
        assert server.log.read_text(encoding="utf-8").count("set trusted_proxies") == 1
