"""SHACL through our engine: the same results as plain pySHACL, at the right cells, past every pitfall met before."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import Quad, RdfFormat, Store, Triple, parse
from rdflib import BNode, Graph, Literal, URIRef

from loader.commands import build
from loader.errors import OntologyError, RuleError
from loader.graph.terms import read_terms, shape_files
from loader.judging import validate
from loader.judging.checks import fill, read_checks, run_checks
from loader.judging.results import Result
from loader.judging.screen import Facts
from loader.judging.shapes import SH, TARGETS, flatten, targeted_shapes, untargeted
from loader.model import iris
from loader.model.findings import Severity
from loader.release.manifest import Release, current_release, read_findings
from loader.resources import Resources
from tests.loader.tree import change_cell

PREFIXES = """
@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Found = list[tuple[str, str, str | None]]


def graph(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def plain(data: Graph, shapes: Graph) -> Found:
    """What pySHACL finds with the shapes as they are: focus, shape, value."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)

    def results() -> Iterator[tuple[str, str, str | None]]:
        for result in report.objects(None, SH.result):
            value = report.value(result, SH.value)
            shape = str(report.value(result, SH.sourceShape)).rpartition("#")[2]
            yield str(report.value(result, SH.focusNode)), shape, None if value is None else str(value)

    return sorted(set(results()), key=repr)


def triples(data: Graph) -> list[Triple]:
    """The graph's statements, blank nodes as the genid IRIs that stand for them."""
    named = Graph()
    for triple in data:
        named.add(tuple(URIRef(iris.GENID + node) if isinstance(node, BNode) else node for node in triple))  # type: ignore[arg-type]
    text = named.serialize(format="nt").encode()
    return [quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)]


def judged(data: Graph, shapes: Graph) -> list[Result]:
    return validate.validate(triples(data), shapes)


def ours(data: Graph, shapes: Graph) -> Found:
    return found_in(judged(data, shapes))


def found_in(results: list[Result]) -> Found:
    return sorted({(item.focus, item.rule, item.value) for item in results}, key=repr)


@pytest.fixture(scope="module")
def shapes(resources: Resources) -> Graph:
    return validate.to_rdflib(read_terms(shape_files(resources)))


@dataclass(frozen=True)
class Damage:
    """Where the current release of a folder is spoilt: a register loses all, two indicators a level of its class."""

    root: Path
    register: str
    indicators: tuple[str, str]


@pytest.fixture(scope="module", params=["small", pytest.param("shipped", marks=pytest.mark.soak)])
def damage(request: pytest.FixtureRequest) -> Damage:
    if request.param == "small":
        return Damage(request.getfixturevalue("small_root"), "alfa", ("demo-1", "demo-2"))
    root = request.getfixturevalue("real_root")
    return Damage(root, "riksstroke", ("skr-2022-t04-r1", "skr-2022-t04-r2"))


@pytest.fixture(scope="module")
def damaged(damage: Damage) -> Graph:
    """The released graph without a register and with a level of the wrong class."""
    quads = parse(path=str(current_release(damage.root).graph), format=RdfFormat.N_QUADS)
    released = validate.to_rdflib(quad for quad in quads if quad.graph_name.value != iris.SHAPES)
    level = URIRef(iris.expand("rg:analysisLevel"))
    released.remove((URIRef(iris.thing(f"register/{damage.register}")), None, None))
    released.add((URIRef(iris.thing(f"indicator/{damage.indicators[0]}")), level, Literal("kommun")))
    return released


@pytest.fixture(scope="module")
def expected(damaged: Graph, shapes: Graph) -> Found:
    """What pySHACL finds in it by itself."""
    return plain(damaged, shapes)


@pytest.fixture(scope="module")
def results(damaged: Graph, shapes: Graph) -> list[Result]:
    """What our engine finds in it."""
    return judged(damaged, shapes)


def test_flattened_shapes_find_the_same(expected: Found, results: list[Result]) -> None:
    assert len(expected) > 10
    assert any(value == "kommun" for _, _, value in expected)
    assert found_in(results) == expected


def test_a_nodes_own_run_finds_what_the_full_run_finds_about_it(
    damage: Damage, damaged: Graph, shapes: Graph, expected: Found
) -> None:
    """Pitfall 1: focus_nodes= gives false answers, so the shapes are targeted at the nodes instead."""
    focus = [iris.thing(f"indicator/{key}") for key in damage.indicators]
    everything = [found for found in expected if found[0] in focus]
    assert everything
    found = validate.validate_subjects(Facts(triples(damaged)), focus, validate.prepare(shapes))
    assert sorted((item.focus, item.rule, item.value) for item in found) == everything


def test_shapes_called_by_others_keep_their_property_shapes() -> None:
    """Flattening a shape that sh:node calls would lose what the caller needs."""
    nested = graph("""
        :Outer a sh:NodeShape ; sh:targetClass :Outer ; sh:property :inner-once .
        :inner-once a sh:PropertyShape ; sh:path :inner ; sh:node :Inner .
        :Inner a sh:NodeShape ; sh:targetClass :Inner ; sh:property :name-once .
        :name-once a sh:PropertyShape ; sh:path :name ; sh:minCount 1 .""")
    data = graph(":o a :Outer ; :inner :i . :i :other 1 . :j a :Inner .")
    assert plain(data, nested)
    assert ours(data, nested) == plain(data, nested)


def test_a_deactivated_shape_stays_silent() -> None:
    off = graph(""":S a sh:NodeShape ; sh:targetClass :C ; sh:deactivated true ; sh:property :p-once .
        :p-once a sh:PropertyShape ; sh:path :p ; sh:minCount 1 .""")
    data = graph(":x a :C .")
    assert plain(data, off) == []
    assert ours(data, off) == []


def test_targets_by_subclass_are_in_the_data() -> None:
    """Pitfall 7: subclasses are looked up in the data graph alone."""
    wide = graph(":S a sh:NodeShape ; sh:targetClass :Wide ; sh:property [ sh:path :p ; sh:minCount 1 ] .")
    data = graph(":Narrow rdfs:subClassOf :Wide . :x a :Narrow .")
    assert [focus for focus, _, _ in ours(data, wide)] == ["https://example.org/x"]


@pytest.mark.parametrize(
    "target",
    [
        "a sh:NodeShape ; sh:targetNode :absent",
        "a sh:NodeShape ; sh:targetSubjectsOf :q",
        "a sh:NodeShape ; sh:targetObjectsOf :q",
        "a sh:NodeShape, rdfs:Class",
    ],
)
def test_every_kind_of_target_is_judged(target: str) -> None:
    shape = graph(f":S {target} ; sh:property :p-once . :p-once a sh:PropertyShape ; sh:path :p ; sh:minCount 1 .")
    data = graph(":x :q :y . :z a :S .")
    assert plain(data, shape)
    assert ours(data, shape) == plain(data, shape)


def test_untargeted_shapes_keep_all_but_their_targets(shapes: Graph) -> None:
    flat = flatten(shapes)
    bare = untargeted(flat)
    assert len(targeted_shapes(flat)) > 200
    assert targeted_shapes(bare) == ()
    assert {triple[1] for triple in flat - bare} <= set(TARGETS)


def test_plain_strings_equal_those_in_lists() -> None:
    """Pitfall 4: a string typed as xsd:string differs from a plain one in rdflib."""
    listed = graph(':S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:in ( "up" ) ] .')
    data = parse((PREFIXES + ':x a :C ; :p "up"^^xsd:string .').encode(), format=RdfFormat.TURTLE)
    assert validate.validate(data, listed) == []


@pytest.mark.parametrize("term", ["sh:minLenght 1", "sh:singleLine true"])
def test_terms_that_engines_would_ignore_are_refused(term: str) -> None:
    """Pitfall 6: a misspelt term, or one of SHACL 1.2, would silently check nothing."""
    with pytest.raises(OntologyError, match="SHACL does not know"):
        judged(graph(":x a :C ."), graph(f":S a sh:NodeShape ; sh:targetClass :C ; {term} ."))


def test_an_ill_typed_cell_never_enters_the_graph(
    sources: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Pitfalls 2 and 9: one finding at the cell, no statement, and no traceback in the log."""
    change_cell(sources, "indicators:2:age_over", "sextiofem")
    with caplog.at_level(logging.WARNING, logger="rdflib.term"):
        result = CliRunner().invoke(build, ["--sources", str(sources), "--output", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "Error:" in line] == [
        "demo/indicators.csv:2:age_over: Error: “sextiofem” is not an integer such as 42. [bad-integer]"
    ]
    assert caplog.records == []


def test_a_backslash_in_a_cell_is_just_text(sources: Path, tmp_path: Path) -> None:
    r"""Pitfall 3: \1 and {value} in a value are not taken for templates."""
    change_cell(sources, "indicators:2:label_sv", r"Antal \1 \g<x> {value} \\")
    change_cell(sources, "indicators:2:label_en", r"Number \1 \g<x> {value} \\")
    change_cell(sources, "variables:3:measures", "")  # then no variable of demo-1 tells the municipality
    result = CliRunner().invoke(build, ["--sources", str(sources), "--output", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 0, result.output
    told = [finding.message.en for finding in read_findings(current_release(tmp_path))]
    assert any(r"Number \1 \g<x> {value} \\" in text for text in told)


def test_templates_take_values_literally() -> None:
    values = {"a": OxLiteral(r"{b}\1"), "c": OxLiteral("x")}
    said = {"label": lambda node: f"<{node.value}>"}
    assert fill("{a} and {b}, {c.label}", values, said) == r"{b}\1 and –, <x>"


def test_messages_are_in_both_languages(results: list[Result]) -> None:
    """Pitfall 8: pySHACL drops the language of messages, so they are taken from the shape."""
    assert results
    for result in results:
        assert result.message.sv
        assert result.message.en
        assert result.message.sv != result.message.en


def test_only_violations_block(real_release: Release) -> None:
    """Pitfall 10: pySHACL's conforms is false for warnings, too; there is a release all the same."""
    counts = real_release.manifest["findings"]
    assert counts["Violation"] == 0
    assert counts["Warning"] > 0


def check_file(folder: Path, query: str, severity: str = "Warning") -> Path:
    path = folder / "a-check.rq"
    path.write_text(
        f"# rule: a-check\n# severity: {severity}\n# sv: {{value}} är fel.\n# en: {{value}} is wrong.\n"
        f"# remedy-sv: Rätta.\n# remedy-en: Mend it.\n{query}\n",
        encoding="utf-8",
    )
    return path


def run_check(folder: Path, data: str) -> list[Result]:
    store = Store()
    store.load((PREFIXES + data).encode(), format=RdfFormat.TURTLE)
    return list(run_checks(store, read_checks(folder)))


def test_mixed_types_compare_as_sparql_says(tmp_path: Path) -> None:
    """Pitfall 5: "noll" > 5 is an error, not true."""
    check_file(tmp_path, "SELECT ?focus ?value WHERE { ?focus <https://example.org/n> ?value FILTER(?value > 5) }")
    found = run_check(tmp_path, ':a :n "noll" . :b :n 6 . :c :n 5 .')
    assert [(item.focus, item.value, item.severity) for item in found] == [
        ("https://example.org/b", "6", Severity.WARNING)
    ]
    assert found[0].message.en == "6 is wrong. Mend it."
    assert found[0].message.sv == "6 är fel. Rätta."


@pytest.mark.parametrize(
    ("query", "severity"),
    [
        ("SELECT ?value WHERE { ?x ?p ?value }", "Warning"),
        ("ASK { ?x ?p ?y }", "Warning"),
        ("SELECT nonsense", "Warning"),
        ("SELECT ?focus WHERE { ?focus ?p ?y }", "Fatal"),
    ],
)
def test_checks_must_be_in_form(query: str, severity: str, tmp_path: Path) -> None:
    check_file(tmp_path, query, severity)
    with pytest.raises(RuleError, match="a-check"):
        run_check(tmp_path, ":a :b :c .")


def test_every_shipped_check_runs_and_some_find(real_release: Release, resources: Resources) -> None:
    store = Store()
    for quad in parse(path=str(real_release.graph), format=RdfFormat.N_QUADS):
        store.add(Quad(quad.subject, quad.predicate, quad.object))
    checks = read_checks(resources.checks)
    assert len(checks) > 20
    assert {item.rule for item in run_checks(store, checks)} >= {"register-listed-twice", "register-status-differs"}
