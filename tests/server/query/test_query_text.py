"""What is told from a query's text is what a plain reading of all its tokens tells, and what Oxigraph does with it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from server.engine.tokens import Token, tokens
from server.query.text import QUERY_FORMS, UPDATE_FORMS, QueryText, read_query

QUESTIONS = sorted((Path(__file__).parents[3] / "ontology" / "questions").glob("*.rq"))
CHANGING = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
PROLOGUES = (
    "PREFIX : <urn:> ",
    "prefix a: <http://example.org/#>\n",
    "#c\nPREFIX å.b-c: <urn:x>",
    "PREFIX\n#c\nb:#d\n<urn:y>",
    "BASE <urn:> ",
    "VERSION '1.2' ",
    "PREFIX :a <urn:> ",
    "PREFIXa: <urn:> ",
    "PREFIX PREFIX: <urn:now>",
    "BASE ",
    "PREFIX ",
    "# RAND()\n",
)
BODIES = (
    "SELECT * ",
    "ask ",
    "CONSTRUCT { ?s ?p ?o } ",
    "CONSTRUCT { ?s ?p [] } ",
    "CONSTRUCT { _:b ?p ?o } ",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE ?s ",
    "SELECT(RAND() AS ?r)",
    "INSERT DATA {}",
    "now ",
    "BIND(NOW() AS ?n)",
    "BIND(struuid #c\n () AS ?n)",
    "?now ?s :rand a:now ",
    "'NOW()' ",
    '"""RAND()"""',
    "# UUID()\n",
    "<http://example.org/#now>",
    "{ ",
    "} ",
    "bnode(?x) ",
    "'unclosed\n",
)


Plain = tuple[str, dict[str, str], str, bool, int]


def told(query: QueryText) -> Plain:
    """Of what read_query says, what can be told plainly."""
    return (query.form, query.prefixes, query.base, query.repeatable, query.prologue_end)


def plainly(text: str) -> Plain:
    """What read_query is to say of a text that can be read in one way only, from the list of all its tokens."""
    stream = list(tokens(text))
    prefixes: dict[str, str] = {}
    base = ""
    place = 0
    while place < len(stream):
        word, following = stream[place].text.upper(), stream[place + 1 : place + 3]
        declares = [token.kind for token in following] == ["name", "iri"] and following[0].text.endswith(":")
        if word == "PREFIX" and declares:
            prefixes[following[0].text[:-1]] = following[1].text[1:-1]
            place += 3
        elif word in ("BASE", "VERSION") and following:
            base = following[0].text[1:-1] if word == "BASE" else base
            place += 2
        else:
            break
    rest = stream[place:]
    named = rest[0].text.upper() if rest and rest[0].kind in ("word", "name") else ""
    form = next((form for form in (*QUERY_FORMS, *UPDATE_FORMS) if named.startswith(form)), "")
    return (
        form,
        prefixes,
        base,
        not _changes(stream) and _repeatable(rest, form),
        rest[0].start if rest else len(text),
    )


def _changes(stream: list[Token]) -> bool:
    """Whether a function is called whose value changes, also where a prologue goes wrong."""
    calls = [token for token, bracket in pairwise(stream) if token.kind == "word" and bracket.text == "("]
    return any(token.text.upper() in CHANGING for token in calls)


def _repeatable(rest: list[Token], form: str) -> bool:
    template: list[Token] = []
    depth = 0
    for token in rest:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        template.append(token)
        if token.text == "}" and depth <= 0:
            break
    inside = template[next((n for n, token in enumerate(template) if token.text == "{"), len(template)) :]
    return form != "CONSTRUCT" or not any(token.kind == "blank" or token.text == "[" for token in inside)


def test_the_competency_questions_are_read_as_plainly() -> None:
    assert len(QUESTIONS) >= 48
    for question in QUESTIONS:
        text = question.read_text(encoding="utf-8")
        assert told(read_query(text)) == plainly(text)
        assert read_query(text).form in QUERY_FORMS
        assert read_query(text).repeatable


@given(st.lists(st.sampled_from(PROLOGUES), max_size=4), st.lists(st.sampled_from(BODIES), max_size=6))
@example(["BASE "], ["bnode(?x) "])
@settings(max_examples=500, deadline=None)
def test_a_text_is_read_as_plainly(prologue: list[str], body: list[str]) -> None:
    text = "".join(prologue) + "".join(body)
    assert told(read_query(text)) == plainly(text)


def triple_store() -> Store:
    store = Store()
    store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o")))
    return store


def answer(query: str) -> str:
    """The answer to a query over one triple, in text; SyntaxError, RuntimeError."""
    result = triple_store().query(query)
    if isinstance(result, QueryBoolean):
        return str(bool(result))
    assert isinstance(result, QuerySolutions | QueryTriples)
    return str([str(row) for row in result])


CHANGES = (
    "SELECT (RAND() AS ?x) {}",
    "SELECT (struuid#c\n() AS ?x) {}",
    "SELECT ?x { BIND(IF(1<RAND()||2>1,UUID(),2) AS ?x) }",
    "SELECT (SAMPLE(DISTINCTRAND()) AS ?x) {}",
    "SELECT ?x { ?s ?p ?o BIND(?s<?o#>'''\n AS ?y) BIND(RAND() AS ?x) #'''\n }",
    "SELECT (BNODE() AS ?x) {}",
    "CONSTRUCT { ?s ?p [] } { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p _:b } { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o ~ } { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o {| ?p ?o |} } { ?s ?p ?o }",
    "CONSTRUCT { <<?s ?p ?o>> ?p ?o } { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o . ?s ?p [] }",
)


@pytest.mark.parametrize("query", CHANGES)
def test_a_query_whose_answers_differ_is_not_repeatable(query: str) -> None:
    assert answer(query) != answer(query)
    assert not read_query(query).repeatable


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } { ?s ?p [] , _:x }",
        "SELECT ('RAND()' AS ?x) { # NOW()\n }",
        "SELECT * { ?brand <http://example.org/now> ?now FILTER(?brand(?x)) }",
        "SELECT ('\\u0041' AS ?x) {}",
    ],
)
def test_a_query_whose_answers_are_the_same_is_repeatable(query: str) -> None:
    assert read_query(query).repeatable


@pytest.mark.parametrize(
    "call", ["R\\u0041ND()", "\\u004eOW()", "RAND\\u0028)", "\\U00000055UID()", "'\\u0022RAND()\\u0022'"]
)
def test_escapes_are_resolved_as_some_engines_do(call: str) -> None:
    quoted = call.startswith("'")
    assert read_query(f"SELECT ({call} AS ?x) {{}}").repeatable is quoted


def test_nested_escapes_take_one_turn_only() -> None:
    assert read_query("SELECT ('" + "\\u005C" + "u005C" * 50_000 + "' AS ?x) {}").form == "SELECT"


_WORDS = """RAND() NOW() UUID() ( ) < > ?s ?o 1 #> ' " ''' || && = ! - DISTINCT IF( , STR( AS ?x BIND("""
PIECES = (*_WORDS.split(), "\n", " ", "BIND(RAND() AS ?x)", "BIND(?s<?o#>", "\n AS ?y)")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
@example(["BIND(?s<?o#>", "'''", "\n AS ?y)", "BIND(RAND() AS ?x)", "#", "'''", "\n"])
@settings(max_examples=300, deadline=None)
def test_no_text_with_differing_answers_is_repeatable(pieces: list[str]) -> None:
    query = f"SELECT * {{ ?s ?p ?o {''.join(pieces)} }}"
    try:
        answers = {answer(query), answer(query)}
    except (SyntaxError, RuntimeError):
        return
    if len(answers) > 1:
        assert not read_query(query).repeatable
