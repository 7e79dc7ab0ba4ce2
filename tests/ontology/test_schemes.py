"""The concept schemes: files, classes, places, and labels that a reader of the report's cells can rely on."""

from __future__ import annotations

import csv
import re

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.ontology.conftest import ROOT

RG = Namespace("https://w3id.org/registergraf/ns#")
ID = "https://w3id.org/registergraf/id/"
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)

# Printed items of the report's tables 2 and 4-16 and of its lists in running text, and the concept each one means.
PRINTED = {
    "target-group": {
        "Barn- och unga": "children-and-young-people",
        "Barn och unga": "children-and-young-people",
        "Barn och unga (upp till 18 år)": "children-and-young-people",
        "Äldre": "older-people",
        "Äldre (över 65 år)": "older-people",
        "Personer med nedsatt funktionsförmåga (inklusive nedsatt psykisk funktionsförmåga)": "people-with-impairment",
        "Personer med nedsatt funktionsförmåga (inkl. nedsatt psykisk funktionsförmåga)": "people-with-impairment",
        "Personer med nedsatt funktionsförmåga (inkl nedsatt psykisk funktionsförmåga)": "people-with-impairment",
        "Personer med nedsatt funktionsförmåga (inkl. psykisk funktionsförmåga)": "people-with-impairment",
        "Personer som får ekonomiskt bistånd": "people-receiving-financial-assistance",
        "Personer med missbruk eller beroende": "people-with-substance-use-problems",
        "Våldsutsatta/brottsoffer": "victims-of-violence-or-crime",
        "Våldsutsatta/ brottsoffer": "victims-of-violence-or-crime",
        "Närstående/anhöriga": "relatives",
        "Närstående eller anhöriga": "relatives",
        "Övriga": "other-groups",
        "Personer i behov av boende/boendestöd": "people-in-need-of-housing",
    },
    "service-area": {
        "Social barn- och ungdomsvård": "child-and-youth-services",
        "Social barn- & ungdomsvård": "child-and-youth-services",
        "äldreomsorg": "elderly-care",
        "stöd till personer med funktionsnedsättning": "disability-support",
        "stöd till personer med funktionsnedsättning (exklusive psykisk funktionsnedsättning)": (
            "disability-support-excluding-psychiatric"
        ),
        "stöd till personer med psykisk funktionsnedsättning": "psychiatric-disability-support",
        "ekonomiskt bistånd och arbetsmarknadsinsatser": "financial-assistance-and-labour-market",
        "missbruks- och beroendevård": "substance-use-services",
        "Missbruks- och beroende-vård": "substance-use-services",
        "stöd till våldsutsatta/brottsoffer": "support-for-victims",
        "Stöd till våldsutsatta/ brottsoffer": "support-for-victims",
        "Övriga såsom närstående-/anhörigstöd": "other-services",
        "anhörig- eller närståendestöd": "relatives-support",
    },
    "follow-up-area": {
        "Info om målgruppen": "information-about-the-target-group",
        "Information om målgruppen": "information-about-the-target-group",
        "Förutsättningar i verksamheten": "conditions-in-the-service",
        "Arbetsätt och processer": "ways-of-working-and-processes",
        "Arbetssätt och processer": "ways-of-working-and-processes",
        "Resultat": "results",
    },
    "analysis-level": {
        "Kommun": "municipality",
        "Sjukhus / region": "hospital-or-region",
        "Sjukhus/verksamhet inom regionen": "hospital-or-unit-within-region",
    },
}

CLASSES = {
    "target-group": "TargetGroup",
    "service-area": "ServiceArea",
    "follow-up-area": "FollowUpArea",
    "analysis-level": "AnalysisLevel",
    "relevance-level": "RelevanceLevel",
    "measure-type": "MeasureType",
    "purpose": "Purpose",
    "mapping-status": "MappingStatus",
    "conceptual-variable": "ConceptualVariable",
    "relevance-criterion": "RelevanceCriterion",
    "channel-criterion": "ChannelCriterion",
    "register-property": "RegisterProperty",
    "standing": "Standing",
}


def folded(label: Node) -> str:
    """A label as the reader of cells compares it: small letters, single spaces."""
    return " ".join(str(label).casefold().split())


def by_label(scheme: Graph) -> dict[str, set[str]]:
    """The keys of the concepts that bear each label."""
    found: dict[str, set[str]] = {}
    for concept in scheme.subjects(RDF.type, SKOS.Concept):
        for path in LABELS:
            for label in scheme.objects(concept, path):
                found.setdefault(folded(label), set()).add(str(concept).rsplit("/", 1)[1])
    return found


def keys_of_the_model() -> dict[str, set[str]]:
    """Scheme → keys, from the section on schemes of docs/model.md; remarks in brackets and quotes left out."""
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    section = text.split("## Schemes", 1)[1].split("\n\n", 2)[2].split("\n## ", 1)[0]
    section = re.sub(r"\([^)]*\)", "", re.sub(r"\s*\n\s+", " ", section))
    entries = [entry for line in section.split("\n- ") for entry in line.lstrip("- ").split(" · ")]
    pairs = (entry.split(": ", 1) for entry in entries if ": " in entry)
    return {
        name.strip(): set(re.findall(r"[a-z]+(?:-[a-z]+)*", keys)) for name, keys in pairs if " " not in name.strip()
    }


def test_each_scheme_is_the_one_that_its_file_is_named_after(schemes: dict[str, Graph]) -> None:
    for key, graph in schemes.items():
        assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [URIRef(f"{ID}scheme/{key}")]
        for concept in graph.subjects(RDF.type, SKOS.Concept):
            assert str(concept).startswith(f"{ID}{key}/")
            assert graph.value(concept, SKOS.inScheme) == URIRef(f"{ID}scheme/{key}")


def test_the_keys_are_those_of_the_model(schemes: dict[str, Graph]) -> None:
    """The page of the model lists them for every scheme but conceptual-variable, of which it says to see the scheme."""
    named = keys_of_the_model()
    assert named.pop("conceptual-variable")
    assert len(named) > 20
    for scheme, keys in named.items():
        found = {str(concept).rsplit("/", 1)[1] for concept in schemes[scheme].subjects(RDF.type, SKOS.Concept)}
        assert found == keys, scheme


def test_every_concept_has_the_class_of_its_scheme(schemes: dict[str, Graph]) -> None:
    for key, graph in schemes.items():
        expected = {RG[CLASSES[key]]} if key in CLASSES else set()
        for concept in graph.subjects(RDF.type, SKOS.Concept):
            own = {kind for kind in graph.objects(concept, RDF.type) if str(kind).startswith(str(RG))}
            assert own == expected, concept


def test_no_label_means_two_concepts_of_a_scheme(schemes: dict[str, Graph]) -> None:
    for key, graph in schemes.items():
        ambiguous = {label: keys for label, keys in by_label(graph).items() if len(keys) > 1}
        assert ambiguous == {}, key


@pytest.mark.parametrize("scheme", sorted(PRINTED))
def test_every_printed_item_is_a_label_of_its_concept(schemes: dict[str, Graph], scheme: str) -> None:
    labels = by_label(schemes[scheme])
    assert {item: labels.get(folded(Literal(item))) for item in PRINTED[scheme]} == {
        item: {key} for item, key in PRINTED[scheme].items()
    }


def test_broader_concepts_stand_in_the_same_scheme_and_form_no_circle(schemes: dict[str, Graph]) -> None:
    seen = 0
    for graph in schemes.values():
        for concept, broader in graph.subject_objects(SKOS.broader):
            seen += 1
            assert (broader, RDF.type, SKOS.Concept) in graph
            assert concept not in set(graph.transitive_objects(broader, SKOS.broader)), concept
    assert seen


def test_age_limits_are_those_of_the_report(schemes: dict[str, Graph]) -> None:
    graph = schemes["target-group"]
    assert list(graph.subject_objects(RG.ageTo)) == [
        (URIRef(f"{ID}target-group/children-and-young-people"), Literal(18))
    ]
    assert list(graph.subject_objects(RG.ageOver)) == [(URIRef(f"{ID}target-group/older-people"), Literal(65))]


def stated_positions() -> set[str]:
    """The IRIs of all parts, passages and documents that the curated tables name."""
    found = set()
    for path in sorted((ROOT / "data" / "sources").glob("*/*.csv")):
        source = path.parent.name
        found.add(f"{ID}document/{source}")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("part"):
                    found |= {
                        f"{ID}part/{source}.{row['part']}",
                        f"{ID}passage/{source}.{row['part']}.{row.get('row')}",
                    }
    return found


def test_every_source_of_a_concept_is_stated_in_the_tables(concepts: Graph, ontology: Graph) -> None:
    sources = {str(source) for source in (concepts + ontology).objects(None, DCTERMS.source)}
    own = {source for source in sources if source.startswith(ID)}
    assert own
    assert own - stated_positions() == set()
