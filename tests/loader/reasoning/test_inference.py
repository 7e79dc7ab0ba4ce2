"""Inference: our rules conclude what owlrl concludes, ours conclude what the model says, and strata hold."""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib import Literal as RdflibLiteral

from loader.errors import RuleError
from loader.judging.validate import to_rdflib
from loader.model import iris
from loader.model.findings import Message
from loader.reasoning.contradictions import contradictions
from loader.reasoning.infer import infer
from loader.reasoning.rules import Rule, read_rules
from loader.release import build as pipeline
from loader.release.manifest import Release
from loader.resources import Resources

OWN = "https://example.org/"
CHAIN = "uses-conceptual-variable"  # the ontology's one property chain, as a rule that can be explained
SENTENCE = Message(sv="En regel.", en="A rule.")
SENTENCE_GOOD = Message(sv="Bra.", en="Good.")
PREFIXES = """
@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
EVERY_AXIOM = """
:Narrow rdfs:subClassOf :Wide . :Wide rdfs:subClassOf :Widest .
:narrow rdfs:subPropertyOf :wide . :forth owl:inverseOf :back .
"""
DATA = """
:x a :Narrow ; :narrow :y , "a literal" ; :wide :w .
:y :forth :z ; a :Wide .
"""


def read(text: str) -> list[Quad]:
    return list(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))


def skolemized(quads: list[Quad]) -> list[Quad]:
    """List nodes as IRIs, as the loader has them."""

    def named(node: object) -> NamedNode | Literal:
        if isinstance(node, NamedNode | Literal):
            return node
        assert isinstance(node, BlankNode)
        return NamedNode(f"{iris.GENID}{node.value}")

    return [
        Quad(named(quad.subject), quad.predicate, named(quad.object))  # type: ignore[arg-type]
        for quad in quads
    ]


def owl_rules(resources: Resources) -> tuple[Rule, ...]:
    return tuple(rule for rule in read_rules(resources.rules) if rule.owl is not None)


def by_owlrl(quads: list[Quad], owned: tuple[str, ...]) -> set[str]:
    """What owlrl adds about owned things: no literal subjects, reflexive or owl:Thing statements, no axioms."""
    graph = Graph()
    for quad in quads:
        value = (
            RdflibLiteral(quad.object.value, lang=quad.object.language)
            if isinstance(quad.object, Literal)
            else URIRef(quad.object.value)  # type: ignore[union-attr]
        )
        graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), value))  # type: ignore[union-attr]
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return {
        f"{subject} {predicate} {value}"
        for subject, predicate, value in graph
        if (subject, predicate, value) not in before
        and isinstance(subject, URIRef)
        and str(subject).startswith(owned)
        and subject != value
        and (predicate == RDF.type or str(predicate).startswith(owned))
        and not str(value).startswith((iris.PREFIXES["owl"], str(RDFS), str(RDF)))
    }


def by_rules(quads: list[Quad], rules: tuple[Rule, ...], owned: tuple[str, ...]) -> set[str]:
    inference = infer(quads, rules)
    return {
        f"{triple.subject.value} {triple.predicate.value} {triple.object.value}"  # type: ignore[union-attr]
        for triple in inference.triples
        if triple.subject.value.startswith(owned)  # type: ignore[union-attr]
        and (triple.predicate.value == str(RDF.type) or triple.predicate.value.startswith(owned))
    }


def test_every_kind_of_axiom_as_owlrl(resources: Resources) -> None:
    quads = skolemized(read(EVERY_AXIOM + DATA))
    expected = by_owlrl(quads, (OWN,))
    assert len(expected) >= 6
    assert by_rules(quads, owl_rules(resources), (OWN,)) == expected


def test_each_generic_rule_is_needed(resources: Resources) -> None:
    """Without any one of them, something that owlrl concludes is missing: so the comparison can fail."""
    quads = skolemized(read(EVERY_AXIOM + DATA))
    rules = owl_rules(resources)
    expected = by_owlrl(quads, (OWN,))
    for left_out in rules:
        remaining = tuple(rule for rule in rules if rule is not left_out)
        assert by_rules(quads, remaining, (OWN,)) != expected, left_out.name


def test_the_real_ontology_on_a_sample_as_owlrl(real_release: Release, resources: Resources) -> None:
    """The whole ontology with one register's variables and indicators."""
    kept = []
    for quad in parse(path=str(real_release.graph), format=RdfFormat.N_QUADS):
        graph = quad.graph_name.value.removeprefix(iris.GRAPH)
        about = "mmcup" in str(quad.subject) or "skr-2022-t07" in str(quad.subject)
        about |= quad.predicate.value == str(RDF.type)
        terms = graph.startswith(("ontology/", "scheme/")) and not isinstance(quad.object, Literal)
        if terms or (graph == "skr-2022" and about):
            kept.append(Quad(quad.subject, quad.predicate, quad.object))
    kept = skolemized(kept)
    owned = (iris.ID, iris.PREFIXES["rg"])
    expected = {line for line in by_owlrl(kept, owned) if line.startswith(iris.ID)}
    rules = (*owl_rules(resources), *(rule for rule in read_rules(resources.rules) if rule.name == CHAIN))
    ours = {line for line in by_rules(kept, rules, owned) if line.startswith(iris.ID)}
    assert len(expected) > 50
    assert ours == expected


def test_domain_rules_on_the_small_sources(small_root: Path) -> None:
    """What the model's rules 1 to 7 conclude, by hand."""
    inferred = {
        f"{iris.compact(quad.subject.value)} {iris.compact(quad.predicate.value)} {iris.compact(quad.object.value)}"
        for quad in parse(path=str(small_root / "current" / "graph.nq"), format=RdfFormat.N_QUADS)
        if quad.graph_name == NamedNode(iris.INFERRED) and isinstance(quad.object, NamedNode)
    }
    assert {
        "register:alfa rg:mappingStatus mapping-status:analysed",
        "indicator:demo-1 rg:mayCoverFollowUpArea follow-up-area:information-about-the-target-group",
        "register:alfa rg:concernsTargetGroup target-group:older-people",
        "indicator:demo-2 rg:concernsServiceArea service-area:disability-support",
        "register:alfa rg:supportsAnalysisLevel analysis-level:municipality",
        "indicator:demo-1 rg:usesConceptualVariable conceptual-variable:housing-type",
        "register:beta rg:aboutTheSameAs register:alfa",
        "register:alfa rg:computedRelevance relevance-level:high",
        "relevance-assessment:computed.alfa rg:assessmentBasis assessment-basis:computed",
    } <= inferred
    assert "register:beta rg:supportsAnalysisLevel analysis-level:municipality" not in inferred
    assert not any(" rg:linkableWith " in line for line in inferred)


def test_nothing_inferred_is_asserted_or_noise(real_release: Release) -> None:
    asserted: set[Triple] = set()
    inferred: set[Triple] = set()
    for quad in parse(path=str(real_release.graph), format=RdfFormat.N_QUADS):
        (inferred if quad.graph_name == NamedNode(iris.INFERRED) else asserted).add(quad.triple)
    assert len(inferred) > 500
    assert not inferred & asserted
    assert not any(triple.subject == triple.object for triple in inferred)


def test_a_rule_of_a_later_stratum_sees_what_earlier_ones_conclude() -> None:
    made = Rule(
        "made", SENTENCE, 0, "CONSTRUCT { ?x <https://example.org/b> ?y . }\nWHERE { ?x <https://example.org/a> ?y }"
    )
    absent = Rule(
        "absent",
        SENTENCE,
        1,
        "CONSTRUCT { ?x <https://example.org/none> ?y . }\nWHERE { ?x <https://example.org/a> ?y "
        "FILTER NOT EXISTS { ?x <https://example.org/b> ?y } }",
    )
    inference = infer(read(":x :a :y ."), (absent, made))
    assert [triple.predicate.value for triple in inference.triples] == ["https://example.org/b"]


def test_rules_that_never_end_are_stopped() -> None:
    endless = Rule(
        "endless",
        SENTENCE,
        0,
        "CONSTRUCT { ?x <https://example.org/a> ?z . }\nWHERE { ?x <https://example.org/a> ?y "
        'BIND(IRI(CONCAT(STR(?y), "x")) AS ?z) }',
    )
    with pytest.raises(RuleError, match="still conclude"):
        infer(read(":x :a :y ."), (endless,))


def test_rule_files_must_be_in_form(tmp_path: Path) -> None:
    good = "# name: good\n# sv: Bra.\n# en: Good.\n\nCONSTRUCT { ?x a ?y . }\nWHERE { ?x a ?y . }\n"
    (tmp_path / "good.rq").write_text(good)
    assert read_rules(tmp_path)[0].sentence == SENTENCE_GOOD
    for wrong in (
        good.replace("# sv: Bra.\n", ""),
        good.replace("name: good", "name: other"),
        good.replace("CONSTRUCT", "ASK"),
    ):
        (tmp_path / "good.rq").write_text(wrong)
        with pytest.raises(RuleError, match=r"good\.rq"):
            read_rules(tmp_path)
    (tmp_path / "good.rq").unlink()
    with pytest.raises(RuleError, match="no rule"):
        read_rules(tmp_path)


def test_plain_strings_stay_plain_in_rdflib() -> None:
    graph = to_rdflib([Triple(NamedNode("x:s"), NamedNode("x:p"), Literal("up"))])
    assert next(graph.objects()) == RdflibLiteral("up")


CLASHES = {
    "disjoint by type": ":A owl:disjointWith :B . :x a :A , :B .",
    "disjoint by domain": ":A owl:disjointWith :B . :p rdfs:domain :B . :x a :A ; :p :y .",
    "disjoint by range": ":A owl:disjointWith :B . :p rdfs:range :B . :y a :A . :x :p :y .",
    "disjoint above": ":A rdfs:subClassOf :Over . :Over owl:disjointWith :B . :x a :A , :B .",
    "nothing": ":A owl:equivalentClass owl:Nothing . :x a :A .",
}


@pytest.mark.parametrize("text", CLASHES.values(), ids=CLASHES)
def test_what_cannot_be_true_together_is_told_with_the_thing(text: str) -> None:
    many = " ".join(f":other{number} a :A ." for number in range(3)) if "nothing" not in text.lower() else ""
    found = contradictions((), skolemized(read(text + many)))
    assert found
    assert {item.focus for item in found} <= {OWN + "x", OWN + "y"}


@pytest.mark.parametrize("text", CLASHES.values(), ids=CLASHES)
def test_without_the_axiom_nothing_is_contradicted(text: str) -> None:
    harmless = text.replace("owl:disjointWith", "rdfs:seeAlso").replace("owl:Nothing", ":Something")
    assert contradictions((), skolemized(read(harmless))) == ()


def test_a_build_tells_of_what_the_ontology_excludes(resources: Resources) -> None:
    terms = pipeline.read_all_terms(resources)
    both = f"<{iris.thing('register/x')}> a <{iris.expand('rg:QualityRegister')}> , <{iris.expand('rg:Agent')}> ."
    (found, *_) = pipeline.opposed(terms, read(both))
    assert (found.rule, found.severity.value) == ("ontology-contradicted", "Violation")
    assert pipeline.opposed(terms, read(both.replace(f" , <{iris.expand('rg:Agent')}>", ""))) == []


@pytest.mark.parametrize("registers", [0, 1, 2])
def test_what_is_counted_may_be_zero(resources: Resources, registers: int) -> None:
    status = "mapping-status/analysed"
    data = f"""
@prefix rg: <{iris.PREFIXES["rg"]}> . @prefix id: <{iris.ID}> . @base <{iris.ID}> .
<{status}> a rg:MappingStatus . <figure/prov> rg:unit <unit/registers> ; rg:figureConcerns <{status}> .
""" + "".join(f"<register/r{number}> rg:mappingStatus <{status}> .\n" for number in range(registers))
    rules = tuple(rule for rule in read_rules(resources.rules) if rule.name == "computed-registers")
    concluded = infer(read(data), rules)
    assert [triple.object for triple in concluded.triples] == [
        Literal(str(registers), datatype=NamedNode(iris.PREFIXES["xsd"] + "integer"))
    ]
