"""Submitted sheets as parts of documents, so that what is published says where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from loader.graph.triples import named
from loader.intake.sheets.submitted import Submitted
from loader.intake.upload import Upload
from loader.model import iris

_TYPE = named("rdf:type")
_BOOLEAN = named("xsd:boolean")
_LICENCE = (
    Literal("Inlämnad av den som håller registret, för att publiceras i grafen.", language="sv"),
    Literal("Submitted by the holder of the register for publication in the graph.", language="en"),
)


def origin_triples(tables: Iterable[Submitted], uploads: Iterable[Upload]) -> Iterator[Triple]:
    """Each upload that tables come from as a rg:Document, each sheet as a part of it.

    Who submitted it (dcterms:publisher) is not known here; whoever keeps the submission adds it.
    """
    digests = {upload.source: hashlib.sha256(upload.data).hexdigest() for upload in uploads}
    seen: set[str] = set()
    for one in tables:
        grid = one.sheet.grid
        document = NamedNode(iris.document(grid.source))
        if grid.source not in seen:
            seen.add(grid.source)
            yield from _document(document, grid.source, digests[grid.source])
        part = NamedNode(iris.thing(one.part_path))
        title = grid.sheet or one.sheet.table
        yield Triple(part, _TYPE, named("rg:DocumentPart"))
        yield Triple(part, named("rg:partKind"), NamedNode(iris.thing("part-kind/table")))
        yield Triple(part, named("skos:prefLabel"), Literal(f"Inlämnat blad: {title}", language="sv"))
        yield Triple(part, named("skos:prefLabel"), Literal(f"Submitted sheet: {title}", language="en"))
        yield Triple(part, named("dcterms:isPartOf"), document)


def _document(document: NamedNode, source: str, digest: str) -> Iterator[Triple]:
    yield Triple(document, _TYPE, named("rg:Document"))
    yield Triple(document, named("skos:prefLabel"), Literal(f"Inlämnad fil {source}", language="sv"))
    yield Triple(document, named("skos:prefLabel"), Literal(f"Submitted file {source}", language="en"))
    yield from (Triple(document, named("rg:licenceNote"), note) for note in _LICENCE)
    yield Triple(document, named("rg:sha256"), Literal(digest))
    yield Triple(document, named("rg:synthetic"), Literal("false", datatype=_BOOLEAN))
