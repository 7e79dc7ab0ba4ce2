"""The peer rdflib-endpoint as a process: `python -m tests.bench.rdflib_server GRAPH.nq PORT`."""

from __future__ import annotations

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Load the file into rdflib's memory store, the union as its default graph, and serve it."""
    path, port = sys.argv[1:]
    dataset = Dataset(default_union=True)
    dataset.parse(path, format="nquads")
    uvicorn.run(SparqlEndpoint(graph=dataset), host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
