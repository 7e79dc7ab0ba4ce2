"""`make soak`: load the server for SOAK_MINUTES (5) and see that memory, descriptors and processes come back.

Exit code 0 when nothing has grown, 1 when something has or a client met what it should not.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.dataset import Workplace
from tests.bench.process import Holding, holding
from tests.bench.servers import ours
from tests.soak.traffic import Traffic

EVERY = 2.0  # seconds between two looks
SETTLING = 5.0  # seconds before the first look, and from the end of traffic to the last
GROWTH, SLACK_MIB, SLACK = 0.10, 24, 8  # what the last third may have over the second: share, MiB, count


def main() -> int:
    """Run and judge."""
    minutes = float(os.environ.get("SOAK_MINUTES", "5"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        release = Workplace(folder).shipped()
        with ours(release, folder, cache_mb=8, memory_mb=128) as server:
            time.sleep(SETTLING)  # ready with the first worker; the others are still being born
            idle = holding(server.process.pid)
            traffic = Traffic(server.endpoint, seed=1)
            seen = _watch(traffic, server.process.pid, minutes * 60)
            time.sleep(SETTLING)
            left = holding(server.process.pid)
    for kind, count in sorted(traffic.counts.items()):
        print(f"{count:>9}  {kind}")
    print(f"idle before: {_show(idle)}\nidle after:  {_show(left)}")
    faults = [*_growth(seen), *_remains(idle, left), *sorted(set(traffic.unexpected))]
    for fault in faults:
        print(f"soak: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _watch(traffic: Traffic, root: int, seconds: float) -> list[Holding]:
    seen = []
    traffic.start()
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(EVERY)
            seen.append(holding(root))
    finally:
        traffic.stop()
    return seen


def _growth(seen: Sequence[Holding]) -> list[str]:
    """What the last third of the run holds more than the second third; the first is for warming up."""
    third = len(seen) // 3
    if not third:
        return ["too short: nothing was watched; give SOAK_MINUTES a larger number"]
    middle, last = seen[third : 2 * third], seen[2 * third :]
    found = []
    for field, slack in (("pss_mib", SLACK_MIB), ("descriptors", SLACK), ("processes", SLACK)):
        before, after = (statistics.median(getattr(one, field) for one in part) for part in (middle, last))
        print(f"{field}: median {before:.0f} in the second third, {after:.0f} in the last")
        if after > before * (1 + GROWTH) + slack:
            found.append(f"{field} has grown from {before:.0f} to {after:.0f}")
    return found


def _remains(idle: Holding, left: Holding) -> list[str]:
    """What is still there when traffic has ended; memory may have grown once, by caches that are bounded."""
    found = []
    if left.processes > idle.processes:
        found.append(f"{left.processes - idle.processes} processes are left over")
    if left.descriptors > idle.descriptors + SLACK:
        found.append(f"{left.descriptors - idle.descriptors} descriptors are left open")
    if left.pss_mib > idle.pss_mib * 1.5 + 2 * SLACK_MIB:
        found.append(f"memory is {left.pss_mib:.0f} MiB after {idle.pss_mib:.0f} MiB")
    return found


def _show(one: Holding) -> str:
    return f"{one.pss_mib:.0f} MiB (PSS), {one.descriptors} descriptors, {one.processes} processes"


if __name__ == "__main__":
    sys.exit(main())
