"""The readers on any input: they end, they never raise, and what they read is what is written."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse, serialize

from loader.check import Upload
from loader.intake.formats import Format
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.rdf.reading import read_rdf
from loader.intake.rdf.statements import Lines
from loader.intake.reading import read_uploads
from loader.intake.sheets.aliases import known_headers
from loader.intake.sheets.delimited import find_delimiter
from loader.intake.world.context import read_context
from loader.release.manifest import Release
from tests.loader.intake.rdftext import FORMS
from tests.loader.intake.rdftext import clean as clean_statements
from tests.loader.intake.rdftext import write as write_statements
from tests.loader.intake.submission import WRITERS, clean, write

PLAIN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("a.csv", "a.xlsx", "a.ods", "a.ttl", "a.trig", "a.nt", "a.nq", "a.rdf", "a.jsonld", "a")


@PLAIN
@given(data=st.binary(max_size=400), name=st.sampled_from(NAMES))
def test_any_bytes_are_read_or_told(real_release: Release, data: bytes, name: str) -> None:
    reading = read_uploads([Upload(name, data)], read_context(real_release), {})
    assert reading.readable or reading.findings


def samples() -> list[Upload]:
    tables = [upload for form in WRITERS for upload in write(clean(5), form)]
    return [*tables, *(write_statements(clean_statements(5), form)[0] for form in FORMS)]


@PLAIN
@given(seed=st.integers(0, 2**32))
def test_mutated_files_are_read_or_told(real_release: Release, seed: int) -> None:
    chance = random.Random(seed)
    upload = chance.choice(samples())
    data = bytearray(upload.data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        data[at : at + chance.choice((0, 1, 1, 4))] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
    reading = read_uploads([Upload(upload.name, bytes(data))], read_context(real_release), {})
    assert reading.readable or reading.findings


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


FORMATS = {
    Format.TURTLE: RdfFormat.TURTLE,
    Format.TRIG: RdfFormat.TRIG,
    Format.N_TRIPLES: RdfFormat.N_TRIPLES,
    Format.N_QUADS: RdfFormat.N_QUADS,
    Format.RDF_XML: RdfFormat.RDF_XML,
    Format.JSON_LD: RdfFormat.JSON_LD,
}


def ontology() -> list[Path]:
    found = sorted(Path("ontology").rglob("*.ttl")) + sorted(Path("shapes").glob("*.ttl"))
    assert found
    return found


@pytest.mark.parametrize("path", ontology(), ids=str)
def test_every_statement_of_real_turtle_has_its_place(path: Path) -> None:
    read = read_rdf(Upload(path.name, path.read_bytes()), Format.TURTLE, DEFAULT_LIMITS)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert read.statements
    for statement in read.statements:
        assert statement.spots is not None
        assert statement.spots.value.column <= len(lines[statement.spots.value.line - 1])


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_statement_has_its_place_in_every_syntax(real_release: Release, form: Format) -> None:
    quads = list(parse(path=str(real_release.graph), format=RdfFormat.N_QUADS))[::20]
    known: list[Triple] = sorted({quad.triple for quad in quads}, key=str)
    data = serialize(known, format=FORMATS[form])
    assert data is not None
    read = read_rdf(Upload("a", data), form, DEFAULT_LIMITS)
    assert Counter(statement.triple for statement in read.statements) == Counter(known)
    assert all(statement.spots is not None for statement in read.statements)


@PLAIN
@given(text=st.text(alphabet="ab\r\n", max_size=60))
def test_offsets_are_lines_and_characters(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text)):
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        if text[offset - 1 : offset + 1] != "\r\n":
            assert lines.spot(offset).line == before.count("\n") + 1


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "¦", "^", "~", "#", ":"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = (("Register", "Variabel", "Begreppsvariabel"), ("riksstroke", "Vikt; kilo", "weight"))
    assert find_delimiter("\n".join(delimiter.join(row) for row in rows), known_headers()) == delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(real_release: Release, encoding: str) -> None:
    data = "Register;Variabel\r\nriksstroke;Ålder på väg\r\n".encode(encoding)
    reading = read_uploads([Upload("v.csv", data)], read_context(real_release), {})
    assert reading.records[0].cells[2].text == "Ålder på väg"


def test_the_line_that_excel_writes_is_no_row(real_release: Release) -> None:
    reading = read_uploads(
        [Upload("v.csv", b"sep=;\r\nRegister;Variabel\r\nx;Vikt\r\n")], read_context(real_release), {}
    )
    assert [finding.position.row for finding in reading.findings] == [3]
