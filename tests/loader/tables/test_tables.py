"""The table reader: what is written comes back cell by cell, and no bytes at all can break it."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loader.model.findings import Finding, Position, Severity, blocks
from loader.tables.files import TextFile, decode, read_text
from loader.tables.table import TableFile, check_header, read_table, split_rows

CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=20)
FOLDER_IS_SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def place(tmp_path: Path, data: bytes) -> TableFile:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    return TableFile(path, "demo/table.csv", "table", "demo")


@FOLDER_IS_SHARED
@example([["", "", "\U0002f800"]], "\n", False)  # a sign that composes into another
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3)), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_is_written_comes_back(tmp_path: Path, rows: list[list[str]], newline: str, mark: bool) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline)
    writer.writerows([["a", "b", "c"], *rows])
    data = text.getvalue().encode("utf-8-sig" if mark else "utf-8")
    read = read_table(place(tmp_path, data), ["a", "b", "c"])
    assert read.findings == ()
    assert read.table is not None
    composed = [[unicodedata.normalize("NFC", cell).strip() for cell in row] for row in rows]
    expected = [row for row in composed if any(row)]
    assert [list(row.cells.values()) for row in read.table.rows] == expected
    assert all(row.number >= 2 and row.line >= row.number for row in read.table.rows)


@FOLDER_IS_SHARED
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path: Path, data: bytes) -> None:
    read = read_table(place(tmp_path, data), ["a", "b"])
    assert (read.table is None) <= blocks(read.findings)
    for finding in read.findings:
        assert finding.position.file == "demo/table.csv"


@given(st.binary())
def test_decoding_gives_text_or_one_finding(data: bytes) -> None:
    found = decode(data, "f")
    assert isinstance(found, TextFile | Finding)
    if isinstance(found, TextFile):
        assert found.text.encode() in (data, data.removeprefix(b"\xef\xbb\xbf"))


@pytest.mark.parametrize(
    ("header", "rules"),
    [
        (["a", "b"], []),
        (["b", "a"], ["column-order"]),
        (["a"], ["missing-column"]),
        (["a", "b", "b"], ["duplicate-column"]),
        (["a", "bb"], ["unknown-column"]),
        (["label", "value"], ["unknown-column", "unknown-column", "missing-column", "missing-column"]),
        (["a;b"], ["wrong-delimiter"]),
        (["a\tb"], ["wrong-delimiter"]),
    ],
)
def test_headers(header: list[str], rules: list[str]) -> None:
    assert [finding.rule for finding in check_header(header, ["a", "b"], Position("f"))] == rules


def test_the_wrong_order_is_a_warning_and_read_by_name(tmp_path: Path) -> None:
    read = read_table(place(tmp_path, b"b,a\n1,2\n"), ["a", "b"])
    assert [finding.severity for finding in read.findings] == [Severity.WARNING]
    assert read.table is not None
    assert read.table.rows[0].cells == {"a": "2", "b": "1"}


def test_rows_and_lines_are_counted_apart() -> None:
    rows = list(split_rows(TextFile("f", 'a,b\n"x\ny",1\n\nz,2\n')))
    assert [(row[0], row[1]) for row in rows if not isinstance(row, Finding)] == [(1, 1), (2, 2), (4, 5)]


def test_a_broken_link_and_a_device_are_findings(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for path, rule in ((tmp_path / "link", "unreadable-file"), (Path("/dev/zero"), "not-a-text-file")):
        found = read_text(path, path.name)
        assert isinstance(found, Finding)
        assert found.rule == rule


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    found = read_text(path, "huge.csv")
    assert isinstance(found, Finding)
    assert found.rule == "too-large"
