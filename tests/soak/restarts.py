"""`python -m tests.soak.restarts`: the serving process is replaced SOAK_RESTARTS (100) times by SIGHUP, under load.

Exit code 0 when every answer was a right one and no connection was refused or cut. With SOAK_UNIX_SOCKET=1 the server
listens on a Unix socket, and the clients ask that.
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from tests.bench.dataset import Workplace
from tests.bench.process import descendants
from tests.server.running import Running, running

PATHS = tuple(
    "/sparql?query=" + quote(text)
    for text in ("ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o } LIMIT 2000", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
)


class Load:
    """Clients that ask until they are stopped, each request on a connection of its own; `counts` by what came."""

    def __init__(self, server: Running) -> None:
        """Begin to ask."""
        self.counts: Counter[str] = Counter()
        self._server, self._stop, self._lock = server, threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(path,)) for path in PATHS]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the running requests end."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, path: str) -> None:
        while not self._stop.wait(0.005):
            try:
                came = str(self._server.get(path)[0])
            except (OSError, http.client.HTTPException) as error:
                came = f"{type(error).__name__}: {error}"
            with self._lock:
                self.counts[came] += 1


def replaced(server: Running, before: set[int]) -> None:
    """Return when another process serves and the one before has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        now = set(descendants(server.process.pid))
        if now and not now & before:
            return
        time.sleep(0.05)
    raise RuntimeError("The serving process was not replaced within a minute.")


def main() -> int:
    """Run and judge."""
    times = int(os.environ.get("SOAK_RESTARTS", "100"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = {"unix_socket": folder / "http.sock"} if os.environ.get("SOAK_UNIX_SOCKET") == "1" else {}
        releases = Workplace(folder).shipped().directory.parent
        with running(releases, folder / "log", access_log="", **own) as server:
            load = Load(server)
            for _ in range(times):
                before = set(descendants(server.process.pid))
                server.process.send_signal(signal.SIGHUP)
                replaced(server, before)
            load.stop()
    for came, count in load.counts.most_common():
        print(f"{count:>9}  {came}")
    return 0 if set(load.counts) == {"200"} else 1


if __name__ == "__main__":
    sys.exit(main())
