"""The tables of public facts: values by property, dates as exact as known, references to several tables, refusals."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from loader.errors import LayoutError
from loader.graph.terms import read_terms, scheme_files
from loader.judging.checks import read_checks, run_checks
from loader.model.codes import code_lists
from loader.model.findings import Finding, blocks
from loader.model.layout import default_layouts, read_layouts
from loader.release.build import Terms, conclude, located, read_all_terms, read_tables
from loader.resources import Resources
from loader.tables.personal import holds_identity_number

HEADS = {
    "agents": "agent,label_sv,label_en,short_name,organisation_iri,kind",
    "public_documents": "document,url,title,publisher,published,exactness,retrieved,licence_sv,licence_en",
    "register_facts": (
        "register,property,statement,value,value_sv,value_en,printed,as_of,holds_from,holds_until,qualifier,standing,"
        "document,evidence_sv,evidence_en,supersedes"
    ),
}
ROWS = {
    "agents": ["region-one,Region Ett,Region One,,,region", "region-two,Region Två,Region Two,,,region"],
    "public_documents": [
        "page-old,https://example.org/old,Om alfa,region-one,2019-05,derived,2024-01-01,anges inte,not stated",
        "page-new,https://example.org/new,Om alfa,region-one,2021-05-11,exact,2024-01-01,anges inte,not stated",
        "page-none,https://example.org/none,Om alfa,region-two,,unknown,2024-01-01,anges inte,not stated",
    ],
    "register_facts": [
        "alfa,controller,1,region-one,,,Registry manager: One,2019-05-31,,,,interpreted,page-old,Läst,Read,",
        "alfa,controller,2,region-two,,,CPUA: Region Två,2021-05-11,,,,stated,page-new,,,",
        "alfa,controller,3,region-one,,,CPUA Region Ett,,,,,stated,page-none,,,",
        "alfa,inclusion,1,,Alla,All,alla,2021-05-11,2015,,,stated,page-new,,,",
        "alfa,start-year,1,1998,,,startade 1998,2021-05-11,,,national-start,stated,page-new,,,",
    ],
}
PUBLIC = """
[public]
title_sv = "Sidor"
title_en = "Pages"
publisher = "region-one"
retrieved = "2024-01-01"
licence_sv = "Fakta."
licence_en = "Facts."
document = "pages.csv"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
synthetic = true
"""


@pytest.fixture(scope="module")
def terms(resources: Resources) -> Terms:
    return read_all_terms(resources)


@pytest.fixture
def folder(sources: Path) -> Path:
    """The small sources, with pages and facts about one of its registers."""
    (sources / "public").mkdir()
    toml = sources / "sources.toml"
    text = toml.read_text("utf-8")
    kind = "synthetic = true" if "synthetic = true" in text else "synthetic = false"
    toml.write_text(text + PUBLIC.replace("synthetic = true", kind), "utf-8")
    for name, head in HEADS.items():
        (sources / "public" / f"{name}.csv").write_text("\n".join([head, *ROWS[name]]) + "\n", "utf-8")
    return sources


def change(folder: Path, table: str, row: int, column: str, text: str) -> None:
    path = folder / "public" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture
def graph(folder: Path, resources: Resources, terms: Terms) -> Callable[[], str]:
    """What a build of the folder knows."""

    def known() -> str:
        changed = replace(resources, sources=folder)
        reading = read_tables(changed, terms)
        assert not blocks(reading.findings), reading.findings
        return "\n".join(f"{quad} ." for quad in conclude(changed, terms, reading).quads)

    return known


def told(resources: Resources, terms: Terms) -> Sequence[Finding]:
    """What stops a build while tables are read, or what the checks across records find."""
    reading = read_tables(resources, terms)
    if reading.findings:
        return reading.findings
    store = conclude(resources, terms, reading).inference.store
    return located(resources, terms, reading, run_checks(store, read_checks(resources.checks)))


def test_what_holds_now_and_what_held(graph: Callable[[], str]) -> None:
    text = graph()
    register, controller = "id/register/alfa>", "<https://w3id.org/dpv#hasDataController>"
    now = [line for line in text.splitlines() if line.startswith("<https") and f"{register} {controller}" in line]
    assert ["region-two" in line and "graph/inferred" in line for line in now] == [True]
    superseded = [line for line in text.splitlines() if "ns#supersededOn> " in line and "dated-statement" in line]
    assert [("controller.1>" in line, '"2021-05-11"' in line) for line in superseded] == [(True, True)]
    assert "discrepancy/undated.alfa" not in text, "the page without a day says what an older one said"
    assert '"Alla"@sv' in text
    assert '"All"@en' in text
    assert '"2015"^^<http://www.w3.org/2001/XMLSchema#gYear>' in text


def test_a_page_without_a_day_that_says_otherwise_is_a_discrepancy(folder: Path, graph: Callable[[], str]) -> None:
    change(folder, "register_facts", 2, "value", "region-two")
    assert "discrepancy/undated.alfa.controller>" in graph()


def test_a_reading_never_supersedes_what_is_stated(folder: Path, graph: Callable[[], str]) -> None:
    change(folder, "register_facts", 2, "as_of", "2023-01-01")
    text = graph()
    assert not [line for line in text.splitlines() if "ns#supersededOn> " in line and "dated-statement" in line]
    assert "discrepancy/reading.alfa.controller>" in text


def test_a_day_alone_supersedes_as_of_that_day(folder: Path, graph: Callable[[], str]) -> None:
    change(folder, "register_facts", 3, "supersedes", "alfa.controller.1")
    assert "controller.2> <http://purl.org/dc/terms/replaces>" in graph()


@pytest.mark.parametrize(
    ("table", "row", "column", "text", "rule"),
    [
        ("public_documents", 2, "url", "", "empty-cell"),
        ("public_documents", 2, "url", "example.org", "bad-iri"),
        ("public_documents", 2, "published", "", "page-date-unclear"),
        ("public_documents", 2, "published", "2019-13", "bad-date"),
        ("public_documents", 4, "published", "2019", "page-date-unclear"),
        ("public_documents", 2, "published", "2024-02", "date-after-reading"),
        ("public_documents", 2, "retrieved", "2024-01-02", "date-after-reading"),
        ("public_documents", 2, "title", "Skriv till nn@example.org", "personal-data"),
        ("register_facts", 2, "printed", "nr 19811218-9876", "personal-data"),
        ("register_facts", 3, "as_of", "2024-01-02", "date-after-reading"),
        ("register_facts", 3, "document", "", "empty-cell"),
        ("register_facts", 3, "document", "page-gone", "dangling-reference"),
        ("register_facts", 3, "printed", "", "statement-without-evidence"),
        ("register_facts", 2, "evidence_sv", "", "statement-without-evidence"),
        ("register_facts", 3, "value", "region-three", "dangling-reference"),
        ("register_facts", 3, "value", "", "empty-cell"),
        ("register_facts", 5, "value", "alla", "value-in-wrong-column"),
        ("register_facts", 5, "value_en", "", "empty-cell"),
        ("register_facts", 6, "value", "nittiotalet", "bad-integer"),
        ("register_facts", 6, "value", "2025", "stated-value-out-of-range"),
        ("register_facts", 6, "property", "startar", "unknown-code"),
        ("register_facts", 2, "supersedes", "alfa.controller.2", "superseding-statement-older"),
        ("register_facts", 2, "supersedes", "alfa.inclusion.1", "superseding-statement-older"),
    ],
)
def test_refused_with_table_row_and_reason(
    folder: Path,
    resources: Resources,
    terms: Terms,
    table: str,
    row: int,
    column: str,
    text: str,
    rule: str,
) -> None:
    change(folder, table, row, column, text)
    findings = told(replace(resources, sources=folder), terms)
    assert blocks(findings)
    found = [finding for finding in findings if finding.rule == rule]
    assert [(finding.position.file, finding.position.row) for finding in found] == [(f"public/{table}.csv", row)]
    assert found[0].message.sv
    assert found[0].message.en


@pytest.mark.parametrize(
    "text", ["811218-9876", "198112189876", "8112189876", "19811278-9873", "före 811218+9876 efter"]
)
def test_identity_numbers_are_seen(text: str) -> None:
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text", ["811218-9875", "https://example.org/8112189876/sida", "1998811218", "811318-9876", "10.1186/8112189876"]
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert not holds_identity_number(text)


def test_every_property_of_the_scheme_says_what_its_value_is(resources: Resources) -> None:
    known = code_lists(read_terms(scheme_files(resources)))["register-property"].by_key
    elsewhere = {"coverage", "volume", "indicator", "variable", "event"}
    assert set(default_layouts()["register_facts"].values) == set(known) - elsewhere


def test_values_need_cells_and_cells_need_values(tmp_path: Path) -> None:
    path = tmp_path / "layouts.toml"
    path.write_text(
        '[a]\nsubject = "a/{k}"\nclass = "rg:Agent"\n[a.columns]\nk = {kind="key"}\nv = {kind="value"}\n', "utf-8"
    )
    with pytest.raises(LayoutError, match="kind value"):
        read_layouts(path)
