"""A graph store: a remote store that can be written to, through SPARQL Update and the Graph Store Protocol."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

# Virtuoso compiles an INSERT DATA into a procedure, which may have 10,000 lines.
BATCH = 500
SHOWN = 500


class StoreError(Exception):
    """A remote store cannot be reached or refuses; the message names the request and the remedy."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a store takes queries, updates and, when not None, the Graph Store Protocol."""

    query: str
    update: str
    graphs: str | None


class GraphStore:
    """Reads and writes one store. Credentials are taken from the URLs (user:password@) and used as Basic or Digest."""

    def __init__(self, addresses: Addresses, timeout: float = 600.0) -> None:
        """`timeout` is in seconds, for each request."""
        self._timeout = timeout
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        given = (addresses.query, addresses.update, addresses.graphs)
        query, update, graphs = (_without_user(url, passwords) if url else None for url in given)
        self.addresses = Addresses(query or "", update or "", graphs)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPBasicAuthHandler(passwords), urllib.request.HTTPDigestAuthHandler(passwords)
        )

    def rows(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT over the whole store, as plain strings."""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json"}
        answer = self._send("POST", self.addresses.query, urlencode({"query": query}).encode(), form)
        try:
            bindings = json.loads(answer)["results"]["bindings"]
            return [{name: term["value"] for name, term in row.items()} for row in bindings]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"{self.addresses.query} does not answer in SPARQL 1.1 results JSON.") from error

    def update(self, update: str) -> None:
        """Run one SPARQL Update request."""
        headers = {"Content-Type": "application/sparql-update"}
        self._send("POST", self.addresses.update, update.encode(), headers)

    def count(self, graph: str) -> int:
        """The number of triples in a graph."""
        rows = self.rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return int(rows[0]["n"])

    def fill(self, graph: str, triples: Path) -> None:
        """Put the N-Triples file into a graph that is empty: in one PUT, or in INSERT DATA requests of BATCH lines."""
        if self.addresses.graphs is not None:
            address = f"{self.addresses.graphs}?graph={quote(graph, safe='')}"
            self._send("PUT", address, triples.read_bytes(), {"Content-Type": "application/n-triples"})
            return
        with triples.open(encoding="utf-8") as lines:
            while batch := list(islice(lines, BATCH)):
                self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(_without_blank_nodes(batch))}}} }}")

    def _send(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> bytes:
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - checked in _without_user
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return bytes(response.read())
        except urllib.error.HTTPError as error:
            with error:
                said = " ".join(error.read(SHOWN).decode(errors="replace").split())
            raise StoreError(f"{method} {address} was answered {error.code} {error.reason}. {said}") from error
        except OSError as error:
            raise StoreError(
                f"{method} {address} failed: {error}. See that the store runs and takes writes."
            ) from error


def _without_user(url: str, passwords: urllib.request.HTTPPasswordMgr) -> str:
    """The URL alone; its user and password are noted in `passwords`."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError("A store's URL must be http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH.")
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if parts.username is not None:
        passwords.add_password(None, bare, unquote(parts.username), unquote(parts.password or ""))  # type: ignore[arg-type]
    return bare


def _without_blank_nodes(lines: Iterable[str]) -> Iterable[str]:
    """The same lines; a blank node would become another one in each request."""
    for line in lines:
        subject, _, rest = line.partition(" ")
        if subject.startswith("_:") or rest.partition(" ")[2].startswith("_:"):
            raise StoreError(
                "The release has blank nodes, which need the Graph Store Protocol: give --graph-store URL."
            )
        yield line
