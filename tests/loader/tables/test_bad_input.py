"""Bad input: one finding at the right place with the remedy, exit code 1, no release, the current one untouched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.commands import build
from loader.model.findings import Finding
from loader.model.layout import default_layouts
from loader.release.build import read_all_terms, read_tables
from loader.resources import Resources
from tests.loader.tree import SMALL, change_cell, digest, read_rows, write_rows

Change = Callable[[Path], object]
FindingsOf = Callable[[Path], tuple[Finding, ...]]


@dataclass(frozen=True)
class Case:
    """One fault: how it is made, and the finding: `rule place value suggestion`, None where it does not matter."""

    change: Change
    rule: str
    place: str
    value: str | None = None
    suggestion: str | None = None


def cell(place: str, text: str) -> Change:
    return lambda folder: change_cell(folder, place, text)


def rename_column(table: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / "demo" / f"{table}.csv"
        rows = read_rows(path)
        rows[0][rows[0].index(old)] = new
        write_rows(path, rows)

    return change


def drop_column(table: str, name: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / "demo" / f"{table}.csv"
        rows = read_rows(path)
        index = rows[0].index(name)
        write_rows(path, [row[:index] + row[index + 1 :] for row in rows])

    return change


def add_column(table: str, name: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / "demo" / f"{table}.csv"
        rows = read_rows(path)
        write_rows(path, [[*row, name if number == 0 else ""] for number, row in enumerate(rows)])

    return change


def put(name: str, data: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes(data)


def edit(name: str, old: bytes, new: bytes) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return change


def append(name: str, line: bytes) -> Change:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + line)


def make_folder(name: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return change


def add_synthetic(folder: Path) -> None:
    """A second source, synthetic and empty."""
    entry = (SMALL / "sources.toml").read_bytes().replace(b"[demo]", b"[made]")
    append("sources.toml", entry.replace(b"synthetic = false", b"synthetic = true"))(folder)
    (folder / "made").mkdir()


REAL = (SMALL / "demo" / "registers.csv").read_bytes()
CASES = {
    # structure of a table
    "missing column": Case(drop_column("registers", "kind"), "missing-column", "demo/registers.csv:1:kind", "kind"),
    "misspelt column": Case(
        rename_column("registers", "label_sv", "labl_sv"),
        "unknown-column",
        "demo/registers.csv:1:labl_sv",
        "labl_sv",
        "label_sv",
    ),
    "unknown column": Case(add_column("agents", "telefon"), "unknown-column", "demo/agents.csv:1:telefon", "telefon"),
    "column twice": Case(add_column("agents", "agent"), "duplicate-column", "demo/agents.csv:1:agent", "agent"),
    "row too short": Case(append("demo/agents.csv", b"other,Annan,Other\n"), "row-width", "demo/agents.csv:3"),
    "unquoted comma": Case(append("demo/agents.csv", b"other,En, till,Other,,,\n"), "row-width", "demo/agents.csv:3"),
    "broken quoting": Case(append("demo/agents.csv", b'o,"x" y,Other,,,\n'), "broken-quoting", "demo/agents.csv:3"),
    "semicolons": Case(
        put("demo/agents.csv", b"agent;label_sv;label_en;short_name;organisation_iri;kind\nmaker;A;B;;;\n"),
        "wrong-delimiter",
        "demo/agents.csv:1",
    ),
    "empty file": Case(put("demo/agents.csv", b""), "empty-file", "demo/agents.csv"),
    # files that are not what their names say
    "workbook named csv": Case(
        put("demo/registers.csv", b"PK\x03\x04" + REAL), "not-a-text-file", "demo/registers.csv"
    ),
    "old workbook named csv": Case(
        put("demo/registers.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + REAL), "not-a-text-file", "demo/registers.csv"
    ),
    "web page named csv": Case(
        put("demo/registers.csv", b"<!DOCTYPE html><p>"), "not-a-text-file", "demo/registers.csv"
    ),
    "UTF-16": Case(put("demo/registers.csv", REAL.decode().encode("utf-16")), "not-a-text-file", "demo/registers.csv"),
    "folder named csv": Case(make_folder("demo/registers.csv"), "not-a-text-file", "demo/registers.csv"),
    "NUL byte": Case(
        edit("demo/registers.csv", b"Betaregistret", b"Beta\0registret"),
        "control-character",
        "demo/registers.csv:3",
        "0x00",
    ),
    "Windows-1252": Case(
        edit("demo/registers.csv", b"Betaregistret", "Bétaregistret".encode("cp1252")),
        "broken-encoding",
        "demo/registers.csv:3",
        "0xe9",
    ),
    "cut-off UTF-8": Case(
        append("demo/registers.csv", "gamma,quality-register,G\u00e5".encode()[:-1]),
        "broken-encoding",
        "demo/registers.csv:4",
        "0xc3",
    ),
    "unknown table": Case(
        put("demo/regsters.csv", REAL), "unknown-table", "demo/regsters.csv", "regsters.csv", "registers.csv"
    ),
    "workbook among the tables": Case(put("demo/registers.xlsx", b"PK"), "unknown-table", "demo/registers.xlsx"),
    # keys
    "bad key": Case(
        cell("registers:3:register", "Beta Å"), "bad-key", "demo/registers.csv:3:register", "Beta Å", "beta-a"
    ),
    "empty key": Case(append("demo/agents.csv", b",Annan,Other,,,\n"), "empty-cell", "demo/agents.csv:3:agent", ""),
    "duplicate key": Case(
        append("demo/agents.csv", b"maker,Annan,Other,,,\n"), "duplicate-key", "demo/agents.csv:3:agent", "maker"
    ),
    "duplicate key of two columns": Case(
        append("demo/variables.csv", b"alfa,pnr,pnr2,,,,,,,,,,,\n"),
        "duplicate-key",
        "demo/variables.csv:6:variable",
        "pnr",
    ),
    "row of a list twice": Case(
        cell("list_entries:3:row", "1"), "duplicate-key", "demo/list_entries.csv:3:part", "list-1"
    ),
    # cells
    "empty required cell": Case(cell("agents:2:label_en", ""), "empty-cell", "demo/agents.csv:2:label_en", ""),
    "unknown code": Case(
        cell("list_entries:2:status", "analyzed"),
        "unknown-code",
        "demo/list_entries.csv:2:status",
        "analyzed",
        "analysed",
    ),
    "unknown class": Case(
        cell("registers:2:kind", "quality-registr"),
        "unknown-kind",
        "demo/registers.csv:2:kind",
        "quality-registr",
        "quality-register",
    ),
    "bad boolean": Case(
        cell("registers:2:co_funded_by_municipalities", "jaa"),
        "bad-boolean",
        "demo/registers.csv:2:co_funded_by_municipalities",
        "jaa",
        "ja",
    ),
    "bad integer": Case(
        cell("indicators:2:age_over", "065"), "bad-integer", "demo/indicators.csv:2:age_over", "065", "65"
    ),
    "words for an integer": Case(cell("parts:4:page", "två"), "bad-integer", "demo/parts.csv:4:page", "två"),
    "bad IRI": Case(
        cell("agents:2:organisation_iri", "www.example.org"),
        "bad-iri",
        "demo/agents.csv:2:organisation_iri",
        "www.example.org",
    ),
    "dangling reference": Case(
        cell("registers:3:sub_register_of", "alffa"),
        "dangling-reference",
        "demo/registers.csv:3:sub_register_of",
        "alffa",
        "alfa",
    ),
    "dangling part": Case(
        cell("indicators:3:part", "table-2"), "dangling-reference", "demo/indicators.csv:3:part", "table-2", "table-1"
    ),
    "unknown variable": Case(
        cell("indicators:2:variables", "pnr|Komun"),
        "unknown-variable",
        "demo/indicators.csv:2:variables",
        "Komun",
        "Kommun",
    ),
    "variable of another register": Case(
        cell("indicators:2:variables", "pnr|Boendeform 4m"),
        "unknown-variable",
        "demo/indicators.csv:2:variables",
        "Boendeform 4m",
        "boende_2",
    ),
    "empty item": Case(
        cell("indicators:2:variables", "pnr||Kommun"),
        "empty-item",
        "demo/indicators.csv:2:variables",
        "pnr||Kommun",
        "pnr | Kommun",
    ),
    "unknown follow-up area": Case(
        cell("indicators:2:follow_up_areas", "Ev. resultatt"),
        "unknown-code",
        "demo/indicators.csv:2:follow_up_areas",
        "resultatt",
        "Resultat",
    ),
    "unparsable group": Case(
        cell("indicators:2:groups", "Äldre/äldreomsrog"),
        "unknown-group",
        "demo/indicators.csv:2:groups",
        "Äldre/äldreomsrog",
        "Äldreomsorg",
    ),
    "area without a group": Case(
        cell("indicators:2:groups", "äldreomsorg"), "unknown-group", "demo/indicators.csv:2:groups"
    ),
    "too long a cell": Case(cell("agents:2:label_sv", "x" * 20_001), "too-long", "demo/agents.csv:2:label_sv"),
    # sources.toml
    "broken TOML": Case(append("sources.toml", b"title =\n"), "broken-toml", "sources.toml:11"),
    "missing setting": Case(
        edit("sources.toml", b'licence_en = "Made for tests."\n', b""),
        "missing-setting",
        "sources.toml:1",
        "licence_en",
    ),
    "unknown setting": Case(
        append("sources.toml", b'licence = "x"\n'), "unknown-setting", "sources.toml:1", "licence", "licence_sv"
    ),
    "bad checksum": Case(edit("sources.toml", b'sha256 = "0', b'sha256 = "'), "bad-setting", "sources.toml:1"),
    "unknown publisher": Case(
        edit("sources.toml", b'"maker"', b'"makr"'), "dangling-reference", "sources.toml:1", "makr", "maker"
    ),
    "folder without entry": Case(make_folder("demo2"), "unknown-folder", "demo2", "demo2"),
    "entry without folder": Case(
        append("sources.toml", (SMALL / "sources.toml").read_bytes().replace(b"[demo]", b"[demo3]")),
        "missing-folder",
        "sources.toml:11",
        "demo3",
    ),
    "synthetic beside real": Case(
        add_synthetic,
        "synthetic-mixed",
        "sources.toml:11",
        "made",
    ),
}


@pytest.fixture(scope="module")
def findings_of(resources: Resources) -> FindingsOf:
    """The findings of a folder of tables, beside the shipped terms."""
    terms = read_all_terms(resources)
    return lambda folder: read_tables(replace(resources, sources=folder), terms).findings


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_finding_at_its_place(case: Case, sources: Path, findings_of: FindingsOf) -> None:
    case.change(sources)
    findings = findings_of(sources)
    assert len(findings) == 1, [str(finding.position) + finding.rule for finding in findings]
    found = findings[0]
    assert (found.rule, str(found.position)) == (case.rule, case.place)
    assert case.value is None or found.value == case.value
    assert case.suggestion is None or found.suggestion == case.suggestion
    assert found.message.sv != found.message.en


@pytest.mark.parametrize("case", {case.rule: case for case in CASES.values()}.values(), ids=lambda case: case.rule)
def test_no_release_and_the_current_one_untouched(case: Case, sources: Path, small_root: Path, tmp_path: Path) -> None:
    case.change(sources)
    root = Path(shutil.copytree(small_root, tmp_path / "releases", symlinks=True))
    before = digest(root)
    result = CliRunner().invoke(build, ["--sources", str(sources), "--output", str(root), "--lang", "en"])
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert case.place + ": Error: " in result.stderr
    assert f"[{case.rule}]" in result.stderr
    assert digest(root) == before


def test_the_small_sources_are_clean(findings_of: FindingsOf) -> None:
    assert findings_of(SMALL) == ()


def test_all_bad_cells_are_reported_together(sources: Path, findings_of: FindingsOf) -> None:
    change_cell(sources, "registers:2:kind", "x")
    change_cell(sources, "list_entries:2:status", "y")
    change_cell(sources, "indicators:2:age_over", "z")
    rules = [finding.rule for finding in findings_of(sources)]
    assert sorted(rules) == ["bad-integer", "unknown-code", "unknown-kind"]


def test_missing_sources_toml_is_one_finding(sources: Path, findings_of: FindingsOf) -> None:
    (sources / "sources.toml").unlink()
    assert [finding.rule for finding in findings_of(sources)] == ["unreadable-file"]


def test_findings_of_a_multi_line_cell_name_row_and_line(sources: Path, findings_of: FindingsOf) -> None:
    path = sources / "demo" / "agents.csv"
    path.write_bytes(path.read_bytes() + b'two,"Tv\xc3\xa5\nrader",Two lines,,,\nthree,,Three,,,\n')
    (found,) = findings_of(sources)
    assert (found.position.row, found.position.line, found.position.column) == (4, 5, "label_sv")


def test_every_kind_of_column_has_a_reader() -> None:
    kinds = {column.kind for layout in default_layouts().values() for column in layout.columns}
    assert {"date", "decimal", "groups", "variables"} <= kinds


def test_findings_are_json(sources: Path, findings_of: FindingsOf) -> None:
    from loader.release.exports import findings_json

    change_cell(sources, "registers:2:kind", "x")
    (found,) = json.loads(findings_json(findings_of(sources)))["findings"]
    assert (found["file"], found["row"], found["column"], found["line"]) == ("demo/registers.csv", 2, "kind", 2)
    assert set(found["message"]) == {"sv", "en"}
