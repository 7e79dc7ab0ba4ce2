"""The measurements' own parts: made-up data is the same every time, tables and ratios say what was measured."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pyoxigraph
import pytest

from tests.bench import process, servers
from tests.bench.contest import row_count
from tests.bench.cube import QB, Size, write_cube
from tests.bench.measurement import OURS, Section, number, table
from tests.bench.sheet import FAULTY_AREA, write_sheet

SMALL = Size(indicators=2, municipalities=3, years=4)
INDICATORS = ["https://example.org/a", "https://example.org/b"]


def test_the_cube_has_an_observation_for_every_combination_and_the_same_bytes(tmp_path: Path) -> None:
    written = [write_cube(tmp_path / name, INDICATORS, SMALL) for name in ("one.nq", "two.nq")]
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "two.nq").read_bytes()
    quads = list(pyoxigraph.parse(path=tmp_path / "one.nq", format=pyoxigraph.RdfFormat.N_QUADS))
    observations = [quad for quad in quads if quad.object == pyoxigraph.NamedNode(QB + "Observation")]
    assert len(observations) == SMALL.observations == 24
    assert written == [len(set(quads))] * 2


def test_a_cube_over_too_few_indicators_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wants 2 indicators"):
        write_cube(tmp_path / "cube.nq", INDICATORS[:1], SMALL)


def test_the_default_cube_has_a_million_triples() -> None:
    assert Size().observations * 6 > 1_000_000


def test_a_table_shows_medians_and_ratios_by_unit() -> None:
    section = Section("s", "Title")
    section.add("case", OURS, "ms", [4.0, 2.0, 9.0])
    section.add("case", "Peer", "ms", [8.0])
    section.add("case", OURS, "MiB", [50.0])
    section.add("other", "Peer", "ms", [], "(over 60 s)")
    lines = table(section).splitlines()
    assert "| case | ms | 4.00 | 8.00 (2.00×) |" in lines
    assert "| case | MiB | 50.0 |  |" in lines
    assert "| other | ms |  | (over 60 s) |" in lines


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.01234, "0.0123"), (1.5, "1.50"), (12.34, "12.3")])
def test_numbers_have_three_figures(value: float, text: str) -> None:
    assert number(value) == text


def test_sheets_have_new_keys_and_one_fault_in_a_hundred(tmp_path: Path) -> None:
    source = tmp_path / "indicators.csv"
    columns = ["indicator", "label_sv", "label_en", "printed", "follow_up_areas", "part", "row"]
    source.write_text(",".join(columns) + "\na,A,A,A,results,table-1,1\n", encoding="utf-8")
    assert write_sheet(source, tmp_path / "sheet.csv", 200) == 2
    with (tmp_path / "sheet.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["indicator"] for row in rows}) == 200
    assert sum(row["follow_up_areas"] == FAULTY_AREA for row in rows) == 2
    assert "part" not in rows[0]


def test_a_command_is_measured_with_its_memory(tmp_path: Path) -> None:
    usage = process.measure([sys.executable, "-c", "x = bytearray(80 << 20); print('done')"], cwd=tmp_path)
    assert usage.output == "done\n"
    assert usage.peak_mib > 80


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(process.CommandFailed, match="ended with 3"):
        process.measure([sys.executable, "-c", "raise SystemExit(3)"], cwd=tmp_path)


def test_a_missing_peer_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(servers.MissingPeer, match="apt-get install wrk"):
        servers.find_program("wrk")
    with pytest.raises(servers.MissingPeer, match="make bench"):
        servers.find_program("oxigraph")


def test_rows_are_counted() -> None:
    assert row_count(b'{"head":{},"results":{"bindings":[{},{}]}}') == 2
    assert row_count(b'{"head":{},"boolean":true}') == 1
    assert row_count(b"no JSON") == -1
