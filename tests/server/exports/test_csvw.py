"""CSVW schemas of registers: by the rules of the metadata vocabulary, and no word more than the release says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from loader.release.manifest import Release
from server.exports.commands import export_profile
from server.exports.csvw import Described, csvw_schema
from server.settings import Settings

# The rules of the vocabulary for what is used: a schema's and a column's properties, names as in a URI template
# (RFC 6570, 2.3), titles as a language map, and common properties with a prefix.
RULES: Mapping[str, Any] = {
    "type": "object",
    "required": ["@context", "columns"],
    "additionalProperties": False,
    "patternProperties": {"^(dc|rdfs|schema|skos):": {}},
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/csvw"},
        "@id": {"type": "string", "pattern": "^https?://[^ ]+$"},
        "@type": {"const": "Schema"},
        "columns": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "titles", "datatype", "propertyUrl"],
                "additionalProperties": False,
                "patternProperties": {"^(dc|rdfs|schema|skos):": {}},
                "properties": {
                    "name": {"pattern": "^[A-Za-z0-9]([A-Za-z0-9_]|%[0-9A-F]{2})*$"},
                    "titles": {
                        "type": "object",
                        "required": ["und"],
                        "additionalProperties": False,
                        "properties": {
                            "und": {"type": "array", "items": {"type": "string", "minLength": 1}},
                            "sv": {"type": "string", "minLength": 1},
                            "en": {"type": "string", "minLength": 1},
                        },
                    },
                    "datatype": {"const": "any"},
                    "propertyUrl": {"type": "string", "pattern": "^https://[^{} ]+$"},
                },
            },
        },
    },
}


def breaches(schema: object) -> list[str]:
    """What breaks the rules; names must be each column's own, too."""
    found = [error.message for error in Draft202012Validator(RULES).iter_errors(schema)]
    names = [column["name"] for column in schema["columns"]] if isinstance(schema, dict) and not found else []
    return found + [name for name in set(names) if names.count(name) > 1]


@pytest.fixture(scope="module")
def registers(real_release: Release) -> list[str]:
    """The registers with variables, by key."""
    text = real_release.graph.read_text(encoding="utf-8")
    return sorted(set(re.findall(r"ns#variableOf> <https://w3id.org/registergraf/id/register/([^>]+)>", text)))


def test_every_register_with_variables_has_a_valid_schema(real_client: FlaskClient, registers: list[str]) -> None:
    assert len(registers) > 20
    for key in registers:
        reply = real_client.get(f"/exports/csvw/{key}")
        assert reply.status_code == 200, key
        assert reply.mimetype == "application/csvm+json"
        assert breaches(reply.json) == [], key


def test_the_columns_are_the_variables_of_the_register(real_client: FlaskClient, real_release: Release) -> None:
    schema = real_client.get("/exports/csvw/rikssvikt").get_json(force=True)
    of = "<https://w3id.org/registergraf/ns#variableOf> <https://w3id.org/registergraf/id/register/rikssvikt>"
    lines = real_release.graph.read_text(encoding="utf-8").splitlines()
    stated = {line.split()[0].strip("<>") for line in lines if of in line}
    assert {column["propertyUrl"] for column in schema["columns"]} == stated
    assert len(schema["columns"]) == len(stated)


def test_names_that_would_be_the_same_are_told_apart() -> None:
    variables = [
        Described("https://x.example/variable/r.a-b", "a-b"),
        Described("https://x.example/variable/r.a.b", "a.b"),
    ]
    schema = json.loads(csvw_schema("r", variables, "https://x.example/schema"))
    assert [column["name"] for column in schema["columns"]] == ["a_b", "a_b_2"]
    assert breaches(schema) == []
    schema["columns"][0]["name"] = "_a-b"
    assert len(breaches(schema)) == 1


def test_void_is_found_among_the_exports_too(real_client: FlaskClient) -> None:
    reply = real_client.get("/exports/void", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (reply.status_code, reply.mimetype) == (200, "text/turtle")
    assert reply.request.path == "/.well-known/void"


@pytest.mark.parametrize("key", ["nowhere", "a b", "r>"])
def test_a_register_without_variables_has_none(real_client: FlaskClient, key: str) -> None:
    assert real_client.get(f"/exports/csvw/{key}").status_code == 404


def test_the_command_writes_the_same(real_client: FlaskClient, real_release: Release, tmp_path: Path) -> None:
    settings = Settings(releases=real_release.directory.parent)
    file = tmp_path / "schema.json"
    arguments = ["csvw", "--register", "rikssvikt", "--output", str(file)]
    assert CliRunner().invoke(export_profile, arguments, obj=settings).exit_code == 0
    told = real_client.get("/exports/csvw/rikssvikt").get_json(force=True)
    assert {**told, "@id": None} == {**json.loads(file.read_text(encoding="utf-8")), "@id": None}
    assert CliRunner().invoke(export_profile, ["csvw", "--register", "nowhere"], obj=settings).exit_code == 2
