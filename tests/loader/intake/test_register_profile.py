"""What a holder states of the register itself: read, refused where it is wrong, and placed before what pages said."""

from __future__ import annotations

from datetime import date

import pytest
from pyoxigraph import QuerySolutions, Store

from loader.check import Upload
from loader.graph.accepted import AcceptedGraph, Provenance, to_statements
from loader.model import iris
from loader.release.build import conclude, read_all_terms, read_tables
from loader.resources import find_resources
from tests.loader.conftest import Ask
from tests.loader.intake.workbooks import text

TODAY = date(2026, 12, 1)
HEADER = ("Register", "Uppgift", "Värde", "Värde som text (svenska)", "Värde som text (engelska)", "Gäller per")
DAY = "2026-11-30"
RIGHT = (
    ("svedem", "Startår", "2006", "", "", DAY),
    ("svedem", "Personuppgiftsansvarig", "Region Skåne", "", "", DAY),
    ("svedem", "Registercentrum", "uppsala-clinical-research-center", "", "", DAY),
    ("svedem", "Certifieringsnivå", "2", "", "", DAY),
    ("svedem", "Webbplats", "https://exempel.se/svedem", "", "", DAY),
    ("svedem", "Vilka som ingår", "", "Alla med ny diagnos", "All with a new diagnosis", DAY),
    ("svedem", "Ålder från", "18", "", "", DAY),
    ("svedem", "Personnummer", "ja", "", "", DAY),
    ("svedem", "Ytterligare namn", "Demensregistret i provet", "", "", DAY),
    ("svedem", "Anslutna kommuner", "120", "", "", DAY),
    ("svedem", "Variabellista", "https://exempel.se/variabler", "", "", DAY),
    ("svedem", "Årsrapport", "https://exempel.se/rapport", "", "", DAY),
)
VOLUMES = ("Register", "År", "Antal", "Enhet")
FACTS = Provenance(
    "svedem-office", "stewards", "2026-11-30T10:00:00Z", "2026-11-30T11:00:00Z", ("a" * 64,), "0", "c" * 64
)


def profile(*rows: tuple[str, ...]) -> Upload:
    return text(HEADER, *rows)


def volumes(*rows: tuple[str, ...]) -> Upload:
    return Upload("volym.csv", text(VOLUMES, *rows).data)


EVENTS = ("Register", "Vad som hände", "När det hände", "Annat register")


def events(*rows: tuple[str, ...]) -> Upload:
    return Upload("händelser.csv", text(EVENTS, *rows).data)


def test_what_happened_to_a_register_is_taken(ask: Ask) -> None:
    result = ask(
        events(("svedem", "Bytte namn", "2024-05", ""), ("svedem", "Blev del av", "2025", "bpsd")), today=TODAY
    )
    assert [(one.rule, str(one.position)) for one in result.findings if one.severity.value != "Info"] == []
    assert result.effect is not None
    assert len(result.effect.new) == 2
    assert result.registers == {"svedem"}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (("svedem", "Flyttade", "2024", ""), "unknown-code", "Vad som hände"),
        (("svedem", "", "2024", ""), "empty-cell", "Vad som hände"),
        (("svedem", "Bytte namn", "i våras", ""), "bad-date", "När det hände"),
        (("svedem", "Bytte namn", "2027-01", ""), "date-in-future", "När det hände"),
        (("svedem", "Slogs samman", "2024", "finns-inte"), "dangling-reference", "Annat register"),
    ],
)
def test_a_wrong_event_is_told_at_its_cell(ask: Ask, row: tuple[str, ...], rule: str, column: str) -> None:
    found = {(one.rule, one.position.row, one.position.column) for one in ask(events(row), today=TODAY).findings}
    assert (rule, 2, column) in found, found


def test_every_property_is_taken(ask: Ask) -> None:
    result = ask(profile(*RIGHT), volumes(("svedem", "2024", "12500", "Personer")), today=TODAY)
    assert [(one.rule, str(one.position)) for one in result.findings if one.severity.value != "Info"] == []
    assert result.effect is not None
    assert len(result.effect.new) == len(RIGHT) + 1
    assert result.registers == {"svedem"}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (("svedem", "Startår", "2207", "", "", DAY), "year-in-future", "Värde"),
        (("svedem", "Startår", "1806", "", "", DAY), "stated-value-out-of-range", "Värde"),
        (("svedem", "Startår", "tidigt", "", "", DAY), "bad-integer", "Värde"),
        (("svedem", "Startort", "Lund", "", "", DAY), "unknown-code", "Uppgift"),
        (("svedem", "Personuppgiftsansvarig", "Region Ingenstans", "", "", DAY), "dangling-reference", "Värde"),
        (("svedem", "Certifieringsnivå", "9", "", "", DAY), "unknown-code", "Värde"),
        (("svedem", "Webbplats", "svedem", "", "", DAY), "bad-iri", "Värde"),
        (("svedem", "Ålder från", "180", "", "", DAY), "stated-value-out-of-range", "Värde"),
        (("svedem", "Anslutna kommuner", "291", "", "", DAY), "stated-value-out-of-range", "Värde"),
        (("svedem", "Personnummer", "kanske", "", "", DAY), "bad-boolean", "Värde"),
        (("svedem", "Vilka som ingår", "Alla", "", "", DAY), "value-in-wrong-column", "Värde"),
        (("svedem", "Startår", "", "2006", "", DAY), "value-in-wrong-column", "Värde som text (svenska)"),
        (("svedem", "Startår", "2006", "", "", ""), "empty-cell", "Gäller per"),
        (("svedem", "Startår", "2006", "", "", "2026-12-02"), "date-in-future", "Gäller per"),
        (("finns-inte", "Startår", "2006", "", "", DAY), "dangling-reference", "Register"),
    ],
)
def test_a_wrong_value_is_told_at_its_cell(ask: Ask, row: tuple[str, ...], rule: str, column: str) -> None:
    found = {(one.rule, one.position.row, one.position.column) for one in ask(profile(row), today=TODAY).findings}
    assert (rule, 2, column) in found, found


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (("svedem", "2031", "12500", "Personer"), "year-in-future", "År"),
        (("svedem", "2024", "många", "Personer"), "bad-integer", "Antal"),
        (("svedem", "2024", "12500", "Äpplen"), "unknown-code", "Enhet"),
        (("svedem", "", "12500", "Personer"), "empty-cell", "År"),
    ],
)
def test_a_wrong_volume_is_told_at_its_cell(ask: Ask, row: tuple[str, ...], rule: str, column: str) -> None:
    found = {(one.rule, one.position.row, one.position.column) for one in ask(volumes(row), today=TODAY).findings}
    assert (rule, 2, column) in found, found


@pytest.mark.parametrize("goes", ["", "ja"])
def test_what_a_page_said_is_neither_rewritten_nor_removed(ask: Ask, goes: str) -> None:
    row = ("svedem", "Personuppgiftsansvarig", "1", "Region Skåne", DAY, goes)
    upload = text(("Register", "Uppgift", "Uppgiftens nyckel", "Värde", "Gäller per", "Utgår"), row)
    found = [one for one in ask(upload, today=TODAY).findings if one.rule == "stated-by-a-page"]
    assert [one.position.row for one in found] == [2]


def test_the_profile_may_be_stated_in_rdf(ask: Ask) -> None:
    body = f"""@prefix rdf: <{iris.PREFIXES["rdf"]}> . @prefix rg: <{iris.PREFIXES["rg"]}> .
@prefix id: <{iris.ID}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{iris.ID}dated-statement/svedem.start-year.own> a rg:DatedStatement ; rdf:subject <{iris.ID}register/svedem> ;
  rg:ofProperty <{iris.ID}register-property/start-year> ; rdf:predicate rg:startYear ; rdf:object 2006 ;
  rg:asOf "{DAY}"^^xsd:date ; rg:printedAs "2006" ; rg:standing <{iris.ID}standing/stated> ."""
    told = {one.rule for one in ask(Upload("a.ttl", body.encode()), today=TODAY).findings}
    assert "not-claimable" not in told
    assert "key-of-another-register" not in told


def test_a_text_without_english_is_taken_with_a_warning(ask: Ask) -> None:
    result = ask(profile(("svedem", "Vilka som ingår", "", "Alla med ny diagnos", "", DAY)), today=TODAY)
    assert [(one.rule, one.severity.value) for one in result.findings] == [("empty-cell", "Warning")]
    assert result.conforms


def asked(store: Store, query: str) -> set[tuple[str, ...]]:
    """The rows of a query over the whole graph, as texts."""
    names = {name: iris.PREFIXES[name] for name in ("rg", "dcterms", "rdf", "dpv")} | {
        "register": f"{iris.ID}register/"
    }
    head = " ".join(f"PREFIX {name}: <{where}>" for name, where in names.items())
    found = store.query(f"{head} {query}", use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return {tuple("" if value is None else str(getattr(value, "value", "")) for value in row) for row in found}


def test_what_is_accepted_supersedes_what_pages_said(ask: Ask) -> None:
    """With what the rules conclude of the sources and the submission."""
    stated = ask(profile(*RIGHT), volumes(("svedem", "2024", "12500", "Personer")), today=TODAY).quads
    accepted = AcceptedGraph("svedem-profile", to_statements("svedem-profile", stated), FACTS, 1)
    resources = find_resources()
    terms = read_all_terms(resources)
    reading = read_tables(resources, terms).joined_by([accepted])
    assert [one for one in reading.findings if one.severity.value == "Violation"] == []
    store = conclude(resources, terms, reading).inference.store
    controllers = asked(store, "SELECT ?who WHERE { register:svedem dpv:hasDataController ?who }")
    assert controllers == {(iris.thing("agent/region-skane"),)}
    replaced = asked(
        store,
        "SELECT ?own ?day WHERE { ?own dcterms:replaces ?page . ?page rdf:subject register:svedem ; "
        "rg:ofProperty <https://w3id.org/registergraf/id/register-property/controller> . "
        "OPTIONAL { ?page rg:supersededOn ?day } }",
    )
    own = iris.thing(f"dated-statement/svedem.controller.{DAY}-region-skane")
    assert {one for one, _ in replaced} == {own}
    kept = asked(
        store,
        "SELECT ?page WHERE { ?page rdf:subject register:svedem ; dcterms:source ?source . ?source a rg:WebPage }",
    )
    assert len(kept) > 5
    current = {one for (one,) in asked(store, "SELECT ?s WHERE { register:svedem rg:currentStatement ?s }")}
    assert {own, iris.thing(f"dated-statement/svedem.start-year.{DAY}-2006")} <= current
    assert iris.thing("dated-statement/svedem.start-year.1") not in current, "a page that does not say which start"
