"""The terms: the same as the layouts and docs/model.md use, versioned with the project, and inside OWL 2 RL."""

from __future__ import annotations

import re
import tomllib

import owlrl
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from tests.ontology.conftest import ROOT

RG = Namespace("https://w3id.org/registergraf/ns#")
BASE = "https://w3id.org/registergraf"
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")

# What no column of a table becomes: superclasses, the classes of concepts, what the builder states of sources and
# passages, what cells in the report's layout become, what stands in the schemes, and what the rules infer.
BEYOND_LAYOUTS = {
    "superclasses": {"DataCollection", "Register", "Indicator", "Place", "CitedPlace"},
    "classes of concepts": {
        *("TargetGroup", "ServiceArea", "FollowUpArea", "AnalysisLevel", "RelevanceLevel", "MeasureType", "Purpose"),
        *("MappingStatus", "ConceptualVariable", "RelevanceCriterion", "ChannelCriterion"),
        *("RegisterProperty", "Standing"),
    },
    "sources and passages": {
        *("Document", "Passage", "inPart", "rowNumber", "sha256", "synthetic"),
    },
    "cells": {
        *("alternativeVariable", "coversFollowUpArea", "mayCoverFollowUpArea"),
        *("concernsTargetGroup", "concernsServiceArea"),
    },
    "schemes": {"identifies", "showsMunicipalSupport", "oneAtATime"},
    "inferred": {
        *("mappingStatus", "servedBy", "mayUseVariable", "usesConceptualVariable", "holdsConceptualVariable"),
        *("hasLegalBasis", "aboutGroupNamedIn", "concernsMeasureUnder", "mayHoldConceptualVariable", "aboutTheSameAs"),
        *("supportsAnalysisLevel", "linkableWith", "preciselyLinkableWith"),
        *("comparableWith", "statedRelevance", "computedRelevance", "computedValue"),
        *(
            "supersededOn",
            "currentStatement",
            "betweenStatement",
            "singleItem",
            "hasSubRegister",
            "hasVariable",
            "hasIndicator",
            "hasInput",
            "hasOutput",
            "hasRule",
        ),
        *("propertyKnown", "propertyNotFound", "propertyConflicting", "propertySuperseded"),
    },
    "deprecated": {
        *("LegalAct", "LegalProvision", "sfsNumber", "validFrom", "repealedOn", "repealedBy", "provisionOf"),
        *("sectionNumber", "paragraphNumber", "itemNumber", "subjectMatter", "fallsUnderProvision", "verified"),
        "operatingArea",
    },
}

# The vocabulary of OWL that the ontology keeps to; each of it is in the OWL 2 RL profile where the ontology uses it.
OWL_TERMS = {
    *(OWL.Ontology, OWL.imports, OWL.versionIRI, OWL.versionInfo, OWL.Class, OWL.ObjectProperty),
    *(OWL.DatatypeProperty, OWL.SymmetricProperty, OWL.disjointWith, OWL.propertyChainAxiom),
    *(OWL.inverseOf, OWL.deprecated),
}

SAMPLE = f"""
@prefix rg: <{RG}> .
@prefix skos: <{SKOS}> .
@prefix : <urn:x:> .
:i rg:usesVariable :v ; rg:alternativeVariable :w ; rg:coversFollowUpArea :area ; rg:mayCoverFollowUpArea :other .
:v rg:measures :housing . :w rg:measures :stay .
:r rg:preciselyLinkableWith :h . :r rg:comparableWith :q .
"""


def declared(ontology: Graph) -> set[str]:
    """The local names of every class and property."""
    found = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    assert found
    return {str(term).removeprefix(str(RG)) for term in found}


def in_layouts() -> set[str]:
    """The local names that loader/layouts.toml gives to classes and properties."""
    layouts = tomllib.loads((ROOT / "loader" / "layouts.toml").read_text(encoding="utf-8"))
    names = set()
    for table in layouts.values():
        names |= {table.get("class", ""), *table.get("classes", {}).values()}
        values = table.get("values", {})  # or the name of the table that has them
        cells = (*table["columns"].values(), *(values.values() if isinstance(values, dict) else ()))
        names |= {column.get("property", "") for column in cells}
    return {name.removeprefix("rg:") for name in names if name.startswith("rg:")}


def closed(ontology: Graph, sample: str) -> Graph:
    """The ontology and a sample of data under the OWL 2 RL rules."""
    graph = Graph() + ontology
    graph.parse(data=sample, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def test_every_term_of_the_layouts_is_in_the_ontology(ontology: Graph) -> None:
    names = in_layouts()
    assert len(names) > 100
    assert names - declared(ontology) == set()


def test_every_term_of_the_ontology_is_in_the_layouts_or_listed(ontology: Graph) -> None:
    listed = set().union(*BEYOND_LAYOUTS.values())
    assert declared(ontology) - in_layouts() == listed


def test_every_term_that_the_model_names_is_in_the_ontology(ontology: Graph) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\brg:(\w+)", text))
    assert names
    assert names - declared(ontology) == set()


def test_the_model_names_every_class(ontology: Graph) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    classes = {
        str(term).removeprefix(str(RG))
        for term in ontology.subjects(RDF.type, OWL.Class)
        if str(term).startswith(str(RG))
    }
    assert len(classes) > 40
    assert classes - set(re.findall(r"\brg:(\w+)", text)) == set()


def test_every_term_used_in_ontology_and_schemes_is_declared(ontology: Graph, concepts: Graph) -> None:
    nodes = {node for triple in ontology + concepts for node in triple if isinstance(node, URIRef)}
    used = {node for node in nodes if node.startswith(str(RG))}
    assert {str(node).removeprefix(str(RG)) for node in used} - declared(ontology) == set()


def test_every_term_has_swedish_and_english(ontology: Graph) -> None:
    for name in declared(ontology):
        for path in (SKOS.prefLabel, SKOS.definition):
            texts = [text for text in ontology.objects(RG[name], path) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "sv"], (name, path)


def test_no_two_terms_share_a_label(ontology: Graph) -> None:
    seen: dict[tuple[str, str | None], str] = {}
    for name in sorted(declared(ontology)):
        for label in ontology.objects(RG[name], SKOS.prefLabel):
            assert isinstance(label, Literal)
            key = (str(label), label.language)
            assert key not in seen, (label, name, seen[key])
            seen[key] = name


def test_no_definition_opens_with_itself(ontology: Graph) -> None:
    """A definition may begin "A register is …", but what follows must not lean on the label alone."""
    for name in declared(ontology):
        for text in ontology.objects(RG[name], SKOS.definition):
            assert isinstance(text, Literal)
            label = next(
                str(known)
                for known in ontology.objects(RG[name], SKOS.prefLabel)
                if isinstance(known, Literal) and known.language == text.language
            )
            said = re.findall(rf"\b{re.escape(label.lower())}\b", str(text).lower())
            assert len(said) <= 1, (name, text)


def test_labels_and_comments_of_rdfs_are_left_to_the_release(ontology: Graph, concepts: Graph) -> None:
    written = ontology + concepts
    assert list(written.subject_objects(RDFS.label)) == []
    assert list(written.subject_objects(RDFS.comment)) == []


def test_every_term_is_defined_by_the_module_in_whose_file_it_stands(modules: dict[str, Graph]) -> None:
    for module, graph in modules.items():
        for kind in KINDS:
            for term in graph.subjects(RDF.type, kind):
                assert graph.value(term, RDFS.isDefinedBy) == URIRef(f"{BASE}/graph/ontology/{module}"), term


def test_each_module_carries_the_version_of_the_project(modules: dict[str, Graph]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for module, graph in modules.items():
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        assert graph.value(header, OWL.versionIRI) == URIRef(f"{BASE}/{project}/{module}")
        assert graph.value(header, OWL.versionInfo) == Literal(project)


def test_the_changelog_opens_with_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = [entry for entry in re.findall(r"^## \[([^\]]+)\]", changelog, re.MULTILINE) if entry != "Unreleased"]
    assert released[0] == project


def test_the_header_imports_every_module(modules: dict[str, Graph]) -> None:
    header = URIRef(f"{BASE}/ns")
    imported = set(modules["registergraf"].objects(header, OWL.imports))
    assert imported == {
        URIRef(f"{BASE}/graph/ontology/{module}") for module in (*modules, "outside") if module != "registergraf"
    }


def test_only_constructs_of_owl_2_rl_are_used(ontology: Graph) -> None:
    used = {node for triple in ontology for node in triple if str(node).startswith(str(OWL))}
    assert used - OWL_TERMS == set()
    assert {OWL.propertyChainAxiom, OWL.disjointWith} <= used


def test_the_ontology_is_consistent_and_entails_what_it_should(ontology: Graph) -> None:
    graph = closed(ontology, SAMPLE)
    assert list(graph.subject_objects(ERROR)) == []
    x = Namespace("urn:x:")
    for triple in (
        (x.i, RG.mayUseVariable, x.v),
        (x.i, RG.mayUseVariable, x.w),
        (x.i, RG.usesConceptualVariable, x.housing),
        (x.i, RG.mayCoverFollowUpArea, x.area),
        (x.r, RG.linkableWith, x.h),
        (x.q, RG.comparableWith, x.r),
        (x.r, RG.aboutTheSameAs, x.q),
        (x.i, RDF.type, RG.Indicator),
        (x.housing, RDF.type, SKOS.Concept),
    ):
        assert triple in graph, triple


def test_the_weaker_property_never_entails_the_stronger(ontology: Graph) -> None:
    graph = closed(ontology, SAMPLE)
    x = Namespace("urn:x:")
    assert (x.i, RG.usesVariable, x.w) not in graph
    assert (x.i, RG.usesConceptualVariable, x.stay) not in graph
    assert (x.i, RG.coversFollowUpArea, x.other) not in graph


def test_disjoint_classes_share_no_individual(ontology: Graph) -> None:
    """Of every pair that the ontology keeps apart, and of a class below one of them."""
    pairs = [*ontology.subject_objects(OWL.disjointWith), (RG.QualityRegister, RG.QualityDataSystem)]
    assert len(pairs) > 15
    both = "".join(f"<urn:x:{number}> a <{one}> , <{other}> .\n" for number, (one, other) in enumerate(pairs))
    told = " ".join(str(text) for text in closed(ontology, both).objects(None, ERROR) if "Disjoint" in str(text))
    assert [pair for number, pair in enumerate(pairs) if not re.search(rf"urn:x:{number}\b", told)] == []
