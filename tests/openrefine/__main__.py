"""`make openrefine`: OpenRefine (Debian's 3.6.2), driven by orcli, reconciles names of registers and adds two columns.

Exit code 1 when fewer than nine in ten names get their register, or a column stays empty; 2 without OpenRefine.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orcli import Refine

from tests.server.running import free_port

ROOT = Path(__file__).parents[2]
NAMES = ROOT / "tests" / "server" / "search" / "names.csv"
REGISTERGRAF = (sys.executable, "-c", "from server.cli import main; main()", "serve")
SPACES = {
    "identifierSpace": "https://w3id.org/registergraf/id/",
    "schemaSpace": "https://w3id.org/registergraf/ns#",
}
SECONDS = 120


def main() -> int:
    """Run it, and print what came of it."""
    if shutil.which("openrefine") is None:
        print("openrefine is not installed: apt-get install openrefine", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder, ports = Path(name), (free_port(), free_port())
        refine = ("openrefine", "-i", "127.0.0.1", "-p", str(ports[1]), "-d", str(folder), "-x", "refine.headless=true")
        with _running(REGISTERGRAF, ports[0], "/health"), _running(refine, ports[1], "/command/core/get-version"):
            return _judge(_reconciled(folder, f"http://127.0.0.1:{ports[0]}/reconcile", f"http://127.0.0.1:{ports[1]}"))


@contextmanager
def _running(command: tuple[str, ...], port: int, path: str) -> Iterator[None]:
    """A server that answers at a path, ended with its children afterwards."""
    more = {"REGISTERGRAF_PORT": str(port), "REGISTERGRAF_WORKERS": "2", "REGISTERGRAF_ACCESS_LOG": ""}
    environment = {**os.environ, **more, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _await(f"http://127.0.0.1:{port}{path}")
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait(SECONDS)


def _await(address: str) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _reconciled(folder: Path, service: str, openrefine: str) -> list[dict[str, str]]:
    """The rows with `asked`, `right`, and what OpenRefine made of them: `id`, `best`, start year and controller."""
    rows = [row for row in csv.DictReader(NAMES.read_text(encoding="utf-8").splitlines()) if row["type"] == "register"]
    with (folder / "names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["asked", "right"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    client = Refine(openrefine)
    client.create_project(str(folder / "names.csv"), "names")
    client.apply_operations(_operations(service), wait=True)
    client.export_data(str(folder / "out.tsv"), "tsv")
    with (folder / "out.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _operations(service: str) -> list[dict[str, Any]]:
    config = {
        "mode": "standard-service",
        "service": service,
        **SPACES,
        "type": {"id": "Register", "name": "Register"},
        "autoMatch": True,
        "columnDetails": [],
        "limit": 5,
    }
    properties = [{"id": "rg:startYear", "name": "year"}, {"id": "dpv:hasDataController", "name": "controller"}]
    engine = {"facets": [], "mode": "row-based"}
    column = {"engineConfig": engine, "baseColumnName": "asked", "columnInsertIndex": 1, "onError": "set-to-blank"}
    return [
        {"op": "core/recon", "engineConfig": engine, "columnName": "asked", "config": config},
        {
            "op": "core/extend-reconciled-data",
            "engineConfig": engine,
            "baseColumnName": "asked",
            "endpoint": service,
            **SPACES,
            "extension": {"properties": properties},
            "columnInsertIndex": 1,
        },
        {"op": "core/column-addition", **column, "newColumnName": "id", "expression": "grel:cell.recon.match.id"},
        {"op": "core/column-addition", **column, "newColumnName": "best", "expression": "grel:cell.recon.best.id"},
    ]


def _judge(rows: list[dict[str, str]]) -> int:
    rows = [row for row in rows if row["asked"]]  # further values of a property stand in rows of their own
    matched = [row for row in rows if row["id"]]
    right = [row for row in rows if row["best"] in row["right"].split("|")]
    wrong = [row["asked"] for row in matched if row["id"] not in row["right"].split("|")]
    names = [name for name in rows[0] if name not in ("asked", "right", "id", "best")]
    added = {name: sum(bool(row[name]) for row in rows) for name in names}
    print(f"{len(rows)} names: {len(right)} have their register first.")
    print(f"{len(matched)} are matched by themselves, {len(wrong)} of those wrong.")
    print("Columns added: " + ", ".join(f"{name} in {count} rows" for name, count in added.items()))
    return int(len(right) < 0.9 * len(rows) or bool(wrong) or not all(added.values()))


if __name__ == "__main__":
    sys.exit(main())
