"""The W3C's own tests of protocol, graph store and service description, as far as they apply to a read-only service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings
from tests.reference import reason, reference
from tests.server.conftest import write_graphs
from tests.server.query.w3c import Case, fits, read_cases

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document>"
GRAPH_TYPES = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
# docs/protocol.md gives the reason for each of these.
WRITES = {
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
}


@pytest.fixture(scope="module")
def w3c_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    graphs = {DATA.format(n): [f"<{DATA.format(n)}> {TYPE}"] for n in (1, 2, 3)}
    release = write_graphs(tmp_path_factory.mktemp("w3c"), "0.1.0-cccccccccccc", graphs)
    settings = Settings(releases=release.directory.parent, workers=1, rate_per_minute=0)
    engine = open_engine(settings, release)
    yield create_app(settings, engine, release).test_client()
    engine.close()


def w3c() -> Path:
    """The W3C's folder; the calling test is skipped where it is not at hand."""
    folder = reference("w3c")
    if not folder.is_dir():
        pytest.skip(reason(folder, "test_protocol.py restates the manifests"))
    return folder


def manifest(name: str) -> list[Case]:
    cases = read_cases(w3c() / name)
    assert cases
    return cases


def send(client: FlaskClient, case: Case, path: str) -> tuple[int, str, bytes]:
    response = client.open(path, method=case.method, headers=case.headers, data=case.body)
    return response.status_code, response.mimetype or "", response.get_data()


def test_protocol(w3c_client: FlaskClient) -> None:
    cases = [case for case in manifest("protocol/manifest.ttl") if case.test not in WRITES]
    assert len({case.test for case in cases}) == 27
    wrong = []
    for case in cases:
        status, mimetype, body = send(w3c_client, case, case.path)
        good = fits(status, case.statuses) and right_form(case.form, mimetype)
        if case.boolean:
            good = good and f'"boolean":{case.boolean}'.encode() in body
        if not good:
            wrong.append((case.test, status, mimetype, case.statuses, body[:200]))
    assert wrong == []


def test_updates_are_refused_with_where_to_go(w3c_client: FlaskClient) -> None:
    cases = [case for case in manifest("protocol/manifest.ttl") if case.test in WRITES]
    updates = [case for case in cases if b"update=" in case.body or "sparql-update" in str(case.headers)]
    assert len(updates) >= 7
    for case in updates:
        response = w3c_client.open(case.path, method=case.method, headers=case.headers, data=case.body)
        assert response.status_code == 403, case.test
        assert response.json["submit"]  # type: ignore[index]


def right_form(form: str, mimetype: str) -> bool:
    if form == "boolean":
        return mimetype in ("application/sparql-results+json", "application/sparql-results+xml")
    if form == "tabular":
        return mimetype in (
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/csv",
            "text/tab-separated-values",
        )
    return mimetype in GRAPH_TYPES if form == "RDF" else True


def test_graph_store_heads(w3c_client: FlaskClient) -> None:
    """HEAD on a graph that is not there, under both ways of naming one; the writes are refused (below)."""
    for name, old, new in (("direct", "/gsp/", "/graph/"), ("indirect", "/gsp?", "/rdf-graph-store?")):
        cases = [case for case in manifest(f"graph-store-protocol/manifest-{name}.ttl") if "head_non" in case.test]
        assert len(cases) == 1
        status, _, body = send(w3c_client, cases[0], cases[0].path.replace(old, new))
        assert (fits(status, cases[0].statuses), body) == (True, b"")


def test_graph_store_writes_are_refused(w3c_client: FlaskClient) -> None:
    refused = 0
    for name in ("direct", "indirect"):
        for case in manifest(f"graph-store-protocol/manifest-{name}.ttl"):
            if case.method in ("PUT", "POST", "DELETE"):
                path = "/graph/x" if name == "direct" else "/rdf-graph-store?graph=http%3A%2F%2Fwww.example%2Fx"
                assert send(w3c_client, case, path)[0] == 403, case
                refused += 1
    assert refused >= 20


def test_the_data_are_the_w3cs(w3c_client: FlaskClient) -> None:
    folder = w3c()
    for number in (1, 2, 3):
        text = Path(folder / f"protocol/data{number}.nt").read_text(encoding="utf-8").strip()
        assert text == f"<{DATA.format(number)}> {TYPE} ."
