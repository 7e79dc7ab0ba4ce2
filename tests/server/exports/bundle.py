"""DCAT-AP-SE's own description of its forms (bundle.json), read as cardinalities and kinds of values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rdflib import RDF, Graph, Literal, URIRef

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
    "schema": "http://schema.org/",
    "odrs": "http://schema.theodi.org/odrs#",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
CLASSES = (
    "dcat:Catalog",
    "dcat:DataService",
    "dcat:Dataset",
    "dcat:Distribution",
    "dcat:contactPoint",
    "dcat:foaf:Agent",
)


class Bundle:
    """The forms of the classes that a catalogue of ours has."""

    def __init__(self, file: Path) -> None:
        """Read the templates by their identifiers."""
        templates = json.loads(file.read_text(encoding="utf-8"))["templates"]
        self._templates = {template["id"]: template for template in templates}

    def breaches(self, graph: Graph) -> list[str]:
        """Where a thing has too few or too many values of a property, or values of another kind."""
        return sorted(set(self._breaches(graph)))

    def _breaches(self, graph: Graph) -> Iterator[str]:
        for name in CLASSES:
            template = self._templates[name]
            types = next(iter(template["constraints"].values()))
            for kind in [types] if isinstance(types, str) else types:
                for thing in set(graph.subjects(RDF.type, _iri(kind))):
                    for item in self._items(template):
                        yield from _breaches_of(graph, thing, item)

    def _items(self, template: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for item in template["items"]:
            own = self._templates[item] if isinstance(item, str) else item
            base = self._templates.get(own.get("extends", ""), {})
            merged = {**base, **own}
            if "property" in merged and "deps" not in merged:
                yield merged


def _breaches_of(graph: Graph, thing: Any, item: dict[str, Any]) -> Iterator[str]:
    path, bounds = _iri(item["property"]), item.get("cardinality", {})
    values = list(graph.objects(thing, path))
    if "choices" in item:
        offered = {URIRef(choice["value"]) for choice in item["choices"]}
        values = [value for value in values if path != RDF.type or value in offered]
    if len(values) < bounds.get("min", 0):
        yield f"{thing} has too few {path}"
    if item.get("nodetype") == "LANGUAGE_LITERAL":
        if any(not isinstance(value, Literal) or not value.language for value in values):
            yield f"{thing} has {path} without language"
    elif len(values) > bounds.get("max", len(values)):
        yield f"{thing} has too many {path}"


def _iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(_PREFIXES[prefix] + local) if prefix in _PREFIXES else URIRef(name)
