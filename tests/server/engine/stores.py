"""Real stores that the tests start: the Oxigraph server and Virtuoso, each on a free loopback port, empty."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.engine.remote.graph_store import Addresses
from tests.programs import require_program
from tests.server.running import free_port
from tests.virtuoso import COMMAND, configured

START = 60.0  # seconds

# The public user of Virtuoso's endpoint may write: this server is for one test run, on this machine.
VIRTUOSO_RIGHTS = """GRANT SPARQL_UPDATE TO "SPARQL";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);
"""


@dataclass(frozen=True, slots=True)
class RunningStore:
    """A store that runs: `query` is its endpoint, `addresses` all of them."""

    name: str
    addresses: Addresses
    process: subprocess.Popen[bytes]

    @property
    def query(self) -> str:
        """The SPARQL endpoint."""
        return self.addresses.query


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the endpoint answers; fails with the server's own words."""
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The store at {url} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that may be in the midst of something."""
    process.kill()
    process.wait()


@contextmanager
def running_oxigraph(folder: Path, *options: str) -> Iterator[RunningStore]:
    """An Oxigraph server in memory."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    assert program.exists(), "oxigraph is not installed: pip install -r requirements-dev.lock"
    log = folder / "oxigraph.log"
    with log.open("wb") as output:
        command = [str(program), "serve", "--bind", f"127.0.0.1:{port}", *options]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/query", process, log)
        yield RunningStore("oxigraph", Addresses(f"{base}/query", f"{base}/update", f"{base}/store"), process)
    finally:
        stop(process)


@contextmanager
def running_virtuoso(folder: Path) -> Iterator[RunningStore]:
    """A Virtuoso whose SPARQL endpoint takes writes."""
    program = require_program("virtuoso-t")
    sql, http = configured(folder, threads=10, buffers=10_000)
    (folder / "rights.sql").write_text(VIRTUOSO_RIGHTS)
    process = subprocess.Popen(
        [program, *COMMAND],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"]},
    )
    try:
        base = f"http://127.0.0.1:{http}"
        wait_for(f"{base}/sparql", process, folder / "virtuoso.log")
        subprocess.run(
            ["isql-vt", str(sql), "dba", "dba", "rights.sql"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=60,
        )
        addresses = Addresses(f"{base}/sparql", f"{base}/sparql", f"{base}/sparql-graph-crud")
        yield RunningStore("virtuoso", addresses, process)
    finally:
        stop(process)
