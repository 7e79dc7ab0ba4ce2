"""Section: a result of a gigabyte, read fast and read slowly, and what the web process holds meanwhile."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.bench.client import JSON, PIECE
from tests.bench.cube import Size
from tests.bench.dataset import Workplace
from tests.bench.endpoint import INDICATORS
from tests.bench.measurement import OURS, Section
from tests.bench.process import descendants, resident, status
from tests.bench.servers import Server, ours

GIGABYTE = 1_000_000_000
SLOW_BYTES, SLOW_PAUSE = 20_000_000, 0.05  # read so much, with so many seconds between two pieces
DEADLINE = 600
QUERY = f"""PREFIX cube: <https://w3id.org/registergraf/id/synthetic-cube/>
SELECT ?s ?p ?o ?other WHERE {{ ?s ?p ?o . ?other a cube:Municipality }} LIMIT {GIGABYTE // 300}"""


def run(workplace: Workplace) -> Section:
    """Target: bounded memory in the web process, however large the result."""
    section = Section("streaming", "A result of 1 GB, JSON")
    release = workplace.with_cube(INDICATORS, Size())
    settings = {"timeout": DEADLINE, "timeout_cap": DEADLINE}
    with tempfile.TemporaryDirectory() as folder, ours(release, Path(folder), **settings) as server:
        web = web_process(server)
        _measure(section, "read at once", server, web, most=None)
        _measure(section, "read slowly", server, web, most=SLOW_BYTES)
    return section


def web_process(server: Server) -> int:
    """The process that speaks HTTP: the child of the supervising one that holds most."""
    children = [pid for pid in descendants(server.process.pid) if status(pid).get("PPid") == str(server.process.pid)]
    return max(children, key=resident)


def _measure(section: Section, case: str, server: Server, web: int, *, most: int | None) -> None:
    peak, done = [resident(web)], threading.Event()
    before = peak[0]

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], resident(web))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        size = _read(server, most)
    finally:
        done.set()
        watcher.join()
    seconds = time.perf_counter() - began
    section.add(f"{case}: read", OURS, "MB", [size / 1e6])
    section.add(f"{case}: speed", OURS, "MB/s", [size / 1e6 / seconds])
    section.add(f"{case}: web process before", OURS, "MiB (RSS)", [before])
    section.add(f"{case}: web process at most", OURS, "MiB (RSS)", [peak[0]])


def _read(server: Server, most: int | None) -> int:
    """Read the whole result, or slowly until `most` bytes and then leave; the number of bytes."""
    parts = urlsplit(server.endpoint)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=DEADLINE)
    connection.request("GET", f"{parts.path}?query={quote(QUERY)}", headers={"Accept": JSON})
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"The large query failed: {response.status} {response.read(500)!r}")
    size = 0
    while piece := response.read(PIECE):
        size += len(piece)
        if most is not None:
            time.sleep(SLOW_PAUSE)
            if size >= most:
                break
    connection.close()
    return size
