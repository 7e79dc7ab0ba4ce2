"""A sheet that is evidently about another register than it says is told of, and no other."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, serialize

from loader.check import CheckOptions, Upload, check
from loader.checked import Accepted
from loader.intake.world.context import read_context
from loader.model import iris
from loader.model.findings import Finding, Severity
from loader.release.manifest import Release

HEAD = "Register;Variabel;Fråga eller benämning (svenska);Bekräftat\r\n"
NAMES = ("enhetskod", "dodsplats", "brytpunkt", "smarta", "kommun", "ensam")


def rows(register: str, *names: str, confirmed: str = "") -> str:
    return "".join(f"{register};{name};Fråga om {name};{confirmed}\r\n" for name in names)


@pytest.fixture(scope="module")
def known(holders_release: Release) -> Accepted:
    upload = Upload("f.csv", (HEAD + rows("riksfot", *NAMES)).encode())
    quads = check([upload], release=holders_release, options=CheckOptions()).quads
    return Accepted(serialize(quads, format=RdfFormat.N_TRIPLES) or b"")


def told(body: str, release: Release, known: Accepted, mapping: dict[str, str] | None = None) -> list[Finding]:
    options = CheckOptions(accepted=known, mapping=mapping)
    result = check([Upload("lista.csv", body.encode())], release=release, options=options)
    assert result.conforms, [finding.message.en for finding in result.findings]
    return [finding for finding in result.findings if finding.rule == "of-another-register"]


def test_the_other_register_and_its_share_are_named_at_the_register(holders_release: Release, known: Accepted) -> None:
    (finding,) = told(HEAD + rows("tyreoidcancer", *NAMES, "egen"), holders_release, known)
    assert (finding.severity, finding.value) == (Severity.WARNING, "tyreoidcancer")
    assert (finding.position.row, finding.position.column) == (2, "Register")
    assert "6 av 7 variabler" in finding.message.sv
    assert "skriv riksfot som register" in finding.message.sv
    assert "6 of 7 variables" in finding.message.en


def test_a_register_said_for_the_whole_sheet_is_told_at_the_header(holders_release: Release, known: Accepted) -> None:
    body = "Variabel;Fråga eller benämning (svenska)\r\n" + "".join(f"{name};Fråga om {name}\r\n" for name in NAMES)
    (finding,) = told(body, holders_release, known, {"=register": "tyreoidcancer"})
    assert (finding.position.row, finding.position.column) == (1, None)


@pytest.mark.parametrize(
    "body",
    [
        rows("riksfot", *NAMES),  # its own
        rows("tyreoidcancer", *NAMES[:4]),  # too few to tell
        rows("tyreoidcancer", *NAMES[:5], *(f"egen{n}" for n in range(5))),  # half of them
        rows("riksfot", "egen1", "egen2", "egen3", "egen4", "egen5"),  # nobody's
    ],
)
def test_what_is_not_evident_is_not_told(holders_release: Release, known: Accepted, body: str) -> None:
    assert told(HEAD + body, holders_release, known) == []


def test_a_confirmed_row_settles_it(holders_release: Release, known: Accepted) -> None:
    body = HEAD + rows("tyreoidcancer", *NAMES, confirmed="ja")
    assert [finding.severity for finding in told(body, holders_release, known)] == [Severity.INFO]


@pytest.mark.parametrize(
    ("register", "owner", "warned"),
    [
        ("patientregistret-oppen", "patientregistret-sluten", False),  # parts of one
        ("ndr", "diabetes", False),  # a part, whatever the keys are
        ("svedem", "patientregistret-sluten", True),
    ],
)
def test_parts_of_a_register_have_names_in_common(
    real_release: Release, register: str, owner: str, warned: bool
) -> None:
    context = read_context(real_release)
    names = sorted(name for one, name in context.notations if one == owner)
    assert len(names) > 5
    gone = frozenset(iri.removeprefix(iris.ID) for iri, one in context.owners.items() if one == register)
    body = HEAD + rows(register, *names)
    options = CheckOptions(accepted=Accepted(gone=gone))
    result = check([Upload("lista.csv", body.encode())], release=real_release, options=options)
    assert [one.rule == "of-another-register" for one in result.findings].count(True) == warned
