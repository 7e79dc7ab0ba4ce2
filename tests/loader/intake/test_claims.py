"""Forged submissions: whatever is not a sheet's property of a holder's own record is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from loader.graph.scopes import records_of
from loader.intake.permitted import key_claims, refusal
from loader.intake.world.context import Context, context_of

PREFIXES = """
@prefix rg: <https://w3id.org/registergraf/ns#> .
@prefix rgs: <https://w3id.org/registergraf/shapes#> .
@prefix id: <https://w3id.org/registergraf/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dqv: <http://www.w3.org/ns/dqv#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://w3id.org/registergraf/id/register/> .
"""
WORLD = """
:mine a rg:QualityRegister . :other a rg:QualityRegister . :mine-too a rg:QualityRegister .
<https://w3id.org/registergraf/id/variable/mine.a> a rg:Variable ; rg:variableOf :mine .
<https://w3id.org/registergraf/id/indicator/old-key> a rg:TabulatedIndicator ; rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/coverage/skr-2022.x> a rg:CoverageMeasurement ; dqv:computedOn :other .
"""
MINE = "<https://w3id.org/registergraf/id/variable/mine.a>"
# Statements that describe what is no record of a holder.
SUBJECTS = """
rg:Register skos:prefLabel "Annat"@sv .
rg:variableOf rdfs:domain rg:HealthDataRegister .
skos:notation rdfs:domain rg:HealthDataRegister .
skos:broader a owl:SymmetricProperty .
skos:prefLabel skos:prefLabel "namn"@sv .
rdfs:label rdfs:subPropertyOf rg:printedAs .
owl:sameAs a owl:TransitiveProperty .
rgs:Variable sh:deactivated true .
<https://w3id.org/registergraf/rule/x> sh:construct "x" .
<https://w3id.org/registergraf/question/q01> skos:prefLabel "x"@sv .
<https://w3id.org/registergraf/graph/inferred> prov:wasAttributedTo <https://w3id.org/registergraf/id/agent/skr> .
<https://w3id.org/registergraf/graph/submission/abc> prov:wasRevisionOf <https://w3id.org/registergraf/graph/skr-2022> .
<https://w3id.org/registergraf/id/acceptance/abc> prov:wasAssociatedWith <https://w3id.org/registergraf/id/agent/skr> .
<https://w3id.org/registergraf/id/submission/abc> prov:endedAtTime "2020-01-01T00:00:00Z"^^xsd:dateTime .
<https://w3id.org/registergraf/id/agent/account-stewards> skos:prefLabel "Socialstyrelsen"@sv .
<https://w3id.org/registergraf/id/agent/socialstyrelsen> skos:prefLabel "Annat"@sv .
<https://w3id.org/registergraf/id/agent/new> a rg:Agent .
<https://w3id.org/registergraf/id/software/registergraf-0.1.0> schema:softwareVersion "9" .
<https://w3id.org/registergraf/id/file/aa> schema:sha256 "aa" .
<https://w3id.org/registergraf/id/document/skr-2022> dcterms:publisher <https://w3id.org/registergraf/id/agent/x> .
<https://w3id.org/registergraf/id/document/submitted-0123456789ab> rg:licenceNote "fri"@sv, "free"@en .
<https://w3id.org/registergraf/id/part/skr-2022.1> rg:page 7 .
<https://w3id.org/registergraf/id/passage/skr-2022.1.1> rg:inPart <https://w3id.org/registergraf/id/part/skr-2022.2> .
<https://w3id.org/registergraf/id/target-group/older-people> skos:prefLabel "Unga"@sv .
<https://w3id.org/registergraf/id/conceptual-variable/new> a skos:Concept .
<https://w3id.org/registergraf/id/scheme/target-group> skos:hasTopConcept :x .
<https://w3id.org/registergraf/id/register-name/x.mine.y> rg:nameOf :mine ; rg:printedAs "Other" .
<https://w3id.org/registergraf/id/relevance-assessment/x.mine.1> rg:assesses :mine .
<https://w3id.org/registergraf/id/list-entry/x.1.1> rg:listsRegister :mine .
<https://w3id.org/registergraf/id/statement/x.1> rg:statementAbout :mine .
<https://w3id.org/registergraf/id/correction/x.1> rg:correctedTo "x" .
<https://w3id.org/registergraf/id/provision/sol-2025.k8p2> skos:prefLabel "x"@sv .
<https://w3id.org/registergraf/id/municipality/0180> skos:prefLabel "x"@sv .
<https://w3id.org/registergraf/id/service/x> skos:prefLabel "x"@sv .
<https://w3id.org/registergraf/id/kpi/x> rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/superseded/submitted.x.y> rdf:value "1 %" .
<https://w3id.org/registergraf/.well-known/genid/submission/x/1> rg:variableOf :mine .
<https://w3id.org/registergraf/id/Variable/mine.a> rg:variableOf :mine .
<https://w3id.org/registergraf/id/variablex/mine.a> rg:variableOf :mine .
<http://w3id.org/registergraf/id/variable/mine.a> rg:variableOf :mine .
<https://evil.example/r> owl:sameAs :other ; rg:indicatorOf :mine .
<https://evil.example/v> a rg:Variable ; rg:variableOf :mine .
<urn:x:y> rg:variableOf :mine .
[] rg:variableOf :mine .
"""
# Statements on the holder's own records that no sheet can make.
STATEMENTS = rf"""
{MINE} skos:notation "R\u001B[31mr\u00F6d" .
{MINE} skos:notation "a\nBort: b" .
{MINE} skos:notation "\u202Egpj" .
{MINE} skos:notation "\uFEFFx" .
{MINE} owl:sameAs :other .
{MINE} a rg:HealthDataRegister .
{MINE} a rg:Agent , owl:Class .
{MINE} rdfs:label "x"@sv .
{MINE} rdf:value "x" .
{MINE} rdfs:subClassOf rg:Variable .
{MINE} prov:wasAttributedTo <https://w3id.org/registergraf/id/agent/socialstyrelsen> .
{MINE} prov:wasInvalidatedBy <https://w3id.org/registergraf/id/acceptance/x> .
{MINE} dcterms:isReplacedBy <https://w3id.org/registergraf/id/variable/other.a> .
{MINE} dcterms:source <https://w3id.org/registergraf/id/passage/skr-2022.1.1> .
{MINE} rg:measures "home-municipality" .
{MINE} skos:notation <https://evil.example/> .
{MINE} rg:usesVariable <https://w3id.org/registergraf/id/variable/other.a> .
{MINE} skos:exactMatch :other .
{MINE} <https://evil.example/p> "x" .
:mine rg:heldBy <https://w3id.org/registergraf/id/agent/x> .
:mine a rg:HealthDataRegister .
:mine foaf:homepage <https://evil.example/> .
:mine rg:relevanceLevel <https://w3id.org/registergraf/id/relevance-level/high> .
"""
# New records whose key belongs to another register, or to none.
KEYS = """
<https://w3id.org/registergraf/id/variable/other.b> rg:variableOf :mine .
<https://w3id.org/registergraf/id/variable/mine.b> rg:variableOf :other .
<https://w3id.org/registergraf/id/variable/mine.b.c> rg:variableOf :mine .
<https://w3id.org/registergraf/id/variable/b> rg:variableOf :mine .
<https://w3id.org/registergraf/id/indicator/other-x> rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/indicator/mine-too-x> rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/indicator/x> rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/coverage/skr-2022.y> dqv:computedOn :mine .
<https://w3id.org/registergraf/id/coverage/skr-2022.x> dqv:computedOn :mine .
<https://w3id.org/registergraf/id/coverage/submitted.other-coverage-2024> dqv:computedOn :mine .
"""
GENUINE = """
<https://w3id.org/registergraf/id/variable/mine.b> a rg:Variable ; rg:variableOf :mine ; skos:notation "b" .
<https://w3id.org/registergraf/id/indicator/mine-x> a rg:TabulatedIndicator ; rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/indicator/mine-too-x> rg:indicatorOf :mine-too .
<https://w3id.org/registergraf/id/indicator/old-key> rg:indicatorOf :mine .
<https://w3id.org/registergraf/id/coverage/submitted.mine-coverage-2024> dqv:computedOn :mine .
<https://w3id.org/registergraf/id/coverage/skr-2022.x> dqv:computedOn :other .
:mine a rg:QualityRegister ; skos:prefLabel "Mitt"@sv ; rg:coFundedByMunicipalities true .
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def refused(text: str, context: Context) -> bool:
    triples = [quad.triple for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)]
    by_subject: dict[str, list[object]] = {}
    for triple in triples:
        by_subject.setdefault(getattr(triple.subject, "value", ""), []).append(triple)
    told = [refusal(triple) for triple in triples]
    return any(told) or any(key_claims(by_subject, context))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def world() -> Context:
    from pyoxigraph import NamedNode, Quad

    graph = NamedNode("https://w3id.org/registergraf/graph/skr-2022")
    quads = parse((PREFIXES + WORLD).encode(), format=RdfFormat.TURTLE)
    return context_of(tuple(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads))


def test_there_are_many() -> None:
    assert len(lines(SUBJECTS)) + len(lines(STATEMENTS)) + len(lines(KEYS)) >= 70


@pytest.mark.parametrize("forged", [*lines(SUBJECTS), *lines(STATEMENTS), *lines(KEYS)])
def test_it_is_refused(forged: str, world: Context) -> None:
    assert refused(forged, world)


@pytest.mark.parametrize("genuine", lines(GENUINE))
def test_what_is_the_holders_own_is_not(genuine: str, world: Context) -> None:
    assert not refused(genuine, world)


@pytest.mark.parametrize("forged", lines(SUBJECTS))
def test_what_is_no_record_would_reach_no_release_even_if_accepted(forged: str, tmp_path: Path) -> None:
    """The build takes in what stands as a record, and describes files itself."""
    triples = [quad.triple for quad in parse((PREFIXES + forged).encode(), format=RdfFormat.TURTLE)]
    assert records_of(triples) == {}
