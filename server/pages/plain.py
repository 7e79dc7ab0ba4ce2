"""The pages for people: start page with the query form, results as a table, errors. Plain HTML that needs no
JavaScript.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from server.engine.interface import Broken, cause_of
from server.pages.counts import counts
from server.pages.examples import load_examples
from server.pages.texts import TEXTS
from server.query.answering import Question
from server.query.help import explain
from server.query.prefixes import short_name
from server.query.rows import Term, read_table
from server.service import Site, current_site
from server.web.language import language
from server.web.media import CSV, GRAPH, JSON, TURTLE
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import Validity, validity

blueprint = Blueprint("pages", __name__)
HTML_TYPE = "text/html; charset=utf-8"
GRAPH_BYTES = 262_144
_START = """PREFIX rg: <https://w3id.org/registergraf/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?register ?name WHERE {
  ?register a rg:QualityRegister ;
            skos:prefLabel ?name .
  FILTER(lang(?name) = "sv")
}
ORDER BY ?name
LIMIT 20"""


@blueprint.get("/")
def start() -> Response:
    """The start page."""
    return start_page(current_site())


def start_page(site: Site) -> Response:
    """Counts, the query form, and the example queries; `example=` puts one of them into the form."""
    valid = validity(site, "page", request.full_path, language(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    chosen = next(
        (item.query for item in load_examples(site.questions) if item.key == request.args.get("example")), _START
    )
    return whole(render("start.html", site, query=chosen, counts=counts(site)).encode("utf-8"), HTML_TYPE, valid)


def result_page(site: Site, question: Question, valid: Validity, *, explained: bool) -> Response:
    """A query's answer as a page: a table of the first rows, a yes or no, or a graph's first lines."""
    shown = _table(site, question) if question.form == "SELECT" else _text(site, question)
    if explained and shown["rows"] == []:
        shown["explanation"] = explain(site, question)
    formats = [item.name for item in (GRAPH if question.form in ("CONSTRUCT", "DESCRIBE") else (CSV, JSON))]
    links = [(name, "/sparql?" + urlencode({"query": question.text, "format": name})) for name in formats]
    why = "/sparql?" + urlencode(
        {"query": question.text, "format": "html", "lang": language(), "explain-empty": "true"}
    )
    body = render("result.html", site, query=question.text, links=links, why=why, **shown)
    return whole(body.encode("utf-8"), HTML_TYPE, valid)


def thing_page(site: Site, iri: str, parts: dict[str, list[list[Term]]], valid: Validity) -> Response:
    """What the release says of one IRI, and what refers to it."""
    said = parts["said"]
    labels = {row[2].language: row[2].text for row in said if row[1].text.endswith("#prefLabel")}
    many = any(row[0].text for row in said)
    heading = short_name(iri) if many else labels.get(language()) or labels.get("sv") or short_name(iri)
    body = render("thing.html", site, iri=iri, heading=heading, many=many, **parts)
    return whole(body.encode("utf-8"), HTML_TYPE, valid)


def problem_page(problem: Problem) -> Response:
    """An error for a browser, with the form so that the query can be mended."""
    site = current_site()
    query = request.values.get("query", _START)
    body = render("problem.html", site, query=query, problem=problem)
    return Response(body, problem.status, {"Cache-Control": "no-store", **problem.headers}, content_type=HTML_TYPE)


def wants_page() -> bool:
    """Whether the client would rather have HTML than problem+json."""
    offers = ("application/problem+json", "application/json", "text/html")
    return request.accept_mimetypes.best_match(offers) == "text/html" and "text/html" in request.headers.get(
        "Accept", ""
    )


def render(template: str, site: Site, **values: Any) -> str:
    """A template with what every page shows."""
    lang = language()
    other = "en" if lang == "sv" else "sv"
    return render_template(
        template,
        lang=lang,
        other=other,
        t=TEXTS[lang],
        release=site.engine.release,
        examples=load_examples(site.questions),
        switch="?" + urlencode({**{key: value for key, value in request.args.items() if key != "lang"}, "lang": other}),
        **values,
    )


def _table(site: Site, question: Question) -> dict[str, Any]:
    asked = replace(question, form="SELECT", format=JSON)
    table = read_table(site.answering.ask(asked).chunks, site.settings.html_rows)
    more = table.more or any(term.cut for row in table.rows for term in row)
    return {"names": table.variables, "rows": table.rows, "more": more, "graph": None, "verdict": None}


def _text(site: Site, question: Question) -> dict[str, Any]:
    """ASK as true or false; a graph as Turtle, its first lines."""
    if question.form == "ASK":
        said = site.answering.text(replace(question, format=JSON))
        return {"verdict": bool(json.loads(said)["boolean"]), "rows": None, "graph": None}
    text, more = _beginning(site, replace(question, format=TURTLE))
    return {"verdict": None, "rows": None, "graph": text, "more": more}


def _beginning(site: Site, question: Question) -> tuple[str, bool]:
    """The first lines of an answer, in at most GRAPH_BYTES, and whether there is more."""
    most = site.settings.html_rows * 2
    chunks = site.answering.ask(question).chunks
    text = bytearray()
    try:
        for chunk in chunks:
            text += chunk[: GRAPH_BYTES + 1 - len(text)]
            if len(text) > GRAPH_BYTES or text.count(b"\n") > most:
                break
    except Broken as error:
        raise cause_of(error) from error
    finally:
        chunks.close()
    lines = text[:GRAPH_BYTES].decode("utf-8", "ignore").splitlines()
    return "\n".join(lines[:most]), len(text) > GRAPH_BYTES or len(lines) > most
