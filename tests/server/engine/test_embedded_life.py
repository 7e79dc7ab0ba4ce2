"""Births, deaths and changes: crashes, a lost fork server, another release, the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from loader.release.manifest import Release, open_release
from server.engine.interface import Broken, Busy, Crashed, EngineError, TimedOut
from server.engine.pool.embedded import EmbeddedEngine
from tests.server.engine.asking import (
    ENDLESS,
    RUNAWAY,
    body,
    count,
    descendants,
    engine_processes,
    eventually,
    request,
)
from tests.server.engine.conftest import LIMITS


def fork_server_of(engine: EmbeddedEngine) -> int:
    """The fork server's process: the one child of this process that is one."""
    assert engine.status().workers
    return next(pid for pid in engine_processes() if descendants(pid))


def workers_of(engine: EmbeddedEngine) -> list[int]:
    """All of them: the engine is ready as soon as it has one."""
    assert eventually(lambda: engine.status().workers == LIMITS.workers)
    return list(descendants(fork_server_of(engine)))


def busy_worker(engine: EmbeddedEngine) -> int:
    """The worker whose processor time grows."""

    def ticks(pid: int) -> int:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11])

    pids = workers_of(engine)
    assert eventually(lambda: any(ticks(pid) > 5 for pid in pids))
    return max(pids, key=ticks)


def test_a_worker_that_is_killed_in_a_query_is_a_crash_and_replaced(own_engine: EmbeddedEngine) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(own_engine.query, request(RUNAWAY, timeout=60))
        os.kill(busy_worker(own_engine), signal.SIGKILL)
        with pytest.raises(Crashed, match="SIGKILL"):
            running.result(timeout=10)
    assert eventually(lambda: own_engine.status().workers == 3)
    assert own_engine.status().restarts == {"crash": 1}
    assert count(own_engine) == 260


def test_a_worker_that_is_killed_in_mid_answer_breaks_it(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
    for pid in workers_of(own_engine):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(Broken, match="SIGKILL"):
        list(chunks)
    assert eventually(lambda: own_engine.status().workers == 3)


def test_idle_workers_that_are_killed_cost_no_query(own_engine: EmbeddedEngine) -> None:
    for _ in range(3):
        for pid in workers_of(own_engine):
            os.kill(pid, signal.SIGKILL)
        assert count(own_engine) == 260


def test_a_query_that_overflows_the_stack_is_a_crash(own_engine: EmbeddedEngine) -> None:
    with pytest.raises(Crashed):
        own_engine.query(request("SELECT * { " + "{" * 200_000 + "}" * 200_000 + " }", timeout=60))
    assert eventually(lambda: own_engine.status().workers == 3)
    assert count(own_engine) == 260


def bindings(number: int) -> str:
    return "ASK { " + "".join(f"BIND({each} AS ?v{each}) " for each in range(number)) + "}"


def terms(number: int) -> str:
    return "ASK { FILTER(0 < " + " + ".join(["1"] * number) + ") }"


# A stack of the usual size overflows at 3,000 bindings and at 10,000 terms; the time grows with the square.
@pytest.mark.parametrize(
    "query",
    [
        pytest.param(bindings(3500), id="bindings"),
        pytest.param(terms(12_000), id="terms"),
        pytest.param(bindings(6000), id="more-bindings", marks=pytest.mark.soak),
        pytest.param(terms(20_000), id="more-terms", marks=pytest.mark.soak),
    ],
)
def test_a_long_chain_does_not_overflow_the_stack(own_engine: EmbeddedEngine, query: str) -> None:
    assert body(own_engine, query, timeout=60) == '{"head":{},"boolean":true}'


def test_the_engine_recovers_when_its_fork_server_is_killed(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
    workers = workers_of(own_engine)
    os.kill(fork_server_of(own_engine), signal.SIGKILL)
    with pytest.raises(Broken, match="fork server"):
        list(chunks)
    assert eventually(lambda: not set(workers) & set(engine_processes()))
    assert count(own_engine, timeout=30) == 260
    assert own_engine.status().restarts == {"lost": 3}
    assert own_engine.status().ready


def test_a_stopped_worker_does_not_hold_the_query_beyond_its_deadline(own_engine: EmbeddedEngine) -> None:
    for pid in workers_of(own_engine):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimedOut):
        own_engine.query(request("ASK {}", timeout=0.3))
    assert eventually(lambda: own_engine.status().restarts.get("closed") == 1)


def test_another_release_is_answered_from_at_once_and_old_answers_end_well(
    own_engine: EmbeddedEngine, other_release: Release
) -> None:
    two_rows_each = "SELECT ?s ?p ?o ?p2 { ?s ?p ?o . ?s ?p2 ?o2 . ?x ?y ?z }"
    old = own_engine.query(request(two_rows_each, "text/csv", timeout=60)).chunks
    assert own_engine.release == "1.0.0-000000000001"
    server = fork_server_of(own_engine)
    own_engine.switch(other_release)
    assert own_engine.release == own_engine.status().release == "1.0.0-000000000002"
    assert count(own_engine) == 273
    assert server in engine_processes()
    assert sum(chunk.count(b"\n") for chunk in old) > 100_000
    assert eventually(lambda: server not in engine_processes())


def test_no_query_fails_while_releases_change(
    own_engine: EmbeddedEngine, release: Release, other_release: Release
) -> None:
    stop = threading.Event()

    def ask() -> set[int]:
        seen = set()
        while not stop.is_set():
            seen.add(count(own_engine))
        return seen

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        for next_release in (other_release, release, other_release):
            own_engine.switch(next_release)
        stop.set()
        assert set().union(*(future.result(timeout=20) for future in asking)) == {260, 273}


def test_a_release_that_cannot_be_loaded_changes_nothing(own_engine: EmbeddedEngine, tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text("<http://e/s> oops\n")
    damaged = Release("broken", tmp_path, {})
    with pytest.raises(EngineError, match=r"broken cannot be loaded: .*line 1"):
        own_engine.switch(damaged)
    assert own_engine.release == "1.0.0-000000000001"
    assert count(own_engine) == 260
    assert eventually(lambda: len(engine_processes()) == 1 + 3)


def test_a_first_release_that_cannot_be_loaded_is_an_error(tmp_path: Path) -> None:
    before = set(engine_processes())
    with pytest.raises(EngineError, match="cannot be loaded"):
        EmbeddedEngine(Release("none", tmp_path, {}), LIMITS)
    assert set(engine_processes()) == before


def test_close_leaves_nothing_behind(release: Release, other_release: Release) -> None:
    processes, files = set(engine_processes()), len(os.listdir("/proc/self/fd"))
    threads = threading.active_count()
    engine = EmbeddedEngine(release, LIMITS)
    chunks = engine.query(request(ENDLESS, timeout=60)).chunks
    engine.switch(other_release)
    second = engine.query(request(ENDLESS, timeout=60)).chunks
    engine.close()
    engine.close()
    for answer in (chunks, second):
        with pytest.raises(Broken):
            list(answer)
    with pytest.raises(Crashed, match="closed"):
        engine.query(request("ASK {}"))
    assert set(engine_processes()) == processes
    assert len(os.listdir("/proc/self/fd")) == files
    assert threading.active_count() == threads


def open_files(pid: int) -> int:
    """How many descriptors a process has when it is at rest: the fork server closes its end of a worker's socket just
    after it has told of the birth, so a moment is needed until the number stays the same.
    """
    found = [-1]

    def stays() -> bool:
        time.sleep(0.1)
        found.append(len(os.listdir(f"/proc/{pid}/fd")))
        return len(set(found[-3:])) == 1

    assert eventually(stays)
    return found[-1]


def test_sixty_deaths_leak_nothing(own_engine: EmbeddedEngine) -> None:
    assert eventually(lambda: own_engine.status().workers == 3)
    both = (os.getpid(), fork_server_of(own_engine))
    files = [open_files(pid) for pid in both]
    for _ in range(60):
        own_engine.query(request(ENDLESS, timeout=60)).chunks.close()
    assert eventually(lambda: own_engine.status().workers == 3)
    assert eventually(lambda: len(engine_processes()) == 1 + 3 and "Z" not in engine_processes().values())
    assert [open_files(pid) for pid in both] == files


def holds_four(pid: int) -> bool:
    return len(os.listdir(f"/proc/{pid}/fd")) == 4


def test_workers_hold_only_their_own_socket(own_engine: EmbeddedEngine) -> None:
    for pid in workers_of(own_engine):
        assert eventually(partial(holds_four, pid))


def test_a_worker_grown_large_is_replaced_after_its_answer(release: Release) -> None:
    engine = EmbeddedEngine(release, replace(LIMITS, retire_mb=1))
    grouped = "SELECT ?a ?x ?b ?c (COUNT(*) AS ?n) {?a ?x ?b . ?c ?y ?d} GROUP BY ?a ?x ?b ?c"
    assert body(engine, grouped, "text/csv").count("\n") > 10_000
    assert eventually(lambda: engine.status().restarts == {"retired": 1})
    assert count(engine) == 260
    engine.close()


def test_a_long_query_yields_to_others(own_engine: EmbeddedEngine) -> None:
    chunks = own_engine.query(request(ENDLESS, timeout=60)).chunks
    assert eventually(lambda: any(os.getpriority(os.PRIO_PROCESS, pid) > 0 for pid in workers_of(own_engine)))
    chunks.close()
    assert eventually(lambda: all(os.getpriority(os.PRIO_PROCESS, pid) == 0 for pid in workers_of(own_engine)))


@pytest.mark.parametrize("moment", ["loading", "running"])
def test_nothing_outlives_the_web_process(release: Release, moment: str) -> None:
    """A process with an engine is killed; its fork server and workers, also the one at work, go with it."""
    script = (
        "import sys, time; from pathlib import Path; from loader.release.manifest import open_release\n"
        "from server.engine.pool.embedded import EmbeddedEngine; from server.engine.pool.pool import WorkerPool\n"
        "from server.engine.limits import EngineLimits; from collections import Counter\n"
        "from tests.server.engine.asking import RUNAWAY, request\n"
        "release, limits = open_release(Path(sys.argv[1])), EngineLimits(workers=3)\n"
        "if sys.argv[2] == 'loading': pool = WorkerPool(release, limits, Counter()); time.sleep(60)\n"
        "EmbeddedEngine(release, limits).query(request(RUNAWAY, timeout=60))\n"
    )
    web = subprocess.Popen([sys.executable, "-c", script, str(release.directory), moment])
    try:
        family = 1 if moment == "loading" else 4
        assert eventually(lambda: len(descendants(web.pid)) >= family)
        below = descendants(web.pid)
    finally:
        web.kill()
        web.wait()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in below))


def is_zombie(pid: int) -> bool:
    """Whether the process has ended and waits for its new parent, the machine's first process, to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_fork_server_that_cannot_start_is_an_error(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit(7)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EngineError, match="ends before it is ready"):
        EmbeddedEngine(release, LIMITS)
    assert engine_processes() == {}


def test_a_release_that_is_gone_for_a_while_is_loaded_again_when_it_is_back(
    other_release: Release, tmp_path: Path
) -> None:
    folder = tmp_path / "moving"
    shutil.copytree(other_release.directory, folder)
    engine = EmbeddedEngine(open_release(folder), LIMITS)
    folder.rename(tmp_path / "away")
    os.kill(fork_server_of(engine), signal.SIGKILL)
    assert eventually(lambda: not engine.status().ready)
    with pytest.raises(Busy, match="became free"):
        engine.query(request("ASK {}", timeout=1.5))
    (tmp_path / "away").rename(folder)
    assert count(engine, timeout=30) == 273
    engine.close()
