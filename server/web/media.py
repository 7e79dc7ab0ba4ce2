"""The formats of answers: their short names, media types, and what kind of answer each can carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `name` as in `format=`, `media_type` as sent, `aliases` also understood, `iri` by W3C's list of
    formats.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...]
    extension: str
    iri: str

    @property
    def content_type(self) -> str:
        """The Content-Type header; text types say their charset."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    def is_called(self, name: str) -> bool:
        """Whether a client may mean this format by `name` (short name or media type, any case)."""
        return name.lower() in (self.name, self.media_type, *self.aliases)


_W3C = "http://www.w3.org/ns/formats/"

JSON = Format(
    "json", "application/sparql-results+json", ("application/json", "srj"), "srj", _W3C + "SPARQL_Results_JSON"
)
XML = Format(
    "xml", "application/sparql-results+xml", ("application/xml", "text/xml", "srx"), "srx", _W3C + "SPARQL_Results_XML"
)
CSV = Format("csv", "text/csv", (), "csv", _W3C + "SPARQL_Results_CSV")
TSV = Format("tsv", "text/tab-separated-values", (), "tsv", _W3C + "SPARQL_Results_TSV")
TURTLE = Format(
    "turtle", "text/turtle", ("ttl", "n3", "application/x-turtle", "application/turtle"), "ttl", _W3C + "Turtle"
)
NTRIPLES = Format("ntriples", "application/n-triples", ("nt", "n-triples", "text/plain"), "nt", _W3C + "N-Triples")
RDFXML = Format(
    "rdfxml",
    "application/rdf+xml",
    ("rdf", "rdf+xml", "rdf/xml", "xml", "application/xml", "text/xml"),
    "rdf",
    _W3C + "RDF_XML",
)
JSONLD = Format("jsonld", "application/ld+json", ("json-ld", "json", "application/json"), "jsonld", _W3C + "JSON-LD")
HTML = Format("html", "text/html", ("application/xhtml+xml",), "html", "")

ROWS = (JSON, XML, CSV, TSV)
BOOLEAN = (JSON, XML)
GRAPH = (TURTLE, NTRIPLES, RDFXML, JSONLD)

OF_FORM: dict[str, tuple[Format, ...]] = {"SELECT": ROWS, "ASK": BOOLEAN, "CONSTRUCT": GRAPH, "DESCRIBE": GRAPH}
