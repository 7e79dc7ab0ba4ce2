"""Statements written in every RDF syntax, one a line, so that the line of each is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from loader.check import Upload

RG = "https://w3id.org/registergraf/ns#"
ID = "https://w3id.org/registergraf/id/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Text:
    """A literal."""

    value: str
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Line:
    """One statement: `value` is an IRI or a literal; a subject that begins with _: is a blank node."""

    subject: str
    predicate: str
    value: str | Text


def clean(seed: int) -> list[Line]:
    """A register and its variable, without faults."""
    register, variable = f"{ID}register/prov-{seed}", f"{ID}variable/prov-{seed}.boende"
    return [
        Line(register, TYPE, RG + "QualityRegister"),
        Line(register, SKOS + "prefLabel", Text(f'Provregistret «{seed}»\\t"å"', language="sv")),
        Line(register, SKOS + "prefLabel", Text(f"Test register {seed} <&>", language="en")),
        Line(register, RG + "coFundedByMunicipalities", Text("false", datatype=XSD + "boolean")),
        Line(variable, TYPE, RG + "Variable"),
        Line(variable, RG + "variableOf", register),
        Line(variable, SKOS + "notation", Text("Boende vid provet")),
        Line(variable, SKOS + "prefLabel", Text("Var bor du?", language="sv")),
        Line(variable, RG + "measures", ID + "conceptual-variable/housing-type"),
    ]


def write(lines: Sequence[Line], form: str) -> tuple[Upload, list[int]]:
    """The file, and the physical line of each statement."""
    name, made = _WRITERS[form](lines)
    text = "\n".join(row for row, _ in made) + "\n"
    places = {index: number for number, (_, index) in enumerate(made, 1) if index is not None}
    return Upload(name, text.encode()), [places[index] for index in range(len(lines))]


Made = list[tuple[str, int | None]]


def _n_triples(lines: Sequence[Line]) -> tuple[str, Made]:
    return "prov.nt", [("# prov", None), *((f"{_flat(line)} .", index) for index, line in enumerate(lines))]


def _n_quads(lines: Sequence[Line]) -> tuple[str, Made]:
    return "prov.nq", [(f"{_flat(line)} <{RG}graph> .", index) for index, line in enumerate(lines)]


def _turtle(lines: Sequence[Line]) -> tuple[str, Made]:
    made: Made = [(f"@prefix rg: <{RG}> .", None), (f"PREFIX skos: <{SKOS}>", None), ("", None)]
    for index, line in enumerate(lines):
        first = index == 0 or lines[index - 1].subject != line.subject
        last = index == len(lines) - 1 or lines[index + 1].subject != line.subject
        begin = _node(line.subject) if first else "   "
        made.append((f"{begin} {_short(line.predicate)} {_object(line.value)} {'.' if last else ';'}", index))
    return "prov.ttl", made


def _trig(lines: Sequence[Line]) -> tuple[str, Made]:
    _, made = _turtle(lines)
    return "prov.trig", [*made[:3], (f"<{RG}graph> {{", None), *made[3:], ("}", None)]


def _rdf_xml(lines: Sequence[Line]) -> tuple[str, Made]:
    made: Made = [
        ('<?xml version="1.0" encoding="UTF-8"?>', None),
        (f'<rdf:RDF xmlns:rdf="{TYPE.rpartition("#")[0]}#" xmlns:rg="{RG}" xmlns:skos="{SKOS}">', None),
    ]
    for index, line in enumerate(lines):
        about = (
            f"rdf:nodeID={quoteattr(line.subject[2:])}"
            if line.subject.startswith("_:")
            else f"rdf:about={quoteattr(line.subject)}"
        )
        space, _, local = line.predicate.rpartition("#")
        prefix = {RG[:-1]: "rg", SKOS[:-1]: "skos", TYPE.rpartition("#")[0]: "rdf"}[space]
        tag = f"{prefix}:{local}"
        made.append((f"<rdf:Description {about}>", None))
        made.append((f"  {_element(tag, line.value)}", index))
        made.append(("</rdf:Description>", None))
    return "prov.rdf", [*made, ("</rdf:RDF>", None)]


def _element(tag: str, value: str | Text) -> str:
    if isinstance(value, str):
        return f"<{tag} rdf:resource={quoteattr(value)}/>"
    if value.language is not None:
        return f"<{tag} xml:lang={quoteattr(value.language)}>{escape(value.value)}</{tag}>"
    kind = "" if value.datatype is None else f" rdf:datatype={quoteattr(value.datatype)}"
    return f"<{tag}{kind}>{escape(value.value)}</{tag}>"


def _json_ld(lines: Sequence[Line]) -> tuple[str, Made]:
    made: Made = [(f'{{"@context": {{"rg": "{RG}", "skos": "{SKOS}"}},', None), ('"@graph": [', None)]
    for index, line in enumerate(lines):
        comma = "" if index == len(lines) - 1 else ","
        made.append((f'{{"@id": {json.dumps(line.subject)},', None))
        made.append((f"  {_member(line)}}}{comma}", index))
    return "prov.jsonld", [*made, ("]}", None)]


def _member(line: Line) -> str:
    if line.predicate == TYPE:
        return f'"@type": {json.dumps(line.value)}'
    value: object = {"@id": line.value}
    if isinstance(line.value, Text):
        value = {"@value": line.value.value}
        if line.value.language:
            value["@language"] = line.value.language
        if line.value.datatype:
            value["@type"] = line.value.datatype
    return f"{json.dumps(_short(line.predicate))}: {json.dumps(value, ensure_ascii=False)}"


def _flat(line: Line) -> str:
    return f"{_node(line.subject)} <{line.predicate}> {_object(line.value)}"


def _node(subject: str) -> str:
    return subject if subject.startswith("_:") else f"<{subject}>"


def _object(value: str | Text) -> str:
    if isinstance(value, str):
        return f"<{value}>"
    text = json.dumps(value.value, ensure_ascii=False)
    if value.language is not None:
        return f"{text}@{value.language}"
    return text if value.datatype is None else f"{text}^^<{value.datatype}>"


def _short(predicate: str) -> str:
    return predicate.replace(RG, "rg:").replace(SKOS, "skos:") if predicate.startswith((RG, SKOS)) else f"<{predicate}>"


_WRITERS: Mapping[str, Callable[[Sequence[Line]], tuple[str, Made]]] = {
    "turtle": _turtle,
    "trig": _trig,
    "n-triples": _n_triples,
    "n-quads": _n_quads,
    "rdf-xml": _rdf_xml,
    "json-ld": _json_ld,
}
FORMS = tuple(_WRITERS)
