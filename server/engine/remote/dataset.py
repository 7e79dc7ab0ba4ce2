"""The release's graphs as FROM clauses of a query's text.

As parameters of the protocol they do not reach every store: Virtuoso 7.2.5 repeats each one in a header of its answer,
and a client that bounds headers, as Python's does at a hundred, takes no answer over a release of fifty graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server.engine.interface import QuerySyntax
from server.engine.tokens import line_and_column, tokens

# Codepoint escapes that end what they stand in, for engines that resolve them first (SPARQL 1.1, section 19.2).
_HIDING = re.compile(r"\\(?:u|U0000)00(?:0[AaDd]|22|27|3[Ee]|5[Cc])")
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_STEPS = {"(": 1, "{": 1, ")": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with `added` characters of clauses put in at the offset `place` of the `original`."""

    original: str
    text: str
    place: int
    added: int

    def error(self, error: QuerySyntax) -> QuerySyntax:
        """A syntax error with its place in the original."""
        line, column = line_and_column(self.original, self.place)
        if error.line != line or error.column is None or error.column <= column:
            return error
        return QuerySyntax(str(error), error.line, max(error.column - self.added, column))


def placed(text: str, graphs: Iterable[str]) -> Placed | None:
    """The text over these graphs, each by name and all as its default graph; None where a clause has no sure place."""
    place = dataset_place(text)
    if place < 0:
        return None
    clauses = "".join(f"FROM <{iri}> FROM NAMED <{iri}> " for iri in graphs)
    return Placed(text, f"{text[:place]} {clauses}{text[place:]}", place, len(clauses) + 1)


def dataset_place(text: str) -> int:
    """The offset before WHERE, or before the group that stands for it; -1 when there is none, or it may be hidden.

    >>> dataset_place("ASK { ?s ?p ?o }"), dataset_place("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    (4, 23)
    >>> dataset_place("DESCRIBE <urn:a>")
    -1
    """
    form, before, depth = "", "", 0
    for token in tokens(text):
        if _HIDING.search(token.text) or (token.kind, token.text) == ("mark", "\\"):
            return -1
        word = token.text.upper()
        if not form:
            form = word if token.kind == "word" and word in _FORMS else ""
        elif not depth and (word == "WHERE" or (token.text == "{" and before != "CONSTRUCT")):
            return token.start
        depth += _STEPS.get(token.text, 0) if token.kind == "mark" else 0
        before = word
    return -1
