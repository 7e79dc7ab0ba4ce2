"""The production server as a process of its own on a free loopback port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at `url`, which is `unix:FILE` for a socket; `process` is the supervising one."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of a GET."""
        if self.url.startswith("unix:"):
            return _get_from_socket(self.url.removeprefix("unix:"), path, headers)
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket; its `host` is the file."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


def _get_from_socket(file: str, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    conn = _SocketConnection(file, timeout=30)
    try:
        conn.request("GET", path, headers={"Host": "localhost", "Connection": "close", **headers})
        answer = conn.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        conn.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(releases: Path, log: Path, **settings: object) -> Iterator[Running]:
    """Start `registergraf serve`, wait until it is ready, and stop it by SIGTERM at the end.

    With the setting `unix_socket`, what answers at `port` is a proxy before it, which runs already; without `port` the
    socket is asked itself.
    """
    url = f"unix:{settings['unix_socket']}" if "unix_socket" in settings and "port" not in settings else ""
    port = settings.pop("port", None) or free_port()
    values = {"releases": releases, "workers": 4, "rate_per_minute": 0, **settings}
    environ = {**os.environ, **{f"REGISTERGRAF_{name.upper()}": str(value) for name, value in values.items()}}
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
    server = Running(url or f"http://127.0.0.1:{port}", process, log)
    try:
        await_ready(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def await_ready(server: Running) -> None:
    """Return when the server answers; RuntimeError with its log when it ends, or takes half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if server.get("/ready")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(server.log.read_text(encoding="utf-8", errors="replace"))
