"""Publishing to two real stores, and the remote engine over what was published."""

from __future__ import annotations

import collections
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.release.manifest import Release
from server.engine.interface import Broken, Crashed, EngineError, QueryFailed, QuerySyntax, TimedOut
from server.engine.limits import EngineLimits
from server.engine.remote.endpoint import RemoteEngine
from server.engine.remote.graph_store import GraphStore, StoreError
from server.engine.remote.published import COUNTS, MARK, STAGING, VERSION, counts_of, version_of
from server.operations.publish import publish, publish_release
from tests.server.engine.asking import COUNT, ENDLESS, RUNAWAY, body, count, eventually, request, rows
from tests.server.engine.fixture_release import INFERRED, NS, REGISTERS, VARIABLES, write_release
from tests.server.engine.stores import RunningStore, running_oxigraph

IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
STAGED = f'SELECT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'


def live(store: GraphStore) -> tuple[str | None, dict[str, int]]:
    return version_of(store.rows(VERSION)), counts_of(store.rows(COUNTS))


def is_ready(url: str, release: Release) -> bool:
    with closing(RemoteEngine(url, release)) as engine:
        return engine.status().ready


@pytest.fixture
def client(store: RunningStore) -> GraphStore:
    return GraphStore(store.addresses)


@pytest.fixture
def remote(store: RunningStore, client: GraphStore, release: Release) -> Iterator[RemoteEngine]:
    """An engine over a store that holds the release, and much else."""
    publish_release(release, client)
    client.update("INSERT DATA { GRAPH <http://example.org/other> { <http://e/s> <http://e/p> 1, 2, 3 } }")
    with closing(RemoteEngine(store.query, release)) as engine:
        yield engine


@pytest.mark.parametrize("graph_store", [True, False])
def test_publish_and_publish_another(
    store: RunningStore, release: Release, other_release: Release, graph_store: bool
) -> None:
    addresses = store.addresses if graph_store else replace(store.addresses, graphs=None)
    client = GraphStore(addresses)
    for next_release in (release, other_release, release):
        publish_release(next_release, client)
        assert live(client) == (next_release.version, next_release.manifest["graphs"])
        assert client.rows(STAGED) == []


def test_a_graph_that_the_next_release_lacks_is_dropped(client: GraphStore, release: Release, tmp_path: Path) -> None:
    publish_release(release, client)
    smaller = write_release(tmp_path / "smaller", "2.0.0-000000000003", registers=2)
    lines = [line for line in smaller.graph.read_text().splitlines(keepends=True) if INFERRED not in line]
    smaller.graph.write_text("".join(lines))
    del smaller.manifest["graphs"][INFERRED]
    publish_release(smaller, client)
    assert live(client) == ("2.0.0-000000000003", {REGISTERS: 8, VARIABLES: 12})


def test_text_survives(client: GraphStore, release: Release, store: RunningStore, tmp_path: Path) -> None:
    written = write_release(tmp_path / "text", "3.0.0-000000000004", registers=1)
    text = 'Å ”citat” "quote" back\\slash, two\nlines\tand 😀'
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    with written.graph.open("a") as graph:
        graph.write(f'<http://example.org/s> <{NS}note> "{escaped}"@sv <{REGISTERS}> .\n')
    written.manifest["graphs"][REGISTERS] += 1
    for addresses in (store.addresses, replace(store.addresses, graphs=None)):
        publish_release(written, GraphStore(addresses))
        with closing(RemoteEngine(store.query, written)) as engine:
            assert rows(engine, f"SELECT ?o {{ ?s <{NS}note> ?o }}") == [{"o": text}]


def test_a_release_whose_counts_are_wrong_is_not_published(
    client: GraphStore, release: Release, tmp_path: Path
) -> None:
    publish_release(release, client)
    wrong = write_release(tmp_path / "wrong", "9.9.9-00000000000f")
    wrong.manifest["graphs"][VARIABLES] += 1
    with pytest.raises(StoreError, match=r"1 graphs differ .*graph/variables, with 120 triples for 121"):
        publish_release(wrong, client)
    assert live(client) == (release.version, release.manifest["graphs"])


def test_a_load_that_stays_incomplete_is_not_switched_to(
    client: GraphStore, release: Release, other_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_release(release, client)
    fill = GraphStore.fill

    def lose_a_triple(self: GraphStore, graph: str, triples: Path) -> None:
        if graph.endswith("/1"):
            triples.write_text("".join(triples.read_text().splitlines(keepends=True)[1:]))
        fill(self, graph, triples)

    monkeypatch.setattr(GraphStore, "fill", lose_a_triple)
    with pytest.raises(StoreError, match="the staging graphs"):
        publish_release(other_release, client)
    assert live(client) == (release.version, release.manifest["graphs"])
    assert client.rows(STAGED) == []


def test_a_publish_that_is_killed_leaves_the_live_graphs_alone(
    client: GraphStore, store: RunningStore, release: Release, tmp_path: Path
) -> None:
    publish_release(release, client)
    large = write_release(tmp_path / "releases" / "large", "4.0.0-000000000005", registers=4000)
    script = "import sys; from server.operations.publish import publish; publish(sys.argv[1:])"
    arguments = ["--to", store.query, "--releases", str(large.directory.parent), "--version", "large"]
    process = subprocess.Popen([sys.executable, "-c", script, *arguments, "--update", store.addresses.update])
    try:
        assert eventually(lambda: bool(client.rows(f"{STAGED} LIMIT 1")), seconds=60)
    finally:
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert live(client) == (release.version, release.manifest["graphs"])
    with closing(RemoteEngine(store.query, release)) as engine:
        assert count(engine) == 260

    def cleared() -> bool:
        """The next publish clears up; a request of the killed one may reach the store even after that."""
        publish_release(release, client)
        return client.rows(STAGED) == []

    assert eventually(cleared)


def test_the_command(store: RunningStore, client: GraphStore, release: Release, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(release.directory)
    arguments = ["--to", store.query, "--update", store.addresses.update, "--releases", str(tmp_path)]
    result = CliRunner().invoke(publish, [*arguments, "--graph-store", str(store.addresses.graphs)])
    assert result.exit_code == 0, result.output
    assert f"Published {release.version}: 260 triples in 3 graphs." in result.output
    assert live(client) == (release.version, release.manifest["graphs"])


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(publish, ["--to", "http://127.0.0.1:9/query", "--releases", str(tmp_path)])
    assert (result.exit_code, "There is no release" in result.output) == (1, True)
    write_release(tmp_path / "one")
    arguments = ["--releases", str(tmp_path), "--version", "one", "--to"]
    result = runner.invoke(publish, [*arguments, "http://127.0.0.1:9/query"])
    assert (result.exit_code, "See that the store runs" in result.output) == (1, True)
    result = runner.invoke(publish, [*arguments, "file:///etc/passwd"])
    assert (result.exit_code, "must be http" in result.output) == (1, True)


def test_blank_nodes_need_the_graph_store_protocol(oxigraph: RunningStore, tmp_path: Path) -> None:
    blank = write_release(tmp_path / "blank", "5.0.0-000000000006", registers=1)
    with blank.graph.open("a") as graph:
        graph.write(f"<http://example.org/s> <{NS}part> _:b <{REGISTERS}> .\n")
    blank.manifest["graphs"][REGISTERS] += 1
    with pytest.raises(StoreError, match="give --graph-store"):
        publish_release(blank, GraphStore(replace(oxigraph.addresses, graphs=None)))
    publish_release(blank, GraphStore(oxigraph.addresses))


def test_the_default_graph_is_the_releases_and_nothing_else(remote: RemoteEngine) -> None:
    assert count(remote) == 260
    assert count(remote, IN_GRAPHS) == 260
    assert count(remote, "SELECT (COUNT(*) AS ?n) { <http://e/s> ?p ?o }") == 0
    assert rows(remote, f"SELECT * {{ GRAPH <{MARK}> {{ ?s ?p ?o }} }}") == []


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (COUNT.replace("{", f"FROM <{REGISTERS}> {{", 1), {}, 80),
        (COUNT, {"default_graphs": (REGISTERS, INFERRED)}, 140),
        (IN_GRAPHS, {"named_graphs": (REGISTERS,)}, 80),
    ],
)
def test_dataset(remote: RemoteEngine, text: str, options: dict[str, tuple[str, ...]], expected: int) -> None:
    assert count(remote, text, **options) == expected


@pytest.mark.parametrize(
    ("text", "media_type", "part"),
    [
        ("ASK { ?s ?p ?o }", "application/sparql-results+json", '"boolean":true'),
        ("ASK { ?s <http://example.org/no> ?o }", "application/sparql-results+json", '"boolean":false'),
        ("ASK { ?s ?p ?o }", "application/sparql-results+xml", "<boolean>true</boolean>"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "application/sparql-results+xml", "<results"),
        ("SELECT ?l { ?s ?p ?l FILTER(?l = 'Register över äldre, nr 3'@sv) }", "text/csv", "Register över äldre, nr 3"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "text/tab-separated-values", "\t"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle", "nr 3"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", "<"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "<rdf:RDF"),
        (f"DESCRIBE <{NS}Register>", "text/turtle", ""),
    ],
)
def test_forms_and_media_types(remote: RemoteEngine, text: str, media_type: str, part: str) -> None:
    assert part in body(remote, text, media_type, timeout=30)


def test_syntax_errors(remote: RemoteEngine, store: RunningStore) -> None:
    with pytest.raises(QuerySyntax) as caught:
        remote.query(request("SELECT *\n{ ?s ?p }"))
    assert caught.value.line == 2
    assert caught.value.column == (10 if store.name == "oxigraph" else None)
    assert not any(part in str(caught.value) for part in ("SPARQL query:", "error at 2"))


def test_ready_only_when_the_release_is_there(
    remote: RemoteEngine, client: GraphStore, store: RunningStore, release: Release, other_release: Release
) -> None:
    assert remote.status().ready
    assert not is_ready(store.query, other_release)
    with pytest.raises(EngineError, match="Run 'registergraf publish"):
        remote.switch(other_release)
    assert remote.release == release.version
    publish_release(other_release, client)
    remote.switch(other_release)
    assert (remote.release, count(remote)) == (other_release.version, 273)
    client.update(f"DROP SILENT GRAPH <{MARK}>")
    assert is_ready(store.query, other_release)
    assert not is_ready(store.query, release)


def test_a_store_that_dies_in_mid_answer_breaks_it(tmp_path: Path, release: Release) -> None:
    with running_oxigraph(tmp_path) as server:
        publish_release(release, GraphStore(server.addresses))
        with closing(RemoteEngine(server.query, release)) as engine:
            chunks = engine.query(request(ENDLESS, timeout=60)).chunks
            next(chunks)
            server.process.kill()
            with pytest.raises(Broken, match="cut its answer off"):
                collections.deque(chunks, maxlen=0)
            with pytest.raises(Crashed, match="See that it runs"):
                engine.query(request("ASK {}"))
            assert not engine.status().ready
            assert engine.status().busy == 0


def test_a_store_that_is_slower_than_the_deadline(tmp_path: Path, release: Release) -> None:
    with running_oxigraph(tmp_path) as server:
        publish_release(release, GraphStore(server.addresses))
        engine = RemoteEngine(server.query, release, EngineLimits(workers=2))
        with pytest.raises(TimedOut, match="deadline"):
            engine.query(request(RUNAWAY, timeout=0.5))
        assert engine.status().busy == 0
        with pytest.raises(QueryFailed, match="406"):
            engine.query(request(COUNT, "text/turtle"))
        engine.close()
