"""What the platform enforces or stores for the embedded engine: no network, and the on-disk store."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from loader.release.manifest import Release
from server.engine.interface import EngineError, QueryFailed, TimedOut
from server.engine.pool.embedded import EmbeddedEngine
from server.engine.pool.sandbox import ENFORCED
from tests.server.engine.asking import RUNAWAY, body, count, request, rows
from tests.server.engine.conftest import LIMITS


@pytest.fixture
def listener() -> socket.socket:
    """A loopback port that notes whether anybody connects."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.5)
    return server


def test_service_cannot_reach_even_this_machine(own_engine: EmbeddedEngine, listener: socket.socket) -> None:
    assert own_engine.status().sandbox == ENFORCED
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    with pytest.raises(QueryFailed, match="denied"):
        own_engine.query(request(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"))
    assert rows(own_engine, f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}") == [{}]
    with pytest.raises(QueryFailed):
        own_engine.query(request("SELECT * { SERVICE <http://localhost/sparql> { ?s ?p ?o } }"))
    with listener, pytest.raises(TimeoutError):
        listener.accept()


def test_without_seccomp_the_status_says_so(
    release: Release, listener: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken pyseccomp, found first by the fork server; and the listener's own check is seen to notice a caller."""
    (tmp_path / "pyseccomp.py").write_text("raise RuntimeError('Unable to find libseccomp')\n")
    monkeypatch.syspath_prepend(tmp_path)
    engine = EmbeddedEngine(release, LIMITS)
    assert engine.status().sandbox.startswith("unavailable: Unable to find libseccomp. Install libseccomp2")
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    with ThreadPoolExecutor(1) as threads, listener:
        asking = threads.submit(body, engine, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", timeout=1)
        listener.accept()[0].close()
        assert isinstance(asking.exception(timeout=10), EngineError)
    engine.close()


def test_a_release_over_the_limit_is_served_from_disk(release: Release, empty_folder: Path) -> None:
    limits = replace(LIMITS, disk_above_mb=0, cache_dir=empty_folder)
    for _ in range(2):
        engine = EmbeddedEngine(release, limits)
        assert engine.status().storage == "disk"
        assert engine.status().sandbox == ENFORCED
        assert count(engine) == 260
        assert "Register" in body(engine, "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
        with pytest.raises(TimedOut):
            engine.query(request(RUNAWAY, timeout=0.5))
        assert count(engine) == 260
        engine.close()
        stores = [entry for entry in empty_folder.iterdir() if entry.is_dir()]
        assert [store.name.rsplit("-", 1)[0].startswith("first-") for store in stores] == [True]


def test_an_on_disk_store_that_cannot_be_built_is_an_error_and_leaves_nothing(
    tmp_path: Path, empty_folder: Path
) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "graph.nq").write_text("<http://e/s> oops\n")
    (tmp_path / "release" / "manifest.json").write_text("{}")
    limits = replace(LIMITS, disk_above_mb=0, cache_dir=empty_folder)
    with pytest.raises(EngineError, match="could not be built"):
        EmbeddedEngine(Release("x", tmp_path / "release", {}), limits)
    assert [entry.name for entry in empty_folder.iterdir() if entry.is_dir()] == []
