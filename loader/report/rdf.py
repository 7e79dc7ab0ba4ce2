"""The report as a sh:ValidationReport, in Turtle and JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from loader.graph.triples import named
from loader.model import iris
from loader.model.findings import Finding
from loader.report.model import Report, place_of, rule_link

_CSVW = "http://www.w3.org/ns/csvw#"
_PREFIXES = {**iris.PREFIXES, "csvw": _CSVW}
_INTEGER = named("xsd:integer")


def turtle_report(report: Report) -> bytes:
    """The report in Turtle."""
    return serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=_PREFIXES) or b""


def json_ld_report(report: Report) -> bytes:
    """The report in JSON-LD."""
    return serialize(_triples(report), format=RdfFormat.JSON_LD, prefixes=_PREFIXES) or b""


def _triples(report: Report) -> Iterator[Triple]:
    root = BlankNode("report")
    conforms = Literal("true" if report.result.conforms else "false", datatype=named("xsd:boolean"))
    yield Triple(root, named("rdf:type"), named("sh:ValidationReport"))
    yield Triple(root, named("sh:conforms"), conforms)
    for language, text in (("sv", report.effect.sv), ("en", report.effect.en)):
        yield Triple(root, named("rdfs:comment"), Literal(text, language=language))
    for number, finding in enumerate(report.result.findings, 1):
        result = BlankNode(f"result{number}")
        yield Triple(root, named("sh:result"), result)
        yield from _result(report, finding, result)


def _result(report: Report, finding: Finding, result: BlankNode) -> Iterator[Triple]:
    """One result; what is about a file and not about a thing has a blank node for its focus."""
    rule = NamedNode(iris.check(finding.rule))
    yield Triple(result, named("rdf:type"), named("sh:ValidationResult"))
    yield Triple(result, named("sh:resultSeverity"), named(f"sh:{finding.severity.value}"))
    yield Triple(result, named("sh:sourceConstraintComponent"), rule)
    yield Triple(result, named("sh:sourceShape"), rule)
    yield Triple(result, named("sh:focusNode"), _node(finding.focus, f"{result.value}focus"))
    if finding.path is not None and iris.is_absolute(finding.path):
        yield Triple(result, named("sh:resultPath"), NamedNode(finding.path))
    if finding.value is not None:
        yield Triple(result, named("sh:value"), _value(finding.value))
    for language in ("sv", "en"):
        text = finding.message.sv if language == "sv" else finding.message.en
        yield Triple(result, named("sh:resultMessage"), Literal(text, language=language))
    yield Triple(result, named("rdfs:seeAlso"), NamedNode(rule_link(finding.rule)))
    yield from _place(report, finding, result)


def _place(report: Report, finding: Finding, result: BlankNode) -> Iterator[Triple]:
    position = finding.position
    if position.file is None:
        return
    place = BlankNode(f"{result.value}place")
    yield Triple(result, named("prov:atLocation"), place)
    yield Triple(place, named("rdf:type"), named("prov:Location"))
    yield Triple(place, named("rdfs:label"), Literal(place_of(position, report.result.columns)))
    number = position.row if position.row is not None else position.line
    if number is not None:
        yield Triple(place, NamedNode(_CSVW + "rownum"), Literal(str(number), datatype=_INTEGER))
    if position.row is not None and position.column is not None:
        yield Triple(place, NamedNode(_CSVW + "name"), Literal(str(position.column)))


def _node(focus: str | None, fallback: str) -> NamedNode | BlankNode:
    return NamedNode(focus) if focus is not None and iris.is_absolute(focus) else BlankNode(fallback)


def _value(value: str) -> NamedNode | Literal:
    return NamedNode(value) if value.startswith(iris.BASE) and iris.is_absolute(value) else Literal(value)
