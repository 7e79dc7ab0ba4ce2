"""Processes: a command's time and peak memory, and what a running tree of processes holds."""

from __future__ import annotations

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


class CommandFailed(Exception):  # noqa: N818 - says what happened
    """A measured command ended with an unexpected exit code; the message holds the end of its output."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Wall and processor time in seconds, peak resident memory of the largest process in MiB."""

    wall: float
    cpu: float
    peak_mib: float
    output: str


def measure(command: Sequence[str], *, cwd: Path, codes: frozenset[int] = frozenset({0})) -> Usage:
    """Run a command to its end; CommandFailed when its exit code is not among `codes`."""
    read, write = os.pipe()
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=write, stderr=write, stdin=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read, "r", encoding="utf-8", errors="replace") as stream:
        output = stream.read()
    _, status, spent = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Usage(wall, spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024, output)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a tree of processes holds: their number, open descriptors, proportional and resident memory in MiB."""

    processes: int
    descriptors: int
    pss_mib: float
    rss_mib: float


def holding(root: int) -> Holding:
    """What the process `root` and its descendants hold now."""
    members = [root, *descendants(root)]
    return Holding(
        processes=sum(1 for pid in members if status(pid)),
        descriptors=sum(descriptors(pid) for pid in members),
        pss_mib=sum(_pss(pid) for pid in members),
        rss_mib=sum(resident(pid) for pid in members),
    )


def descendants(root: int) -> list[int]:
    """Every process below `root`, by the parents that /proc names."""
    children: Mapping[int, list[int]] = defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdecimal() and (fields := status(int(entry))):
            children[int(fields["PPid"])].append(int(entry))
    found: list[int] = []
    queue = [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def status(pid: int) -> dict[str, str]:
    """/proc/PID/status, empty when the process has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def resident(pid: int) -> float:
    """Resident memory in MiB."""
    return int(status(pid).get("VmRSS", "0 kB").split()[0]) / 1024


def descriptors(pid: int) -> int:
    """How many descriptors a process has open."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _pss(pid: int) -> float:
    """Memory in MiB, shared pages divided among those that share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
