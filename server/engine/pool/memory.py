"""The memory of one process, read from /proc (Linux); elsewhere every figure is 0 and only the resource limit holds."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass

PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: `allocated` are resident anonymous pages (shared with a parent or not), `mapped` the private mappings."""

    allocated: int
    mapped: int


def memory_of(pid: int | str = "self") -> Memory:
    """Read /proc/PID/statm (about 10 µs); zeros when the process has gone or there is no /proc."""
    try:
        with open(f"/proc/{pid}/statm", "rb", buffering=0) as file:
            fields = file.read(128).split()
    except (FileNotFoundError, ProcessLookupError):
        return Memory(0, 0)
    if len(fields) < 6:
        return Memory(0, 0)
    return Memory(allocated=(int(fields[1]) - int(fields[2])) * PAGE, mapped=int(fields[5]) * PAGE)


def private_bytes() -> int:
    """What this process alone holds, also as copies of its parent's pages (takes milliseconds: it walks the pages)."""
    try:
        with open("/proc/self/smaps_rollup", "rb") as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Private"))
    except FileNotFoundError:
        return 0


def faulted_bytes() -> int:
    """An upper bound of the private bytes that this process has gained since its start (one system call)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt * PAGE


def exists(pid: int) -> bool:
    """Whether the process is there (a zombie is)."""
    return os.path.exists(f"/proc/{pid}")
