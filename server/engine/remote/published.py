"""What a store says of the release that was published to it: a mark in a graph of its own, and counts per graph."""

from __future__ import annotations

from loader.model.iris import BASE

MARK = f"{BASE}graph/published"
SUBJECT = BASE
VERSION_INFO = "http://www.w3.org/2002/07/owl#versionInfo"
STAGING = f"{BASE}staging/"

VERSION = f"SELECT ?version {{ GRAPH <{MARK}> {{ <{SUBJECT}> <{VERSION_INFO}> ?version }} }}"
COUNTS = (
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } "
    f'FILTER(STRSTARTS(STR(?g), "{BASE}graph/") && ?g != <{MARK}>) }} GROUP BY ?g'
)


def version_of(rows: list[dict[str, str]]) -> str | None:
    """The version in the answer to VERSION; None when nothing, or more than one, is said to be published."""
    versions = {row["version"] for row in rows}
    return versions.pop() if len(versions) == 1 else None


def counts_of(rows: list[dict[str, str]]) -> dict[str, int]:
    """Graph IRI → triple count, from the answer to COUNTS."""
    return {row["g"]: int(row["n"]) for row in rows if "g" in row}
