"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "httptools",
    "owlrl",
    "oxigraph",
    "pyoxigraph",
    "pyrudof",
    "pyshacl",
    "rdflib",
    "rdflib-endpoint",
    "granian",
)


def describe(root: Path) -> dict[str, Any]:
    """Processor, memory, kernel, Python, packages, and the commit of the code."""
    return {
        "processor": _field("/proc/cpuinfo", "model name"),
        "processors": os.cpu_count(),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "commit": _commit(root),
        "load": load(),
    }


def load() -> list[float]:
    """The load averages over 1, 5 and 15 minutes: what else the machine was doing."""
    return [round(value, 2) for value in os.getloadavg()]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a peer, which the sections at hand did not need
        return "not installed"


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def _commit(root: Path) -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
