"""Registers' own layouts: real codebooks, the printed headers of the report, and mappings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from loader.check import Upload
from loader.check_commands import check_files
from loader.intake.sheets.mapping import mapping_of
from loader.model.findings import Severity
from loader.release.manifest import Release
from tests.loader.conftest import Ask
from tests.reference import needs, reference

CODEBOOKS = reference("codebooks")
ANNEX = ("Variabel", "Möjligt mått/möjlig indikator", "Uppföljnings-område", "Geografisk analysnivå")
GROUPS = "Tänkbar målgrupp/tänkbart verksamhetsområde"
PURPOSES = "Skulle exempelvis kunna ge stöd för att"
ROW = (
    "Boende",
    "Antal boende på SÄBO som drabbas av stroke",
    "• Info om målgruppen • Ev. resultat",
    "Sjukhus / region",
    "Äldre/äldreomsorg",
    "Förstå omfattning",
)


def table(*rows: tuple[str, ...], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def codebooks() -> list[Path]:
    return sorted(CODEBOOKS.glob("*.yaml"))


@needs(CODEBOOKS, "lists made up for the tests are recognised below")
@pytest.mark.parametrize("path", codebooks(), ids=lambda path: path.stem)
def test_a_real_variable_list_is_recognised(ask: Ask, path: Path) -> None:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    headers = ("variable", "labels", "coltypes", "notes_swe")
    rows = [
        (name, *(str(entry.get(header, "")).replace("NA", "") for header in headers[1:]))
        for name, entry in entries.items()
    ]
    upload = Upload(f"{path.stem}.csv", table(headers, *rows, encoding="cp1252"))
    result = ask(upload, mapping={"=register": "riksstroke"})
    taken = {reading.header: reading.column for reading in result.columns if reading.header}
    assert taken == {"variable": "notation", "labels": "label_en", "coltypes": None, "notes_swe": "label_sv"}
    assert [finding.rule for finding in result.findings if finding.severity is Severity.VIOLATION] == []
    assert sum(
        str(t.predicate).endswith("core#notation>") and "/variable/" in str(t.subject) for t in result.quads
    ) == len(entries)


@pytest.mark.parametrize(
    "level", ["Uppföljningsområde:", "Uppföljnings-område", "UPPFÖLJNINGSOMRÅDE", "Uppföljnings\u00adområde"]
)
def test_the_reports_printed_headers_are_known(ask: Ask, level: str) -> None:
    headers = (ANNEX[0] + ":", ANNEX[1], level, ANNEX[3], GROUPS.replace("tänkbart", "tänkbara"), PURPOSES)
    result = ask(Upload("tabell.csv", table(("Tabell 4: Riksstroke", "", "", "", "", ""), headers, ROW)))
    assert result.conforms, [str(finding.message.sv) for finding in result.findings]
    assert result.registers == {"riksstroke"}
    assert sum(str(triple.predicate).endswith("mayCoverFollowUpArea>") for triple in result.quads) == 1


@pytest.mark.parametrize(
    "header", ["Begreppslig variabel", "Begreppsvariabel", "konceptuell variabel", "Conceptual variable"]
)
def test_a_conceptual_variable_may_be_headed_by_each_of_its_names(ask: Ask, header: str) -> None:
    rows = (("Register", "Variabel", header), ("riksstroke", "Vikt i kilo", "weight"))
    result = ask(Upload("variabler.csv", table(*rows)))
    assert {reading.header: reading.column for reading in result.columns if reading.header}[header] == "measures"


def test_a_mapping_names_what_no_alias_does(ask: Ask) -> None:
    data = table(("Reg", "Fältbeskrivning", "Begr"), ("riksstroke", "Vikt vid ankomst", "weight"))
    assert not ask(Upload("egen.csv", data)).conforms
    mapping = {"Reg": "register", "Fältbeskrivning": "variables.notation", "Begr": "-"}
    result = ask(Upload("egen.csv", data), mapping=mapping)
    assert result.conforms, result.findings
    assert result.registers == {"riksstroke"}
    remembered = mapping_of(result.columns)
    assert ask(Upload("egen.csv", data), mapping=remembered).quads == result.quads


def test_a_mapping_to_nothing_is_told(ask: Ask) -> None:
    result = ask(Upload("egen.csv", table(("A", "Variabel"), ("x", "Vikt"))), mapping={"A": "variables.notatoin"})
    assert ("unknown-mapping", "variables.notation") in {(f.rule, f.suggestion) for f in result.findings}


def test_known_variables_and_indicators_keep_their_keys(ask: Ask) -> None:
    data = table(("Register", "Variabel"), ("Riksstroke", "Boende"))
    subjects = {str(triple.subject) for triple in ask(Upload("v.csv", data)).quads}
    assert "<https://w3id.org/registergraf/id/variable/riksstroke.boende>" in subjects


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"Register;Variabel\r\nriksstroke;Vikt\r\n", 0), (b"Register;Variabel\r\nx;Vikt\r\n", 1), (b"%PDF", 2)],
)
def test_exit_codes(real_release: Release, tmp_path: Path, data: bytes, code: int) -> None:
    file = tmp_path / "v.csv"
    file.write_bytes(data)
    options = ["--releases", str(real_release.directory.parent), "--lang", "sv"]
    outcome = CliRunner().invoke(check_files, [str(file), *options])
    assert outcome.exit_code == code, outcome.output
    assert outcome.output


def test_the_mapping_is_saved(real_release: Release, tmp_path: Path) -> None:
    file, saved = tmp_path / "v.csv", tmp_path / "m.json"
    file.write_bytes(b"Register;Variabel\r\nriksstroke;Vikt\r\n")
    options = ["--releases", str(real_release.directory.parent), "--save-mapping", str(saved)]
    assert CliRunner().invoke(check_files, [str(file), *options]).exit_code == 0
    again = CliRunner().invoke(check_files, [str(file), "--mapping", str(saved), *options[:2]])
    assert again.exit_code == 0
