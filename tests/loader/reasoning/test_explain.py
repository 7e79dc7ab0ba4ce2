"""Explaining statements: asserted ones by passage, inferred ones by rule and premises, absent ones by what is near."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from loader.commands import explain
from loader.graph.descriptions import released_rules
from loader.model import iris
from loader.reasoning.explain import Explainer, Explanation
from loader.reasoning.rules import read_rules
from loader.release.manifest import Release
from loader.resources import Resources


def run(root: Path, *statement: str, lang: str = "en") -> Result:
    return CliRunner().invoke(explain, [*statement, "--output", str(root), "--lang", lang])


@pytest.fixture(scope="module")
def explainer(real_release: Release) -> Explainer:
    store = Store()
    store.bulk_load(path=str(real_release.graph), format=RdfFormat.N_QUADS)
    return Explainer(store, released_rules(store))


def test_an_asserted_statement_names_graph_and_passage(small_root: Path) -> None:
    result = run(small_root, "indicator:demo-1", "rg:indicatorOf", "register:alfa")
    assert result.exit_code == 0
    assert "asserted in graph/demo; passage passage:demo.table-1.1" in result.stdout


@pytest.mark.parametrize(
    "form", ["register:alfa", "id/register/alfa", "<https://w3id.org/registergraf/id/register/alfa>"]
)
def test_iris_in_every_form(form: str, small_root: Path) -> None:
    result = run(small_root, form, "rg:supportsAnalysisLevel", "analysis-level:municipality")
    assert result.exit_code == 0
    assert "inferred by rule municipality-without-linkage" in result.stdout
    assert "variable:alfa.kommun rg:measures conceptual-variable:home-municipality" in result.stdout


def test_a_chain_of_rules_down_to_the_rows(small_root: Path) -> None:
    lines = run(small_root, "register:alfa", "rg:computedRelevance", "relevance-level:high").stdout.splitlines()
    text = "\n".join(lines)
    for rule in ("computed-relevance", "relevance-high", "uses-conceptual-variable"):
        assert f"inferred by rule {rule}: " in text
    assert "passage passage:demo.table-1" in text
    deepest = max(len(line) - len(line.lstrip()) for line in lines)
    assert deepest >= 12
    assert "see above" in text


def test_in_swedish_with_the_rules_own_sentence(small_root: Path) -> None:
    result = run(small_root, "register:alfa", "rg:mappingStatus", "mapping-status:analysed", lang="sv")
    assert "härlett med regeln mapping-status: Ett register har den status som listan säger" in result.stdout


def test_literals(small_root: Path) -> None:
    assert run(small_root, "register:alfa", "skos:prefLabel", '"Alfaregistret"@sv').exit_code == 0
    assert run(small_root, "indicator:demo-1", "rg:ageOver", "65").exit_code == 0
    assert run(small_root, "register:alfa", "skos:prefLabel", '"Alfaregistret"').exit_code == 1


def test_what_is_not_there_shows_what_is_near(small_root: Path) -> None:
    result = run(small_root, "register:alfa", "rg:concernsTargetGroup", "target-group:old-people")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "register:alfa rg:concernsTargetGroup target-group:older-people" in result.stderr.splitlines()[1]


@pytest.mark.parametrize("statement", [("a b", "rg:x", "rg:y"), ("rg:x", "rg:y", '"unclosed')])
def test_what_cannot_be_read_is_exit_code_two(statement: tuple[str, ...], small_root: Path) -> None:
    assert run(small_root, *statement).exit_code == 2


def test_no_release_is_exit_code_two(tmp_path: Path) -> None:
    result = run(tmp_path, "rg:x", "rg:y", "rg:z")
    assert result.exit_code == 2
    assert "registergraf build" in result.stderr


def test_whatever_was_inferred_can_be_explained(real_release: Release, explainer: Explainer) -> None:
    """Over a sample of the whole real release: no statement is left without a rule or an axiom of the ontology."""
    store = Store()
    store.bulk_load(path=str(real_release.graph), format=RdfFormat.N_QUADS)
    inferred = sorted(
        (quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(iris.INFERRED))), key=str
    )
    met: set[str] = set()
    unexplained: list[Triple] = []
    for triple in inferred[:: max(1, len(inferred) // 400)]:
        found = explainer.explain(triple, depth=1)
        assert found is not None
        if found.rule is not None:
            assert found.premises or found.rule.name.startswith("relevance"), found.rule.name
            met.add(found.rule.name)
        elif "rdf-schema#" not in str(triple.predicate):
            unexplained.append(triple)
    assert unexplained == []
    assert {"about-group-named-in", "legal-part", "owl-cax-sco"} <= met
    concerns = NamedNode(iris.expand("rg:concernsServiceArea"))
    area = next(one for one in inferred if one.predicate == concerns and "/register/" in str(one.subject))
    found = explainer.explain(area, depth=1)
    assert found is not None
    assert found.rule is not None
    assert found.rule.name == "register-concerns-area"


def test_explanations_do_not_go_in_circles(explainer: Explainer) -> None:
    """aboutTheSameAs follows both from the rule and from symmetry: the premises never hold the statement itself."""
    start = Triple(
        NamedNode(iris.thing("register/riksstroke")),
        NamedNode(iris.expand("rg:aboutTheSameAs")),
        NamedNode(iris.thing("register/mmcup")),
    )

    def check(explanation: Explanation, above: frozenset[Triple]) -> None:
        assert explanation.triple not in above
        for premise in explanation.premises:
            check(premise, above | {explanation.triple})

    found = explainer.explain(start)
    assert found is not None
    assert found.rule is not None
    check(found, frozenset())


def test_the_release_describes_the_rules_that_made_it(real_release: Release, resources: Resources) -> None:
    store = Store()
    store.bulk_load(path=str(real_release.graph), format=RdfFormat.N_QUADS)
    described = [(rule.name, rule.stratum, rule.sentence, rule.construct) for rule in released_rules(store)]
    written = [(rule.name, rule.stratum, rule.sentence, rule.construct) for rule in read_rules(resources.rules)]
    assert described == written
