"""The description of the tables is read strictly, and IRIs and positions follow from it."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.errors import LayoutError, OntologyError, ResourceError
from loader.graph.terms import TermFile, read_terms
from loader.judging.positions import index_positions
from loader.model import findings, iris, nearest
from loader.model.layout import default_layouts, read_layouts
from loader.release.build import read_all_terms, read_tables
from loader.resources import Resources, find_resources

GOOD = """[things]
subject = "thing/{thing}"
class = "rg:Thing"
[things.columns]
thing = { kind = "key" }
name = { kind = "text", property = "skos:prefLabel" }
"""


def test_the_shipped_layouts_are_sound() -> None:
    layouts = default_layouts()
    assert len(layouts) >= 29
    assert [column.name for column in layouts["indicators"].columns][-2:] == ["part", "row"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "key"', 'kind = "slug"', "no kind of cell"),
        ('kind = "text"', 'kind = "code"', "needs a scheme"),
        ('kind = "text"', 'kind = "ref", table = "others"', "no table 'others'"),
        ('kind = "text"', 'kind = "text", requird = true', "unknown setting 'requird'"),
        ("skos:prefLabel", "skoz:prefLabel", "known prefix"),
        ('class = "rg:Thing"', "", "either class"),
        ("thing/{thing}", "thing/{things}", "is no column"),
        ("thing/{thing}", "thing/x", "subject with a key"),
        ('class = "rg:Thing"', 'class = "rg:Thing"\nvalues = "others"', "no values of a table 'others'"),
        ("[things]", "[things", "cannot be read"),
        (GOOD, "", "describes no table"),
    ],
)
def test_contradictions_are_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "layouts.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert set(read_layouts(path)) == {"things"}
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(LayoutError, match=message):
        read_layouts(path)


@given(st.text())
def test_iris_are_safe_or_refused(text: str) -> None:
    try:
        found = iris.thing(f"type/{text}")
    except ValueError:
        return
    assert iris.is_absolute(found)
    assert found.isascii()


@given(st.from_regex(r"[a-z-]{1,9}/[A-Za-z0-9._-]{1,9}", fullmatch=True))
def test_short_forms_are_read_back(path: str) -> None:
    assert iris.expand(iris.compact(iris.thing(path))) == iris.thing(path) or path.partition("/")[0] in iris.PREFIXES


@pytest.mark.parametrize("module", [iris, findings, nearest])
def test_examples_in_docstrings(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_positions_from_value_path_and_row(resources: Resources) -> None:
    here = Resources(
        ontology=resources.ontology, shapes=resources.shapes, sources=Path(__file__).parents[1] / "sources"
    )
    positions = index_positions(read_tables(here, read_all_terms(here)).records)
    subject = iris.thing("indicator/demo-1")

    def place(predicate: str | None, value: str | None = None) -> str:
        path = None if predicate is None else iris.expand(predicate)
        return str(positions.locate(subject, path, value)).removeprefix("demo/indicators.csv:")

    assert place("rg:mayCoverFollowUpArea", iris.thing("follow-up-area/results")) == "2:follow_up_areas"
    assert place("rg:usesVariable") == "2:variables"
    assert place("rg:ageFrom") == "2:age_from"  # the empty cell to fill
    assert place("skos:prefLabel", "People over 65") == "2:label_en"
    assert place("rg:unknown") == "2"
    assert place(None) == "2"
    assert positions.locate(iris.thing("register/other"), None) is None
    assert str(positions.locate(iris.passage("demo", "table-1", "2"), None)) == "demo/indicators.csv:3:row"


def test_resources_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="ontology is not there"):
        find_resources(tmp_path)


def test_blank_nodes_have_stable_labels_and_broken_turtle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix : <https://example.org/> . :a :b ( 1 2 ) , [ :c :d ] .", encoding="utf-8")
    first, second = ([str(quad) for quad in read_terms([TermFile(path, iris.graph("ontology/a"))])] for _ in range(2))
    assert first == second
    assert sum("_:ontology-a-" in line for line in first) == len(first) > 5
    path.write_text("@prefix : <x> . :a :b", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"a\.ttl"):
        list(read_terms([TermFile(path, iris.graph("ontology/a"))]))


def test_the_sources_are_those_that_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REGISTERGRAF_SOURCES", str(tmp_path))
    assert find_resources().sources == tmp_path
    monkeypatch.delenv("REGISTERGRAF_SOURCES")
    assert find_resources().sources.parts[-2:] == ("data", "sources")
