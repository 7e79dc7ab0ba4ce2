"""Lists of variables in the formats of other systems are read as the sheet of variables."""

from __future__ import annotations

import json

import pytest

from loader.check import CheckResult, Upload
from loader.intake.language import language_of
from tests.loader.conftest import Ask

REDCAP = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels",Identifier?\r\n'
    'inledning,start,,descriptive,"<h1>Välkommen</h1>",,\r\n'
    'boende,start,,radio,"<div>Boendeform vid inskrivning</div>","1, Eget | 2, Särskilt",\r\n'
    'vikt,start,,text,"Vikt i kilo",,\r\n'
)
DDI = """<?xml version="1.0"?><codeBook xmlns="ddi:codebook:2_5"><stdyDscr><citation><titlStmt><titl>Riksstroke</titl>
</titlStmt></citation></stdyDscr><dataDscr><var ID="V1" name="boende">
<labl xml:lang="sv">Boendeform vid inskrivning</labl>
<labl xml:lang="en">Housing at admission</labl></var><var name="vikt"><qstn><qstnLit>Vikt i kilo</qstnLit></qstn></var>
</dataDscr></codeBook>"""
FRICTIONLESS = {
    "name": "riksstroke",
    "resources": [
        {"name": "a", "schema": {"fields": [{"name": "boende", "title": "Boendeform vid inskrivning"}]}},
        {"name": "b", "schema": {"fields": [{"name": "vikt", "description": "Vikt i kilo"}]}},
    ],
}
YAML = """boende:
  colname_silver: "boende"
  labels: "Housing at admission"
  notes_swe: "Boendeform vid inskrivning"
kilo:
  colname_silver: "vikt"
  labels: "NA"
  notes_swe: "Vikt i kilo"
"""
BOOKS = {
    "redcap": Upload("riksstroke.csv", REDCAP.encode()),
    "ddi": Upload("kodbok.xml", DDI.encode()),
    "frictionless": Upload("datapackage.json", json.dumps(FRICTIONLESS).encode()),
    "yaml": Upload("riksstroke.yaml", YAML.encode()),
}


def labels(result: CheckResult, language: str) -> dict[str, str]:
    """Labels by the key of their variable."""
    return {
        str(getattr(triple.subject, "value", "")).rpartition(".")[2]: str(getattr(triple.object, "value", ""))
        for triple in result.quads
        if triple.predicate.value.endswith("prefLabel")
        and getattr(triple.object, "language", "") == language
        and "/variable/" in str(triple.subject)
    }


@pytest.mark.parametrize("name", list(BOOKS))
def test_its_variables_are_read(ask: Ask, name: str) -> None:
    result = ask(BOOKS[name])
    assert result.conforms, result.findings
    assert result.registers == {"riksstroke"}
    assert labels(result, "sv") == {"boende": "Boendeform vid inskrivning", "vikt": "Vikt i kilo"}
    assert "dictionary-read" in {finding.rule for finding in result.findings}


def test_labels_are_kept_in_their_language(ask: Ask) -> None:
    for name in ("ddi", "yaml"):
        assert labels(ask(BOOKS[name]), "en") == {"boende": "Housing at admission"}


def test_the_register_can_be_said_by_a_mapping(ask: Ask) -> None:
    upload = Upload("lista.yaml", YAML.encode())
    assert {finding.rule for finding in ask(upload).findings} == {"missing-column", "dictionary-read"}
    assert ask(upload, mapping={"=register": "riksstroke"}).conforms


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.yaml", b"a: &x [1]\nb: *x\n"),
        ("a.yaml", b"- 1\n- 2\n"),
        ("a.yaml", b": : :"),
        ("a.json", b'{"resources": [{"schema": 5}]}'),
        ("a.xml", b"<codeBook><var name='a'"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><codeBook>&b;</codeBook>"),
    ],
)
def test_what_is_no_dictionary_is_told(ask: Ask, name: str, data: bytes) -> None:
    result = ask(Upload(name, data))
    assert not result.conforms
    assert result.findings


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Andel patienter med hemtjänst", "sv"),
        ("Boendeform vid inskrivning", "sv"),
        ("Share of patients with home care", "en"),
        ("Date of birth", "en"),
        ("mRS", None),
        ("Modified Rankin Scale", None),
    ],
)
def test_the_language_of_short_texts(text: str, language: str | None) -> None:
    assert language_of(text) == language
