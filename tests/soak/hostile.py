"""What one client can do to a server: each attack is one round of it, from the address 192.0.2.1 behind a proxy."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

ATTACKER = "192.0.2.1"
FORM = "application/x-www-form-urlencoded"
TEXTS = ("<a" * 30_000, "service:" * 7_000, "?x " * 20_000, "{" * 60_000, "'" * 60_000, "<<" * 20_000)
MANY = 1_500  # idle connections
SLOW = 100  # half uploads
PAUSE = 2.0


class Attacker:
    """Sends rounds of one attack until it is told to stop."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        """Nothing is sent yet."""
        parts = urlsplit(url)
        self.place = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._stop = stop

    def run(self, name: str) -> None:
        """Round after round; what the server does to the attacker is no matter."""
        while not self._stop.is_set():
            with suppress(OSError, http.client.HTTPException):
                ATTACKS[name](self)

    def post(self, path: str, body: bytes, media_type: str, *, leave: bool = False) -> None:
        """One request; the client reads the answer, or leaves at once."""
        with socket.create_connection(self.place, timeout=60) as sock:
            sock.sendall(head(path, len(body), media_type) + body)
            while not leave and sock.recv(65_536):
                pass

    def query(self, text: str, further: str = "", *, leave: bool = False) -> None:
        """One query by POST, with `further` fields."""
        self.post("/sparql", (urlencode({"query": text}) + further).encode(), FORM, leave=leave)

    def hold(self, first: bytes, number: int) -> None:
        """So many connections with the beginning of a request, held for a while."""
        held: list[socket.socket] = []
        try:
            for _ in range(number):
                with suppress(OSError):
                    sock = socket.create_connection(self.place, timeout=1)
                    held.append(sock)
                    sock.sendall(first)
            self._stop.wait(PAUSE)
        finally:
            for sock in held:
                sock.close()


def head(path: str, length: int, media_type: str) -> bytes:
    """The head of a POST whose connection ends with it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {ATTACKER}\r\nConnection: close\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _texts(attacker: Attacker) -> None:
    for text in TEXTS:
        attacker.query(f"SELECT * {{ {text} }}", leave=True)


def _large_value(attacker: Attacker) -> None:
    text = 'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d)); separator=" ") AS ?all) { ?a ?b ?c . ?d ?e ?f }'
    attacker.query(text, "&format=html&timeout=10")


def _unknown(attacker: Attacker) -> None:
    iris = " ".join(f"<urn:none:{number}>" for number in range(1_000))
    text = f"SELECT * {{ VALUES ?s {{ {iris} }} ?s <urn:none:p> ?o }}"
    attacker.query(text, "&timeout=1&explain-empty=true")


def _half_uploads(attacker: Attacker) -> None:
    attacker.hold(head("/validate", 20_000_000, "text/csv") + b"x" * 100_000, SLOW)


def _checks(attacker: Attacker) -> None:
    lines = "".join(f'<urn:s{number}> <urn:p> "{number}" .\n' for number in range(130_000))
    attacker.post("/validate", lines[:4_000_000].rpartition("\n")[0].encode(), "text/turtle")


def _idle(attacker: Attacker) -> None:
    attacker.hold(b"GET / HTTP/1.1\r\nHost: local", MANY)


def _wrong_tokens(attacker: Attacker) -> None:
    request = head("/submissions", 100, "text/csv").replace(b"Connection", b"Authorization: Bearer rg_x\r\nConnection")
    for _ in range(20):
        with socket.create_connection(attacker.place, timeout=60) as sock:
            sock.sendall(request)
            sock.recv(1_000)


def _filters(attacker: Attacker) -> None:
    attacker.query("SELECT * { ?s ?p ?o " + "FILTER(?s)" * 6_000 + "}")
    attacker.query("SELECT * {" + " UNION ".join(["{?s a ?o}"] * 5_000) + "}")


def _runaways(attacker: Attacker) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    threads = [threading.Thread(target=_quietly, args=(attacker, text)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _quietly(attacker: Attacker, text: str) -> None:
    with suppress(OSError):
        attacker.query(text, "&timeout=2")
    time.sleep(0.01)


ATTACKS: Mapping[str, Callable[[Attacker], None]] = {
    "texts": _texts,
    "large value": _large_value,
    "unknown IRIs": _unknown,
    "half uploads": _half_uploads,
    "checks": _checks,
    "idle connections": _idle,
    "wrong tokens": _wrong_tokens,
    "filters": _filters,
    "runaways": _runaways,
}
