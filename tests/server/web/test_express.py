"""The express lane answers as the application does, and only what is plain."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
import uvloop
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from loader.release.manifest import open_release
from server.app import create_app
from server.engine.interface import Engine
from server.handing_in.validation import checks_of
from server.service import Site, site_of
from server.settings import Settings
from server.web.access_log import AccessLog
from server.web.express import Express
from server.web.gateway import Gateway
from server.web.stream import GZIP_FROM

PLACE = ("127.0.0.1", 4711)
ASK, ROWS = "ASK {}", "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?b ?c ?d ?e ?f"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
QUERIES = (
    *(ASK, ROWS, LARGE, GRAPH),
    "DESCRIBE <https://w3id.org/registergraf/id/register/swespine>",
    "SELECT * { ?s ?p ?o",
    "SELECT (NOW() AS ?n) {} LIMIT 0",
    "SELECT * FROM <urn:nowhere> { ?s ?p ?o }",
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "INSERT DATA { <a> <b> <c> }",
    "SELECT ?x { ?x a rg:Register }",
    "",
    "\x00",
)


@dataclass(frozen=True, slots=True)
class Given:
    """A request."""

    method: str = "GET"
    fields: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    posted: str = ""  # the content type of a POST

    @property
    def query_string(self) -> str:
        if self.posted == "application/sparql-query":
            return urlencode([item for item in self.fields if item[0] != "query"])
        return "" if self.method == "POST" else urlencode(self.fields)

    @property
    def body(self) -> bytes:
        if self.posted == "application/sparql-query":
            return dict(self.fields).get("query", "").encode()
        return urlencode(self.fields).encode() if self.method == "POST" else b""

    @property
    def all_headers(self) -> list[tuple[str, str]]:
        sent = [("host", "localhost"), *self.headers]
        if self.method == "POST":
            sent += [("content-type", self.posted), ("content-length", str(len(self.body)))]
        return sent


@dataclass(frozen=True, slots=True)
class Got:
    """A response; `express` when the lane made it."""

    status: int
    headers: dict[str, str]
    body: bytes
    express: bool


class Door:
    """A gateway in this process, with its own event loop."""

    def __init__(self, app: Flask) -> None:
        self.site = site_of(app)
        self.taken: list[bool] = []
        settings = self.site.settings
        self._gateway = Gateway(
            app.wsgi_app, self.site, AccessLog(""), threads=4, body_bytes=lambda path: settings.body_bytes
        )
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)

    def ask(self, given: Given) -> Got:
        return self._runner.run(self._ask(given))

    def together(self, *given: Given) -> list[Got]:
        async def run() -> list[Got]:
            return list(await asyncio.gather(*map(self._ask, given)))

        return self._runner.run(run())

    async def _ask(self, given: Given) -> Got:
        sent: list[dict[str, Any]] = []
        messages = [{"type": "http.request", "body": given.body, "more_body": False}] if given.body else []

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": given.method,
            "path": "/sparql",
            "query_string": given.query_string.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.all_headers],
            "client": PLACE,
            "server": ("localhost", 80),
            "scheme": "http",
        }
        self.taken.clear()
        await self._gateway(scope, receive, send)
        head, *parts = sent
        headers = {name.decode(): value.decode() for name, value in head["headers"]}
        return Got(head["status"], headers, b"".join(part["body"] for part in parts), any(self.taken))

    def close(self) -> None:
        self._runner.close()
        self._gateway.close()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the lane made the answers."""
    kept: list[bool] = []
    answer = Express.answer

    async def noted(self: Express, arrival: Any) -> Any:
        reply = await answer(self, arrival)
        kept.append(reply is not None)
        return reply

    monkeypatch.setattr(Express, "answer", noted)
    return kept


@pytest.fixture
def door(app: Flask, taken: list[bool]) -> Iterator[Door]:
    made = Door(app)
    made.taken = taken
    yield made
    made.close()


def by_flask(app: Flask, given: Given) -> Got:
    response = app.test_client().open(
        "/sparql",
        method=given.method,
        query_string=given.query_string,
        headers=given.all_headers,
        data=given.body,
        environ_base={"REMOTE_ADDR": PLACE[0]},
    )
    body = b"" if given.method == "HEAD" else response.data
    return Got(response.status_code, {name.lower(): value for name, value in response.headers}, body, False)


def the_same(one: Got, other: Got) -> bool:
    """But for the length, which differs where only one of them is gzipped whole; each says its own rightly."""
    assert all(says_its_length(got) for got in (one, other))
    mine, yours = ({k: v for k, v in got.headers.items() if k != "content-length"} for got in (one, other))
    return (one.status, mine, plain(one)) == (other.status, yours, plain(other))


def says_its_length(got: Got) -> bool:
    return got.headers.get("content-length", str(len(got.body))) == str(len(got.body)) or not got.body


def plain(got: Got) -> bytes:
    return gzip.decompress(got.body) if got.headers.get("content-encoding") == "gzip" and got.body else got.body


def fields(**given: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", "-"), value) for name, value in given.items())


@pytest.mark.parametrize(
    "given",
    [
        Given(fields=fields(query=ASK)),
        Given(fields=fields(query=ROWS), headers=(("accept", "text/csv"),)),
        Given(fields=fields(query=ROWS, format="csv", bom="true")),
        Given(fields=fields(query=LARGE)),
        Given(fields=fields(query=LARGE), headers=(("accept-encoding", "gzip"),)),
        Given(fields=fields(query=ROWS), headers=(("accept-encoding", "gzip"),)),
        Given(fields=fields(query=GRAPH, timeout="3")),
        Given("POST", fields(query=ROWS), posted="application/x-www-form-urlencoded"),
        Given("POST", fields(query=ROWS, default_graph_uri="urn:nowhere"), posted="application/sparql-query"),
    ],
)
def test_a_plain_query_takes_the_lane_and_gets_what_the_application_gives(app: Flask, door: Door, given: Given) -> None:
    got, expected = door.ask(given), by_flask(app, given)
    assert got.express
    assert got.status == 200
    assert the_same(got, expected)


@pytest.mark.parametrize(
    "given",
    [
        Given(),
        Given("HEAD", fields(query=ASK)),
        Given("OPTIONS"),
        Given(fields=fields(query=ASK), headers=(("accept", "text/html"),)),
        Given(fields=fields(query=ASK), headers=(("if-none-match", '"x"'),)),
        Given(fields=fields(query=ASK), headers=(("content-encoding", "br"),)),
        Given(fields=fields(query=ASK), headers=(("host", "localhost"),)),
        Given(fields=fields(query=ASK), headers=(("accept", "image/png"),)),
        Given(fields=fields(query="SELECT * { ?s a <urn:no> }", explain_empty="true")),
        Given(fields=(("query", ASK), ("query", ASK))),
        Given(fields=fields(query="INSERT DATA { <a> <b> <c> }")),
        Given(fields=fields(query=ASK, timeout="soon")),
        Given("POST", fields(query=ASK), posted="text/plain"),
    ],
)
def test_whatever_is_not_plain_is_the_applications(app: Flask, door: Door, given: Given) -> None:
    got = door.ask(given)
    assert not got.express
    assert the_same(got, by_flask(app, given))


requests = st.builds(
    Given,
    method=st.sampled_from(["GET", "GET", "POST", "HEAD", "PUT"]),
    fields=st.lists(
        st.one_of(
            st.tuples(st.just("query"), st.sampled_from(QUERIES)),
            st.tuples(st.just("format"), st.sampled_from(["json", "csv", "turtle", "html", "none"])),
            st.tuples(st.just("timeout"), st.sampled_from(["5", "0", "1e9"])),
            st.tuples(st.just("bom"), st.sampled_from(["true", "", "2"])),
            st.tuples(st.just("explain-empty"), st.sampled_from(["true", "false"])),
            st.tuples(st.just("default-graph-uri"), st.sampled_from(["urn:nowhere", "no iri"])),
            st.tuples(st.just("update"), st.just("CLEAR ALL")),
        ),
        max_size=4,
    ).map(tuple),
    headers=st.lists(
        st.one_of(
            st.tuples(st.just("accept"), st.sampled_from(["*/*", "text/csv", "text/html", "text/turtle;q=0.1", "a/b"])),
            st.tuples(st.just("accept-encoding"), st.sampled_from(["gzip", "identity", "gzip;q=0", "*"])),
            st.tuples(st.just("accept-language"), st.sampled_from(["sv", "en"])),
            st.tuples(st.just("x-forwarded-for"), st.just("10.0.0.1")),
            st.tuples(st.just("if-none-match"), st.just("*")),
        ),
        max_size=3,
        unique_by=lambda item: item[0],
    ).map(tuple),
    posted=st.sampled_from(["application/x-www-form-urlencoded", "application/sparql-query", "text/plain"]),
)


@profile(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests.map(lambda given: given if given.method == "POST" else replace(given, posted="")))
def test_any_request_gets_what_the_application_gives(app: Flask, door: Door, given: Given) -> None:
    assert the_same(door.ask(given), by_flask(app, given))


def test_an_error_of_the_query_is_told_by_the_application_and_counted_once(app: Flask, door: Door) -> None:
    site: Site = door.site
    given = Given(fields=fields(query="SELECT * {\n ?s a rg:Nothing }"))
    got = door.ask(given)
    assert (got.status, got.headers["content-type"]) == (400, "application/problem+json")
    assert b"PREFIX rg:" in got.body
    assert counted(site, "SELECT", "syntax") == 1


def test_an_answer_is_counted_once(door: Door) -> None:
    door.ask(Given(fields=fields(query=ASK)))
    door.ask(Given(fields=fields(query=LARGE)))
    assert counted(door.site, "ASK", "ok") == counted(door.site, "SELECT", "ok") == 1


def counted(site: Site, form: str, outcome: str) -> float:
    return site.metrics.registry.get_sample_value("registergraf_queries_total", {"form": form, "outcome": outcome}) or 0


def test_a_runaway_is_told_by_the_application(door: Door) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(11)) + "}"
    got = door.ask(Given(fields=fields(query=runaway, timeout="0.4")))
    assert got.status == 503
    assert b"problem/timeout" in got.body
    assert counted(door.site, "SELECT", "timeout") == 1


def test_those_who_find_no_worker_free_wait_in_the_applications_line(door: Door) -> None:
    slow = "SELECT (COUNT(*) AS ?n) {" + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(4)) + "}"
    runs = [Given(fields=fields(query=f"{slow} #{number}", timeout="20")) for number in range(5)]
    got = door.together(*runs)
    assert [one.status for one in got] == [200] * 5
    assert sum(door.taken) < 5
    assert counted(door.site, "SELECT", "ok") == 5


def test_a_bug_in_the_lane_is_told_as_any_other(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.express.begin_flow", None)
    got = door.ask(Given(fields=fields(query=ASK)))
    assert (got.status, got.headers["content-type"]) == (500, "application/problem+json")
    assert got.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", ["accept", "accept-encoding"])
def test_a_long_negotiation_is_left_to_a_thread(app: Flask, door: Door, name: str) -> None:
    given = Given(fields=fields(query=ASK), headers=((name, "a/b;q=0.1," * 5000 + "*/*"),))
    got = door.ask(given)
    assert not got.express
    assert the_same(got, by_flask(app, given))


def test_what_a_request_costs_the_cache_is_counted(door: Door) -> None:
    """A parameter that nobody reads makes another request of it."""
    for number in range(20):
        assert door.ask(Given(fields=fields(query=ASK, x=f"{number}" + "x" * 5000))).status == 200
    entries, size = door.site.cache.figures()[2:]
    assert entries == 20
    assert size > 20 * 5000
    door.ask(Given(fields=fields(query=ASK, x="x" * 40_000)))
    assert door.site.cache.figures()[2] == 20


def test_an_answer_of_the_lane_is_kept_and_a_new_release_forgets_it(door: Door) -> None:
    given = Given(fields=fields(query=ROWS))
    first, again = door.ask(given), door.ask(given)
    assert first.express
    assert not door.taken  # the second one came from the cache
    assert (first.headers, first.body) == (again.headers, again.body)
    door.site.cache.clear()
    assert door.ask(given).express


@pytest.mark.parametrize("query", [ROWS, LARGE])
def test_what_is_kept_of_a_gzipped_answer_is_what_was_sent(door: Door, query: str) -> None:
    given = Given(fields=fields(query=query), headers=(("accept-encoding", "gzip"),))
    first, again = door.ask(given), door.ask(given)
    assert len(plain(first)) > GZIP_FROM
    assert first.body == again.body
    assert again.headers["content-length"] == str(len(again.body))


@pytest.fixture
def limited(settings: Settings, engine: Engine, taken: list[bool]) -> Iterator[Door]:
    changed = replace(settings, rate_per_minute=60, rate_burst=3, cache_mb=0)
    app = create_app(changed, engine, open_release(settings.releases / "current"))
    made = Door(app)
    made.taken = taken
    yield made
    made.close()
    checks_of(app).close()


def test_the_rate_limit_counts_each_request_once_in_either_lane(limited: Door) -> None:
    mixed = [
        Given(fields=fields(query=ASK)),
        Given(),
        Given(fields=fields(query="ASK {")),
        Given(fields=fields(query=ASK)),
    ]
    got = [limited.ask(one) for one in mixed]
    assert [one.status for one in got] == [200, 200, 400, 429]
    assert got[3].headers["retry-after"] == "1"
