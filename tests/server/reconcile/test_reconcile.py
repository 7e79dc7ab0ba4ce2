"""Reconciliation: batches, suggestions, previews and extension on the real release, held to the API's own schemas."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

# The schemas of the specification, in the folder of a copy that is not part of the project.
SCHEMAS = Path(
    os.environ.get("RECONCILIATION_SCHEMAS", "")
    or Path(__file__).resolve().parents[4] / "shared" / "reference" / "reconciliation" / "0.2" / "schemas"
)
SPACE = "https://reconciliation-api.github.io/specs/0.2/schemas/"
# The manifest's schema refers to Swagger's for authentication, which this service has none of.
SWAGGER = {"definitions": {"securityDefinitions": {"additionalProperties": False}}}


def valid(name: str, reply: Any) -> None:
    """Hold a reply to a schema of the specification; say aloud when there is none."""
    if not (SCHEMAS / f"{name}.json").is_file():
        warnings.warn_explicit(f"No schemas at {SCHEMAS}: replies are not held to them.", UserWarning, __file__, 1)
        return
    schemas = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in SCHEMAS.glob("*.json")}
    resources = [(SPACE + file, Resource.from_contents(one, DRAFT7)) for file, one in schemas.items()]
    swagger = ("http://swagger.io/v2/schema.json", Resource.from_contents(SWAGGER, DRAFT7))
    registry: Registry[Any] = Registry().with_resources([*resources, swagger])
    Draft202012Validator({"$ref": SPACE + name + ".json"}, registry=registry).validate(reply)


pytestmark = pytest.mark.filterwarnings("default:No schemas")


def asked(client: FlaskClient, **queries: Any) -> dict[str, Any]:
    reply = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert reply.status_code == 200, reply.text
    valid("reconciliation-result-batch", reply.json)
    found: dict[str, Any] = reply.json or {}
    return found


def first(found: dict[str, Any], name: str = "q0") -> dict[str, Any]:
    made: dict[str, Any] = found[name]["result"][0]
    return made


def test_the_manifest_says_where_everything_is(real_client: FlaskClient) -> None:
    reply = real_client.get("/reconcile")
    manifest = reply.json
    assert manifest is not None
    valid("manifest", manifest)
    assert manifest["identifierSpace"] == "https://w3id.org/registergraf/id/"
    assert {one["id"] for one in manifest["defaultTypes"]} >= {"Register", "Municipality", "LegalProvision"}
    parts = [f"{one['service_url']}{one['service_path']}" for one in manifest["suggest"].values()]
    flyouts = [one["flyout_service_url"] + one["flyout_service_path"] for one in manifest["suggest"].values()]
    for address in [
        *parts,
        flyouts[0].replace("${id}", "register/sfr"),
        manifest["view"]["url"].replace("{{id}}", "register/sfr"),
    ]:
        assert real_client.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
def test_no_redirect_and_open_to_other_sites(real_client: FlaskClient, path: str) -> None:
    queries = json.dumps({"q0": {"query": "Riksstroke"}})
    sent = (
        real_client.get(path),
        real_client.post(path, data={"queries": queries}),
        real_client.get(path, query_string={"queries": queries}),
    )
    for reply in sent:
        assert (reply.status_code, reply.headers["Access-Control-Allow-Origin"]) == (200, "*")
    options = real_client.options(path, headers={"Origin": "https://example.org"})
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


def test_a_batch(real_client: FlaskClient) -> None:
    found = asked(
        real_client,
        q0={"query": "Rikstroke", "type": "Register", "limit": 3},
        q1={"query": "Goteborgs stad", "type": {"id": "Municipality"}},
        q2={"query": "SoL 8:4", "type": ["LegalProvision"]},
        q3={"query": "Något helt annat som inte finns", "type": "Register"},
        q4={"query": "https://w3id.org/registergraf/id/register/sfr"},
    )
    assert (first(found)["id"], first(found)["match"]) == ("register/riksstroke", True)
    assert len(found["q0"]["result"]) <= 3
    assert first(found, "q1")["id"] == "municipality/1480"
    assert [one["id"] for one in first(found, "q2")["features"]] == ["citation"]
    assert not any(one["match"] for one in found["q3"]["result"])
    assert first(found, "q4") | {"match": True, "score": 100.0} == first(found, "q4")


def test_properties_part_things_with_one_name(real_client: FlaskClient) -> None:
    query = {"query": "Personnummer", "type": "Variable", "limit": 30}
    alone = asked(real_client, q0=query)
    assert not any(one["match"] for one in alone["q0"]["result"])
    value = {"pid": "rg:variableOf", "v": "Svenska ryggregistret"}
    parted = first(asked(real_client, q0={**query, "properties": [value]}))
    assert (parted["description"], parted["match"]) == ("Svenska ryggregistret", True)
    assert {"id": "property rg:variableOf", "value": 1.0} in parted["features"]


@pytest.mark.parametrize(
    ("queries", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"q0": 1}', 400),
        ('{"q0": {}}', 400),
        ('{"q0": {"query": 7}}', 400),
        ('{"q0": {"query": "a", "type": "Elephant"}}', 400),
        ('{"q0": {"query": "a", "limit": -1}}', 400),
        ('{"q0": {"query": "a", "properties": [1]}}', 400),
        (json.dumps({"q0": {"query": "a" * 1001}}), 400),
        (json.dumps({f"q{number}": {"query": "a"} for number in range(101)}), 413),
        ("[" * 50_000, 400),
    ],
)
def test_bad_batches_are_told(real_client: FlaskClient, queries: str, status: int) -> None:
    reply = real_client.post("/reconcile", data={"queries": queries})
    assert (reply.status_code, reply.mimetype) == (status, "application/problem+json")
    assert reply.json is not None
    assert reply.json["detail"] != reply.json["detail_sv"]


def test_suggestions(real_client: FlaskClient) -> None:
    entities = real_client.get("/reconcile/suggest/entity?prefix=rikss").json or {}
    valid("suggest-entities-response", entities)
    assert "register/riksstroke" in [one["id"] for one in entities["result"]]
    rest = real_client.get("/reconcile/suggest/entity?prefix=rikss&cursor=1").json or {}
    assert rest["result"][0]["id"] == entities["result"][1]["id"]
    types = real_client.get("/reconcile/suggest/type?prefix=reg").json or {}
    valid("suggest-types-response", types)
    assert "Register" in [one["id"] for one in types["result"]]
    properties = real_client.get("/reconcile/suggest/property?prefix=start").json or {}
    valid("suggest-properties-response", properties)
    assert "rg:startYear" in [one["id"] for one in properties["result"]]
    assert real_client.get("/reconcile/suggest/entity?prefix=a&cursor=x").status_code == 400
    assert real_client.get("/reconcile/suggest/entity?prefix=a&type=Elephant").status_code == 400


def test_previews_may_be_framed_and_flyouts_are_escaped(real_client: FlaskClient) -> None:
    preview = real_client.get("/reconcile/preview?id=register/riksstroke")
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "Nationella kvalitetsregistret för stroke" in preview.text
    flyout = real_client.get("/reconcile/flyout/entity?id=register/riksstroke").json or {}
    assert flyout["id"] == "register/riksstroke"
    assert real_client.get("/reconcile/preview?id=<script>").status_code == 404
    assert "frame-ancestors 'none'" in real_client.get("/about").headers["Content-Security-Policy"]


def test_extension(real_client: FlaskClient) -> None:
    proposed = real_client.get("/reconcile/properties?type=Register&limit=100").json or {}
    valid("data-extension-property-proposal", proposed)
    assert {"rg:startYear", "dpv:hasDataController"} <= {one["id"] for one in proposed["properties"]}
    asked = {
        "ids": ["register/rikshoft", "register/no-such"],
        "properties": [
            {"id": "rg:startYear"},
            {"id": "skos:prefLabel"},
            {"id": "rg:hasVariable", "settings": {"limit": "2"}},
        ],
    }
    valid("data-extension-query", asked)
    reply = real_client.post("/reconcile", data={"extend": json.dumps(asked)}).json or {}
    valid("data-extension-response", reply)
    row = reply["rows"]["register/rikshoft"]
    assert list(row["rg:startYear"][0]) == ["int"]
    assert row["skos:prefLabel"][0]["str"].startswith("Nationellt kvalitetsregister för höftfraktur")
    assert [list(cell) for cell in row["rg:hasVariable"]] == [["id", "name"], ["id", "name"]]
    assert reply["meta"][2]["type"]["id"] == "Variable"
    assert reply["rows"]["register/no-such"]["rg:startYear"] == []


def test_bad_extensions_are_told(real_client: FlaskClient) -> None:
    for asked, status in (("7", 400), ('{"ids": []}', 400), ('{"ids": [1], "properties": []}', 400)):
        assert real_client.post("/reconcile", data={"extend": asked}).status_code == status
    many = json.dumps({"ids": ["a"] * 501, "properties": []})
    assert real_client.post("/reconcile", data={"extend": many}).status_code == 413
