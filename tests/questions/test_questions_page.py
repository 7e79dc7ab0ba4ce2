"""The page of questions is written from the questions, their answers and the release; so are its terms without data.

The answers are those of the golden files, which `test_questions.py` writes: its name comes before that of this file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SKOS, Graph, Literal, URIRef

from loader.model.queryfiles import QueryFile, read_query_files
from loader.release.manifest import Release
from loader.resources import find_resources
from tests.goldenfile import GOLDEN, Golden

DOCS = Path(__file__).resolve().parents[2] / "docs"
RG = "https://w3id.org/registergraf/ns#"
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)

HEAD = """# Questions

What the graph is held to answer. Each question is a query in [ontology/questions](../ontology/questions), an example
on the start page, RDF in the release (`graph/questions`), and a test that compares its answer row by row with
`tests/golden/questions`. Ask one from the command line with `registergraf query ontology/questions/FILE`.

This page is written by `pytest tests/questions/test_questions_page.py --update-golden`; it is not edited by hand.
"""
DIFF = """## What changed between two releases?

No query asks this, since an endpoint serves one release at a time. `registergraf release diff OLD NEW` says in words
what NEW states and OLD does not, and the other way round.
"""
IDLE = """## Terms without data

Every class and property of the ontology occurs in some question. These have no statement in the shipped release,
stated or inferred, because the sources say nothing that would give them one; the questions answer with them once
there are data.

| term | på svenska | in English | asked for by |
|---|---|---|---|
"""


@pytest.fixture
def page(golden: Golden) -> Golden:
    return Golden(DOCS, update=golden.update)


def test_the_page_of_questions_is_that_of_the_questions(page: Golden, real_release: Release) -> None:
    questions = read_query_files(find_resources().questions)
    assert questions
    sections = (
        HEAD,
        *(_section(question) for question in questions),
        DIFF,
        IDLE + _idle_terms(questions, real_release),
    )
    page("questions.md", "\n".join(sections))


def test_the_page_sees_a_term_without_data() -> None:
    questions = read_query_files(find_resources().questions)
    text = '<urn:a> <https://w3id.org/registergraf/ns#page> "1" <urn:g> .'
    idle = set(_terms()) - _in_use(io.StringIO(text))
    assert "page" not in idle
    assert {"Register", "indicatorOf"} <= idle
    assert {name for question in questions for name in _asked(question)} >= idle


def _section(question: QueryFile) -> str:
    """Heading, question in both languages, how many rows answer it, and the terms it uses."""
    stem = question.path.stem
    number, _, title = stem.partition("-")
    rows = len(list(csv.reader(io.StringIO((GOLDEN / "questions" / f"{stem}.csv").read_text("utf-8"))))) - 1
    lines = (
        f"## {number[1:]} {title.replace('-', ' ').capitalize()}\n",
        f"- {question.get('sv')}",
        f"- {question.get('en')}",
        f"- {_link(question.path, question.path.name)}, {rows} {'row' if rows == 1 else 'rows'}; "
        + ", ".join(f"`rg:{name}`" for name in sorted(_asked(question))),
    )
    return "\n".join(lines) + "\n"


def _link(path: Path, text: str) -> str:
    return f"[{text}](../ontology/questions/{path.name})"


def _asked(question: QueryFile) -> set[str]:
    return set(re.findall(r"\brg:(\w+)", question.text))


def _idle_terms(questions: Iterable[QueryFile], release: Release) -> str:
    with release.graph.open(encoding="utf-8") as lines:
        used = _in_use(lines)
    assert len(used) > 100
    terms = _terms()
    return "\n".join(_row(name, terms[name], questions) for name in sorted(set(terms) - used, key=str.casefold))


def _row(name: str, labels: dict[str, str], questions: Iterable[QueryFile]) -> str:
    asking = [question.path for question in questions if name in _asked(question)]
    links = ", ".join(_link(path, path.name[1:3]) for path in asking)
    return f"| `rg:{name}` | {labels['sv']} | {labels['en']} | {links} |"


def _in_use(lines: Iterable[str]) -> set[str]:
    """The local names of our terms that some statement has as its property, or as the class of its subject."""
    return set(_used(lines))


def _used(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        _, predicate, value = line.split(" ", 2)
        term = value if predicate == f"<{RDF.type}>" else predicate
        if term.startswith(f"<{RG}"):
            yield term[len(RG) + 1 :].partition(">")[0]


def _terms() -> dict[str, dict[str, str]]:
    """Swedish and English label of each class and property of the ontology that is not deprecated, by local name."""
    graph = Graph()
    for path in sorted(find_resources().ontology.glob("*.ttl")):
        graph.parse(path)
    subjects = {term for kind in KINDS for term in graph.subjects(RDF.type, kind) if str(term).startswith(RG)}
    current = subjects - set(graph.subjects(OWL.deprecated))
    return {str(term).removeprefix(RG): _labels(graph, term) for term in current if isinstance(term, URIRef)}


def _labels(graph: Graph, term: URIRef) -> dict[str, str]:
    texts = [text for text in graph.objects(term, SKOS.prefLabel) if isinstance(text, Literal)]
    return {str(text.language): str(text) for text in texts}
