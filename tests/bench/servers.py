"""The server under measurement and its peers: each is started on a free loopback port with the data, and stopped."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from loader.release.manifest import Release
from tests.bench.dataset import ROOT, program
from tests.bench.measurement import OURS
from tests.server.running import free_port
from tests.virtuoso import COMMAND, configured

PATIENCE = 900.0  # seconds that a peer may take to load
OXIGRAPH, OXIGRAPH_DISK, RDFLIB, VIRTUOSO = "Oxigraph in memory", "Oxigraph on disk", "rdflib-endpoint", "Virtuoso"
DEBIAN = {"virtuoso-t": "virtuoso-opensource-7-bin", "isql-vt": "virtuoso-opensource-7-bin", "wrk": "wrk"}


class MissingPeer(Exception):  # noqa: N818 - says what is wrong
    """A program that is measured beside ours is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers queries at `endpoint`; `process` is the first of its processes."""

    name: str
    endpoint: str
    process: subprocess.Popen[bytes]
    loading: float


def find_program(name: str) -> str:
    """The path of a program; MissingPeer when it is not there."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        package = DEBIAN.get(name)
        how = f"apt-get install {package}" if package else "pip install -r requirements-bench.lock ('make bench' does)"
        raise MissingPeer(f"{name} is not installed, and nothing is measured without it: {how}")
    return found


@contextmanager
def ours(release: Release, folder: Path, **settings: object) -> Iterator[Server]:
    """`registergraf serve` over the release; its answers are not kept unless `cache_mb` is given."""
    port = free_port()
    values = {"releases": release.directory.parent, "rate_per_minute": 0, "cache_mb": 0, **settings}
    values = {"access_log": folder / "access.log", **values}
    environ = {**os.environ, **{f"REGISTERGRAF_{name.upper()}": str(value) for name, value in values.items()}}
    command = program("serve", "--port", str(port))
    ready = f"http://127.0.0.1:{port}/ready"
    with _running(OURS, command, folder, ready, environ=environ) as (process, loading):
        yield Server(OURS, f"http://127.0.0.1:{port}/sparql", process, loading)


@contextmanager
def oxigraph(release: Release, folder: Path, *, disk: bool = False, options: tuple[str, ...] = ()) -> Iterator[Server]:
    """An Oxigraph server with the union of the graphs as its default graph, as ours."""
    port, name = free_port(), OXIGRAPH_DISK if disk else OXIGRAPH
    server = [find_program("oxigraph"), "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}", *options]
    base = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    if disk:
        server += ["--location", str(folder / "oxigraph")]
        load = [server[0], "load", "--location", str(folder / "oxigraph"), "--file", str(release.graph)]
        subprocess.run(load, check=True, capture_output=True)
    with _running(name, server, folder, f"{base}/query?query=ASK%7B%7D") as (process, _):
        if not disk:
            _post(f"{base}/store", release.graph)
        yield Server(name, f"{base}/query", process, time.perf_counter() - began)


@contextmanager
def rdflib_endpoint(release: Release, folder: Path) -> Iterator[Server]:
    """rdflib-endpoint over rdflib's memory store."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.rdflib_server", str(release.graph), str(port)]
    url = f"http://127.0.0.1:{port}/"
    with _running(RDFLIB, command, folder, f"{url}?query=ASK%7B%7D") as (process, loading):
        yield Server(RDFLIB, url, process, loading)


@contextmanager
def virtuoso(release: Release, folder: Path) -> Iterator[Server]:
    """Virtuoso, filled by its bulk loader; its default graph is the union of all graphs, too."""
    command = [find_program("virtuoso-t"), *COMMAND]
    data = folder / "data"
    data.mkdir()
    (data / "graph.nq").symlink_to(release.graph.resolve())
    sql, http = configured(folder, threads=20, buffers=85_000, reads=(data, release.graph.parent.resolve()))
    (folder / "load.sql").write_text(VIRTUOSO_LOAD.format(data=data))
    url = f"http://127.0.0.1:{http}/sparql"
    began = time.perf_counter()
    with _running(VIRTUOSO, command, folder, f"{url}?query=ASK%7B%7D", cwd=folder) as (process, _):
        load = [find_program("isql-vt"), str(sql), "dba", "dba", "load.sql"]
        done = subprocess.run(load, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode:
            raise RuntimeError(f"Virtuoso cannot load {release.graph}: {done.stdout}{done.stderr}")
        yield Server(VIRTUOSO, url, process, time.perf_counter() - began)


Starter = Callable[[Release, Path], AbstractContextManager[Server]]
PEERS: Mapping[str, Starter] = {
    OXIGRAPH: oxigraph,
    OXIGRAPH_DISK: lambda release, folder: oxigraph(release, folder, disk=True),
    VIRTUOSO: virtuoso,
    RDFLIB: rdflib_endpoint,
}


@contextmanager
def _running(
    name: str,
    command: list[str],
    folder: Path,
    ready: str,
    *,
    environ: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    log = folder / "server.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        _await(name, ready, process, log)
        yield process, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(name: str, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500:
                return
        except (OSError, http.client.HTTPException):
            pass
        else:
            return
        time.sleep(0.02)
    raise RuntimeError(f"{name} did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _post(url: str, graph: Path) -> None:
    with graph.open("rb") as body:
        headers = {"Content-Type": "application/n-quads", "Content-Length": str(graph.stat().st_size)}
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")
        urllib.request.urlopen(request, timeout=PATIENCE).close()


VIRTUOSO_LOAD = """ld_dir('{data}', 'graph.nq', 'urn:nowhere');
rdf_loader_run();
checkpoint;
"""
