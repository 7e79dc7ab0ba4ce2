"""SHACL Core by the Recommendation (W3C, 20 July 2017): the features that our shapes use, by the path of a check.

Each case is written from the section it names: a shape, a node that conforms, and one that does not.
"""

from __future__ import annotations

import itertools

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import Graph

from loader.judging.screen import Facts, Screen
from loader.judging.shapes import SH, flatten
from loader.judging.validate import validate

HEAD = """
@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# section of the Recommendation: constraint, values that conform, values that do not
CASES = {
    "4.1.1 class": ("sh:class :Wide", (":narrow",), ('"text"', ":untyped")),
    "4.1.2 datatype integer": ("sh:datatype xsd:integer", ("42",), ('"42"', "4.2", ":iri")),
    "4.1.2 datatype string": ("sh:datatype xsd:string", ('"a"',), ('"a"@sv', "1", ":iri")),
    "4.1.2 datatype boolean": ("sh:datatype xsd:boolean", ("true",), ('"true"', "1")),
    "4.1.2 datatype decimal": ("sh:datatype xsd:decimal", ("1.5",), ("1", '"1.5"')),
    "4.1.3 nodeKind IRI": ("sh:nodeKind sh:IRI", (":iri",), ('"a"',)),
    "4.1.3 nodeKind Literal": ("sh:nodeKind sh:Literal", ('"a"', "1"), (":iri",)),
    "4.2.1 minCount": ("sh:minCount 1", ('"a"', '"a" , "b"'), ("",)),
    "4.2.2 maxCount": ("sh:maxCount 1", ("", '"a"'), ('"a" , "b"',)),
    "4.3.3 minInclusive": ("sh:minInclusive 0", ("0", "0.5"), ("-1", '"a"', ":iri")),
    "4.3.4 maxInclusive": ("sh:maxInclusive 100", ("100", "99.9"), ("101", "100.1", '"a"')),
    "4.4.1 minLength": ("sh:minLength 2", ('"ab"', ":iri"), ('"a"', '""')),
    "4.4.2 maxLength": ("sh:maxLength 3", ('"abc"', "123"), ('"abcd"',)),
    "4.4.3 pattern": ('sh:pattern "^[a-z]+$"', ('"abc"',), ('"Abc"', '""', '"a1"')),
    "4.4.3 pattern with flags": ('sh:pattern "^[a-z]+$" ; sh:flags "i"', ('"ABC"',), ('"1"',)),
    "4.4.4 languageIn": ('sh:languageIn ( "sv" "en" )', ('"a"@sv', '"a"@en-GB'), ('"a"@fr', '"a"')),
    "4.4.5 uniqueLang": ("sh:uniqueLang true", ('"a"@sv , "b"@en', '"a" , "b"'), ('"a"@sv , "b"@sv',)),
    "4.7.1 node": ("sh:node :Labelled", (":labelled",), (":untyped", '"text"')),
    "4.7.3 qualifiedMinCount": (
        'sh:qualifiedValueShape [ sh:languageIn ( "sv" ) ] ; sh:qualifiedMinCount 1',
        ('"a"@sv , "b"',),
        ('"b"', ""),
    ),
    "4.7.3 qualifiedMaxCount": (
        "sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMaxCount 1",
        ("1", '1 , "b"'),
        ("1 , 2",),
    ),
    "4.8.2 hasValue": ("sh:hasValue :wanted", (":wanted", ":wanted , :other"), (":other", "")),
    "4.8.3 in": ('sh:in ( "a" 1 :iri )', ('"a"', "1", ":iri"), ('"b"', "2", '"a"@sv')),
}
WORLD = ':Narrow rdfs:subClassOf :Wide . :narrow a :Narrow . :labelled :label "x" . :untyped :other 1 .'
LABELLED = ":Labelled a sh:NodeShape ; sh:property [ sh:path :label ; sh:minCount 1 ] ."


def found(shapes: str, data: str) -> set[str]:
    """The focus nodes that the check's path finds fault with."""
    graph = Graph().parse(data=HEAD + shapes, format="turtle")
    return {result.focus.rpartition("/")[2] for result in validate(triples(data), graph)}


def triples(data: str) -> list[Triple]:
    return [quad.triple for quad in parse((HEAD + data).encode(), format=RdfFormat.TURTLE)]


def shape(constraint: str, path: str = ":p") -> str:
    node_shape = ":S a sh:NodeShape ; sh:targetClass :T ; sh:severity sh:Violation ; sh:property :P ."
    return f"{LABELLED} {node_shape} :P sh:path {path} ; sh:severity sh:Violation ; {constraint} ."


def node(name: str, values: str) -> str:
    return f":{name} a :T . " + (f":{name} :p {values} . " if values else "")


@pytest.mark.parametrize("case", list(CASES))
def test_a_constraint_component(case: str) -> None:
    constraint, good, bad = CASES[case]
    data = (
        WORLD
        + "".join(node(f"good{n}", v) for n, v in enumerate(good))
        + "".join(node(f"bad{n}", v) for n, v in enumerate(bad))
    )
    assert found(shape(constraint), data) == {f"bad{n}" for n in range(len(bad))}


@pytest.mark.parametrize(
    ("path", "data", "faulty"),
    [
        ("[ sh:alternativePath ( :p :q ) ]", ":a a :T ; :q 1 . :b a :T .", {"b"}),  # 2.3.1.3
        ("[ sh:inversePath :p ]", ":a a :T . :x :p :a . :b a :T .", {"b"}),  # 2.3.1.4
        ("( :p :q )", ":a a :T ; :p :x . :x :q 1 . :b a :T ; :p :y .", {"b"}),  # 2.3.1.2
    ],
)
def test_a_path(path: str, data: str, faulty: set[str]) -> None:
    assert found(shape("sh:minCount 1", path), data) == faulty


@pytest.mark.parametrize(
    ("target", "faulty"),
    [
        ("sh:targetClass :T", {"a"}),  # 2.1.3.2
        ("sh:targetNode :b", {"b"}),  # 2.1.3.1
        ("sh:targetSubjectsOf :r", {"c"}),  # 2.1.3.4
        ("sh:targetObjectsOf :r", {"d"}),  # 2.1.3.5
    ],
)
def test_a_target(target: str, faulty: set[str]) -> None:
    one = "[ sh:path :p ; sh:minCount 1 ; sh:severity sh:Violation ]"
    shapes = f":S a sh:NodeShape ; {target} ; sh:severity sh:Violation ; sh:property {one} ."
    assert found(shapes, ":a a :T . :b :x 1 . :c :r :d .") == faulty


def test_a_deactivated_shape_and_severities() -> None:
    """2.1.6 and 2.1.4: a deactivated shape finds nothing; the severity is the shape's own."""
    assert found(shape("sh:minCount 1 ; sh:deactivated true"), ":a a :T .") == set()
    warned = shape("sh:minCount 1").replace(":p ; sh:severity sh:Violation", ":p ; sh:severity sh:Warning")
    graph = Graph().parse(data=HEAD + warned, format="turtle")
    assert [result.severity.value for result in validate(triples(":a a :T ."), graph)] == ["Warning"]


VALUES = sorted({value for _, good, bad in CASES.values() for value in (*good, *bad) if value and "," not in value})


@settings(max_examples=60, deadline=None)
@given(
    picked=st.lists(st.sampled_from(sorted(CASES)), min_size=1, max_size=4, unique=True),
    nodes=st.lists(st.lists(st.sampled_from(VALUES), max_size=3, unique=True), min_size=1, max_size=5),
)
def test_the_screen_never_hides_a_result(picked: list[str], nodes: list[list[str]]) -> None:
    """Screen and pySHACL together find exactly what pySHACL alone finds."""
    parts = [f":P{n} sh:path :p ; sh:severity sh:Violation ; {CASES[case][0]} ." for n, case in enumerate(picked)]
    properties = " ".join(f"sh:property :P{n} ;" for n in range(len(picked)))
    shapes = (
        f"{LABELLED} :S a sh:NodeShape ; sh:targetClass :T ; {properties} sh:severity sh:Violation . {' '.join(parts)}"
    )
    data = WORLD + "".join(node(f"n{n}", " , ".join(values)) for n, values in enumerate(nodes))
    graph = Graph().parse(data=HEAD + shapes, format="turtle")
    _, report, _ = pyshacl.validate(Graph().parse(data=HEAD + data, format="turtle"), shacl_graph=graph)
    assert isinstance(report, Graph)
    plain = {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.sourceShape)))
        for result in report.objects(None, SH.result)
    }
    ours = {(result.focus, result.rule) for result in validate(triples(data), graph)}
    assert {(focus, rule) for focus, rule in ours} == {(focus, name.rpartition("#")[2]) for focus, name in plain}


def test_the_screen_passes_over_what_conforms() -> None:
    """It must do something: of a clean node nothing is left for pySHACL."""
    flat = flatten(Graph().parse(data=HEAD + shape("sh:minCount 1 ; sh:datatype xsd:integer"), format="turtle"))
    facts = Facts(triples(":a a :T ; :p 1 . :b a :T ."))
    left = Screen(facts, flat).suspects({"https://example.org/a", "https://example.org/b"})
    assert set(itertools.chain.from_iterable(left.values())) == {"https://example.org/b"}
