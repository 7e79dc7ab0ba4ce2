"""The mix of queries: competency questions, aggregation, join, text, a large result, a point look-up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.cube import CUBE, QB
from tests.bench.dataset import ROOT

_PREFIXES = f"""PREFIX cube: <{CUBE}>
PREFIX qb: <{QB}>
PREFIX rg: <https://w3id.org/registergraf/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_REGISTER = "https://w3id.org/registergraf/id/register/synthetic-0007"
_INDICATOR = "https://w3id.org/registergraf/id/indicator/synthetic-0007-r3"


@dataclass(frozen=True, slots=True)
class Query:
    """One query of the mix; `analytic` are those that read much, `large` the one that sends much."""

    name: str
    text: str
    runs: int = 7
    analytic: bool = False
    large: bool = False


GROUP_BY = Query(
    "GROUP BY over all observations",
    _PREFIXES
    + """SELECT ?year (COUNT(*) AS ?number) (AVG(?value) AS ?mean) WHERE {
  ?o a qb:Observation ; cube:year ?year ; cube:value ?value .
} GROUP BY ?year ORDER BY ?year""",
    runs=5,
    analytic=True,
)
JOIN = Query(
    "two-hop join between registers",
    _PREFIXES
    + f"""SELECT ?other (COUNT(*) AS ?pairs) (COUNT(DISTINCT ?concept) AS ?concepts) WHERE {{
  ?mine rg:indicatorOf <{_REGISTER}> ; rg:usesConceptualVariable ?concept .
  ?theirs rg:usesConceptualVariable ?concept ; rg:indicatorOf ?other .
}} GROUP BY ?other ORDER BY DESC(?pairs) ?other""",
    analytic=True,
)
BY_PLACE = Query(
    "one indicator averaged by municipality",
    _PREFIXES
    + """SELECT ?place (AVG(?value) AS ?mean) WHERE {
  ?o cube:indicator <INDICATOR> ; cube:municipality ?place ; cube:value ?value .
} GROUP BY ?place ORDER BY ?place""",
    runs=15,
    analytic=True,
)
TEXT = Query(
    "text filter over labels",
    _PREFIXES
    + """SELECT ?thing ?label WHERE {
  ?thing skos:prefLabel ?label .
  FILTER(CONTAINS(LCASE(STR(?label)), "register 17, mått 3"))
} ORDER BY ?label ?thing""",
    analytic=True,
)
LARGE = Query(
    "20 MB result",
    _PREFIXES
    + """SELECT ?o ?indicator ?place ?year ?value WHERE {
  ?o cube:indicator ?indicator ; cube:municipality ?place ; cube:year ?year ; cube:value ?value .
} LIMIT 43000""",
    runs=5,
    large=True,
)
POINT = Query("point look-up", f"SELECT ?p ?o WHERE {{ <{_INDICATOR}> ?p ?o }}", runs=101)
ASK = Query("ASK {}", "ASK {}", runs=101)
TYPES = Query("registers by kind", _PREFIXES + "SELECT ?register WHERE { ?register a rg:QualityRegister }")


def mix(indicator: str) -> list[Query]:
    """The mix over annex and cube; `indicator` is the IRI of one that the cube observes."""
    place = Query(BY_PLACE.name, BY_PLACE.text.replace("INDICATOR", indicator), BY_PLACE.runs, analytic=True)
    return [ASK, POINT, place, TEXT, JOIN, GROUP_BY, LARGE]


def competency_questions(folder: Path = ROOT / "ontology" / "questions", runs: int = 7) -> list[Query]:
    """The competency questions as they are in the ontology; an error when there is none."""
    found = [Query(path.stem, path.read_text(encoding="utf-8"), runs) for path in sorted(folder.glob("q*.rq"))]
    if not found:
        raise FileNotFoundError(f"There is no competency question in {folder}.")
    return found
