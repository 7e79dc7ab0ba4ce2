"""Section: what a small query feels while ten runaway queries run, how these end, and what memory is left behind."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tests.bench.client import Client, NoAnswer
from tests.bench.dataset import Workplace
from tests.bench.measurement import Section
from tests.bench.process import holding
from tests.bench.servers import OXIGRAPH, Server, ours, oxigraph

RUNAWAYS, DEADLINE = 10, 5
_PATTERNS = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(11))
CROSS_JOIN = f"SELECT (COUNT(*) AS ?n) WHERE {{ {_PATTERNS} }}"
STREAMING = f"SELECT ?s0 WHERE {{ {_PATTERNS} FILTER(?s0 = ?s10 && ?s0 != ?s10) }}"  # holds nothing, finds nothing
PAUSE = 0.01  # seconds between two small queries
SETTLING = 3.0  # seconds after the runaways before memory is looked at again
GIVEN_UP = 30.0


def run(workplace: Workplace) -> Section:
    """Targets: p99 of ASK under 200 ms, every runaway ends with 503 within its deadline and a second."""
    title = f"Ten 11-way cross joins (deadline {DEADLINE} s) beside ASK {{}}, shipped release"
    section = Section("isolation", title)
    release = workplace.shipped()
    with tempfile.TemporaryDirectory() as folder, ours(release, Path(folder)) as server:
        _under_load(section, server, f"&timeout={DEADLINE}")
    options = ("--timeout-s", str(DEADLINE))
    with tempfile.TemporaryDirectory() as folder, oxigraph(release, Path(folder), options=options) as server:
        _under_load(section, server, "")
    section.remarks.append(f"{OXIGRAPH} runs with --timeout-s {DEADLINE}; clients give up after {GIVEN_UP:.0f} s.")
    return section


def _under_load(section: Section, server: Server, extra: str) -> None:
    name = server.name
    asking = Client(server.endpoint)
    quiet = [_ask(asking) for _ in range(300)]
    before = holding(server.process.pid)
    ended = threading.Event()
    with ThreadPoolExecutor(RUNAWAYS) as pool:
        runaways = [pool.submit(_run_away, server.endpoint, extra, n) for n in range(RUNAWAYS)]
        threading.Thread(target=_wait, args=(runaways, ended), daemon=True).start()
        loaded = []
        while not ended.is_set():
            loaded.append(_ask(asking))
            time.sleep(PAUSE)
    time.sleep(SETTLING)
    after = holding(server.process.pid)
    section.add("ASK, quiet: p99", name, "ms", [_p99(quiet)])
    section.add("ASK beside runaways: median", name, "ms", [sorted(loaded)[len(loaded) // 2]])
    section.add("ASK beside runaways: p99", name, "ms", [_p99(loaded)], f"({len(loaded)} asked)")
    section.add("ASK beside runaways: slowest", name, "ms", [max(loaded)])
    results = [one.result() for one in runaways]
    section.add("runaway: latest end", name, "s", [max(seconds for _, seconds in results)])
    refused = sum(end.startswith("503") for end, _ in results)
    ends = ", ".join(f"{number} × {end}" for end, number in sorted(Counter(end for end, _ in results).items()))
    section.add(f"runaways ended by 503, of {RUNAWAYS}", name, "", [refused], f"({ends})")
    section.add("memory before", name, "MiB (PSS)", [before.pss_mib])
    section.add("memory 3 s after", name, "MiB (PSS)", [after.pss_mib])
    section.add("processes before", name, "", [before.processes])
    section.add("processes after", name, "", [after.processes])


def _ask(client: Client) -> float:
    return 1000 * client.ask("ASK {}").whole


def _run_away(endpoint: str, extra: str, number: int) -> tuple[str, float]:
    """How one runaway ended (status and problem, or that it was cut or given up), and after how many seconds."""
    client = Client(endpoint, GIVEN_UP)
    began = time.perf_counter()
    try:
        client.ask((CROSS_JOIN, STREAMING)[number % 2], extra=extra)
        end = "200"
    except NoAnswer as error:
        slug = re.search(r'"type": ?"[^"]*[/#:]([\w-]+)"', error.text)
        end = f"{error.status} {slug[1] if slug else ''}".strip() if error.status else "cut or given up"
    finally:
        client.close()
    return end, time.perf_counter() - began


def _wait(runaways: list[Future[tuple[str, float]]], ended: threading.Event) -> None:
    for one in runaways:
        one.exception()
    ended.set()


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
