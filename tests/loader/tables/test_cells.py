"""Cells of every kind: what they read, what they refuse, and that no text at all can break them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from loader.graph.terms import read_terms, scheme_files
from loader.model.codes import Ambiguous, CodeList, CodeLists, Concept, code_lists
from loader.model.layout import Column
from loader.model.nearest import fold, nearest
from loader.resources import find_resources
from loader.tables.cells import PARSERS, Link, Problem, Subject, Text, parse_code, split_items
from loader.tables.reportcells import (
    COVERS,
    MAY_COVER,
    SERVICE_AREA,
    TARGET_GROUP,
    Item,
    RegisterVariables,
    follow_up_area,
    group_labels,
    groups,
    variable,
)

CODES: CodeLists = code_lists(read_terms(scheme_files(find_resources())))
LABELS = group_labels(CODES)


def parse_cell(kind: str, text: str) -> object:
    return PARSERS[kind](Column("column", kind), text)


@pytest.mark.parametrize(
    ("kind", "text", "value", "datatype"),
    [
        ("integer", "0", "0", "integer"),
        ("integer", "-12", "-12", "integer"),
        ("decimal", "99.5", "99.5", "decimal"),
        ("decimal", "70", "70", "decimal"),
        ("date", "2025-07-01", "2025-07-01", "date"),
        ("boolean", "Ja", "true", "boolean"),
        ("boolean", "no", "false", "boolean"),
        ("text", "007", "007", None),
        ("key", "list-1", "list-1", None),
    ],
)
def test_legal_cells(kind: str, text: str, value: str, datatype: str | None) -> None:
    assert parse_cell(kind, text) == Text(value, datatype=datatype)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "suggestion"),
    [
        ("integer", "007", "7"),
        ("integer", "65.0", "65"),
        ("integer", "1 000", "1000"),
        ("integer", "²", None),
        ("integer", "٣", None),
        ("integer", "9" * 30, None),
        ("decimal", "99,5", "99.5"),
        ("decimal", "90 %", "90"),
        ("decimal", "1e3", None),
        ("decimal", "NaN", None),
        ("date", "2025-02-30", None),
        ("date", "2025/07/01", "2025-07-01"),
        ("date", "20250701", "2025-07-01"),
        ("date", "1 juli 2025", None),
        ("boolean", "yess", "yes"),
        ("boolean", "1", None),
        ("key", "Åre Östra", "are-ostra"),
        ("key", "a--b", "a-b"),
        ("iri", "ftp://example.org/", None),
        ("iri", "https://example.org/a b", None),
        ("iri", "javascript:alert(1)", None),
    ],
)
def test_illegal_cells(kind: str, text: str, suggestion: str | None) -> None:
    found = parse_cell(kind, text)
    assert isinstance(found, Problem)
    assert (found.value, found.suggestion) == (text, suggestion)


@given(kind=st.sampled_from(sorted(PARSERS)), text=st.text(min_size=1))
@example("date", "0000-00-00")
@example("integer", "--1")
@example("iri", "https://[")
def test_no_text_breaks_a_parser_and_values_are_canonical(kind: str, text: str) -> None:
    found = parse_cell(kind, text)
    if isinstance(found, Problem):
        if found.suggestion is not None and kind != "boolean":
            assert not isinstance(parse_cell(kind, found.suggestion), Problem)
    elif isinstance(found, Text) and found.datatype is not None:
        again = parse_cell(kind, found.text)
        assert again == found


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_every_integer_is_read_as_itself(number: int) -> None:
    assert parse_cell("integer", str(number)) == Text(str(number), datatype="integer")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_every_decimal_is_read_as_itself(number: Decimal) -> None:
    found = parse_cell("decimal", f"{number:f}")
    assert isinstance(found, Text)
    assert Decimal(found.text) == number


@given(st.dates())
def test_every_date_is_read_as_itself(day: object) -> None:
    assert parse_cell("date", str(day)) == Text(str(day), datatype="date")


@given(st.lists(st.text(alphabet="ab |å"), min_size=1))
def test_items_join_to_the_cell(parts: list[str]) -> None:
    text = "|".join(parts).strip()
    found = split_items(Column("c", "text", many=True), text)
    if not isinstance(found, Problem):
        assert list(found) == [part.strip() for part in text.split("|") if text]


@pytest.mark.parametrize("scheme", sorted(CODES))
def test_every_key_and_label_of_every_scheme_finds_its_concept(scheme: str) -> None:
    codes = CODES[scheme]
    assert codes.by_key
    for text, concepts in codes.by_text.items():
        assert len(concepts) == 1, f"{text} is ambiguous in {scheme}"
        assert codes.find(f"  {text.upper()}\u00a0") == concepts[0] or text.upper().casefold() != text


def test_an_ambiguous_label_is_an_error() -> None:
    first, second = Concept("s", "a"), Concept("s", "b")
    codes = CodeList("s", {"a": first, "b": second}, {"samma": (first, second)}, ("a", "b", "Samma"))
    assert isinstance(codes.find("samma"), Ambiguous)
    found = parse_code(codes, "Samma")
    assert isinstance(found, Problem)
    assert found.rule == "ambiguous-code"
    assert "a, b" in found.message.en


@pytest.mark.parametrize(
    ("text", "prop", "key"),
    [
        ("Info om målgruppen", COVERS, "information-about-the-target-group"),
        ("Ev. resultat", MAY_COVER, "results"),
        ("Ev. Resultat", MAY_COVER, "results"),
        ("Ev.resultat", MAY_COVER, "results"),
        ("Eventuella resultat", MAY_COVER, "results"),
        ("Eventuellt  RESULTAT", MAY_COVER, "results"),
        ("Arbetssätt och processer", COVERS, "ways-of-working-and-processes"),
    ],
)
def test_follow_up_areas(text: str, prop: str, key: str) -> None:
    assert follow_up_area(CODES, text) == Item(prop, Concept("follow-up-area", key))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Äldre/äldreomsorg", ["older-people", "elderly-care"]),
        ("Äldre / Äldreomsorg/", ["older-people", "elderly-care"]),
        ("Personer i behov av boende/boendestöd", ["people-in-need-of-housing"]),
        ("Barn- och unga", ["children-and-young-people"]),
        (
            "Personer med nedsatt funktionsförmåga (inkl. nedsatt psykisk funktionsförmåga)/ stöd till personer med "
            "funktionsnedsättning (exklusive psykisk funktionsnedsättning)/ stöd till personer med psykisk "
            "funktionsnedsättning",
            ["people-with-impairment", "disability-support-excluding-psychiatric", "psychiatric-disability-support"],
        ),
    ],
)
def test_groups_as_printed(text: str, expected: list[str]) -> None:
    found = groups(CODES, LABELS, text)
    assert not isinstance(found, Problem), found
    assert [item.value.key for item in found if isinstance(item.value, Concept)] == expected
    assert [item.property for item in found] == [TARGET_GROUP] + [SERVICE_AREA] * (len(expected) - 1)


@given(st.text(alphabet="/ aäÄlderosmg", max_size=60))
def test_no_text_breaks_the_reading_of_groups(text: str) -> None:
    found = groups(CODES, LABELS, text)
    assert isinstance(found, Problem | tuple)


def test_many_slashes_end_soon() -> None:
    assert isinstance(groups(CODES, LABELS, "/".join(["äldre"] * 2000)), Problem | tuple)


def test_variables_by_notation_alone() -> None:
    one, two = "variable/r.one", "variable/r.two"
    known = RegisterVariables({fold("Boendeform 4m"): (one,), "två": (one, two)}, ("Boendeform 4m",))
    assert variable(known, "boendeform  4M") == Item("rg:usesVariable", Subject(one))
    assert variable(known, "[Alt. variabel: Boendeform 4m]") == Item("rg:alternativeVariable", Subject(one))
    assert isinstance(variable(known, "Två"), Problem)
    missing = variable(known, "Boendeform")
    assert isinstance(missing, Problem)
    assert missing.suggestion == "Boendeform 4m"


@given(st.text(), st.lists(st.text(min_size=1)))
def test_nearest_is_one_of_the_legal_values(text: str, legal: list[str]) -> None:
    assert nearest(text, legal) in {None, *legal}


def test_links_are_written_as_they_are() -> None:
    assert parse_cell("iri", "https://example.org/å") == Link("https://example.org/å")


def test_concepts_outside_their_scheme_are_no_codes() -> None:
    turtle = b"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <https://example.org/x> skos:inScheme <https://w3id.org/registergraf/id/scheme/unit> ; skos:prefLabel "x"@sv ."""
    assert code_lists(parse(turtle, format=RdfFormat.TURTLE)) == {}
