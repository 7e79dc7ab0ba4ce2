"""Publish: load a release into a remote store, check it, and switch the live graphs to it when it is complete.

The release is first loaded into staging graphs that no reader knows. Their counts are compared with the manifest. Then
one SPARQL Update request moves every staging graph to its place, drops the graphs that the release no longer has, and
writes the version into the mark that the remote engine looks for. docs/engines.md says what that means in which store.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import pyoxigraph
from pyoxigraph import RdfFormat

from loader.release.manifest import Release, ReleaseError, current_release, open_release
from server.engine.remote.graph_store import Addresses, GraphStore, StoreError
from server.engine.remote.published import (
    COUNTS,
    MARK,
    STAGING,
    SUBJECT,
    VERSION,
    VERSION_INFO,
    counts_of,
    version_of,
)

STAGED = f'SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'


def publish_release(release: Release, store: GraphStore) -> None:
    """Publish `release`; StoreError when it could not be done, in which case the live graphs are as they were."""
    wanted: dict[str, int] = release.manifest["graphs"]
    staging = {graph: f"{STAGING}{release.version}/{number}" for number, graph in enumerate(sorted(wanted))}
    _drop_staging(store)
    try:
        with _triples_by_graph(release) as files:
            _check_counts({graph: count for graph, (_, count) in files.items()}, wanted, "graph.nq")
            for graph, (path, _) in sorted(files.items()):
                store.fill(staging[graph], path)
        _check_counts({graph: store.count(staged) for graph, staged in staging.items()}, wanted, "the staging graphs")
    except StoreError:
        _drop_staging(store)
        raise
    store.update(switch_request(release.version, staging, set(counts_of(store.rows(COUNTS))) - set(wanted)))
    _check_counts(counts_of(store.rows(COUNTS)), wanted, "the live graphs")


def switch_request(version: str, staging: dict[str, str], obsolete: set[str]) -> str:
    """The one update request that makes a staged release the live one; `staging` is live graph → staging graph.

    The mark goes first and comes last, so that a store which stops half-way says that it holds no release.
    """
    mark = f'INSERT DATA {{ GRAPH <{MARK}> {{ <{SUBJECT}> <{VERSION_INFO}> "{version}" }} }}'
    moves = [f"MOVE GRAPH <{staged}> TO GRAPH <{live}>" for live, staged in sorted(staging.items())]
    drops = [f"DROP SILENT GRAPH <{graph}>" for graph in sorted(obsolete)]
    return " ;\n".join([f"DROP SILENT GRAPH <{MARK}>", *moves, *drops, mark])


def _drop_staging(store: GraphStore) -> None:
    """Remove what an interrupted publish has left."""
    staged = sorted(row["g"] for row in store.rows(STAGED))
    if staged:
        store.update(" ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in staged))


def _check_counts(found: dict[str, int], wanted: dict[str, int], where: str) -> None:
    wrong = sorted(graph for graph in found.keys() | wanted.keys() if found.get(graph, 0) != wanted.get(graph, 0))
    if wrong:
        graph = wrong[0]
        raise StoreError(
            f"{len(wrong)} graphs differ between the manifest and {where}: the first is {graph}, with "
            f"{found.get(graph, 0)} triples for {wanted.get(graph, 0)}. Publish again, or build the release anew."
        )


@contextmanager
def _triples_by_graph(release: Release) -> Iterator[dict[str, tuple[Path, int]]]:
    """graph.nq, parted into one N-Triples file per named graph: graph → file and count of distinct triples."""
    with tempfile.TemporaryDirectory(prefix="registergraf-publish-") as folder, ExitStack() as stack:
        files: dict[str, tuple[Path, int]] = {}
        streams = {}
        for quad in pyoxigraph.parse(path=release.graph, format=RdfFormat.N_QUADS):
            if not isinstance(quad.graph_name, pyoxigraph.NamedNode):
                raise StoreError(f"{release.graph} has a statement outside every named graph. Build the release anew.")
            graph = quad.graph_name.value
            if graph not in streams:
                files[graph] = (Path(folder, f"{len(files)}.nt"), 0)
                streams[graph] = stack.enter_context(files[graph][0].open("w", encoding="utf-8"))
            streams[graph].write(f"{quad.triple} .\n")
            files[graph] = (files[graph][0], files[graph][1] + 1)
        for stream in streams.values():
            stream.flush()
        yield files


def addresses_of(to: str, update: str | None, graph_store: str | None) -> Addresses:
    """Where to query, update and put graphs. Beside a `/query` (Oxigraph, Jena) an `/update` is assumed.

    >>> addresses_of("http://localhost:7878/query", None, None).update
    'http://localhost:7878/update'
    """
    sibling = to.removesuffix("/query") + "/update" if to.endswith("/query") else to
    return Addresses(query=to, update=update or sibling, graphs=graph_store)


@click.command()
@click.option("--to", required=True, metavar="URL", help="The store's SPARQL query endpoint.")
@click.option(
    "--update", metavar="URL", help="Its update endpoint, when it is neither URL nor URL with /update for /query."
)
@click.option(
    "--graph-store", metavar="URL", help="Its Graph Store Protocol endpoint; without it, INSERT DATA is used."
)
@click.option(
    "--releases",
    type=click.Path(path_type=Path),
    default="data/release",
    envvar="REGISTERGRAF_RELEASES",
    show_default=True,
    help="The folder of releases.",
)
@click.option("--version", metavar="VERSION", help="Which release; without it, the current one.")
def publish(to: str, update: str | None, graph_store: str | None, releases: Path, version: str | None) -> None:
    """Load a release into a remote store, check every graph, and switch to it when it is complete."""
    try:
        release = open_release(releases / version) if version else current_release(releases)
        store = GraphStore(addresses_of(to, update, graph_store))
        before = version_of(store.rows(VERSION))
        publish_release(release, store)
    except (StoreError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
    total = sum(release.manifest["graphs"].values())
    click.echo(f"Published {release.version}: {total} triples in {len(release.manifest['graphs'])} graphs.")
    click.echo(f"Before it: {before or 'nothing that was published'}.")
