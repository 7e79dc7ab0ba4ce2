"""The dataset of a query: the release's union default graph, the query's own FROM, or the protocol's parameters.

SPARQL 1.1 Protocol 2.1.4: graphs named by parameters replace those in the query. Where neither names one, the default
graph is the union of the release's named graphs. Oxigraph's union option would win over FROM, so it is only used when
the query has no FROM clause.
"""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import NamedNode

# SPARQL 1.1, section 19.8: what may hold the letters FROM without being the keyword, longest first.
TOKEN = re.compile(
    r"""
      \#[^\n\r]*                                        # comment
    | <[^<>"{}|^`\\\x00-\x20]*>                         # IRIREF
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}              # long strings
    | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n\r]|\\.)*"                             # short strings
    | '(?:[^'\\\n\r]|\\.)*'
    | [?$]\w+                                           # variables
    | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                      # language tags
    | (?:_:|[\w\-.]*:)(?:[\w\-.:]|%[0-9A-Fa-f]{2}|\\.)* # prefixed names, blank node labels
    | (?P<word>[^\W\d][\w\-]*)
    """,
    re.VERBOSE | re.DOTALL,
)

# SPARQL 1.1, section 19.2: these are resolved before the grammar is applied.
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def names_dataset(query: str) -> bool:
    """Whether the query has a FROM or FROM NAMED clause of its own.

    >>> names_dataset("SELECT * FROM <http://example.org/g> { ?s ?p ?o }")
    True
    >>> names_dataset("SELECT * { ?from from:x 'FROM <g>' } # FROM <g>")
    False
    """
    lower = query.lower()
    if "from" not in lower and "\\u" not in lower:
        return False
    readings = [query]
    if "\\u" in lower:
        readings.append(ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), query))
    return any((token["word"] or "").upper() == "FROM" for text in readings for token in TOKEN.finditer(text))


def dataset_options(query: str, default: list[str], named: list[str]) -> dict[str, Any]:
    """The keyword arguments of `pyoxigraph.Store.query` that give the query its dataset; ValueError: no IRI."""
    if default or named:
        return {
            "default_graph": [NamedNode(iri) for iri in default],
            "named_graphs": [NamedNode(iri) for iri in named],
        }
    return {"use_default_graph_as_union": not names_dataset(query)}
