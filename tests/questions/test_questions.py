"""Every competency question, asked through the endpoint, has exactly the rows of its golden file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import OWL, RDF, Graph

from loader.model.queryfiles import read_query_files
from loader.resources import find_resources
from tests.goldenfile import Golden

RG = "https://w3id.org/registergraf/ns#"
QUESTIONS = sorted(find_resources().questions.glob("*.rq"))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def ontology_terms() -> set[str]:
    """The local names of the ontology's own classes and properties, deprecated ones left out."""
    graph = Graph()
    for path in sorted(find_resources().ontology.glob("*.ttl")):
        graph.parse(path)
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    subjects = {str(subject) for kind in kinds for subject in graph.subjects(RDF.type, kind)}
    deprecated = {str(subject) for subject in graph.subjects(OWL.deprecated)}
    return {subject.removeprefix(RG) for subject in subjects - deprecated if subject.startswith(RG)}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_question_has_exactly_its_rows(question: Path, real_client: FlaskClient, golden: Golden) -> None:
    answer = real_client.get(
        "/sparql", query_string={"query": question.read_text("utf-8")}, headers={"Accept": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    assert len(rows(answer.text)) > 1, "a question without an answer proves nothing"
    golden(f"questions/{question.stem}.csv", answer.text.replace("\r\n", "\n"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_question_orders_its_rows_wholly(question: Path) -> None:
    assert "ORDER BY" in question.read_text("utf-8")


def test_there_are_at_least_24_questions_each_in_both_languages() -> None:
    questions = read_query_files(find_resources().questions)
    assert len(questions) >= 24
    assert all(question.get(language).endswith("?") for question in questions for language in ("sv", "en"))


def test_each_golden_file_has_its_question() -> None:
    golden_files = (Path(__file__).parents[1] / "golden" / "questions").glob("*.csv")
    assert {path.stem for path in golden_files} == {path.stem for path in QUESTIONS}


def test_every_class_and_property_occurs_in_some_question() -> None:
    asked = {name for path in QUESTIONS for name in re.findall(r"\brg:(\w+)", path.read_text("utf-8"))}
    terms = ontology_terms()
    assert len(terms) > 100
    assert terms - asked == set()
    assert asked - terms == set()
