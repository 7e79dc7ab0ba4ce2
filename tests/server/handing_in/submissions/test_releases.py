"""From a holder's file to a release and out of it again: the check engine, the commands, and builds of few sources."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from loader.release.manifest import Release, current_release
from loader.resources import Resources, find_resources
from server.app import create_app
from server.cli import main
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.handing_in.state.kept import open_state
from server.settings import Settings
from tests.loader.tree import SMALL
from tests.server.conftest import RG, TYPE
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.handing_in.submissions.conftest import Person
from tests.shipped import copied

HEADER = "register;variable;notation;label_sv;label_en;measures\r\n"
NEW = HEADER + "riksstroke;ny-variabel;NY1;Ny variabel;New variable;housing-type\r\n"
VARIABLE = "<https://w3id.org/registergraf/id/variable/riksstroke.ny-variabel>"


class World:
    """A release folder and a state of their own, the commands over them, and the site."""

    def __init__(self, root: Path, sources: Path) -> None:
        self.sources = sources
        self.settings = Settings(
            releases=root / "releases", state=root / "state", workers=2, queue=8, rate_per_minute=0, access_log=""
        )
        accounts = open_state(self.settings).accounts
        self.tokens = {
            label: accounts.create(label, scopes, in_days(1), actor="console").text()
            for label, scopes in {"riksstroke-office": ["holder:riksstroke"], "stewards": ["steward"]}.items()
        }

    def run(self, *arguments: str) -> Result:
        environ = {
            "REGISTERGRAF_RELEASES": str(self.settings.releases),
            "REGISTERGRAF_STATE": str(self.settings.state),
            "REGISTERGRAF_SOURCES": str(self.sources),
            "REGISTERGRAF_WORKERS": "2",
        }
        return CliRunner().invoke(main, arguments, env=environ)

    def done(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def hand_in(self, text: str) -> dict[str, Any]:
        """What the site answers to the holder."""
        release = current_release(self.settings.releases)
        engine = open_engine(self.settings, release)
        app = create_app(self.settings, engine, release)
        try:
            person = Person(app.test_client(), "", self.tokens["riksstroke-office"])
            answer = person.hand_in(text.encode(), name="list.csv")
            assert answer.status_code in (200, 201), answer.text
            return dict(answer.json or {})
        finally:
            checks_of(app).close()
            engine.close()

    @property
    def graph(self) -> bytes:
        return current_release(self.settings.releases).graph.read_bytes()

    @property
    def version(self) -> str:
        return current_release(self.settings.releases).version


@pytest.fixture(scope="module")
def world(holders: Resources, holders_release: Release, tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("world"), holders.sources)
    copied(holders_release, world.settings.releases)
    return world


@pytest.fixture(scope="module")
def accepted(world: World) -> dict[str, Any]:
    """A variable list: handed in, looked at, accepted, built."""
    before, plain = world.version, world.graph
    body = world.hand_in(NEW)
    assert body["status"] == "received", body
    shown = {lang: world.done("submission", "preview", body["id"], "--lang", lang) for lang in ("sv", "en")}
    world.done("submission", "accept", body["id"], "--as", "stewards", "--comment", "Tack")
    assert world.graph == plain
    world.done("release", "build")
    return {**body, "before": before, "plain": plain, "shown": shown, "after": world.version}


def named(world: World, key: str) -> list[str]:
    end = f"<https://w3id.org/registergraf/graph/submission/{key}> .".encode()
    return [line.decode() for line in world.graph.splitlines() if line.endswith(end)]


def test_the_preview_is_in_words(accepted: dict[str, Any]) -> None:
    swedish, english = accepted["shown"]["sv"], accepted["shown"]["en"]
    assert "Nytt: variabel ”Ny variabel” (riksstroke.ny-variabel)" in swedish
    assert "    är variabel i: ”Nationella kvalitetsregistret för stroke”" in swedish
    assert "New: variable “New variable” (riksstroke.ny-variabel)" in english
    assert english.splitlines()[0] == "0 records removed, 1 new, 0 changed, 0 unchanged."
    sentences = swedish.splitlines()[1:]
    assert sentences
    assert [line for line in sentences if "https://w3id.org/registergraf/" in line] == []


def test_it_is_a_named_graph_with_its_provenance(world: World, accepted: dict[str, Any]) -> None:
    lines = named(world, accepted["id"])
    assert any(line.startswith(f"{VARIABLE} <https://w3id.org/registergraf/ns#measures>") for line in lines)
    prov = "http://www.w3.org/ns/prov#"
    facts = {
        f"<{prov}wasAttributedTo> <https://w3id.org/registergraf/id/agent/account-riksstroke-office>",
        f"<{prov}wasAssociatedWith> <https://w3id.org/registergraf/id/agent/account-stewards>",
        f'<{prov}endedAtTime> "{accepted["received"]}"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        f'<https://schema.org/sha256> "{accepted["files"][0]["sha256"]}"',
        f'<https://schema.org/softwareVersion> "{accepted["tool"]}"',
    }
    assert [fact for fact in facts if not any(f" {fact} " in line for line in lines)] == []
    entry = current_release(world.settings.releases).manifest["submissions"][accepted["id"]]
    assert entry["files"] == [accepted["files"][0]["sha256"]]
    assert entry["account"] == "riksstroke-office"


def test_it_is_inferred_from_like_the_rest(world: World, accepted: dict[str, Any]) -> None:
    inferred = [line for line in world.graph.decode().splitlines() if line.endswith("graph/inferred> .")]
    assert not any(VARIABLE in line and "ns#Variable>" in line for line in inferred)
    assert any(VARIABLE in line for line in named(world, accepted["id"]))
    counts = current_release(world.settings.releases).manifest["graphs"]
    assert counts[f"https://w3id.org/registergraf/graph/submission/{accepted['id']}"] == len(
        named(world, accepted["id"])
    )


def test_the_release_is_a_function_of_sources_and_submissions(
    world: World, accepted: dict[str, Any], tmp_path: Path
) -> None:
    world.done("release", "build", "--output", str(tmp_path))
    other, this = current_release(tmp_path), current_release(world.settings.releases)
    assert {path.name: path.read_bytes() for path in other.directory.iterdir()} == {
        path.name: path.read_bytes() for path in this.directory.iterdir()
    }


def test_the_difference_is_told_record_by_record(world: World, accepted: dict[str, Any], tmp_path: Path) -> None:
    text = world.done("release", "diff", accepted["before"], accepted["after"], "--lang", "sv")
    lines = text.splitlines()
    assert lines[0].startswith("0 poster utgår, 0 ändras, 1 är ny.")
    assert lines[2] == "Nytt: variabel ”Ny variabel” (riksstroke.ny-variabel)"
    back = world.done("release", "diff", accepted["after"], accepted["before"], "--lang", "en")
    assert back.splitlines()[2].startswith("Removed: variable “New variable” (riksstroke.")
    assert world.done("release", "diff", accepted["after"], accepted["after"], "--lang", "en") == (
        "The releases say the same.\n"
    )
    world.done("release", "diff", accepted["before"], accepted["after"], "--statements", str(tmp_path))
    old, new = (
        set((world.settings.releases / accepted[name] / "graph.nq").read_bytes().splitlines())
        for name in ("before", "after")
    )
    assert set((tmp_path / "added.nq").read_bytes().splitlines()) == new - old
    assert set((tmp_path / "removed.nq").read_bytes().splitlines()) == old - new


def test_the_acceptance_is_anchored_in_the_release(world: World, accepted: dict[str, Any]) -> None:
    assert world.run("audit", "verify").exit_code == 0
    manifest = current_release(world.settings.releases).directory / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    proof = json.loads(text)["submissions"][accepted["id"]]["proof"]
    manifest.write_text(text.replace(proof, "f" * 64), encoding="utf-8")
    try:
        refused = world.run("audit", "verify")
    finally:
        manifest.write_text(text, encoding="utf-8")
    assert refused.exit_code == 1
    assert "which is not in the log" in refused.output


def test_rolling_back_and_forth(world: World, accepted: dict[str, Any]) -> None:
    assert world.done("release", "rollback") == f"{accepted['before']} is current.\n"
    assert world.version == accepted["before"]
    assert world.done("release", "rollback") == f"{accepted['after']} is current.\n"
    assert f"* {accepted['after']}" in world.done("release", "list")


def test_a_changed_description_replaces_the_old_one(world: World, accepted: dict[str, Any]) -> None:
    changed = HEADER + "riksstroke;boende;Boende;Boende vid insjuknandet;Housing at onset;housing-type\r\n"
    body = world.hand_in(changed)
    assert body["status"] == "received", body
    shown = world.done("submission", "preview", body["id"], "--lang", "en")
    assert shown.splitlines()[:2] == [
        "0 records removed, 0 new, 1 changed, 0 unchanged.",
        "Changed: variable “Housing” (riksstroke.boende)",
    ]
    assert "    name: from “Housing” (in English) to “Housing at onset” (in English)" in shown.splitlines()
    world.done("submission", "accept", body["id"], "--as", "stewards")
    world.done("release", "build")
    label = (
        "<https://w3id.org/registergraf/id/variable/riksstroke.boende> <http://www.w3.org/2004/02/skos/core#prefLabel>"
    )
    names = {
        line.split(" ", 2)[2].rsplit(" <", 1)[0] for line in world.graph.decode().splitlines() if line.startswith(label)
    }
    assert names == {'"Boende vid insjuknandet"@sv', '"Housing at onset"@en'}
    assert any(line.startswith(VARIABLE) for line in named(world, accepted["id"])), "what it does not speak of stays"
    for key in (body["id"], accepted["id"]):
        world.done("submission", "withdraw", key, "--as", "stewards", "--comment", "Prov")
    world.done("release", "build")
    before, after = (set(graph.splitlines()) for graph in (accepted["plain"], world.graph))
    assert before <= after
    subjects = {line.split(b" ")[0].rpartition(b"/id/")[2] for line in after - before}
    assert subjects == {b"variable/riksstroke.ny-variabel>", f"withdrawal/{accepted['id']}>".encode()}


def test_a_submission_that_no_longer_fits_blocks_the_build(
    world: World, accepted: dict[str, Any], tmp_path: Path
) -> None:
    """The whole release is validated: a statement that breaks a shape is found at the submission."""
    from loader.graph.accepted import AcceptedGraph, Provenance
    from loader.release.build import build

    facts = Provenance("a", "b", accepted["received"], accepted["received"], (), "0.1.0", "0" * 64)
    variable = "<https://w3id.org/registergraf/id/variable/alfa.y>"
    owner = "<https://w3id.org/registergraf/id/register/alfa>"
    broken = f"{variable} <{TYPE}> <{RG}Variable> .\n{variable} <{RG}variableOf> {owner} .\n".encode()
    outcome = build(
        replace(find_resources(), sources=SMALL), tmp_path, submissions=[AcceptedGraph("abc", broken, facts)]
    )
    assert outcome.release is None
    blamed = [finding for finding in outcome.findings if finding.position.file == "submission/abc"]
    assert blamed
    assert all(finding.severity == "Violation" for finding in blamed[:1])
    assert not (tmp_path / "current").exists()


def test_a_file_that_was_changed_on_disk_stops_the_build(world: World) -> None:
    body = world.hand_in(NEW.replace("NY1", "NY2"))
    world.done("submission", "accept", body["id"], "--as", "stewards")
    state = open_state(world.settings)
    with state.database.reading() as connection:
        digest = connection.execute("SELECT statements FROM submissions WHERE id = ?", (body["id"],)).fetchone()[0]
    blob = state.blobs.folder / digest[:2] / digest
    data = blob.read_bytes()
    blob.write_bytes(data.replace(b"NY2", b"NY3"))
    stopped = world.run("release", "build")
    blob.write_bytes(data)
    assert stopped.exit_code == 2
    assert "is not what was stored" in stopped.output


def test_other_sources_are_built_without_the_submissions(world: World, tmp_path: Path) -> None:
    world.done("release", "build", "--sources", str(SMALL), "--output", str(tmp_path))
    assert current_release(tmp_path).manifest["submissions"] == {}


def test_the_statements_are_n_triples(world: World, accepted: dict[str, Any]) -> None:
    state = open_state(replace(world.settings))
    with state.database.reading() as connection:
        row = connection.execute("SELECT statements FROM submissions WHERE id = ?", (accepted["id"],)).fetchone()
    data = state.blobs.get(row[0])
    lines = data.splitlines()
    assert lines == sorted(set(lines))
    assert len(list(parse(data, format=RdfFormat.N_TRIPLES))) == len(lines)
