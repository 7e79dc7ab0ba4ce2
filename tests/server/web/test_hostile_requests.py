"""Requests as no library sends them, against the server as it runs: raw bytes, late bodies, hosts that are none."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loader.release.manifest import open_release
from server.app import create_app
from server.engine.opened import open_engine
from server.service import service_of
from server.settings import Settings
from server.web.admission import client_key
from server.web.asgi.environ import make_environ
from tests.server.running import Running, running

DIRECT = b"Content-Type: application/sparql-query\r\n"
HOST = b"Host: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def server(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(release_root, tmp_path_factory.mktemp("hostile") / "server.log", body_seconds=0.7) as server:
        yield server


def raw(server: Running, data: bytes) -> tuple[int, bytes, bytes]:
    """Status, head and body of what the server sends until it closes."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=15) as sock:
        sock.sendall(data)
        parts = []
        while part := sock.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


def problem(body: bytes) -> str:
    kind: str = json.loads(body)["type"]
    return kind.rsplit("/")[-1]


def test_a_body_in_chunks_is_read(server: Running) -> None:
    chunks = b"5\r\nASK {\r\n1\r\n}\r\n0\r\n\r\n"
    status, _, body = raw(
        server, b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    )
    assert (status, json.loads(body)) == (200, {"head": {}, "boolean": True})


def test_a_compressed_body_is_refused_not_misread(server: Running) -> None:
    status, _, body = raw(
        server,
        b"POST /sparql HTTP/1.1\r\n" + HOST + DIRECT + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nASK{}",
    )
    assert (status, problem(body)) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "host", [b"Host: <script>\r\n", b"Host: a b\r\n", b"Host: a\r\nHost: b\r\n", b"Host:\r\n", b""], ids=repr
)
def test_a_host_that_is_none_is_a_bad_request(server: Running, host: bytes) -> None:
    status, head, body = raw(server, b"GET /sparql HTTP/1.1\r\nConnection: close\r\n" + host + b"\r\n")
    assert (status, problem(body)) == (400, "bad-request")
    assert b"access-control-allow-origin: *" in head


def test_http_1_0_needs_no_host(server: Running) -> None:
    status, _, body = raw(server, b"GET /sparql HTTP/1.0\r\n\r\n")
    assert status == 200
    assert f"<{server.url}/sparql>".encode() in body


def test_a_body_that_does_not_come_ends_with_408(server: Running) -> None:
    began = time.monotonic()
    status, head, body = raw(
        server, b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n" + DIRECT + b"Content-Length: 50\r\n\r\nASK{}"
    )
    assert (status, problem(body)) == (408, "request-timeout")
    assert b"connection: close" in head
    assert time.monotonic() - began > 0.5


def test_a_header_cannot_pass_for_another() -> None:
    scope = {
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"x_forwarded_for", b"9.9.9.9"), (b"x-forwarded-for", b"1.2.3.4"), (b"accept", b"a/b")],
    }
    environ = make_environ(scope, io.BytesIO(), 0)
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"
    assert environ["HTTP_ACCEPT"] == "a/b"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_client(address: str, key: str) -> None:
    assert client_key(address) == key


def test_invented_hosts_do_not_fill_the_memory(app: Flask, client: FlaskClient) -> None:
    """The VoID description names the host; what is kept of it must not be kept per host."""
    assert client.get("/.well-known/void", headers={"Host": "first.example"}).status_code == 200
    before = len(service_of(app).derived)
    for number in range(5):
        answer = client.get("/.well-known/void", headers={"Host": f"h{number}.example"})
        assert f"http://h{number}.example/.well-known/void#dataset".encode() in answer.data
    assert len(service_of(app).derived) == before


def test_too_many_parameters_are_called_so(client: FlaskClient) -> None:
    answer = client.get("/sparql?query=ASK%7B%7D" + "&a=1" * 1000)
    assert answer.status_code == 400
    assert "more than 1000 parameters" in answer.get_json()["detail"]


def test_a_timeout_is_written_in_plain_digits(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": "ASK {}", "timeout": "٣"}).status_code == 400


def test_a_long_explanation_is_still_json_in_its_header(client: FlaskClient) -> None:
    long = "x" * 7000
    query = f'SELECT * {{ ?s <urn:{"y" * 3000}> "{long}" }}'
    answer = client.get("/sparql", query_string={"query": query, "explain-empty": "true"})
    header = answer.headers["Registergraf-Explanation"]
    assert len(header) <= 6000
    assert json.loads(header)["culprit"] is None
    assert long in answer.get_json()["explanation"]["culprit"]["text"]


def test_a_part_of_a_long_name_is_no_misspelling_of_it(client: FlaskClient) -> None:
    query = "SELECT * { ?s <https://w3id.org/registergraf/ns#use> ?o }"
    answer = client.get("/sparql", query_string={"query": query, "explain-empty": "true"}).get_json()
    assert answer["explanation"]["unknown"] == [{"iri": "https://w3id.org/registergraf/ns#use", "nearest": []}]


def test_an_engine_that_is_away_is_not_described_to_clients(settings: Settings, release_root: Path) -> None:
    """Its address, user and the operator's advice are for the log."""
    away = replace(settings, engine="http://user:secret@127.0.0.1:9/inner/sparql")
    release = open_release(release_root / "current")
    answer = create_app(away, open_engine(away, release), release).test_client().get("/sparql?query=ASK%7B%7D")
    assert (answer.status_code, problem(answer.data)) == (503, "engine-unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert not any(word in answer.text for word in ("127.0.0.1", "inner", "user", "--engine"))
