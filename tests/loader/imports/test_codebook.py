"""Lists of variables become rows of the template that can be handed in; what linkage lacks is told."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from loader.check import CheckOptions, Upload, check
from loader.imports.commands import importing
from loader.intake.world.context import read_context
from loader.release.manifest import Release
from loader.template.filled import filled_rows
from tests.reference import needs, reference

ROOT = Path(__file__).resolve().parents[3]
REAL = reference("codebooks")
HEADER = ("Variabelnamn", "Beskrivning", "Enhet", "Värdemängd", "Giltig från", "Giltig till", "Källa")
ROWS = (
    ("PNR", "Personnummer", "", "", "2001", "", "vården"),
    ("OPDAT", "Operationsdatum", "", "", "2001", "2019", "vården"),
    ("HBA1C", "Långtidsblodsocker", "mmol/mol", "", "2004", "", "vården"),
    ("ROK", "Röker patienten?", "", "1=ja;2=nej", "2004", "", "vården"),
    ("RAD", "Radnummer", "", "", "", "", "internt"),
)
YAML = """avanid: {colname_silver: lopnr, labels: "Serial number", origins: internal}
op: {colname_silver: OPDAT, labels: "Date of operation", notes_swe: "Operationsdatum",
  notes: "Year of introduction: 2001", origins: agency}
rok: {colname_silver: ROK, notes_swe: "Röker patienten?", data_values: ["1 ~ ja", "2 ~ nej"], unit: st, origins: agency}
"""


def run(release: Release, *arguments: str) -> Result:
    """The command within the real release."""
    output = ["--output", str(release.directory.parent), "--lang", "sv", "--register", "swedeheart"]
    return CliRunner().invoke(importing, ["codebook", *arguments, *output])


def rows(text: str) -> dict[str, dict[str, str]]:
    """Rows of a filled CSV template by the variable's name."""
    found = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    return {row["Variabel"]: row for row in found}


def as_csv(folder: Path) -> Path:
    path = folder / "lista.csv"
    path.write_text("\n".join(";".join(row) if ";" not in "".join(row) else _quoted(row) for row in (HEADER, *ROWS)))
    return path


def _quoted(row: tuple[str, ...]) -> str:
    return ";".join(f'"{cell}"' for cell in row)


def as_xlsx(folder: Path) -> Path:
    book = Workbook()
    page = book.create_sheet("Variabellista", 0)
    for row in (HEADER, *ROWS):
        page.append([*row])
    book.save(folder / "lista.xlsx")
    return folder / "lista.xlsx"


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_list_in_a_table_becomes_the_template(make, tmp_path: Path, real_release: Release) -> None:  # type: ignore[no-untyped-def]
    done = run(real_release, str(make(tmp_path)), "--where", "Källa=Vården")
    assert done.exit_code == 0, done.output
    found = rows(done.stdout)
    assert list(found) == ["PNR", "OPDAT", "HBA1C", "ROK"]
    assert {row["Register"] for row in found.values()} == {"swedeheart"}
    assert found["PNR"]["Begreppslig variabel"] == "person-identifier"
    assert (found["OPDAT"]["Gäller från"], found["OPDAT"]["Gäller till och med"]) == ("2001", "2019")
    assert found["OPDAT"]["Begreppslig variabel"] == "operation-date"
    assert found["HBA1C"]["Måttenhet"] == "mmol/mol"
    assert found["ROK"]["Koder"] == "1=ja;2=nej"
    assert found["ROK"]["Variabelnyckel"] == "rok"
    assert "4 variabler: 1 med koder, 1 med måttenhet, 4 med giltighetstid, 2 med begrepp; 1 utelämnade" in done.stderr
    assert "Listan saknar: vårdenhet." in done.stderr


def test_a_list_in_yaml_says_codes_unit_and_period(tmp_path: Path, real_release: Release) -> None:
    (tmp_path / "bok.yaml").write_text(YAML, encoding="utf-8")
    done = run(real_release, str(tmp_path / "bok.yaml"), "--where", "origins=agency", "--to", str(tmp_path / "ut.xlsx"))
    assert done.exit_code == 0, done.output
    assert "Listan saknar: personnummer (utan det kan registret inte samköras), vårdenhet." in done.stderr
    sheet = load_workbook(tmp_path / "ut.xlsx")["Variabler"]
    header, *told = ([cell or "" for cell in row] for row in sheet.iter_rows(values_only=True))
    found = {row[header.index("Variabel")]: dict(zip(header, row, strict=True)) for row in told}
    assert found["OPDAT"]["Gäller från"] == "2001"
    assert (found["ROK"]["Koder"], found["ROK"]["Måttenhet"]) == ("1=ja;2=nej", "st")


@pytest.mark.parametrize(
    ("name", "data", "extra", "said"),
    [
        ("tom.yaml", "a: [1]", (), "holds no list of variables"),
        ("bok.yaml", YAML, ("--where", "ursprung=x"), "No variable has the field 'ursprung'. Fields: colname_silver"),
        ("bok.yaml", YAML, ("--where", "ursprung"), "field=text"),
        ("bok.yaml", YAML, ("--to", "ut.pdf"), ".xlsx or .csv"),
    ],
)
def test_what_cannot_be_read_is_said(
    name: str, data: str, extra: tuple[str, ...], said: str, tmp_path: Path, real_release: Release
) -> None:
    (tmp_path / name).write_text(data, encoding="utf-8")
    done = run(real_release, str(tmp_path / name), *extra)
    assert done.exit_code == 2
    assert said in done.stderr


def test_what_cannot_be_handed_in_ends_with_one(tmp_path: Path, real_release: Release) -> None:
    (tmp_path / "bok.yaml").write_text("a: {name: A, label_sv: Vikt, valid_from: 'nyligen'}\n", encoding="utf-8")
    done = run(real_release, str(tmp_path / "bok.yaml"))
    assert done.exit_code == 1
    assert "nyligen" in done.stderr


def test_what_a_list_has_no_column_for_stays_as_it_is_known(tmp_path: Path, real_release: Release) -> None:
    """A row is the whole record: a list of names and labels would empty units, codes and the other language."""
    before = [row for row in filled_rows(read_context(real_release), "variables", "diabetes", "sv") if row["unit"]][:3]
    assert all(row["label_en"] for row in before)
    lines = ["Variabelnamn;Benämning", *(f"{row['notation']};{row['label_sv']}" for row in before), "NY;Ny variabel"]
    (tmp_path / "lista.csv").write_text("\n".join(lines), encoding="utf-8")
    output = ["--output", str(real_release.directory.parent), "--lang", "sv", "--register", "diabetes"]
    done = CliRunner().invoke(importing, ["codebook", str(tmp_path / "lista.csv"), *output])
    assert done.exit_code == 0, done.output
    found = rows(done.stdout)
    for row in before:
        told = found[row["notation"]]
        assert (told["Måttenhet"], told["Koder"], told["Fråga eller benämning (engelska)"]) == (
            row["unit"],
            row["value_set"],
            row["label_en"],
        )
    assert found["NY"]["Måttenhet"] == ""
    assert "Listan har inte kolumnerna Fråga eller benämning (engelska), Måttenhet" in done.stderr
    checked = check(
        [Upload("variables.csv", done.stdout.encode())], release=real_release, options=CheckOptions(language="sv")
    )
    assert checked.effect is not None
    assert (len(checked.effect.same), len(checked.effect.new), checked.effect.changed) == (3, 1, ())


@needs(REAL, "code books made up for the tests are imported above")
@pytest.mark.parametrize(
    ("book", "register", "number"),
    [
        ("patient-in", "patientregistret-sluten", 70),
        ("prescribed-drug", "lakemedelsregistret", 5),
        ("cause-of-death", "dodsorsaksregistret", 21),
    ],
)
def test_real_lists_can_be_handed_in(book: str, register: str, number: int, real_release: Release) -> None:
    """Only the agency's own variables; all lack identity number and care unit, and none has a unit of measure."""
    where = "sources_avan=national board of health and welfare"
    arguments = [str(REAL / f"sos_{book}_codebook.yaml"), "--register", register, "--where", where, "--lang", "sv"]
    output = ["--output", str(real_release.directory.parent)]
    done = CliRunner().invoke(importing, ["codebook", *arguments, *output])
    assert done.exit_code == 0, done.output
    assert len(rows(done.stdout)) == number
    assert "0 med måttenhet" in done.stderr
    assert "personnummer" in done.stderr
    assert "vårdenhet" in done.stderr
