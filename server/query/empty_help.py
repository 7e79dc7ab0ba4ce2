"""Why a SELECT has no row: the pattern or filter that removes the last one, and IRIs that the release does not know.

The patterns of a group are added one by one, filters last (SPARQL 1.1, section 18.2.2.2: they apply to the whole
group), and each time the
engine is asked whether a solution is left. The first addition that leaves none is named; into nested groups the search
goes on.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from server.engine.interface import EngineError
from server.query.answering import Question
from server.query.groups import Element, NotRead, elements, where_tokens
from server.query.text import read_query
from server.query.tokens import Token, line_and_column
from server.query.unknown_terms import Hint, literal_hints, unknown_terms
from server.service import Site
from server.web.media import JSON, XML, Format

BUDGET = 5.0
_NARROWING = ("triple", "union", "group", "graph", "minus", "values", "select")


@dataclass(frozen=True, slots=True)
class Culprit:
    """The part of the query that leaves no solution: its text as written, its offset, and what it is."""

    kind: str
    text: str
    start: int


def is_empty(body: bytes, form: Format) -> bool:
    """Whether a complete SELECT result in this format has no row."""
    if form is JSON:
        return not json.loads(body)["results"]["bindings"]
    if form is XML:
        return b"<result>" not in body
    return body.strip(b"\n").count(b"\n") == 0


def explain(site: Site, question: Question) -> dict[str, object]:
    """The explanation, in at most BUDGET seconds: `culprit` (or null), `unknown` terms, and both in words (`sv`,
    `en`).
    """
    hints = unknown_terms(site, question.text)
    try:
        culprit = _Search(site, question).culprit()
    except NotRead:
        culprit = None
    if culprit is not None and culprit.kind == "triple":
        hints += literal_hints(site, question, culprit.text)
    return _in_words(question.text, culprit, hints)


class _Search:
    """One search through a query, within a time budget."""

    def __init__(self, site: Site, question: Question) -> None:
        self._site = site
        self._question = question
        self._deadline = time.monotonic() + min(BUDGET, question.timeout)
        text = question.text
        self._prologue = text[: read_query(text).prologue_end]

    def culprit(self) -> Culprit | None:
        where, modifiers = where_tokens(self._question.text)
        return self._in_group(where, "", "") or self._in_modifiers(modifiers)

    def _in_group(self, stream: list[Token], before: str, after: str) -> Culprit | None:
        """The culprit among a group's elements, standing between `before` and `after`; None when a solution is left."""
        found = elements(stream, self._question.text)
        gathered = ""
        for element in found:
            if element.kind == "filter":
                continue
            longer = f"{gathered} {element.text} ." if element.kind == "triple" else f"{gathered} {element.text}"
            if element.kind in _NARROWING and not self._any(before + longer + after):
                return self._inside(element, before + gathered, after)
            gathered = longer
        for element in found:
            if element.kind == "filter":
                gathered = f"{gathered} {element.text}"
                if not self._any(before + gathered + after):
                    return Culprit("filter", element.text, element.start)
        return None

    def _inside(self, element: Element, before: str, after: str) -> Culprit:
        """The element itself, or what in its braces is to blame."""
        whole = Culprit(element.kind, element.text, element.start)
        if element.kind not in ("group", "graph"):
            return whole
        return self._in_group(list(element.inner), f"{before} {element.head} {{", "} " + after) or whole

    def _in_modifiers(self, stream: list[Token]) -> Culprit | None:
        """HAVING, OFFSET and LIMIT come after a group that has solutions, so they are left to blame."""
        text = self._question.text
        words = [token.text.upper() for token in stream]
        for word in ("HAVING", "OFFSET", "LIMIT", "VALUES"):
            if word in words:
                token = stream[words.index(word)]
                return Culprit(word.lower(), text[token.start : stream[-1].end], token.start)
        return None

    def _any(self, group: str) -> bool:
        """Whether the group has a solution; when the engine cannot tell in time, the search ends."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise NotRead
        asked = self._question
        query = f"{self._prologue}\nASK {{ {group} }}"
        question = Question(query, "ASK", JSON, left, asked.default_graphs, asked.named_graphs)
        try:
            return bool(json.loads(self._site.answering.text(question))["boolean"])
        except EngineError as error:
            raise NotRead from error


_KINDS = {
    "triple": ("mönstret", "the pattern"),
    "filter": ("filtret", "the filter"),
    "union": ("alternativen", "the alternatives"),
    "group": ("gruppen", "the group"),
    "graph": ("grafmönstret", "the graph pattern"),
    "minus": ("undantaget", "the exclusion"),
    "values": ("värdelistan", "the list of values"),
    "select": ("underfrågan", "the subquery"),
    "having": ("villkoret på grupperna", "the condition on the groups"),
    "offset": ("förskjutningen", "the offset"),
    "limit": ("begränsningen", "the limit"),
}


def _in_words(text: str, culprit: Culprit | None, hints: list[Hint]) -> dict[str, object]:
    sv = ["Ingen enskild del kunde pekas ut."] if culprit is None else []
    en = ["No single part could be named."] if culprit is None else []
    found: dict[str, object] | None = None
    if culprit is not None:
        line, column = line_and_column(text, culprit.start)
        kind_sv, kind_en = _KINDS[culprit.kind]
        sv.append(f"Inga rader finns kvar efter {kind_sv} på rad {line}: {culprit.text}")
        en.append(f"No row is left after {kind_en} on line {line}: {culprit.text}")
        found = {"kind": culprit.kind, "text": culprit.text, "line": line, "column": column}
    sv += [hint.sv for hint in hints]
    en += [hint.en for hint in hints]
    unknown = [{"iri": hint.iri, "nearest": hint.nearest} for hint in hints if hint.iri]
    return {"culprit": found, "unknown": unknown, "sv": "\n".join(sv), "en": "\n".join(en)}
