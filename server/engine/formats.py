"""The media types in which the embedded engine can answer, and how it writes each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TypeVar, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}

F = TypeVar("F")
Result = QuerySolutions | QueryBoolean | QueryTriples


def write(result: Result, media_type: str, output: IO[bytes], *, prefixes: dict[str, str]) -> None:
    """Write a result to `output`, in pieces, as it is computed; ValueError when its form has no such media type.

    Graphs are written through `pyoxigraph.serialize`, which takes prefixes and is as fast as the result's own method.
    """
    if isinstance(result, QueryTriples):
        triples = cast("Iterable[Triple]", result)
        serialize(triples, output, _format(GRAPHS, media_type, "graph"), prefixes=prefixes)
        return
    kind = "true or false" if isinstance(result, QueryBoolean) else "table"
    result.serialize(output, _format(RESULTS, media_type, kind))


def _format(formats: dict[str, F], media_type: str, kind: str) -> F:
    found = formats.get(media_type)
    if found is None:
        raise ValueError(f"The result is a {kind}, which {media_type} cannot carry; there is {', '.join(formats)}.")
    return found
