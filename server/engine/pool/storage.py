"""How a fork server keeps a release: in memory, shared with its workers, or on disk, opened read-only by each."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import RdfFormat, Store

DEFAULT_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class Storage:
    """`open` gives a worker its store, after the fork; `kind` is memory or disk."""

    kind: str
    open: Callable[[], Store]
    prefixes: dict[str, str]


def prepare(setup: dict[str, Any]) -> Storage:
    """Load the release folder `setup["directory"]`, into memory when graph.nq is within `setup["disk_above"]` bytes."""
    directory = Path(setup["directory"])
    graph = directory / "graph.nq"
    prefixes = prefixes_of(directory / "ontology.ttl")
    if graph.stat().st_size <= setup["disk_above"]:
        store = Store()
        store.bulk_load(path=graph, format=RdfFormat.N_QUADS)
        return Storage("memory", lambda: store, prefixes)
    path = disk_store(directory, Path(setup["cache_dir"]))
    return Storage("disk", lambda: Store.read_only(str(path)), prefixes)


def prefixes_of(ontology: Path) -> dict[str, str]:
    """The prefixes that the release's ontology.ttl declares, or the three standard ones when there is no such file."""
    if not ontology.exists():
        return DEFAULT_PREFIXES
    parser = pyoxigraph.parse(path=ontology, format=RdfFormat.TURTLE)
    next(parser, None)
    return DEFAULT_PREFIXES | dict(parser.prefixes)


def disk_store(directory: Path, cache: Path) -> Path:
    """The on-disk store of a release, built at first use; its folder is named after release, manifest and Oxigraph."""
    manifest = (directory / "manifest.json").read_bytes()
    version = re.sub(r"[^\w.-]", "_", directory.name)
    name = f"{version}-{hashlib.sha256(manifest).hexdigest()[:12]}-{pyoxigraph.__version__}"
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache / f"{name}.lock"):
        if not (cache / name).is_dir():
            _build(directory / "graph.nq", cache / name)
    return cache / name


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file, so that two servers that start at once build one store."""
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(graph: Path, target: Path) -> None:
    """Build a store beside its place and rename it; in a child process, since the store starts threads of its own."""
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        pid = os.fork()
        if pid == 0:
            _fill(graph, beside)
        _, status = os.waitpid(pid, 0)
        if status:
            raise OSError(f"The on-disk store of {graph} could not be built in {target.parent}; see the log above.")
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(graph: Path, folder: Path) -> None:
    """In the forked child: load and end."""
    code = 1
    try:
        store = Store(str(folder))
        store.bulk_load(path=graph, format=RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        del store
        os.sync()
        code = 0
    finally:
        os._exit(code)
