"""A site over a small release with accounts, and files to hand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse
from werkzeug.test import TestResponse

from loader.checked import CheckOptions, CheckResult
from loader.graph.accepted import AcceptedGraph
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity
from loader.release.manifest import Release, open_release
from server.app import create_app
from server.engine.interface import Engine
from server.handing_in.checks.asking import checks_of
from server.handing_in.state.kept import State, open_state
from server.handing_in.submissions.service import init_submission_service
from server.settings import Settings
from tests.server.conftest import LABEL, RG
from tests.server.handing_in.accounts.test_accounts import in_days

PREFIXES = f"""@prefix rg: <{RG}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix indicator: <https://w3id.org/registergraf/id/indicator/> .
@prefix register: <https://w3id.org/registergraf/id/register/> .
"""


def indicator(name: str, register: str = "swespine", label: str = "") -> bytes:
    """A Turtle file with one indicator of a register."""
    return f"""{PREFIXES}
indicator:{name} a rg:Indicator ; rg:indicatorOf register:{register} ; skos:prefLabel "{label or name}"@sv .
""".encode()


def faulty(name: str, register: str = "swespine") -> bytes:
    """The same without the label that the check below asks for."""
    return f"{PREFIXES}\nindicator:{name} a rg:Indicator ; rg:indicatorOf register:{register} .\n".encode()


def plain_check(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
    """A check with one rule, that every subject has a label: these tests are about what is done with its result."""
    try:
        triples = tuple(quad.triple for upload in uploads for quad in parse(upload.data, format=RdfFormat.TURTLE))
    except SyntaxError as error:
        found = Finding("syntax", Severity.VIOLATION, Message(str(error), str(error)), Position(uploads[0].shown))
        return CheckResult(False, False, (found,), (), frozenset(), ())
    labelled = {triple.subject for triple in triples if triple.predicate == NamedNode(LABEL)}
    bare = sorted({str(triple.subject) for triple in triples} - {str(node) for node in labelled})
    message = Message("Namn saknas.", "The name is missing.")
    findings = tuple(Finding("name", Severity.VIOLATION, message, focus=node) for node in bare)
    return CheckResult(True, not findings, findings, triples, frozenset(), ())


def plain_rehearsal(graphs: Sequence[AcceptedGraph]) -> Sequence[Finding]:
    """A build that nothing stops: whether the real one would be is tested where releases are built."""
    return ()


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a token, who speaks to the site."""

    client: FlaskClient
    label: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.client.post(path, headers=self.headers, **options)

    def hand_in(self, data: bytes, **fields: str) -> TestResponse:
        return self.client.post("/submissions", data=data, query_string=fields, headers=self.headers)

    def key(self, data: bytes, **fields: str) -> str:
        """Hand in what is new, and return its key."""
        answer = self.hand_in(data, **fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"]) if answer.json else ""


@pytest.fixture
def kept_settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, state=tmp_path / "state")


@pytest.fixture
def state(kept_settings: Settings) -> State:
    return open_state(kept_settings)


@pytest.fixture
def holders_app(kept_settings: Settings, engine: Engine, release_root: Path) -> Iterator[Flask]:
    app = create_app(kept_settings, engine, open_release(release_root / "current"))
    init_submission_service(app, kept_settings, plain_check, plain_rehearsal)
    yield app
    checks_of(app).close()


@pytest.fixture
def person(holders_app: Flask, state: State) -> Callable[..., Person]:
    """Make an account with these scopes, and someone who holds its token; without scopes someone without."""

    def make(label: str, *scopes: str) -> Person:
        token = state.accounts.create(label, scopes, in_days(1), actor="console").text() if scopes else ""
        return Person(holders_app.test_client(), label, token)

    return make


@pytest.fixture
def holder(person: Callable[..., Person]) -> Person:
    return person("swespine-office", "holder:swespine")


@pytest.fixture
def steward(person: Callable[..., Person]) -> Person:
    return person("stewards", "steward")
