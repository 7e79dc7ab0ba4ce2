"""The nginx example of docs/deploy, run before a server: it bounds clients, and hides no broken transfer."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.server.conftest import make_current, write_release
from tests.server.running import ROOT, Running, free_port, running

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light).")
LONG = "/sparql?format=csv&timeout=1&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def configured(folder: Path, port: int) -> str:
    """The example for this machine: other addresses and another socket, no TLS, no rights needed."""
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"\n *ssl_\w+ [^\n]+", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    text = text.replace("/run/registergraf/", f"{folder}/").replace("_timeout 15s", "_timeout 1s")
    places = "".join(
        f"    {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # who may enter the test's folder
    return f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n" + text.replace(
        "http {\n", "http {\n" + places, 1
    )


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("nginx")
    write_release(folder / "releases", "0.1.0-000000000001", extra=60_000)
    make_current(folder / "releases", "0.1.0-000000000001")
    port = free_port()
    (folder / "nginx.conf").write_text(configured(folder, port), encoding="utf-8")
    nginx = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.PIPE)
    settings = {"unix_socket": folder / "http.sock", "trusted_proxies": 1, "access_log": folder / "access"}
    try:
        with running(folder / "releases", folder / "server.log", port=port, **settings) as front:
            yield front
    finally:
        nginx.terminate()
        nginx.communicate(timeout=10)


def address(front: Running) -> tuple[str, int]:
    parts = urlsplit(front.url)
    return parts.hostname or "", parts.port or 0


def test_a_large_answer_is_whole_and_streams(front: Running) -> None:
    status, headers, body = front.get("/sparql?query=" + quote("SELECT * { ?s ?p ?o }"), Accept="text/csv")
    assert (status, body.count(b"\n")) == (200, 1 + 17 + 60_000)
    assert "content-length" not in headers


def test_an_answer_that_breaks_off_breaks_off_for_the_client(front: Running) -> None:
    conn = http.client.HTTPConnection(*address(front), timeout=30)
    conn.request("GET", LONG)
    response = conn.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    conn.close()


def test_a_long_query_passes(front: Running) -> None:
    long = "SELECT * { ?s ?p ?o } LIMIT 1 #" + "å" * 8_000
    assert front.get("/sparql?query=" + quote(long))[0] == 200


def test_a_head_that_never_comes_ends(front: Running) -> None:
    with socket.create_connection(address(front), timeout=10) as sock:
        sock.sendall(b"GET / HT")
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            assert sock.recv(100)[:12] in (b"", b"HTTP/1.1 408")
        assert time.monotonic() - began < 5


def test_a_half_body_holds_nothing_of_the_server(front: Running) -> None:
    with socket.create_connection(address(front), timeout=10) as sock:
        sock.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        deadline = time.monotonic() + 30
        while b"registergraf_engine_busy 0.0" not in front.get("/metrics")[2]:  # questions that are answered ahead
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_connections_of_one_client_are_bounded(front: Running) -> None:
    held = [http.client.HTTPConnection(*address(front), timeout=20) for _ in range(41)]
    try:
        for conn in held:
            conn.request("GET", LONG.replace("timeout=1", "timeout=20"))
            time.sleep(0.01)
        assert held[-1].getresponse().status == 503
    finally:
        for conn in held:
            conn.close()


def test_no_request_is_lost_with_a_serving_process(front: Running) -> None:
    """Killed, it breaks off what it answers and takes nothing new until the next one serves: requests wait."""
    came: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            came.append(front.get("/health")[0])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        [serving] = [int(pid) for pid in Path(children_file(front)).read_text(encoding="ascii").split()]
        os.kill(serving, signal.SIGKILL)
        before = len(came)
        deadline = time.monotonic() + 30
        while len(came) < before + 10:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(came) == {200}


def children_file(front: Running) -> str:
    return f"/proc/{front.process.pid}/task/{front.process.pid}/children"
