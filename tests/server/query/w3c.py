"""The W3C's protocol tests, read from their manifests: requests with the status and the kind of answer expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Namespace, Node
from rdflib.collection import Collection
from rdflib.namespace import RDF

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")


@dataclass(frozen=True, slots=True)
class Case:
    """One request of one test; `statuses` are local names such as StatusCode2xx or NotFound."""

    test: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    form: str
    boolean: str


def read_cases(manifest: Path) -> list[Case]:
    """Every request of a manifest, test by test."""
    graph = Graph().parse(manifest, format="turtle")
    tests = {test for kind in (MF.ProtocolTest, MF.GraphStoreProtocolTest) for test in graph.subjects(RDF.type, kind)}
    return [case for test in sorted(tests, key=str) for case in _cases(graph, test)]


def _cases(graph: Graph, test: Node) -> Iterator[Case]:
    action = graph.value(test, MF.action)
    head = graph.value(action, HT.requests)
    for request in Collection(graph, head) if head is not None else ():
        yield _case(graph, str(test).rpartition("#")[2], request)


def _case(graph: Graph, test: str, request: Node) -> Case:
    head = graph.value(request, HT.headers)
    headers = Collection(graph, head) if head is not None else ()
    body = graph.value(request, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8")
    response = graph.value(request, HT.resp)
    return Case(
        test=test,
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers={str(graph.value(item, HT.fieldName)): str(graph.value(item, HT.fieldValue)) for item in headers},
        body=str(graph.value(body, CNT.chars) or "").encode(encoding) if body is not None else b"",
        statuses=frozenset(str(status).rpartition("#")[2] for status in graph.objects(response, MF.expectedStatus)),
        form=str(graph.value(response, MF.expectedFormat) or ""),
        boolean=str(graph.value(response, MF.expectedBoolean) or ""),
    )


def fits(status: int, expected: frozenset[str]) -> bool:
    """Whether a status is one of those expected."""
    names = {f"StatusCode{status // 100}xx", {404: "NotFound", 400: "BadRequest", 200: "OK"}.get(status, "")}
    return bool(names & expected)
