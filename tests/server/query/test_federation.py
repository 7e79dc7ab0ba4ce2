"""SERVICE to an allowed endpoint: its solutions take its place; rebinding, redirects and private addresses are
refused.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask.testing import FlaskClient

from server.query.federation import resolve
from server.query.pinned_fetch import is_public
from server.settings import Settings
from server.web.problem import Problem
from tests.server.conftest import LABEL


@dataclass
class Endpoint:
    """A scripted endpoint: what it answers, and what it was asked."""

    url: str = ""
    status: int = 200
    pause: float = 0.0
    body: bytes = b""
    asked: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint(
        body=rows(
            {"x": {"type": "literal", "value": 'a"}\\\n', "xml:lang": "sv"}}, {"x": {"type": "uri", "value": "urn:b"}}
        )
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.paths.append(self.path)
            time.sleep(state.pause)
            state.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(state.status)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/sparql"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def rows(*bindings: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": list(bindings)}}).encode()


def open_to(endpoint: Endpoint, **changes: int) -> Settings:
    return Settings(service_allow=(endpoint.url,), **changes)  # type: ignore[arg-type]


def anyone(_address: str) -> bool:
    return True


def failed(endpoint: Endpoint, query: str, settings: Settings | None = None) -> str:
    with pytest.raises(Problem) as caught:
        resolve(query.replace("URL", endpoint.url), settings or open_to(endpoint), 10, anyone)
    return f"{caught.value.slug}: {caught.value.en}"


def test_solutions_take_the_place(endpoint: Endpoint) -> None:
    query = f"PREFIX e: <urn:> SELECT * {{ ?x a e:T . SERVICE <{endpoint.url}> {{ ?x e:p 'SERVICE' }} FILTER(true) }}"
    found = resolve(query, open_to(endpoint), 10, anyone)
    assert (
        found
        == 'PREFIX e: <urn:> SELECT * { ?x a e:T . { VALUES (?x) { ("a\\"}\\\\\\n"@sv) (<urn:b>) } } FILTER(true) }'
    )
    assert endpoint.asked == ["PREFIX e: <urn:> \nSELECT * WHERE {  ?x e:p 'SERVICE'  }"]


def test_a_private_address_is_refused(endpoint: Endpoint) -> None:
    query = f"SELECT * {{ SERVICE <{endpoint.url}> {{ ?x ?p ?o }} }}"
    with pytest.raises(Problem, match=r"127\.0\.0\.1, which is not public"):
        resolve(query, open_to(endpoint), 10)
    assert endpoint.asked == []
    assert resolve(query.replace("SERVICE", "SERVICE SILENT"), open_to(endpoint), 10) == "SELECT * { {} }"


@pytest.mark.parametrize(
    "answers", [["10.0.0.1"], ["93.184.216.34", "192.168.1.1"], ["::ffff:127.0.0.1"], ["fd00::1"], []]
)
def test_a_name_with_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    """One private address among the public ones is enough: a rebinding name shows it sooner or later."""
    calls: list[object] = []

    def resolved(host: str, port: int, **_more: object) -> list[tuple[object, ...]]:
        calls.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    settings = Settings(service_allow=("https://rebind.example/sparql",))
    with pytest.raises(Problem, match="not public"):
        resolve("SELECT * { SERVICE <https://rebind.example/sparql> { ?x ?p ?o } }", settings, 10)
    assert calls == ["rebind.example"]


def test_the_connection_goes_to_the_address_that_was_checked(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once; a second answer, as a rebinding server would give, is never asked for."""
    port = int(endpoint.url.split(":")[2].split("/")[0])
    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]])
    real = socket.getaddrinfo

    def resolved(host: str, *more: object, **rest: object) -> object:
        return next(answers) if host == "name.example" else real(host, *more, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    url = f"http://name.example:{port}/sparql"
    settings = Settings(service_allow=(url,))
    assert "VALUES" in resolve(f"SELECT * {{ SERVICE <{url}> {{ ?x ?p ?o }} }}", settings, 10, anyone)


def test_redirects_are_not_followed(endpoint: Endpoint) -> None:
    endpoint.status = 302
    assert "a redirect, which is not followed" in failed(endpoint, "SELECT * { SERVICE <URL> { ?x ?p ?o } }")
    assert len(endpoint.asked) == 1


def test_what_cannot_be_put_in_place_is_an_error(endpoint: Endpoint) -> None:
    query = "SELECT * { SERVICE <URL> { ?x ?p ?o } }"
    assert "at most 1" in failed(endpoint, query, open_to(endpoint, service_rows=1))
    assert "over 10 bytes" in failed(endpoint, query, open_to(endpoint, service_bytes=10))
    for body, said in (
        (rows({"x": {"type": "bnode", "value": "b"}}), "blank node"),
        (rows({"x": {"type": "uri", "value": "urn:x> <y"}}), "unreadable IRI"),
        (rows({"x": {"type": "literal", "value": "a", "xml:lang": "sv } SERVICE"}}), "language tag"),
        (b"{}", "no SPARQL JSON result"),
        (b"<html>", "no SPARQL JSON result"),
    ):
        endpoint.body = body
        assert said in failed(endpoint, query)
    endpoint.status = 500
    assert "status 500" in failed(endpoint, query)
    assert "inside SERVICE" in failed(endpoint, "SELECT * { SERVICE <URL> { SERVICE <URL> { ?x ?p ?o } } }")


PRIVATE = """127.0.0.1 10.1.2.3 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1
::1 fe80::1%eth0 ::ffff:10.0.0.1 2002:7f00:1::"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_that_are() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.fixture
def federated(
    endpoint: Endpoint,
    changed_client: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> FlaskClient:
    """A site that may ask the endpoint, for which the loopback address is taken for a public one."""
    monkeypatch.setattr("server.query.federation.is_public", anyone)
    return changed_client(service_allow=(endpoint.url,))


def test_a_federated_query_over_the_protocol(federated: FlaskClient, endpoint: Endpoint) -> None:
    """The endpoint's rows meet the release's own; the answer is not kept, for nobody knows when it changes."""
    swespine = "https://w3id.org/registergraf/id/register/swespine"
    endpoint.body = rows({"x": {"type": "uri", "value": swespine}}, {"x": {"type": "uri", "value": "urn:other"}})
    query = f"SELECT ?x ?name {{ SERVICE <{endpoint.url}> {{ ?x a <urn:T> }} ?x <{LABEL}> ?name }}"
    for asked in (1, 2):
        answer = federated.get("/sparql", query_string={"query": query})
        assert [row["name"]["value"] for row in answer.get_json()["results"]["bindings"]] == ["Svenska ryggregistret"]
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(endpoint.asked) == asked
    features = federated.get("/sparql", headers={"Accept": "application/n-triples"}).get_data(as_text=True)
    assert "BasicFederatedQuery" in features


def test_what_the_endpoint_does_is_told_over_the_protocol(federated: FlaskClient, endpoint: Endpoint) -> None:
    query = f"ASK {{ SERVICE <{endpoint.url}> {{ ?x ?p ?o }} }}"
    endpoint.status = 500
    answer = federated.get("/sparql", query_string={"query": query})
    assert (answer.status_code, answer.get_json()["type"].rsplit("/")[-1]) == (502, "service-failed")
    answer = federated.get("/sparql", query_string={"query": query.replace("SERVICE", "SERVICE SILENT")})
    assert answer.get_json()["boolean"] is True
    answer = federated.get("/sparql", query_string={"query": query.replace("/sparql", "/other")})
    assert (answer.status_code, answer.get_json()["allowed"]) == (403, [endpoint.url])


def test_many_slow_endpoints_share_one_deadline(federated: FlaskClient, endpoint: Endpoint) -> None:
    endpoint.pause = 0.3
    clauses = " ".join(f"SERVICE <{endpoint.url}> {{ ?x{n} ?p ?o }}" for n in range(20))
    answer = federated.get("/sparql", query_string={"query": f"ASK {{ {clauses} }}", "timeout": "1"})
    assert answer.status_code in (502, 503)
    assert len(endpoint.asked) < 8


def test_the_query_string_of_an_endpoint_is_sent(endpoint: Endpoint) -> None:
    url = endpoint.url + "?dataset=a"
    settings = Settings(service_allow=(url,))
    assert "VALUES" in resolve(f"SELECT * {{ SERVICE <{url}> {{ ?x ?p ?o }} }}", settings, 10, anyone)
    assert endpoint.paths == ["/sparql?dataset=a"]
