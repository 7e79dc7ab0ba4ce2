"""SERVICE is found however it is written: examples, and texts made at random with a listening endpoint as the judge."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store
from rdflib.plugins.sparql import prepareQuery

from server.query.permit import permitted_form
from server.query.text import read_query
from server.settings import Settings
from server.web.problem import Problem

QUESTIONS = Path(__file__).parents[3] / "ontology" / "questions"
EVIL = "http://evil.example/sparql"
OTHER = "https://query.wikidata.org/sparql"

REFUSED = [
    f"SELECT * {{ SERVICE <{EVIL}> {{ ?s ?p ?o }} }}",
    f"select * {{ service silent <{EVIL}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <http://evil.example/> SELECT * { SERVICE e:sparql { ?s ?p ?o } }",
    "PREFIX : <http://evil.example/> SELECT * { SERVICE:sparql{ ?s ?p ?o } }",
    f"PREFIX : <{EVIL}> PREFIX service: <http://x/> SELECT * {{ service:a {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT<{EVIL}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ FILTER(1<2)SERVICE<{EVIL}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p trueSERVICE<{EVIL}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p 1SERVICE<{EVIL}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?v {{ <{EVIL}> }} SERVICE ?v {{ ?s ?p ?o }} }}",
    f"SELECT * {{ # SERVICE <x>\n SERVICE <{EVIL}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ S\\u0045RVICE <{EVIL}> {{ ?s ?p ?o }} }}",
    f'SELECT * {{ ?a ?p ?b FILTER(?a<?b#>"""\n) SERVICE <{EVIL}> {{ ?s ?p ?o }} #"""\n }}',
    f"SELECT * {{ SERVICE <{OTHER}> {{ SERVICE <{EVIL}> {{ ?s ?p ?o }} }} }}",
]

HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://evil.example/sparql> { ?s ?p ?o }' }",
    'SELECT * { ?s ?p """a SERVICE <x> {}""" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://evil.example/sparql>",
    "SELECT * { ?service ?p ?o }",
    "SELECT * { ?s <http://example.org/SERVICE> <http://example.org/service#x> }",
    "SELECT * { GRAPH <http://example.org/service#x> {\n ?s ?p ?o } }",
    "PREFIX rg: <https://w3id.org/registergraf/ns#> SELECT * { ?s a rg:RegisterService ; rg:service ?o }",
    "PREFIX service-area: <https://w3id.org/registergraf/id/service-area/> SELECT * { ?s ?p service-area:x }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'x'@service }",
    "SELECT * { _:service ?p ?o }",
]


@pytest.mark.parametrize("query", REFUSED)
def test_refused(query: str) -> None:
    with pytest.raises(Problem) as caught:
        permitted_form(Settings(), read_query(query))
    assert caught.value.slug == "service-refused"
    assert caught.value.status == 403


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless(query: str) -> None:
    assert permitted_form(Settings(), read_query(query)) == "SELECT"


def test_the_place_is_told() -> None:
    with pytest.raises(Problem) as caught:
        permitted_form(Settings(), read_query(f"SELECT * {{\n  SERVICE <{EVIL}> {{ ?s ?p ?o }} }}"))
    assert (caught.value.members["line"], caught.value.members["column"]) == (2, 3)


@dataclass
class Trap:
    """An endpoint that notes each request: the proof that an engine read a SERVICE in a text."""

    url: str = ""
    hits: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    trap = Trap()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            trap.hits.append(self.path)
            self.send_error(500)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    trap.url = f"http://127.0.0.1:{server.server_port}/"
    yield trap
    server.shutdown()
    thread.join()
    server.server_close()


# Pieces whose joints decide how a text is read: operators, quotes, comments, keywords without space.
_WORDS = r"""SERVICE service SILENT SERVICE:a S\u0045RVICE <URL> <URL#> ?v :a service:a { } {?x<p:p>?z} GRAPH
FILTER(?s<?o FILTER(1<2) #> # " ' \"\"\" ''' "x" < > true 1 . ; ) ( OPTIONAL UNION <'> @en EXISTS a"""
PIECES = [
    *_WORDS.replace('\\"', '"').split(),
    "\n",
    " ",
    "\\",
    "{ ?s ?p ?o }",
    "?s ?p ?o",
    "VALUES ?v { <URL> }",
    "SERVICE SILENT",
]


@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=9))
@example(["?s ?p ?o", "FILTER(?s<?o", "#>", '"""', "\n", ")", "SERVICE", "<URL>", "{ ?s ?p ?o }", "#", '"""', "\n"])
@example(["SERVICE:a", "{ ?s ?p ?o }"])
@example(["?s ?p ", "true", "SERVICE", "<URL>", "{ ?s ?p ?o }"])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_that_reaches_an_endpoint_passes(trap: Trap, pieces: list[str]) -> None:
    store = Store()
    store.add(Quad(NamedNode(trap.url), NamedNode("urn:p"), NamedNode(trap.url)))
    body = "".join(pieces).replace("URL", trap.url)
    query = f"PREFIX : <{trap.url}> PREFIX service: <{trap.url}> SELECT * {{ {body} }}"
    before = len(trap.hits)
    try:
        list(store.query(query))  # type: ignore[arg-type]
    except (SyntaxError, OSError, RuntimeError, ValueError):
        reached = len(trap.hits) > before
    else:
        reached = len(trap.hits) > before
    if reached:
        with pytest.raises(Problem):
            permitted_form(Settings(), read_query(query))


def test_our_own_questions_call_no_service() -> None:
    questions = [path.read_text(encoding="utf-8") for path in sorted(QUESTIONS.glob("*.rq"))]
    assert [read_query(text).service for text in questions] == [-1] * len(questions)


def test_the_judge_can_convict(trap: Trap) -> None:
    before = len(trap.hits)
    with pytest.raises(OSError, match="500"):
        list(Store().query(f"SELECT * {{ SERVICE <{trap.url}> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert len(trap.hits) == before + 1


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_what_rdflib_reads_as_service_is_refused(pieces: list[str]) -> None:
    body = "".join(pieces).replace("URL", EVIL)
    query = f"PREFIX : <http://x/> PREFIX service: <http://x/> SELECT * {{ {body} }}"
    try:
        algebra = repr(prepareQuery(query).algebra)
    except Exception:  # rdflib's parser raises errors of many kinds; a text that it cannot read proves nothing here
        return
    if "ServiceGraphPattern" in algebra:
        with pytest.raises(Problem):
            permitted_form(Settings(), read_query(query))
