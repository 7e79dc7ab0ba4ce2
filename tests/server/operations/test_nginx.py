"""The nginx example of docs/deploy, run before a server: TLS, bounds for clients, kept pages, broken transfers seen."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from server.handing_in.state.kept import open_state
from server.settings import Settings
from tests.server.conftest import make_current, write_release
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.running import ROOT, Running, free_port, running

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: nginx-light).")
VERSIONS = ("0.1.0-000000000001", "0.1.0-000000000002")
LONG = "/sparql?format=csv&timeout=1&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


@dataclass(frozen=True, slots=True)
class Front:
    """A server behind nginx: `running.url` is without TLS, `secure` its port with it, `plain` the one to it."""

    running: Running
    folder: Path
    secure: int
    plain: int
    token: str

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """A GET without TLS, as Running.get."""
        return self.running.get(path, **headers)

    def get_securely(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """A GET over TLS, by a client that trusts the test's certificate alone."""
        trusting = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        conn = http.client.HTTPSConnection("localhost", self.secure, context=trusting, timeout=30)
        conn.request("GET", path, headers=headers)
        answer = conn.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        conn.close()
        return found


def configured(folder: Path, port: int, secure: int, plain: int) -> str:
    """The example for this machine: other addresses and another socket, no rights needed; `port` is one without TLS."""
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2; listen 127.0.0.1:{port};")
    text = text.replace("server_name registergraf.example;", "server_name localhost;")
    text = text.replace("/run/registergraf/", f"{folder}/").replace("_timeout 15s", "_timeout 1s")
    text = text.replace("/etc/ssl/registergraf/", f"{folder}/").replace("/var/cache/", f"{folder}/")
    places = "".join(
        f"    {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # who may enter the test's folder
    return f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n" + text.replace(
        "http {\n", "http {\n" + places, 1
    )


def certify(folder: Path) -> None:
    """A certificate that signs itself, under the names of the example."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    for version in VERSIONS:
        write_release(folder / "releases", version, extra=60_000)
    make_current(folder / "releases", VERSIONS[0])
    settings = Settings(releases=folder / "releases", state=folder / "state")
    token = open_state(settings).accounts.create("office", ["steward"], in_days(1), actor="console").text()
    port, secure, plain = free_port(), free_port(), free_port()
    certify(folder)
    (folder / "nginx.conf").write_text(configured(folder, port, secure, plain), encoding="utf-8")
    nginx = subprocess.Popen([str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.PIPE)
    own = {"unix_socket": folder / "http.sock", "trusted_proxies": 1, "access_log": folder / "access", "max_age": 1}
    try:
        with running(settings.releases, folder / "server.log", port=port, state=settings.state, **own) as server:
            yield Front(server, folder, secure, plain, token)
    finally:
        nginx.terminate()
        nginx.communicate(timeout=10)


def address(front: Front) -> tuple[str, int]:
    parts = urlsplit(front.running.url)
    return parts.hostname or "", parts.port or 0


def test_a_large_answer_is_whole_and_streams(front: Front) -> None:
    status, headers, body = front.get("/sparql?query=" + quote("SELECT * { ?s ?p ?o }"), Accept="text/csv")
    assert (status, body.count(b"\n")) == (200, 1 + 17 + 60_000)
    assert "content-length" not in headers


def test_an_answer_that_breaks_off_breaks_off_for_the_client(front: Front) -> None:
    conn = http.client.HTTPConnection(*address(front), timeout=30)
    conn.request("GET", LONG)
    response = conn.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    conn.close()


def test_over_tls_the_server_names_itself_so(front: Front) -> None:
    status, _, body = front.get_securely("/.well-known/void", Accept="text/turtle")
    assert status == 200
    assert b"https://localhost" in body
    assert b"http://localhost" not in body


def test_http_2_is_spoken(front: Front) -> None:
    trusting = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    trusting.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", front.secure)) as sock,
        trusting.wrap_socket(sock, server_hostname="localhost") as secure,
    ):
        assert (secure.selected_alpn_protocol(), secure.version()) == ("h2", "TLSv1.3")


def test_without_tls_one_is_sent_to_it(front: Front) -> None:
    conn = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)
    conn.request("GET", "/answers?lang=en", headers={"Host": "localhost"})
    answer = conn.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/answers?lang=en")
    conn.close()


def kept(front: Front, path: str, **headers: str) -> str:
    """What nginx says of its cache when it is asked: MISS, HIT, REVALIDATED, EXPIRED, BYPASS, or nothing at all."""
    status, found, _ = front.get_securely(path, **headers)
    assert status == 200
    return found.get("x-cache", "")


def test_a_page_is_kept_by_language_and_form(front: Front) -> None:
    page = "/answers?of=language"
    assert kept(front, page, **{"Accept-Language": "sv"}) == "MISS"
    assert kept(front, page, **{"Accept-Language": "sv"}) in ("HIT", "REVALIDATED")
    _, _, swedish = front.get_securely(page, **{"Accept-Language": "sv"})
    _, headers, english = front.get_securely(page, **{"Accept-Language": "en"})
    assert headers["x-cache"] == "MISS"
    assert (b'lang="sv"' in swedish, b'lang="en"' in english) == (True, True)


def test_what_is_kept_is_asked_for_by_its_etag_when_it_is_old(front: Front) -> None:
    assert kept(front, "/static/site.css") in ("MISS", "EXPIRED")
    time.sleep(2.1)
    _, headers, body = front.get_securely("/static/site.css")
    assert headers["x-cache"] == "REVALIDATED"
    assert body
    status, _, nothing = front.get_securely("/static/site.css", **{"If-None-Match": headers["etag"]})
    assert (status, nothing) == (304, b"")


def test_nothing_of_a_token_or_a_cookie_is_kept(front: Front) -> None:
    page = "/answers?of=secret"
    mine = {"Authorization": f"Bearer {front.token}"}
    for headers in (mine, {"Cookie": "session=1"}):
        assert [kept(front, page, **headers) for _ in range(2)] == ["BYPASS", "BYPASS"]
    assert kept(front, page) == "MISS"
    assert [kept(front, "/submissions", **mine) for _ in range(2)] == ["", ""]
    assert front.get_securely("/submissions")[0] == 401


def test_what_says_no_store_is_not_kept(front: Front) -> None:
    assert [kept(front, "/health") for _ in range(2)] == ["MISS", "MISS"]
    assert [kept(front, "/sign-in") for _ in range(2)] == ["", ""]


def test_a_new_release_is_seen(front: Front) -> None:
    page = "/answers?of=release"
    before = front.get_securely(page)
    make_current(front.folder / "releases", VERSIONS[1])
    deadline = time.monotonic() + 30
    while (after := front.get_securely(page))[1]["etag"] == before[1]["etag"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert VERSIONS[1].encode() in after[2]


def test_a_long_query_passes(front: Front) -> None:
    long = "SELECT * { ?s ?p ?o } LIMIT 1 #" + "å" * 8_000
    assert front.get("/sparql?query=" + quote(long))[0] == 200


def test_a_head_that_never_comes_ends(front: Front) -> None:
    with socket.create_connection(address(front), timeout=10) as sock:
        sock.sendall(b"GET / HT")
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            assert sock.recv(100)[:12] in (b"", b"HTTP/1.1 408")
        assert time.monotonic() - began < 5


def test_a_half_body_holds_nothing_of_the_server(front: Front) -> None:
    with socket.create_connection(address(front), timeout=10) as sock:
        sock.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        deadline = time.monotonic() + 30
        while b"registergraf_engine_busy 0.0" not in front.get("/metrics")[2]:  # questions that are answered ahead
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_connections_of_one_client_are_bounded(front: Front) -> None:
    held = [http.client.HTTPConnection(*address(front), timeout=20) for _ in range(60)]
    try:
        for conn in held:  # a body that does not come keeps nginx waiting, and the server out of it
            conn.putrequest("POST", "/sparql")
            conn.putheader("Content-Length", "10")
            conn.endheaders()
        assert 1 <= sum(map(is_refused, held)) <= 60 - 40
    finally:
        for conn in held:
            conn.close()


def is_refused(conn: http.client.HTTPConnection) -> bool:
    """Whether the answer is 503; one that waits in vain is cut off in the end."""
    try:
        return conn.getresponse().status == 503
    except ConnectionResetError:
        return False


def test_no_request_is_lost_with_a_serving_process(front: Front) -> None:
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
    broken_off = len([status for status in came if status != 200])
    assert broken_off <= len(threads), came


def children_file(front: Front) -> str:
    return f"/proc/{front.running.process.pid}/task/{front.running.process.pid}/children"
