"""Results as measurements of the Data Quality Vocabulary in Turtle.

Told what it is about, it is the register's täckningsgrad ready to hand in; else every shown share, for other uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rdflib import DCTERMS, PROV, RDF, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from loader.model.findings import Language
from server.registerservice.coverage.result import Result, Row
from server.registerservice.messages import StopError
from server.registerservice.output.summary import NAMES, percent, place, share_text

DQV = Namespace("http://www.w3.org/ns/dqv#")
RG = Namespace("https://w3id.org/registergraf/ns#")
ID = Namespace("https://w3id.org/registergraf/id/")
LANGUAGES: tuple[Language, Language] = ("sv", "en")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class About:
    """The keys of the register that was measured and of the agent who answers for the measurement."""

    register: str
    stated_by: str


def about(register: str | None, stated_by: str | None) -> About | None:
    """The two keys, or None where neither is given; stops when one is missing or is no key."""
    if register is None and stated_by is None:
        return None
    for key in (register, stated_by):
        if key is None or not _KEY.fullmatch(key):
            raise StopError(
                "Ge båda nycklarna, så som de står i grafen: --about riksstroke --stated-by socialstyrelsen.",
                "Give both keys as they stand in the graph: --about riksstroke --stated-by socialstyrelsen.",
            )
    return About(register or "", stated_by or "")


def turtle_bytes(result: Result, subject: About | None) -> bytes:
    """The täckningsgrad of the register, or every shown share; stops when what is to be handed in is not shown."""
    if subject is None:
        return _shares(result).serialize(format="turtle").encode()
    row = next(row for row in result.coverage if row.what == "register" and not row.by)
    if row.rate is None:
        raise StopError(
            "Täckningsgraden visas inte, så det finns inget att lämna in.",
            "The coverage is not shown, so there is nothing to hand in.",
        )
    return _graph(result, row, row.rate, subject).serialize(format="turtle").encode()


def _shares(result: Result) -> Graph:
    """Every share that is shown, each a measurement of its metric."""
    graph = Graph()
    graph.bind("dqv", DQV)
    metrics: dict[str, BNode] = {}
    for row in (*result.measurements, *result.coverage):
        if row.rate is None:
            continue
        metric = metrics.setdefault(row.what, BNode())
        measured = BNode()
        graph.add((metric, RDF.type, DQV.Metric))
        graph.add((measured, RDF.type, DQV.QualityMeasurement))
        graph.add((measured, DQV.isMeasurementOf, metric))
        graph.add((measured, DQV.value, Literal(Decimal(repr(row.rate)))))
        for lang in LANGUAGES:
            graph.add((metric, SKOS.prefLabel, Literal(NAMES[row.what].text(lang), lang=lang)))
            told = f"{place(row)}: {share_text(row, lang)}".removeprefix(": ")
            graph.add((measured, DCTERMS.description, Literal(told, lang=lang)))
    return graph


def _graph(result: Result, row: Row, rate: float, subject: About) -> Graph:
    graph = Graph()
    for prefix, namespace in (("dqv", DQV), ("rg", RG)):
        graph.bind(prefix, namespace)
    period = str(result.method["period"] or "")
    years = sorted(set(re.findall(r"(\d{4})-\d\d-\d\d", period)))
    name = years[0] if len(years) == 1 else str(result.method["made"])[:10]
    measured = ID[f"coverage/{subject.register}.{name}"]
    share = Literal(Decimal(f"{100 * rate:.2f}"), datatype=XSD.decimal)
    for kind in (RG.CoverageMeasurement, DQV.QualityMeasurement):
        graph.add((measured, RDF.type, kind))
    graph.add((measured, DQV.computedOn, ID[f"register/{subject.register}"]))
    graph.add((measured, DQV.isMeasurementOf, ID["coverage-metric/coverage"]))
    graph.add((measured, RG.percentFrom, share))
    graph.add((measured, RG.percentTo, share))
    graph.add((measured, RG.printedAs, Literal(f"{row.found} av {row.of}, {percent(rate, 'sv')}")))
    if len(years) == 1:
        graph.add((measured, RG.measurementYear, Literal(int(years[0]))))
    graph.add((measured, RG.comparedPopulation, Literal(_population(result), lang="sv")))
    graph.add((measured, RG.measurementMethod, Literal(_method(result, row), lang="sv")))
    graph.add((measured, PROV.wasAttributedTo, ID[f"agent/{subject.stated_by}"]))
    _add_source(graph, measured, f"{subject.register}-{name}", subject, result.method)
    return graph


def _add_source(graph: Graph, measured: URIRef, name: str, subject: About, made: Mapping[str, Any]) -> None:
    """Where the figure stands: the result of this run, as a document with one table of one row."""
    document, part, passage = (ID[f"{kind}/coverage-{name}"] for kind in ("document", "part", "passage"))
    labels = (f"Täckningsgradsberäkning för {subject.register}", f"Coverage computation for {subject.register}")
    for thing, kind in ((document, RG.Document), (part, RG.DocumentPart), (passage, RG.Passage)):
        graph.add((thing, RDF.type, kind))
    for thing in (document, part):
        for label, lang in zip(labels, ("sv", "en"), strict=True):
            graph.add((thing, SKOS.prefLabel, Literal(label, lang=lang)))
    graph.add((document, DCTERMS.publisher, ID[f"agent/{subject.stated_by}"]))
    for note, lang in (("Aggregat beräknat med", "sv"), ("Aggregate computed with", "en")):
        graph.add((document, RG.licenceNote, Literal(f"{note} {made['software']}.", lang=lang)))
    graph.add((document, DCTERMS.issued, Literal(str(made["made"])[:10], datatype=XSD.date)))
    graph.add((document, RG.synthetic, Literal(False)))
    graph.add((part, RG.partKind, ID["part-kind/table"]))
    graph.add((part, DCTERMS.isPartOf, document))
    graph.add((passage, RG.inPart, part))
    graph.add((passage, RG.rowNumber, Literal(1)))
    graph.add((passage, SKOS.notation, Literal(f"coverage-{name}.1")))
    graph.add((measured, DCTERMS.source, passage))


def _population(result: Result) -> str:
    counted = {"persons": "Personer", "events": "Händelser"}[result.method["count"]]
    period = f" {result.method['period']}" if result.method["period"] else ""
    return f"{counted} i registret eller i referensen{period}; de som finns i ingendera är okända."


def _method(result: Result, row: Row) -> str:
    window = result.method["window_days"]
    parts = ["Täckningsgrad = registret / (båda + bara registret + bara referensen).", result.method["matching"]["sv"]]
    parts += [f"Fönster {window} dagar."] if window is not None else []
    if row.lower is not None and row.upper is not None:
        parts.append(f"Wilsons intervall 95 %: {percent(row.lower, 'sv')}–{percent(row.upper, 'sv')}.")
    return " ".join([*parts, f"Räknat med {result.method['software']}."])
