"""The two processes of `registergraf serve`: replacing the serving one, ending with the supervising one, failing."""

from __future__ import annotations

import http.client
import os
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
    write_release(tmp_path, FIRST, extra=60_000)
    write_release(tmp_path, SECOND, extra=10)
    make_current(tmp_path, FIRST)
    return tmp_path


@pytest.fixture
def server(root: Path) -> Iterator[Running]:
    with running(root, root / "server.log", watch_seconds=0) as server:
        yield server


def serving(server: Running) -> list[int]:
    """The serving processes, by the module that starts them."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def descendants(pid: int) -> list[int]:
    """What a process and its children have started: nursery and query workers."""
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


def test_who_connects_while_a_dead_serving_process_is_replaced_only_waits(server: Running) -> None:
    [old] = serving(server)
    os.kill(old, signal.SIGKILL)
    await_(lambda: not exists(old), server)
    assert server.get(ASK)[0] == 200
    [new] = serving(server)
    assert new != old
    assert "ended (exit code -9)" in server.log.read_text(encoding="utf-8")


def test_what_dies_before_it_serves_is_not_started_for_ever(root: Path) -> None:
    """Whatever kills it; here, its directions name a folder that is none."""
    values = {"RELEASES": root, "WORKERS": 2, "PORT": free_port()}
    environ = {**os.environ, **{f"REGISTERGRAF_{name}": str(value) for name, value in values.items()}}
    code = "import multiprocessing.spawn as spawn; spawn.get_preparation_data = lambda name: {'dir': 1}"
    command = [sys.executable, "-c", f"{code}\nfrom server.cli import main; main()", "serve"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("the serving process ended") == 3


def test_sighup_brings_up_another_and_lets_running_answers_finish(root: Path, server: Running) -> None:
    [old] = serving(server)
    conn = connection(server)
    conn.request("GET", ALL, headers={"Accept": "text/csv"})
    response = conn.getresponse()
    begun = response.read(1000)
    make_current(root, SECOND)
    server.process.send_signal(signal.SIGHUP)
    await_(lambda: len(serving(server)) == 2, server)
    assert server.get(ASK)[0] == 200
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
    await_(lambda: "keeping worker" in server.log.read_text(encoding="utf-8"), server)
    assert serving(server) == [old]
    assert FIRST in server.get("/ready")[2].decode()


def test_sighup_does_not_wait_for_ever_for_what_does_not_stop(root: Path) -> None:
    with running(root, root / "server.log", watch_seconds=0, stop_seconds=0) as server:
        [old] = serving(server)
        server.process.send_signal(signal.SIGHUP)
        await_(lambda: len(serving(server)) == 2, server)
        os.kill(old, signal.SIGSTOP)
        await_(lambda: not exists(old), server)
        assert "does not stop and is killed" in server.log.read_text(encoding="utf-8")
        assert server.get(ASK)[0] == 200
        assert old not in serving(server)


def test_a_stopped_serving_process_is_replaced_after_one_silence(root: Path, tmp_path: Path) -> None:
    code = """
import server.operations.serve
from uvicorn.supervisors.multiprocess import Process
server.operations.serve.HEALTH_SECONDS = 3
ask = Process._healthcheck
def told(self, timeout):
    answer = ask(self, timeout)
    if answer is None:
        print("silent", flush=True)
    return answer
Process._healthcheck = told
from server.cli import main
main()
"""
    values = {"RELEASES": root, "WORKERS": 2, "PORT": free_port()}
    environ = {**os.environ, **{f"REGISTERGRAF_{name}": str(value) for name, value in values.items()}}
    command = [sys.executable, "-c", code, "serve"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)
    server = Running(f"http://127.0.0.1:{values['PORT']}", process, tmp_path / "log")
    try:
        await_ready(server)
        [old] = serving(server)
        os.kill(old, signal.SIGSTOP)
        await_(lambda: not exists(old), server)
        assert server.get(ASK)[0] == 200
    finally:
        process.terminate()
        process.wait(20)
    said = server.log.read_text(encoding="utf-8").splitlines()
    assert said.count("silent") == 1
    assert any("ended (exit code -9)" in line for line in said)


def test_the_serving_process_does_not_import_the_command_line(root: Path, tmp_path: Path) -> None:
    """It would add a second to every start."""
    script = tmp_path / "registergraf"
    script.write_text("print('imported', flush=True)\nfrom server.cli import main\nif __name__ == '__main__': main()")
    values = {"RELEASES": root, "WORKERS": 2, "PORT": free_port()}
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    environ |= {f"REGISTERGRAF_{name}": str(value) for name, value in values.items()}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, str(script), "serve"], cwd=ROOT, env=environ, stdout=log)
    server = Running(f"http://127.0.0.1:{values['PORT']}", process, tmp_path / "log")
    try:
        await_ready(server)
    finally:
        process.terminate()
        process.wait(20)
    assert server.log.read_text(encoding="utf-8").count("imported") == 1


def test_one_process_serves_whatever_signal_comes(server: Running) -> None:
    [old] = serving(server)
    for number in (signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1):
        server.process.send_signal(number)
    time.sleep(1.5)
    assert serving(server) == [old]
    assert server.get(ASK)[0] == 200


def test_the_serving_process_ends_with_its_supervisor(server: Running) -> None:
    """Killed, it can tell nobody; the port is free and no query worker is left all the same."""
    [pid] = serving(server)
    workers = descendants(pid)
    port = urlsplit(server.url).port or 0
    server.process.kill()
    server.process.wait()
    await_(lambda: not exists(pid) and not any(exists(worker) for worker in workers), server)
    assert len(workers) > 4
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
