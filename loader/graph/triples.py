"""Records and documents as quads: one named graph per source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from loader.model import iris
from loader.model.codes import Concept
from loader.tables.cells import Link, Subject, Text, Value
from loader.tables.records import Record
from loader.tables.sources import Source

_XSD = iris.PREFIXES["xsd"]
_TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
_ISSUED = {4: "gYear", 7: "gYearMonth", 10: "date"}


def term(value: Value) -> NamedNode | Literal:
    """The RDF term of a cell's value."""
    match value:
        case Text(text=text, lang=str(lang)):
            return Literal(text, language=lang)
        case Text(text=text, datatype=str(datatype)):
            return Literal(text, datatype=NamedNode(_XSD + datatype))
        case Text(text=text):
            return Literal(text)
        case Link(iri=iri):
            return NamedNode(iri)
        case Concept():
            return NamedNode(value.iri)
        case Subject(path=path):
            return NamedNode(iris.thing(path))


@cache
def named(name: str) -> NamedNode:
    """The node of a prefixed name."""
    return NamedNode(iris.expand(name))


def record_quads(records: Iterable[Record]) -> Iterator[Quad]:
    """Every statement of the records, in order: class, cells, passage."""
    for record in records:
        graph = NamedNode(iris.graph(record.source))
        subject = NamedNode(iris.thing(record.path))
        yield Quad(subject, _TYPE, named(record.class_name), graph)
        for cell in record.cells:
            for item in cell.items:
                yield Quad(subject, named(item.property), term(item.value), graph)
        yield from _isolated(record, subject, graph)
        yield from _passage(record, subject, graph)


def _isolated(record: Record, subject: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    """A part that is part of no other is part of the document."""
    if record.table == "parts" and not any(cell.column.name == "parent" and cell.text for cell in record.cells):
        part_of = named("dcterms:isPartOf")
        yield Quad(subject, part_of, NamedNode(iris.document(record.source)), graph)


def _passage(record: Record, subject: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    if record.passage is None:
        return
    part, row = record.passage
    passage = NamedNode(iris.passage(record.source, part, row))
    yield Quad(subject, named("dcterms:source"), passage, graph)
    yield Quad(passage, _TYPE, named("rg:Passage"), graph)
    part_iri = NamedNode(iris.thing(f"part/{record.source}.{part}"))
    yield Quad(passage, named("rg:inPart"), part_iri, graph)
    yield Quad(passage, named("skos:notation"), Literal(f"{part}.{row}"), graph)
    if row.isdecimal():
        number = Literal(str(int(row)), datatype=NamedNode(_XSD + "integer"))
        yield Quad(passage, named("rg:rowNumber"), number, graph)


def document_quads(sources: Iterable[Source]) -> Iterator[Quad]:
    """What sources.toml says of each source's document."""
    for source in sources:
        graph = NamedNode(iris.graph(source.key))
        subject = NamedNode(iris.document(source.key))
        for predicate, value in _document(source):
            yield Quad(subject, named(predicate), value, graph)


def _document(source: Source) -> Iterator[tuple[str, NamedNode | Literal]]:
    fields = source.fields
    yield "rdf:type", named("rg:Document")
    yield "skos:prefLabel", Literal(fields["title_sv"], language="sv")
    yield "skos:prefLabel", Literal(fields["title_en"], language="en")
    yield "dcterms:publisher", NamedNode(iris.thing(f"agent/{fields['publisher']}"))
    yield "rg:licenceNote", Literal(fields["licence_sv"], language="sv")
    yield "rg:licenceNote", Literal(fields["licence_en"], language="en")
    yield "rg:sha256", Literal(fields["sha256"])
    yield "rg:synthetic", Literal("true" if source.synthetic else "false", datatype=NamedNode(_XSD + "boolean"))
    if "issued" in fields:
        yield "dcterms:issued", Literal(fields["issued"], datatype=NamedNode(_XSD + _ISSUED[len(fields["issued"])]))
    if "identifier" in fields:
        yield "dcterms:identifier", Literal(fields["identifier"])
    if "homepage" in fields:
        yield "foaf:homepage", NamedNode(fields["homepage"])
    if "retrieved" in fields:
        yield "rg:retrievedOn", Literal(fields["retrieved"], datatype=NamedNode(_XSD + "date"))
