"""Why a SELECT has no row: the pattern or filter that removes the last one, and what it does not meet.

The patterns of a group are added one by one, filters last (SPARQL 1.1, section 18.2.2.2: they apply to the whole
group), and each time it is asked whether a solution is left. The first addition that leaves none is named; into nested
groups the search goes on. Every sentence says what has been asked of the release and answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from server.engine.source import NoSource, Source
from server.engine.tokens import Token, line_and_column, tokens
from server.query.help.groups import Element, NotRead, elements, where_tokens
from server.query.help.literals import filter_hints, literal_hints
from server.query.help.pairs import Frame, pair_hints
from server.query.help.places import graph_hints, property_hints
from server.query.help.unknown_terms import Hint, absolute, unknown_terms
from server.query.text import QueryText, read_query

MOST_LEFT = 1000  # rows that are counted
_WHOLE = Element("group", "", 0)
_NARROWING = ("triple", "union", "group", "graph", "minus", "values", "select")


@dataclass(frozen=True, slots=True)
class Culprit:
    """The part of the query that leaves no solution, with the elements that stand before it in its group.

    `before` is what stands before it, to which it is added; `after` closes the groups that `before` opens. `heads` are
    what opens the groups around it, such as GRAPH and a name.
    """

    element: Element
    earlier: tuple[Element, ...] = ()
    before: str = ""
    after: str = ""
    heads: tuple[str, ...] = ()


def unknown_job(source: Source, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """The unknown IRIs of a query, as a Job. Arguments: text."""
    return [asdict(hint) for hint in unknown_terms(source, read_query(arguments["text"]))]


def explain_job(source: Source, arguments: dict[str, Any]) -> dict[str, Any]:
    """The explanation as a Job: `culprit` (or None) and `hints`. Arguments: text, default_graphs, named_graphs."""
    asked = _search(source, arguments)
    try:
        culprit = asked.culprit()
        hints = list(_hints(asked, culprit)) if culprit else []
    except (NotRead, NoSource):
        return {"culprit": None, "hints": []}
    return {
        "culprit": _shown(asked.query.text, culprit) if culprit else None,
        "hints": [asdict(hint) for hint in hints],
    }


def left_job(source: Source, arguments: dict[str, Any]) -> list[dict[str, int]]:
    """The rows that are left after each part before the culprit, as a Job: `line` and `rows`, at most MOST_LEFT + 1.

    Arguments: text, default_graphs, named_graphs. Empty when no single part is to blame.
    """
    asked = _search(source, arguments)
    try:
        steps = asked.steps if asked.culprit() else []
        return [{"line": line_and_column(asked.query.text, at)[0], "rows": asked.count(group)} for at, group in steps]
    except (NotRead, NoSource):
        return []


def own_dataset(query: QueryText) -> tuple[list[str], list[str]]:
    """The graphs of a query's own FROM and FROM NAMED clauses."""
    default: list[str] = []
    named: list[str] = []
    words = ["", ""]
    for token in tokens(query.text, query.prologue_end):
        if token.text == "{" or token.text.upper() == "WHERE":
            break
        iri = absolute(token, query)
        if iri and words[-1] == "FROM":
            default.append(iri)
        elif iri and words[-2:] == ["FROM", "NAMED"]:
            named.append(iri)
        words.append(token.text.upper())
    return default, named


class _Search:
    """One search through a query."""

    def __init__(self, source: Source, query: QueryText) -> None:
        self.source, self.query = source, query
        self.prologue = query.text[: query.prologue_end]
        self.steps: list[tuple[int, str]] = []  # where each part that leaves rows begins, with all up to its end

    def culprit(self) -> Culprit | None:
        where, modifiers = where_tokens(self.query.text)
        return self._in_group(where, Culprit(_WHOLE)) or self._in_modifiers(modifiers)

    def any(self, group: str) -> bool:
        """Whether a group has a solution."""
        return self.source.ask(f"{self.prologue}\nASK {{ {group} }}")

    def count(self, group: str) -> int:
        """How many solutions a group has, counted no further than MOST_LEFT + 1."""
        some = f"SELECT (1 AS ?one) {{ {group} }} LIMIT {MOST_LEFT + 1}"
        return int(self.source.rows(f"{self.prologue}\nSELECT (COUNT(*) AS ?number) {{ {{ {some} }} }}", 1)[0][0].text)

    def _in_group(self, stream: list[Token], around: Culprit) -> Culprit | None:
        """The culprit among the elements of a group; None when a solution is left."""
        found = elements(stream, self.query.text)
        before, after = around.before, around.after
        gathered = ""
        earlier: list[Element] = []
        for element in found:
            if element.kind == "filter":
                continue
            longer = f"{gathered} {element.text} ." if element.kind == "triple" else f"{gathered} {element.text}"
            if element.kind in _NARROWING and not self.any(before + longer + after):
                return self._inside(Culprit(element, tuple(earlier), before + gathered, after, around.heads))
            gathered = longer
            self.steps.append((element.start, before + longer + after))
            earlier.append(element)
        for element in (item for item in found if item.kind == "filter"):
            if not self.any(f"{before}{gathered} {element.text}{after}"):
                return Culprit(element, tuple(earlier), before + gathered, after, around.heads)
            gathered = f"{gathered} {element.text}"
            self.steps.append((element.start, before + gathered + after))
        return None

    def _inside(self, whole: Culprit) -> Culprit:
        """The element itself, or what in its braces is to blame."""
        element = whole.element
        if element.kind not in ("group", "graph"):
            return whole
        heads = (*whole.heads, element.head)
        around = Culprit(element, (), f"{whole.before} {element.head} {{", "} " + whole.after, heads)
        return self._in_group(list(element.inner), around) or whole

    def _in_modifiers(self, stream: list[Token]) -> Culprit | None:
        """HAVING, OFFSET and LIMIT come after a group that has solutions, so they are left to blame."""
        words = [token.text.upper() for token in stream]
        for word in ("HAVING", "OFFSET", "LIMIT", "VALUES"):
            if word in words:
                token = stream[words.index(word)]
                return Culprit(Element(word.lower(), self.query.text[token.start : stream[-1].end], token.start))
        return None


def _search(source: Source, arguments: dict[str, Any]) -> _Search:
    """A search over the graphs that the request names, else over those that the query names."""
    query = read_query(arguments["text"])
    default, named = arguments["default_graphs"], arguments["named_graphs"]
    if not default and not named:
        default, named = own_dataset(query)
    return _Search(source.over(default, named), query)


def _hints(asked: _Search, culprit: Culprit) -> Iterator[Hint]:
    """What is there instead, each found by a question to the release."""
    element = culprit.element
    if element.kind == "filter":
        yield from filter_hints(asked.source, asked.prologue, element.text, culprit.before, culprit.after)
    if element.kind != "triple":
        return
    frame = Frame("".join(f"{head} {{ " for head in culprit.heads), "}" * len(culprit.heads))
    if asked.any(frame.around(element.text)):
        yield from pair_hints(asked.source, asked.prologue, element.text, culprit.earlier, frame)
        yield from property_hints(asked.source, asked.query, element, culprit.before, culprit.after)
        return
    yield from graph_hints(asked.source, asked.prologue, element)
    yield from literal_hints(asked.source, asked.query, element)
    yield from property_hints(asked.source, asked.query, element, culprit.before, culprit.after)


def _shown(text: str, culprit: Culprit) -> dict[str, Any]:
    line, column = line_and_column(text, culprit.element.start)
    return {"kind": culprit.element.kind, "text": culprit.element.text, "line": line, "column": column}
