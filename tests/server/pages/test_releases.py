"""The releases that are kept, what differs between two, and what a copy needs to follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, Graph

from loader.release.difference import difference, in_words
from loader.release.manifest import open_release
from server.app import create_app
from server.engine.opened import open_engine
from server.pages.releases.kept import difference_job
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, LABEL, RG, TYPE, example_graphs, make_current, write_graphs

OLD, NEW = "0.1.0-aaaaaaaaaaaa", "0.1.0-bbbbbbbbbbbb"
PROV = "http://www.w3.org/ns/prov#"
TRACE = [
    f"<{ID}indicator/i3> <{TYPE}> <{PROV}Entity>",
    f'<{ID}indicator/i3> <http://www.w3.org/2000/01/rdf-schema#label> "Andel utan ork"@sv',
    f'<{ID}indicator/i3> <{PROV}invalidatedAtTime> "2026-11-28T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
    f"<{ID}indicator/i3> <http://purl.org/dc/terms/isReplacedBy> <{ID}indicator/i1>",
]
DIFF = f"/releases/{OLD}/diff/{NEW}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second release lacks one indicator, has a trace of another, and names one register anew, elsewhere."""
    root = tmp_path_factory.mktemp("kept")
    third = [f"<{ID}indicator/i3> <{TYPE}> <{RG}Indicator>", f'<{ID}indicator/i3> <{LABEL}> "Andel utan ork"@sv']
    write_graphs(root, OLD, {**example_graphs(), GRAPHS + "submission/0": third})
    graphs = example_graphs()
    register = f"<{ID}register/riksstroke> <"
    kept = [line for line in graphs[GRAPHS + "skr-2022"] if not line.startswith(f"<{ID}indicator/i2>")]
    graphs[GRAPHS + "submission/a"] = [
        line.replace("Riksstroke", "Strokeregistret") for line in kept if line.startswith(register)
    ]
    graphs[GRAPHS + "skr-2022"] = [line for line in kept if not line.startswith(register)]
    graphs[GRAPHS + "submission/b"] = TRACE
    write_graphs(root, NEW, graphs)
    make_current(root, NEW)
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[FlaskClient]:
    settings = Settings(releases=root, workers=1, queue=4, rate_per_minute=0, access_log="")
    engine = open_engine(settings, release := open_release(root / NEW))
    yield create_app(settings, engine, release).test_client()
    engine.close()


def test_the_releases_are_listed_with_the_one_that_answers(client: FlaskClient) -> None:
    found = client.get("/releases?format=json").json
    assert found is not None
    assert {(one["version"], one["current"]) for one in found["releases"]} == {(OLD, False), (NEW, True)}
    text = client.get("/releases?lang=sv", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "2 utgåvor sparas här" in text


def test_the_difference_is_told_by_record_removals_first(client: FlaskClient) -> None:
    found = client.get(f"{DIFF}?format=json").json
    assert found is not None
    assert found["counts"] == {"removed": 2, "changed": 1, "new": 0}
    gone, traced, changed = found["records"]
    assert (gone["change"], gone["path"], gone["reason"]) == ("removed", "indicator/i2", None)
    assert (traced["change"], traced["path"]) == ("removed", "indicator/i3")
    assert "invalidated" not in str(traced)
    assert traced["reason"] == {
        "sv": "Togs bort 2026-11-28. Ersätts av ”Andel med smärta efter 1 år”.",
        "en": "Removed on 2026-11-28. Replaced by “Andel med smärta efter 1 år”.",
    }
    assert changed["path"] == "register/riksstroke"
    assert [field["sv"] for field in changed["fields"]] == [
        ["namn", "”Riksstroke” (på svenska)", "”Strokeregistret” (på svenska)"]
    ]


@pytest.mark.parametrize(("language", "told"), [("sv", "2 ting utgår, ett ändras"), ("en", "2 things go, one changes")])
def test_the_page_says_it_in_words(client: FlaskClient, language: str, told: str) -> None:
    text = client.get(f"{DIFF}?lang={language}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert told in text
    assert "Strokeregistret" in text
    assert {"sv": "Togs bort 2026-11-28. Ersätts av", "en": "Removed on 2026-11-28. Replaced by"}[language] in text


@pytest.mark.parametrize(
    ("language", "heads", "leads"),
    [
        ("sv", ("2 poster utgår, 1 ändras, 0 är nya", "0 poster utgår, 1 ändras, 2 är nya"), ("Utgår", "Nytt")),
        ("en", ("2 records removed, 1 changed, 0 new", "0 records removed, 1 changed, 2 new"), ("Removed", "New")),
    ],
)
def test_a_record_with_a_trace_alone_goes_and_one_that_stands_again_is_new(
    root: Path, language: str, heads: tuple[str, str], leads: tuple[str, str]
) -> None:
    old, new = (open_release(root / name) for name in (OLD, NEW))
    there, back = (list(in_words(difference(*pair), language)) for pair in ((old, new), (new, old)))
    for told, head, lead in zip((there, back), heads, leads, strict=True):
        assert told[0].startswith(f"{head}.")
        assert any(line.startswith(f"{lead}: ") and line.endswith(" (i3)") for line in told)
    assert not any("http://" in line for line in there + back)


def test_the_files_are_the_difference(client: FlaskClient, root: Path) -> None:
    old, new = (set((root / name / "graph.nq").read_bytes().splitlines()) for name in (OLD, NEW))
    assert set(client.get(f"{DIFF}/added.nq").data.splitlines()) == new - old
    assert set(client.get(f"{DIFF}/removed.nq").data.splitlines()) == old - new


def test_a_long_difference_comes_in_pieces(monkeypatch: pytest.MonkeyPatch, client: FlaskClient, root: Path) -> None:
    old, new = (set((root / name / "graph.nq").read_bytes().splitlines()) for name in (OLD, NEW))
    monkeypatch.setattr("server.pages.releases.kept.LINES", 2)
    pieces = list(client.get(f"{DIFF}/removed.nq").iter_encoded())
    assert len(pieces) > 1
    assert set(b"".join(pieces).splitlines()) == old - new


def test_records_beyond_the_bound_are_counted(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr("server.pages.releases.kept.MOST", 1)
    found = difference_job(None, {"old": root / OLD, "new": root / NEW})
    assert (len(found["records"]), found["left_off"], found["things"]["changed"]) == (1, 2, ["register/riksstroke"])


def test_a_copy_can_follow(client: FlaskClient) -> None:
    found = client.get(f"/changes?since={OLD}").json
    assert found is not None
    assert found["deleted"] == [ID + "indicator/i2", ID + "indicator/i3"]
    assert found["changed"] == [ID + "register/riksstroke"]
    assert found["files"]["added"].endswith(f"{DIFF}/added.nq")


def test_a_document_says_when_what_it_tells_was_changed_and_where_it_is_not_known_nothing(client: FlaskClient) -> None:
    def said(path: str) -> list[str]:
        graph = Graph().parse(data=client.get(f"/id/{path}?format=ttl").data, format="turtle")
        return [str(value) for value in graph.objects(None, DCTERMS.modified)]

    released = client.get("/releases?format=json").json
    assert released is not None
    published = next(one["published"] for one in released["releases"] if one["version"] == NEW)
    (changed,) = said("register/riksstroke")
    assert changed[:19] == published[:19]
    assert said("indicator/i1") == []


@pytest.mark.parametrize(
    ("path", "status"), [("/changes", 400), ("/changes?since=x", 404), (f"/releases/x/diff/{NEW}", 404)]
)
def test_what_is_not_kept_is_told(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
