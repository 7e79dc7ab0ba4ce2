"""The command `registergraf coverage`: lists, codes, periods, what is told of files, and the shape of the result."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.server.registerservice.asking import ask, measured, number, people, share, table

WHO = people(60)
PERSONS = ("--key", "pnr", "--count", "persons")
DATED = ("--key", "pnr", "--date", "day", "--count", "events")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty people in the register, of whom thirty are among the fifty of the reference."""
    table(tmp_path / "register.csv", "pnr;day;sjukhus", [[who, "2024-03-01", "A"] for who in WHO[:40]])
    table(tmp_path / "reference.csv", "pnr;day;sjukhus", [[who, "20240301", "A"] for who in WHO[10:60]])
    return tmp_path


def test_measures_and_intervals(folder: Path) -> None:
    result = measured(folder, *PERSONS, "--threshold", "5")
    assert [list(row) for row in result["measurements"]] == [
        ["direction", "by", "found", "of", "rate", "lower", "upper", "suppressed"]
    ] * 2
    row = result["measurements"][0]
    assert (row["direction"], row["by"], row["found"], row["of"]) == ("register-found-in-reference", {}, 30, 40)
    assert (row["rate"], round(row["lower"], 6), round(row["upper"], 6)) == (0.75, 0.59806, 0.858129)
    assert share(result, "reference") == (30, 50)
    assert [(row["side"], row["found"], row["of"]) for row in result["coverage"]] == [
        ("register", 40, 60),
        ("reference", 50, 60),
    ]
    assert {entry["reason"]: entry["count"] for entry in result["unmatched"][:2]} == {
        "invalid number": 0,
        "person not in reference": 10,
    }


def test_intervals_can_be_left_out(folder: Path) -> None:
    assert measured(folder, *PERSONS, "--no-intervals")["measurements"][0]["lower"] is None


def test_parquet_gives_the_same(folder: Path) -> None:
    before = measured(folder, *DATED, "--by", "sjukhus")
    for side in ("register", "reference"):
        duckdb.execute(f"COPY (FROM '{folder}/{side}.csv') TO '{folder}/{side}.parquet'")
    (folder / "reference.csv").write_bytes((folder / "register.csv").read_bytes())
    files = ("--register", str(folder / "register.parquet"), "--reference", str(folder / "reference.parquet"))
    after = measured(folder, *DATED, "--by", "sjukhus", *files)
    assert after["measurements"] == before["measurements"]


def test_changed_numbers_are_followed_to_the_last_and_circles_are_told(folder: Path) -> None:
    old, older, turning, back = (number("19330101", serial) for serial in (1, 2, 3, 4))
    table(folder / "register.csv", "pnr;day", [[old, ""], [older, ""], [WHO[10], ""], [turning, ""], [WHO[11], ""]])
    rows = [[older, old, "2001-01-01"], [old, WHO[12], "2002-01-01"], [turning, back, ""], [back, turning, ""]]
    table(folder / "changes.csv", "old,new,date", rows, ",")
    options = (*PERSONS, "--number-changes", str(folder / "changes.csv"))
    assert share(measured(folder, *options)) == (3, 4)
    told = ask(folder, *options).stderr
    assert "changes.csv, row 4, old: the number changes in a circle" in told
    assert turning not in told


def test_a_reused_number_is_two_people_by_date(folder: Path) -> None:
    table(
        folder / "register.csv", "pnr;day", [[WHO[20], "2010-01-01"], [WHO[20], "2024-03-01"], [WHO[21], "2024-03-01"]]
    )
    table(folder / "reused.csv", "number;date", [[WHO[20], "2015-01-01"]])
    options = ("--key", "pnr", "--date", "day", "--window", "9999d", "--count", "persons")
    assert share(measured(folder, *options)) == (2, 2)
    assert share(measured(folder, *options, "--reused", str(folder / "reused.csv"))) == (2, 3)


def test_people_are_left_out_of_both_sides_under_every_number(folder: Path) -> None:
    old = number("19330101", 1)
    table(folder / "changes.csv", "old;new;date", [[old, WHO[15], "2002-01-01"]])
    table(folder / "optout.csv", "number", [[old], [WHO[16]], [WHO[59]]])
    options = (*PERSONS, "--leave-out", str(folder / "optout.csv"), "--number-changes", str(folder / "changes.csv"))
    result = measured(folder, *options)
    assert (share(result), share(result, "reference")) == ((28, 38), (28, 47))


def test_an_opt_out_that_cannot_be_read_stops_the_run(folder: Path) -> None:
    table(folder / "optout.csv", "number", [[WHO[0]], ["190001010000"]])
    done = ask(folder, *PERSONS, "--leave-out", str(folder / "optout.csv"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "optout.csv, row 3" in done.stderr


def test_only_those_resident_and_alive_at_the_day(folder: Path) -> None:
    rows = [[who, "2000-01-01", "", ""] for who in WHO[:57]]
    rows[20][2], rows[21][3], rows[22][1] = "2023-12-31", "2024-01-01", "2024-01-02"
    table(folder / "residents.csv", "number;from;to;died", rows)
    options = (*PERSONS, "--residents", str(folder / "residents.csv"), "--at", "2024-01-01")
    result = measured(folder, *options)
    assert (share(result), share(result, "reference")) == ((27, 37), (27, 44))


def test_codes_choose_the_cases_in_any_of_the_columns(folder: Path) -> None:
    rows = [[who, "S72.0" if n < 20 else "", "I10 s721" if n >= 45 else "X"] for n, who in enumerate(WHO[10:60])]
    table(folder / "reference.csv", "pnr;HDIA;DIA1", rows)
    for columns, prefix, expected in (("HDIA", "S72", 20), ("HDIA DIA*", "s72", 25), ("HDIA|DIA1", "S72.1 I10", 5)):
        table(folder / "codes.csv", "side;columns;system;prefix", [["reference", columns, "ICD-10-SE", prefix]])
        assert share(measured(folder, *PERSONS, "--codes", str(folder / "codes.csv")), "reference")[1] == expected


def test_a_period_limits_what_is_counted_and_reaches_a_window_beyond(folder: Path) -> None:
    days = ["2023-12-20", "2024-01-05", "2024-06-01", "2024-12-30", "2025-01-05"]
    table(folder / "register.csv", "pnr;day", [[WHO[n], day] for n, day in enumerate(days)])
    others = ["2024-01-05", "2023-12-20", "2024-06-01", "2025-01-20", "2024-12-30"]
    table(folder / "reference.csv", "pnr;day", [[WHO[n], day] for n, day in enumerate(others)])
    result = measured(folder, *DATED, "--window", "30d", "--period", "2024", "--by", "year")
    assert (share(result), share(result, "reference")) == ((3, 3), (3, 3))
    assert share(result, year="2024") == (3, 3)


def test_washout_and_first_contact(folder: Path) -> None:
    rows = [[who, day] for who in WHO[10:20] for day in ("2024-03-01", "2024-03-20", "2024-12-01")]
    table(folder / "reference.csv", "pnr;day", rows)
    assert share(measured(folder, *DATED), "reference") == (10, 30)
    assert share(measured(folder, *DATED, "--washout", "30d"), "reference") == (10, 20)
    assert share(measured(folder, *DATED, "--washout", "first"), "reference") == (10, 10)


def test_by_each_sides_own_unit_or_with_the_unit_as_a_key(folder: Path) -> None:
    table(
        folder / "reference.csv", "pnr;day;SJH", [[who, "2024-03-01", "AB"[n % 2]] for n, who in enumerate(WHO[10:60])]
    )
    own = measured(folder, *DATED, "--by", "sjukhus=SJH")
    assert (share(own, sjukhus="A"), share(own, "reference", sjukhus="B")) == ((30, 40), (15, 25))
    named = measured(folder, *DATED, "--by", "unit=sjukhus=SJH")
    assert share(named, "reference", unit="B") == (15, 25)
    key = measured(folder, *DATED, "--unit", "sjukhus=SJH", "--by", "unit")
    assert (share(key, unit="A"), share(key, "reference", unit="B")) == ((15, 40), (0, 25))
    assert [row["by"] for row in key["coverage"] if row["side"] == "register"] == [{}, {"unit": "A"}, {"unit": "B"}]


def test_bad_rows_are_told_without_the_number_and_left_out_when_asked(folder: Path) -> None:
    wrong = WHO[0][:-1] + str((int(WHO[0][-1]) + 1) % 10)
    with (folder / "register.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{wrong};2024-03-01;A\n{WHO[1]};2024-02-30;A\n")
    done = ask(folder, *DATED)
    assert "register.csv, row 42, pnr: the check digit is wrong" in done.stderr
    assert "register.csv, row 43, day: no date that can be read" in done.stderr
    assert not [part for part in (wrong, WHO[1], WHO[1][2:]) if part in done.stderr + done.stdout]
    assert share(measured(folder, *DATED)) == (30, 42)
    assert share(measured(folder, *DATED, "--skip-bad")) == (30, 40)


def test_rows_that_cannot_be_read_stop_the_run_or_are_left_out(folder: Path) -> None:
    path = folder / "register.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:5], f"{WHO[50]};2024-03-01;A;more", *lines[5:], ""]), encoding="utf-8")
    done = ask(folder, *DATED)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "register.csv, row 6" in done.stderr
    assert WHO[50] not in done.stderr
    assert share(measured(folder, *DATED, "--skip-bad")) == (30, 40)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("pnr;day\n191212121212;Malmö\n".encode("latin-1"), "--encoding latin-1"),
        ("pnr;day\n191212121212;2024-01-01\n".encode("utf-16"), "UTF-16"),
        (b"pnr;day\n191212121212,2024-01-01\n", "the same"),
        (b"pnr;day;PNR\n191212121212;2024-01-01;1\n", "twice"),
        (b"pnr;day\n191212121212;01/02/2024\n", "--date-format"),
        (b"pnr;date\n191212121212;2024-01-01\n", "there is no column day"),
        (b"191212121212;2024-01-01\n191212121213;2024-01-01\n", "looks like data"),
        (b"", "is empty"),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_said_at_once(folder: Path, content: bytes, told: str) -> None:
    (folder / "register.csv").write_bytes(content)
    done = ask(folder, *DATED, "--output", str(folder / "result.json"))
    assert done.exit_code == 1
    assert told in done.stderr
    assert "1912121212" not in done.stderr
    assert not (folder / "result.json").exists()


def test_latin_1_and_other_date_forms_are_read_when_named(folder: Path) -> None:
    text = "pnr;day;ort\n" + "".join(f"{who};01/03/2024;Malmö\n" for who in WHO[:40])
    (folder / "register.csv").write_bytes(text.encode("latin-1"))
    (folder / "reference.csv").write_bytes(text.encode("latin-1"))
    options = (*DATED, "--encoding", "latin-1", "--date-format", "%d/%m/%Y", "--by", "ort")
    assert share(measured(folder, *options), ort="Malmö") == (40, 40)


@pytest.mark.parametrize(
    ("mark", "end", "encoding"), [(b"\xef\xbb\xbf", "\r\n", "utf-8"), (b"", "\r", "utf-8"), (b"", "\n", "utf-16")]
)
def test_marks_line_ends_and_quotes_do_not_matter(folder: Path, mark: bytes, end: str, encoding: str) -> None:
    text = end.join(['"pnr" ;day', *(f'"{who}";2024-03-01' for who in WHO[:40]), ""])
    (folder / "register.csv").write_bytes(mark + text.encode(encoding))
    (folder / "reference.csv").write_bytes(mark + text.encode(encoding))
    assert share(measured(folder, *DATED, "--encoding", encoding)) == (40, 40)


def test_an_unknown_ending_stops_before_anything_is_written(folder: Path) -> None:
    done = ask(folder, *PERSONS, "--output", str(folder / "a.json"), "--output", str(folder / "a.doc"))
    assert done.exit_code == 2
    assert sorted(path.name for path in folder.iterdir()) == ["reference.csv", "register.csv"]


def test_method_is_told_with_the_result(folder: Path) -> None:
    ask(folder, *PERSONS, "--output", str(folder / "a.json"))
    method = json.loads((folder / "a.json").read_text(encoding="utf-8"))["method"]
    assert method["suppression"]["threshold"] == 5
    assert "Wilson" in method["interval"]["sv"]


def test_reasons_are_given_for_the_whole_or_for_every_place(folder: Path) -> None:
    asked = (*DATED, "--by", "sjukhus")
    whole = measured(folder, *asked)["unmatched"]
    assert {str(entry["by"]) for entry in whole} == {"{}"}
    every = measured(folder, *asked, "--reasons")["unmatched"]
    found = {(str(entry["by"]), entry["reason"]): entry["count"] for entry in every if entry["count"]}
    assert found[("{'sjukhus': 'A'}", "person not in register")] == 20
    assert found[("{}", "person not in register")] == 20


def test_units_take_part_of_those_that_are_eligible(folder: Path) -> None:
    rows = [[who, "2024-03-01", "AB"[place % 2]] for place, who in enumerate(WHO[:40])]
    table(folder / "register.csv", "pnr;day;unit", [*rows, [WHO[41], "2024-03-01", "X"]])
    table(folder / "reference.csv", "pnr;day;unit", rows)
    eligible = table(folder / "eligible.csv", "unit", [["A"], ["B"], ["C"], ["D"], ["A"]])
    result = measured(folder, *DATED, "--by", "unit", "--eligible", str(eligible))
    assert [(row["found"], row["of"], row["rate"]) for row in result["participation"]] == [(2, 4, 0.5)]
    assert "participation" not in measured(folder, *DATED, "--by", "unit")
    done = ask(folder, *DATED, "--eligible", str(eligible))
    assert done.exit_code == 1
    assert "--by unit" in done.stderr
