"""Section: how long every kind of page takes at a warm server, how large it is, and how soon suggestions come."""

from __future__ import annotations

import gzip
import http.client
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

from loader.release.manifest import Release
from tests.bench.dataset import Workplace
from tests.bench.measurement import OURS, Section
from tests.bench.servers import ours

RUNS = 9
SYNTHETIC = 10_000
SHIPPED_MS, SYNTHETIC_MS, TYPED_MS, BYTES = 50, 150, 30, 60_000
KINDS = (
    *("/", "/answers?group=older-people&area=elderly-care", "/explore", "/registers", "/indicators", "/variables"),
    *("/conceptual-variables", "/target-groups", "/provisions", "/kpis", "/municipalities", "/discrepancies"),
    *("/documents", "/search?q=rikstroke", "/compare", "/figures", "/query", "/request", "/limits", "/exports/gaps"),
    *("/check", "/about", "/ns", "/shapes", "/guides/analyst", "/api", "/changes.atom", "/nowhere"),
)
SHIPPED_ALONE = (
    *("/answers?group=older-people&area=elderly-care&municipality=0180", "/indicators?group=older-people"),
    *("/id/register/riksstroke", "/id/register/patientregistret", "/id/indicator/skr-2022-t04-r1"),
    *("/id/variable/hakir.ort", "/id/target-group/older-people", "/id/provision/sol-2025.k8p2"),
    *("/id/legal-act/sol-2025", "/id/service/coverage-analysis", "/id/document/skr-2022", "/limits/riksstroke"),
    *("/compare?registers=riksstroke&registers=rikshoft", "/request?register=riksstroke"),
)
TYPED = ("riksstroke", "hemtjänst", "äldreomsorg", "demens", "säbo", "funktionsnedsättning")


def run(workplace: Workplace) -> Iterable[Section]:
    """The shipped release, then the synthetic one of 10,000 indicators."""
    title = f"Pages of the shipped release, warm; target: under {SHIPPED_MS} ms and {BYTES // 1000} kB, compressed"
    yield _measured(workplace.shipped(), Section("pages", title), (*KINDS, *SHIPPED_ALONE))
    title = f"Pages of a synthetic release of {SYNTHETIC} indicators, warm; target: under {SYNTHETIC_MS} ms"
    yield _measured(workplace.built(SYNTHETIC), Section("pages-synthetic", title), KINDS)


def _measured(release: Release, section: Section, paths: Sequence[str]) -> Section:
    with tempfile.TemporaryDirectory() as folder, ours(release, Path(folder), rate_per_minute=0) as server:
        client = http.client.HTTPConnection(urlsplit(server.endpoint).netloc, timeout=300)
        fresh = (str(number) for number in count())
        _time(client, "/", next(fresh))  # reads the catalogue and makes the index, once for each release
        _time(client, "/search?q=a", next(fresh))
        for path in paths:
            _time(client, path, next(fresh))
            taken = [_time(client, path, next(fresh)) for _run in range(RUNS)]
            size = max(size for _ms, size in taken)
            section.add(path, OURS, "ms", [ms for ms, _size in taken], f"{size} bytes, compressed")
        section.add("each letter typed (p95)", OURS, "ms", [_typed(client, fresh)], f"target: under {TYPED_MS} ms")
        client.close()
    return section


def _typed(client: http.client.HTTPConnection, fresh: Iterable[str]) -> float:
    """The 95th percentile over suggestions for every beginning of the words, from two letters on."""
    beginnings = [word[:end] for word in TYPED for end in range(2, len(word) + 1)]
    times = [
        _time(client, f"/search/suggest?q={quote(text)}", one)[0] for text, one in zip(beginnings, fresh, strict=False)
    ]
    return sorted(times)[int(len(times) * 0.95)]


def _time(client: http.client.HTTPConnection, path: str, fresh: str) -> tuple[float, int]:
    """Milliseconds and compressed bytes of a page that no cache has: each address is asked once."""
    address = f"{path}{'&' if '?' in path else '?'}lang=sv&fresh={fresh}"
    begun = time.perf_counter()
    client.request("GET", address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    reply = client.getresponse()
    body = reply.read()
    taken = (time.perf_counter() - begun) * 1000
    coded = reply.headers.get("Content-Encoding") == "gzip"
    return taken, len(body) if coded else len(gzip.compress(body))
