"""What a sentence says of a thing: its label, and the passage of a source that it was taken from, in one language."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Store

from loader.model import iris

_LABEL = NamedNode(iris.PREFIXES["skos"] + "prefLabel")
_SOURCE = NamedNode(iris.PREFIXES["dcterms"] + "source")
_PART, _ROW = NamedNode(iris.PREFIXES["rg"] + "inPart"), NamedNode(iris.PREFIXES["rg"] + "rowNumber")
_ROW_IN = {"sv": "rad", "en": "row"}
_NOWHERE = {"sv": "okänt ställe", "en": "unknown place"}


def label(store: Store, node: NamedNode | Literal, language: str) -> str:
    """The preferred label of a thing in a language; its IRI, or the text of a literal, when it has none."""
    return next(_texts(store, node, language), node.value)


def passage(store: Store, node: NamedNode | Literal, language: str) -> str:
    """The part of a document, and the row, that a thing was taken from, such as “Tabell 4, rad 2”."""
    found = sorted(
        f"{part}, {_ROW_IN[language]} {row}" if row else part
        for source in _values(store, node, _SOURCE)
        for row in [next((item.value for item in _values(store, source, _ROW)), "")]
        for place in _values(store, source, _PART)
        for part in _texts(store, place, language)
    )
    return found[0] if found else _NOWHERE[language]


def _texts(store: Store, node: NamedNode | Literal, language: str) -> Iterator[str]:
    return (
        item.value for item in _values(store, node, _LABEL) if isinstance(item, Literal) and item.language == language
    )


def _values(store: Store, node: NamedNode | Literal, predicate: NamedNode) -> Iterator[NamedNode | Literal]:
    if isinstance(node, NamedNode):
        for quad in store.quads_for_pattern(node, predicate, None):
            if isinstance(quad.object, NamedNode | Literal):
                yield quad.object
