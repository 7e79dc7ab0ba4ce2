"""The dataset of a query: the release's union default graph, the query's own FROM, or the protocol's parameters.

SPARQL 1.1 Protocol 2.1.4: graphs named by parameters replace those in the query. Where neither names one, the default
graph is the union of the release's named graphs. Oxigraph's union option would win over FROM, so it is only used when
the query has no FROM clause.
"""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import NamedNode

from server.query.tokens import tokens, unescaped

# The letters where they can be the keyword: not in a variable or a name, and with the name of a graph behind them.
_POSSIBLE = re.compile(
    r"from(?<![?$:]from)(?:named(?!\w)|(?![\w:]))(?:[ \t\r\n]*[<:\#]|[ \t\r\n]++(?:named|[\w.\-·]*+:))"
)


def names_dataset(query: str) -> bool:
    """Whether the query has a FROM or FROM NAMED clause of its own.

    >>> names_dataset("SELECT * FROM <http://example.org/g> { ?s ?p ?o }")
    True
    >>> names_dataset("SELECT * { ?from from:x 'FROM <g>' } # FROM <g>")
    False
    """
    plain = unescaped(query)
    return _names_dataset(query) or (plain != query and _names_dataset(plain))


def _names_dataset(query: str) -> bool:
    lower = query.lower()
    if "from" not in lower or _POSSIBLE.search(lower) is None:
        return False
    return any(token.kind == "word" and "FROM" in token.text.upper() for token in tokens(query))  # also ASKFROM<g>


def dataset_options(query: str, default: list[str], named: list[str]) -> dict[str, Any]:
    """The keyword arguments of `pyoxigraph.Store.query` that give the query its dataset; ValueError: no IRI."""
    if default or named:
        return {
            "default_graph": [NamedNode(iri) for iri in default],
            "named_graphs": [NamedNode(iri) for iri in named],
        }
    return {"use_default_graph_as_union": not names_dataset(query)}
