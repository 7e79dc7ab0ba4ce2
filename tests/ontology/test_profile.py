"""OWL 2 RL and the terms of others: each declared once, superproperties of one kind, nothing that must not meet."""

from __future__ import annotations

import owlrl
import pytest
from rdflib import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.ontology.conftest import ROOT

RG = Namespace("https://w3id.org/registergraf/ns#")
DISCO = Namespace("http://rdf-vocabulary.ddialliance.org/discovery#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
CV = Namespace("http://data.europa.eu/m8g/")
ID = Namespace("https://w3id.org/registergraf/id/")
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

# The datatypes of OWL 2 RL (OWL 2 Profiles, section 4.2) and the axioms of it that the ontology uses (section 4.2.5).
DATATYPES = {
    *(XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.dateTime, XSD.dateTimeStamp),
    *(XSD.anyURI, XSD.nonNegativeInteger, XSD.positiveInteger, RDF.PlainLiteral, RDFS.Literal),
}
AXIOMS = {
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.inverseOf),
    *(OWL.propertyChainAxiom, OWL.equivalentClass, OWL.equivalentProperty, OWL.deprecated),
    *(OWL.imports, OWL.versionIRI, OWL.versionInfo),
}
# Domains and ranges that the outside vocabularies themselves give (DDI Discovery, DQV, PROV-O, CPSV-AP, SKOS, FOAF).
OUTSIDE = (
    (DISCO.concept, RDFS.domain, DISCO.Variable),
    (DISCO.concept, RDFS.range, SKOS.Concept),
    (DQV.computedOn, RDFS.domain, DQV.QualityMeasurement),
    (DQV.isMeasurementOf, RDFS.range, DQV.Metric),
    (PROV.wasAttributedTo, RDFS.domain, PROV.Entity),
    (PROV.wasAttributedTo, RDFS.range, PROV.Agent),
    (PROV.wasAssociatedWith, RDFS.domain, PROV.Activity),
    (CV.hasCompetentAuthority, RDFS.range, FOAF.Agent),
    (SKOS.broader, RDFS.range, SKOS.Concept),
    (SKOS.topConceptOf, RDFS.range, SKOS.ConceptScheme),
    (FOAF.homepage, RDFS.range, FOAF.Document),
)


@pytest.fixture(scope="module")
def outside() -> Graph:
    return Graph().parse(ROOT / "ontology" / "outside" / "outside.ttl")


@pytest.fixture(scope="module")
def whole(ontology: Graph, outside: Graph) -> Graph:
    return ontology + outside


def kinds(graph: Graph, term: Node) -> set[Node]:
    return set(graph.objects(term, RDF.type)) & set(KINDS)


def breaches(graph: Graph) -> list[str]:
    """What is outside OWL 2 RL, or used without being declared; nothing when all is well."""
    found = [f"{term} is of {len(kinds(graph, term))} kinds" for term in used(graph) if len(kinds(graph, term)) != 1]
    found += [
        f"{above} is above {term}, but of another kind"
        for term, above in graph.subject_objects(RDFS.subPropertyOf)
        if kinds(graph, term) != kinds(graph, above)
    ]
    found += [
        f"{value} is no datatype of OWL 2 RL"
        for term, value in graph.subject_objects(RDFS.range)
        if OWL.DatatypeProperty in kinds(graph, term) and value not in DATATYPES
    ]
    terms = {term for kind in KINDS for term in graph.subjects(RDF.type, kind)}
    owl = {p for term in terms for p in graph.predicates(term) if str(p).startswith((str(OWL), str(RDFS)))}
    known = {RDFS.isDefinedBy, RDFS.seeAlso, RDFS.label, RDFS.comment}
    return sorted(found + [f"{predicate} is no axiom that we use" for predicate in owl - AXIOMS - known])


def used(graph: Graph) -> set[Node]:
    """Every term that stands in an axiom of classes or properties."""
    places = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, OWL.disjointWith, OWL.inverseOf)
    nodes = {node for place in places for pair in graph.subject_objects(place) for node in pair}
    ranges = {node for node in graph.objects(None, RDFS.range) if not str(node).startswith((str(XSD), str(RDF)))}
    return {node for node in nodes | ranges if not str(node).startswith((str(OWL), str(RDFS)))}


def test_the_ontology_is_within_owl_2_rl(whole: Graph) -> None:
    assert len(used(whole)) > 150
    assert breaches(whole) == []


@pytest.mark.parametrize(
    ("triple", "words"),
    [
        ((RG.heldBy, RDFS.subPropertyOf, DCTERMS.publisher), "of another kind"),
        ((RG.heldBy, RDF.type, OWL.DatatypeProperty), "of 2 kinds"),
        ((RG.asOf, RDFS.range, XSD.date), "no datatype"),
        ((RG.Register, RDFS.subClassOf, DISCO.LogicalDataSet), "of 0 kinds"),
        ((RG.heldBy, OWL.propertyDisjointWith, RG.registryCentre), "no axiom"),
    ],
)
def test_the_check_sees_what_is_outside(whole: Graph, triple: tuple[Node, Node, Node], words: str) -> None:
    broken = Graph() + whole
    broken.add(triple)
    assert any(words in found for found in breaches(broken))


def closed(whole: Graph, *triples: tuple[Node, Node, Node]) -> Graph:
    """The ontology, the made-up world and the outside domains and ranges under the OWL 2 RL rules."""
    graph = Graph() + whole
    graph.parse(ROOT / "tests" / "shapes" / "valid.ttl")
    for triple in (*OUTSIDE, *triples):
        graph.add(triple)
    for subject, predicate, value in list(graph):
        if str(predicate) in (str(RDF.subject), str(RDF.object), str(RDF.predicate)):
            graph.remove((subject, predicate, value))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def test_nothing_becomes_what_it_is_not(whole: Graph) -> None:
    graph = closed(whole)
    assert list(graph.objects(None, ERROR)) == []
    register = ID["register/stroke"]
    assert (register, RG.hasVariable, ID["variable/stroke.boende"]) in graph
    assert (register, RDF.type, SKOS.Concept) not in graph
    assert (register, DCTERMS.isPartOf, ID["register/brain"]) in graph
    assert (ID["variable/stroke.boende"], RDF.type, DISCO.Variable) in graph


@pytest.mark.parametrize(
    "triple",
    [
        (RG.DataCollection, RDFS.subClassOf, SKOS.Concept),
        (RG.heldBy, RDFS.subPropertyOf, SKOS.broader),
        (RG.variableOf, RDFS.range, RG.Agent),
    ],
)
def test_the_guard_sees_what_must_not_meet(whole: Graph, triple: tuple[Node, Node, Node]) -> None:
    assert list(closed(whole, triple).objects(None, ERROR)) != []


def test_no_inverse_is_stated_by_hand() -> None:
    inferred = {"hasVariable", "hasIndicator", "hasSubRegister", "hasTopConcept", "narrower"}
    layouts = (ROOT / "loader" / "layouts.toml").read_text("utf-8")
    schemes = "".join(path.read_text("utf-8") for path in (ROOT / "ontology" / "schemes").glob("*.ttl"))
    assert [name for name in inferred if f":{name}" in layouts + schemes] == []
