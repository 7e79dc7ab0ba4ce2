"""Section: how soon `registergraf serve` is ready on the shipped release."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.dataset import Workplace
from tests.bench.measurement import OURS, Section
from tests.bench.servers import OXIGRAPH, ours, oxigraph

RUNS = 5


def run(workplace: Workplace) -> Section:
    """From the command to the first 200 of /ready, and for Oxigraph to the loaded release; target: under 2 s."""
    section = Section("start", "Start on the shipped release, until ready")
    release = workplace.shipped()
    for name, start in ((OURS, ours), (OXIGRAPH, oxigraph)):
        times = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder, start(release, Path(folder)) as server:
                times.append(server.loading)
        section.add("until ready", name, "s", times)
    return section
