"""Other makers' clients against the production server: SPARQLWrapper, rdflib, pandas, Oxigraph's SERVICE, Comunica."""

from __future__ import annotations

import io
import json
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.dom.minidom import Document

import pandas
import pytest
import SPARQLWrapper
from pyoxigraph import Store
from rdflib import Graph, Literal
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import URIRef

from tests.programs import require_program
from tests.server.conftest import ID, LABEL, REGISTERS, RG
from tests.server.running import ROOT, Running, running

CLIENTS = ROOT / "tests" / "clients"
NAMES = f"SELECT ?r ?n WHERE {{ ?r a <{RG}QualityRegister> ; <{LABEL}> ?n }} ORDER BY ?n"
EXPECTED = sorted(REGISTERS.values())


@pytest.fixture(scope="module")
def server(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(release_root, tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


@pytest.mark.parametrize("form", [SPARQLWrapper.JSON, SPARQLWrapper.XML, SPARQLWrapper.CSV, SPARQLWrapper.TSV])
@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
def test_sparqlwrapper_rows(server: Running, form: str, method: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(server.url + "/sparql")
    client.setQuery(NAMES)
    client.setMethod(method)
    client.setReturnFormat(form)
    result = client.query()
    with result.response:
        found = result.convert()
    text = found.toxml() if isinstance(found, Document) else found.decode() if isinstance(found, bytes) else str(found)
    assert all(name in text for name in EXPECTED)


@pytest.mark.parametrize("form", [SPARQLWrapper.TURTLE, SPARQLWrapper.RDFXML, SPARQLWrapper.N3])
def test_sparqlwrapper_graphs(server: Running, form: str) -> None:
    client = SPARQLWrapper.SPARQLWrapper(server.url + "/sparql")
    client.setQuery(f"CONSTRUCT {{ ?r a ?t }} WHERE {{ ?r a <{RG}Register>, ?t }}")
    client.setReturnFormat(form)
    result = client.query()
    with result.response:
        assert b"QualityRegister" in result.response.read()


def test_sparqlwrapper_sees_errors(server: Running) -> None:
    client = SPARQLWrapper.SPARQLWrapper(server.url + "/sparql")
    client.setQuery("SELECT nonsense")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="query-syntax"):
        client.query()


def test_rdflib_store(server: Running) -> None:
    store = SPARQLStore(server.url + "/sparql")
    assert [str(row[1]) for row in store.query(NAMES)] == EXPECTED  # type: ignore[index]
    subjects = {triple[0] for triple, _ in store.triples((None, None, URIRef(RG + "Indicator")))}
    assert subjects == {URIRef(f"{ID}indicator/i1"), URIRef(f"{ID}indicator/i2")}


def test_pandas(server: Running) -> None:
    for more in ("", "&bom=true"):
        with urllib.request.urlopen(f"{server.url}/sparql?format=csv{more}&query={quote(NAMES)}") as response:
            frame = pandas.read_csv(io.BytesIO(response.read()), encoding="utf-8-sig")
        assert list(frame["n"]) == EXPECTED


def test_oxigraph_service(server: Running) -> None:
    query = f"SELECT ?n {{ SERVICE <{server.url}/sparql> {{ ?r a <{RG}QualityRegister> ; <{LABEL}> ?n }} }} ORDER BY ?n"
    assert [row[0].value for row in Store().query(query)] == EXPECTED  # type: ignore[union-attr]


def test_comunica(server: Running) -> None:
    node = require_program("node")
    assert (CLIENTS / "node_modules").is_dir(), "Run 'make clients' first; 'make test' does."
    command = [node, "ask.mjs", f"{server.url}/sparql", NAMES, "sparql"]
    asked = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, timeout=120, check=False)
    assert asked.returncode == 0, asked.stderr
    assert [row["n"] for row in json.loads(asked.stdout)] == EXPECTED


def test_comunica_finds_out_what_the_endpoint_is(server: Running) -> None:
    """Without being told that the source is an endpoint, Comunica must conclude it from the service description."""
    node = require_program("node")
    command = [node, "ask.mjs", f"{server.url}/sparql", NAMES]
    asked = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, timeout=120, check=False)
    assert asked.returncode == 0, asked.stderr
    assert [row["n"] for row in json.loads(asked.stdout)] == EXPECTED


def test_the_lock_file_names_no_host() -> None:
    lock = (CLIENTS / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://registry" not in lock
    assert '"@comunica/query-sparql"' in lock


def test_federation_from_the_clients_side_with_rdflib(server: Running) -> None:
    """As docs/protocol.md says: the join is the client's, over data of its own."""
    own = Graph()
    own.add((URIRef(ID + "register/swespine"), URIRef("urn:mine"), Literal("min")))
    query = f"SELECT ?r ?n {{ ?r <urn:mine> ?m . SERVICE <{server.url}/sparql> {{ ?r <{LABEL}> ?n }} }}"
    assert [str(row[1]) for row in own.query(query)] == ["Svenska ryggregistret"]  # type: ignore[index]
