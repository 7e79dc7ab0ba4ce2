"""The catalogues harvested as importers of data portals do: by GET, page by page, what is absent being deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import DCAT, DCTERMS, RDF, SKOS, Graph, Namespace, Node

from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, LABEL, REGISTERS, RG, example_graphs, make_current, write_graphs

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
READ = ("application/rdf+xml", "text/turtle", "application/ld+json")
OPERATED = Settings(
    public_url="https://register.example",
    operator_name="Exempelkommun",
    operator_type="http://purl.org/adms/publishertype/LocalAuthority",
    operator_email="data@register.example",
    metadata_licence="http://creativecommons.org/publicdomain/zero/1.0/",
    workers=1,
    queue=4,
    rate_per_minute=0,
    access_log="",
)


def harvest(client: FlaskClient, address: str) -> dict[str, Node]:
    """The data sets of a catalogue by identifier. AssertionError for what an importer would refuse."""
    found: dict[str, Node] = {}
    following = address
    while following:
        reply = client.get(following, headers={"Accept": ", ".join(READ)}, follow_redirects=True)
        assert (reply.status_code, str(reply.mimetype) in READ) == (200, True), following
        graph = _read(reply.data, str(reply.mimetype))
        for dataset in graph.subjects(RDF.type, DCAT.Dataset):
            identifiers = list(graph.objects(dataset, DCTERMS.identifier))
            assert len(identifiers) == 1, dataset
            assert str(identifiers[0]) not in found, dataset
            found[str(identifiers[0])] = dataset
            publisher = graph.value(dataset, DCTERMS.publisher)
            assert (publisher, RDF.type, None) in graph, f"{dataset}: its publisher is not described on the page"
        after = graph.value(None, HYDRA.next) or graph.value(None, HYDRA.nextPage)
        following = str(after or "")
    return found


def _read(data: bytes, media_type: str) -> Graph:
    form = RdfFormat.from_media_type(media_type)
    assert form is not None
    return Graph().parse(data=serialize((quad.triple for quad in parse(data, format=form)), format=RdfFormat.N_TRIPLES))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[FlaskClient, set[str]]]:
    """Two sites: in the second one register is gone; with the keys of the registers of each."""
    made = []
    for number, keys in enumerate((set(REGISTERS), set(REGISTERS) - {"riksstroke"})):
        root, graphs = tmp_path_factory.mktemp("harvest"), example_graphs()
        sources = [*graphs[GRAPHS + "skr-2022"], *_controlled()]
        gone = [f"<{ID}register/{key}>" for key in set(REGISTERS) - keys]
        graphs[GRAPHS + "skr-2022"] = [line for line in sources if not any(iri in line for iri in gone)]
        release = write_graphs(root, version := f"0.1.0-{number:012x}", graphs)
        make_current(root, version)
        settings = replace(OPERATED, releases=root)
        made.append((create_app(settings, open_engine(settings, release), release).test_client(), keys))
    return made


def _controlled() -> list[str]:
    """What the class is, and one controller of all registers: without one known, a data set has no publisher."""
    described = [
        f'<{RG}QualityRegister> <{SKOS.definition}> "Ett kvalitetsregister."@sv',
        f'<{ID}agent/a> <{LABEL}> "A"@sv',
    ]
    held = [f"<{ID}register/{key}> <https://w3id.org/dpv#hasDataController> <{ID}agent/a>" for key in REGISTERS]
    return [*described, *held]


@pytest.mark.parametrize("form", ["", ".rdf", ".ttl", ".jsonld"])
def test_every_data_set_is_harvested_and_what_is_absent_goes(
    sites: list[tuple[FlaskClient, set[str]]], form: str
) -> None:
    (before, keys), (after, kept) = sites
    first, then = harvest(before, f"/exports/dcat-ap{form}"), harvest(after, f"/exports/dcat-ap{form}")
    registers = {str(dataset).rpartition("/")[2] for dataset in first.values()} & keys
    assert registers == keys
    assert {str(first[gone]).rpartition("/")[2] for gone in first.keys() - then.keys()} == keys - kept


def test_the_swedish_catalogue_holds_our_own_data_set(sites: list[tuple[FlaskClient, set[str]]]) -> None:
    assert len(harvest(sites[0][0], "/exports/dcat-ap-se.rdf")) == 1
