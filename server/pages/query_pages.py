"""The pages of the query service: the form with its examples, results as a table, and what went wrong."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from server.engine.interface import Broken, QuerySyntax, cause_of
from server.pages.catalogue.read import catalogue
from server.pages.choice import KINDS
from server.pages.editor.chart import chart
from server.pages.editor.code import snippets
from server.pages.editor.faults import broken, emptied
from server.pages.editor.fields import Field, fields, filled, in_language
from server.pages.editor.files import FORMATS, answer_file
from server.pages.editor.lines import marked_lines
from server.pages.editor.themes import themes
from server.pages.examples import Example, load_examples
from server.pages.frame import HTML_TYPE, page, render
from server.pages.front.missing import nearest, nearest_pages
from server.pages.links import here, to
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.query.answering import Question
from server.query.help.words import explain, rows_left, syntax_problem
from server.query.permit import read_permitted
from server.query.rows import read_table
from server.service import Service, current_service
from server.web.addresses import host
from server.web.language import language
from server.web.media import CSV, GRAPH, HTML, JSON, TSV, TURTLE
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import Validity, validity

blueprint = Blueprint("pages", __name__)
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


@blueprint.get("/query")
def query() -> Response:
    """The form, with a query (`query=`, or `example=` with its fields) and its answer when one is given."""
    site = current_service()
    text = request.args.get("query", "") or _example(site)
    if not text:
        return form_page(site)
    valid = validity(site, "page", request.full_path, language(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    read, form = read_permitted(site, text, site.settings.timeout)
    question = Question(text, form, HTML, site.settings.timeout, read=read)
    wanted = request.args.get("format", "")
    try:
        if wanted in FORMATS and question.form == "SELECT":
            return answer_file(site, text, wanted, valid)
        return result_page(site, question, valid, True)
    except QuerySyntax as error:
        raise syntax_problem(site, question, error) from error


def _chosen(site: Service) -> Example | None:
    wanted = request.args.get("example", "")
    return next((item for item in load_examples(site.questions) if item.key == wanted), None)


def _example(site: Service) -> str:
    """The text of the example that is asked for, its fields filled in; empty when none is."""
    example = _chosen(site)
    return filled(catalogue(site), in_language(example.query), request.args) if example else ""


def form_page(site: Service) -> Response:
    """The query form and the example queries."""
    return page(site, "query.html", query=in_language(_START), **_around(site), crumbs=[(_("Query"), "")])


def _around(site: Service) -> dict[str, Any]:
    """What stands around the form: examples by theme, and the chosen one with its fields as they are filled in."""
    example = _chosen(site)
    made = fields(catalogue(site), in_language(example.query)) if example else []
    now = [(field, request.args.get(field.name, "").strip() or field.now) for field in made]
    return {
        "themes": themes(load_examples(site.questions)),
        "example": example,
        "fields": now,
        "changed": [f"{field.word}: {_shown(field, value)}" for field, value in now if value != field.now],
    }


def _shown(field: Field, value: str) -> str:
    """The word for a value of a field."""
    return next((plain(one) for one in field.options if one.key == value), value)


def result_page(site: Service, question: Question, valid: Validity, explained: bool) -> Response:
    """A query's answer as a page: a table of the first rows, a yes or no, or a graph's first lines."""
    begun = time.monotonic()
    shown = _table(site, question) if question.form == "SELECT" else _text(site, question)
    seconds = time.monotonic() - begun
    if explained and shown["rows"] == []:
        shown["explanation"] = explain(site, question)
        line = _culprit_line(shown["explanation"])
        left = rows_left(site, question) if line else {}
        shown["lines"] = marked_lines(question.text, line, _("no row is left here"), left)
        shown["fault"] = emptied(shown["explanation"]["culprit"])
    formats = [item.name for item in (GRAPH if question.form in ("CONSTRUCT", "DESCRIBE") else (CSV, TSV, JSON))]
    links = [(name, "/sparql?" + urlencode({"query": question.text, "format": name})) for name in formats]
    why = "/sparql?" + urlencode(
        {"query": question.text, "format": "html", "lang": language(), "explain-empty": "true"}
    )
    found = catalogue(site)
    if shown["rows"] and not shown["more"]:
        shown["drawing"] = chart(found, shown["names"], shown["rows"])
    told = {
        "links": links,
        "why": why,
        "seconds": f"{seconds:.3f}".replace(".", "," if language() == "sv" else "."),
        "permalink": to("/query", query=question.text),
        "feed": to("/changes.atom", query=question.text),
        "files": [(name, to("/query", query=question.text, format=name)) for name in FORMATS],
        "code": snippets(f"{host(site)}/sparql", question.text),
        "thing_of": found.things.get,
        "crumbs": [(_("Query"), to("/query")), (_("Answer"), "")],
    }
    body = render("result.html", site, query=question.text, **told, **_around(site), **shown)
    return whole(body.encode("utf-8"), HTML_TYPE, valid)


def _culprit_line(explanation: dict[str, Any]) -> int | None:
    culprit = explanation["culprit"]
    return culprit["line"] if culprit else None


def problem_page(problem: Problem) -> Response:
    """An error for a browser, with the form so that the query can be mended."""
    site = current_service()
    query = request.values.get("query", "")
    line = problem.members.get("line") if problem.slug == "query-syntax" else None
    lines = marked_lines(query, line, _("here"))
    near = nearest(site) if problem.status == 404 else []
    fault = broken(problem) if line else None
    told = {"problem": problem, "lines": lines, "fault": fault, "nearest": near, "instead": _instead(site, problem)}
    told["pages"] = nearest_pages() if problem.status == 404 else []
    body = render("problem.html", site, query=query, **told)
    return Response(body, problem.status, {"Cache-Control": "no-store", **problem.headers}, content_type=HTML_TYPE)


def _instead(site: Service, problem: Problem) -> list[tuple[str, str]]:
    """The values near to one that is not known: each with its name, and the page with it in the other's place."""
    name = str(problem.members.get("parameter", ""))
    keys = [str(key) for key in problem.members.get("nearest", ())] if request.method == "GET" and name in KINDS else []
    things = [(key, catalogue(site).get(KINDS[name], key)) for key in keys]
    return [(plain(thing), here(**{name: key})) for key, thing in things if thing is not None]


def wants_page() -> bool:
    """Whether the client would rather have HTML than problem+json."""
    offers = ("application/problem+json", "application/json", "text/html")
    return request.accept_mimetypes.best_match(offers) == "text/html" and "text/html" in request.headers.get(
        "Accept", ""
    )


def _table(site: Service, question: Question) -> dict[str, Any]:
    asked = replace(question, form="SELECT", format=JSON)
    table = read_table(site.answering.ask(asked).chunks, site.settings.html_rows)
    more = table.more or any(term.cut for row in table.rows for term in row)
    return {"names": table.variables, "rows": table.rows, "more": more, "graph": None, "verdict": None}


def _text(site: Service, question: Question) -> dict[str, Any]:
    """ASK as true or false; a graph as Turtle, its first lines."""
    if question.form == "ASK":
        said = site.answering.text(replace(question, format=JSON))
        return {"verdict": bool(json.loads(said)["boolean"]), "rows": None, "graph": None}
    text, more = _beginning(site, replace(question, format=TURTLE))
    return {"verdict": None, "rows": None, "graph": text, "more": more}


def _beginning(site: Service, question: Question) -> tuple[str, bool]:
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
