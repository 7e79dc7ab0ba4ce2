"""The eight tools as functions of the release that answers; nothing here knows of a protocol.

Each raises Hint when it cannot answer, with a sentence on what to do instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask

from server.asking.asked import asking
from server.engine.interface import EngineError
from server.mcp import facts
from server.mcp.shapes import (
    Document,
    Question,
    Questions,
    Register,
    Result,
    Results,
    Rows,
    Sheet,
    Slot,
)
from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import ID, Thing
from server.query.permit import permitted_form
from server.query.rows import select
from server.query.text import read_query
from server.search.release import index
from server.service import Service, service_of
from server.web.problem import Problem

MOST, _TEXT = 50, 500


class Hint(Exception):  # noqa: N818 - it tells what to do, more than what went wrong
    """Why a tool gives no answer, and what to do instead."""


class Answers:
    """The tools over an app; `url` is the public address of the site, without a final slash."""

    def __init__(self, app: Flask, url: str) -> None:
        """Take the app."""
        self._app, self._url = app, url

    @property
    def site(self) -> Service:
        """The service of the app."""
        return service_of(self._app)

    def search(self, query: str) -> Results:
        """What is found by a text, of all kinds."""
        return self._found(query, ())

    def search_registers(self, query: str) -> Results:
        """The registers that are found by a text."""
        return self._found(query, ("register",))

    def _found(self, query: str, kinds: tuple[str, ...]) -> Results:
        if not query.strip():
            raise Hint("The query is empty. Give a few words in Swedish or English, such as “äldreomsorg”.")
        hits = index(self.site).search(query[:_TEXT], kinds=kinds, most=MOST + 1)
        hits = [hit for hit in hits if hit.score >= max(0.12, 0.25 * hits[0].score)]
        things = catalogue(self.site).all(hit.iri for hit in hits)
        results = [self._result(thing) for thing in things[:20]]
        sources = list(dict.fromkeys(one for thing in things[:20] for one in facts.sources_of(self.site, thing, 2)))
        return Results(**self._told(sources[:20], []), results=results, truncated=len(things) > 20)

    def _result(self, thing: Thing) -> Result:
        text = thing.text("skos:definition", "sv") or thing.text("eli:description", "sv")
        words = text.text[:300] if text else thing.first("rg:shortName")
        return Result(
            id=self._key(thing), title=facts.title(thing), url=f"{self._url}/id/{self._key(thing)}", text=words
        )

    def _key(self, thing: Thing) -> str:
        return thing.iri.removeprefix(ID)

    def _told(self, sources: list[str], inferred: list[str]) -> dict[str, Any]:
        return {"release": self.site.release.version, "sources": sources, "inferred": inferred}

    def _thing(self, key: str, kind: str = "") -> Thing:
        iri = ID + key.removeprefix(self._url + "/id/").removeprefix(ID)
        thing = catalogue(self.site).things.get(iri)
        if thing is None and kind:
            thing = catalogue(self.site).get(kind, key)
        if thing is None or (kind and thing.kind != kind):
            near = [self._key(one) for one in self._near(key, kind)]
            raise Hint(f"There is no {kind or 'thing'} “{key[:80]}”. Nearest: {', '.join(near) or 'none'}. Use search.")
        return thing

    def _near(self, key: str, kind: str) -> list[Thing]:
        text = key.rpartition("/")[2].replace("-", " ")
        hits = index(self.site).search(text[:_TEXT], kinds=(kind,) if kind else (), most=3)
        return catalogue(self.site).all(hit.iri for hit in hits)

    def fetch(self, key: str) -> Document:
        """A thing with its facts as text."""
        thing = self._thing(key)
        rows, more = facts.facts(self.site, thing, MOST)
        lines = [f"{one.label}: {one.value}{' (inferred)' if one.inferred else ''}" for one in rows]
        lines += ["(There is more; see the page.)"] if more else []
        told = self._told(facts.sources_of(self.site, thing), facts.marks(rows))
        url, meta = (
            f"{self._url}/id/{self._key(thing)}",
            {"kind": thing.kind, "iri": thing.iri, "release": told["release"]},
        )
        text = "\n".join([facts.title(thing), *lines])
        return Document(**told, id=self._key(thing), title=facts.title(thing), text=text, url=url, metadata=meta)

    def get_register(self, key: str) -> Register:
        """A register with at most 50 facts."""
        thing = self._thing(key, "register")
        rows, more = facts.facts(self.site, thing, MOST)
        told = self._told(facts.sources_of(self.site, thing), facts.marks(rows))
        url = f"{self._url}/id/{self._key(thing)}"
        return Register(**told, id=self._key(thing), title=facts.title(thing), url=url, facts=rows, truncated=more)

    def list_questions(self, query: str = "") -> Questions:
        """The shipped questions; with a text in Swedish those that it may ask, best first."""
        shipped = asking(self.site)
        found = [one.example for one in shipped.understand(query).candidates] if query.strip() else shipped.examples
        made = [
            Question(
                id=one.key,
                sv=one.sv,
                en=one.en,
                params=[Slot(name=slot.name, holds=slot.holds, default=slot.now) for slot in shipped.slots(one.key)],
            )
            for one in found
        ]
        return Questions(**self._told([], []), questions=made, truncated=False)

    def run_question(self, key: str, params: Mapping[str, str], limit: int = MOST) -> Rows:
        """The rows of a shipped question with its parameters filled."""
        shipped = asking(self.site)
        example = next((one for one in shipped.examples if key in (one.key, one.key.partition("-")[0])), None)
        if example is None:
            raise Hint(f"There is no question “{key[:80]}”. Use list_questions.")
        known = {slot.name for slot in shipped.slots(example.key)}
        if strange := sorted(set(params) - known):
            raise Hint(
                f"{example.key} has no parameter {strange[0][:40]}. It has: {', '.join(sorted(known)) or 'none'}."
            )
        return self._rows(shipped.filled(example.key, params), limit)

    def execute_sparql(self, query: str, limit: int = MOST) -> Rows:
        """The rows of a SELECT query."""
        if len(query.encode("utf-8")) > self.site.settings.query_bytes:
            raise Hint(f"The query is longer than {self.site.settings.query_bytes} bytes. Shorten it.")
        return self._rows(query, limit)

    def _rows(self, query: str, limit: int) -> Rows:
        form = permitted_form(self.site.settings, read_query(query))
        if form != "SELECT":
            raise Hint(f"Only SELECT gives rows; this is {form}. Write it as a SELECT, for example SELECT ?p ?o.")
        table = select(self.site, query, limit=max(1, min(limit, MOST)))
        rows = [dict(zip(table.variables, (cell.text for cell in row), strict=True)) for row in table.rows]
        told = self._told(facts.graphs(self.site), facts.inferred_terms(self.site, query))
        return Rows(**told, columns=table.variables, rows=rows, truncated=table.more, query=query)

    def get_answer_sheet(self, group: str = "", area: str = "", municipality: str = "") -> Sheet:
        """The answer sheet of a target group or a service area, for a municipality when one is named."""
        given = {"group": group, "area": area, "municipality": municipality}
        chosen = {name: value.rpartition("/")[2] for name, value in given.items() if value}
        if not group and not area:
            groups = ", ".join(one.key for one in catalogue(self.site).of("target-group"))
            areas = ", ".join(one.key for one in catalogue(self.site).of("service-area"))
            raise Hint(f"Give a group or an area. Groups: {groups}. Areas: {areas}.")
        reply = self._app.test_client().get("/answers", query_string={**chosen, "format": "json", "lang": "sv"})
        data = json.loads(reply.data)
        if reply.status_code != 200:
            raise Hint(str(data.get("detail", "The choice is not known.")))
        return self._sheet(data)

    def _sheet(self, data: Mapping[str, Any]) -> Sheet:
        tables, left, truncated = [], MOST, False
        for table in data["tables"]:
            rows = table["rows"][:left]
            truncated = truncated or len(rows) < len(table["rows"])
            left -= len(rows)
            tables.append({"name": table["name"], "rows": rows, "left_out": len(table["rows"]) - len(rows)})
        queries = "\n".join(str(table.get("query", "")) for table in data["tables"])
        told = self._told(facts.graphs(self.site), facts.inferred_terms(self.site, queries))
        where = str(data["address"]).partition("/answers")[2].replace("&format=json", "")
        return Sheet(
            **told, url=f"{self._url}/answers{where}", summary=data["summary"], tables=tables, truncated=truncated
        )


def hint_of(error: Exception) -> str:
    """What to tell of an error of the query or the engine."""
    if isinstance(error, Problem):
        return f"{error.title_en}: {error.en}"
    if isinstance(error, EngineError):
        return f"The query was not answered: {error} Narrow it, or take a shipped question (list_questions)."
    return str(error)
