"""The graph as a function that helps with queries sees it: questions with yes or no, and short tables of typed rows.

A function of a Job (server/engine/interface.py) is given a Source: over the store itself in a worker of the pool, or
over any engine that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Protocol, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Variable

from loader.model.iris import BASE as BASE
from server.engine.interface import EngineError, Job, QueryRequest, QuerySyntax
from server.engine.rows import EMPTY, VALUE_CHARACTERS, Term, read_table

JSON = "application/sparql-results+json"
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class NoSource(Exception):  # noqa: N818 - what the query came to is not known
    """A question of a function's own cannot be answered; whoever asked does without."""


class Source(Protocol):
    """Answers SELECT and ASK over the release, or over the graphs that `over` names. Raises NoSource.

    `memory` is kept as long as the release is: what has been read of it once.
    """

    @property
    def memory(self) -> dict[str, Any]:
        """What functions keep there under names of their own."""

    def over(self, default: Sequence[str], named: Sequence[str]) -> Source:
        """The same over these graphs; both empty: over the release, whose default graph is the union of all."""

    def ask(self, text: str) -> bool:
        """The answer to an ASK."""

    def rows(self, text: str, limit: int) -> list[list[Term]]:
        """At most `limit` rows of a SELECT."""

    def reads(self, text: str) -> bool:
        """Whether a query's text can be parsed."""


@dataclass(frozen=True, slots=True)
class StoreSource:
    """A Source over a store in this process."""

    store: Store
    memory: dict[str, Any] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def over(self, default: Sequence[str], named: Sequence[str]) -> StoreSource:
        """The same over these graphs."""
        return replace(self, default=tuple(default), named=tuple(named))

    def ask(self, text: str) -> bool:
        """The answer to an ASK."""
        return bool(self._query(text))

    def rows(self, text: str, limit: int) -> list[list[Term]]:
        """At most `limit` rows of a SELECT."""
        found = cast(QuerySolutions, self._query(text))
        try:
            return [[_term(value) for value in row] for _, row in zip(range(limit), found, strict=False)]
        except (ValueError, OSError, RuntimeError) as error:
            raise NoSource(str(error)) from error

    def reads(self, text: str) -> bool:
        """Whether a query's text can be parsed."""
        try:
            self.store.query(text, base_iri=BASE)
        except SyntaxError:
            return False
        return True

    def _query(self, text: str) -> Any:
        options = dataset_options(self.default, self.named, union=True)
        try:
            return self.store.query(text, base_iri=BASE, **options)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise NoSource(str(error)) from error


@dataclass(frozen=True, slots=True)
class EngineSource:
    """A Source over an engine, for the caller and within the time of a job."""

    query: Callable[[QueryRequest], Any]
    job: Job
    left: Callable[[], float]
    memory: dict[str, Any]
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def over(self, default: Sequence[str], named: Sequence[str]) -> EngineSource:
        """The same over these graphs."""
        return replace(self, default=tuple(default), named=tuple(named))

    def ask(self, text: str) -> bool:
        """The answer to an ASK, asked as a SELECT, which every endpoint answers alike."""
        return bool(self.rows(text.replace("ASK {", "SELECT (1 AS ?one) {", 1) + " LIMIT 1", 1))

    def rows(self, text: str, limit: int) -> list[list[Term]]:
        """At most `limit` rows of a SELECT."""
        seconds = self.left()
        if seconds <= 0:
            raise NoSource("The time is over.")
        asked = QueryRequest(text, JSON, seconds, self.default, self.named, self.job.caller)
        try:
            return read_table(self.query(asked).chunks, limit).rows
        except EngineError as error:
            raise NoSource(str(error)) from error

    def reads(self, text: str) -> bool:
        """Whether the endpoint can parse a query's text; it has to run it for that."""
        asked = QueryRequest(text, JSON, max(self.left(), 0.001), (), (), self.job.caller)
        try:
            self.query(asked).chunks.close()
        except EngineError as error:
            return not isinstance(error, QuerySyntax)
        return True


def perform(job: Job, source: Source) -> Any:
    """What the job's function makes of a source and the job's arguments."""
    module, _, name = job.function.partition(":")
    return getattr(import_module(module), name)(source, dict(job.arguments))


def dataset_options(default: Sequence[str], named: Sequence[str], *, union: bool) -> dict[str, Any]:
    """The keyword arguments of `pyoxigraph.Store.query` that give the query its dataset; ValueError: no IRI.

    SPARQL 1.1 Protocol 2.1.4: graphs named by parameters replace those in the query. Where neither names one, the
    default graph is the union of the release's named graphs. Oxigraph's union option would win over FROM, so it is only
    used when the query has no FROM clause (`union`).
    """
    if default or named:
        return {
            "default_graph": [NamedNode(iri) for iri in default],
            "named_graphs": [NamedNode(iri) for iri in named],
        }
    return {"use_default_graph_as_union": union}


def in_order(text: str, star: int, variables: Sequence[Variable], order: Sequence[str]) -> str:
    """The text of a SELECT * in which the variables stand for the `*` at offset `star`, those of `order` first."""
    place = {name: number for number, name in enumerate(order)}
    names = sorted((variable.value for variable in variables), key=lambda name: place.get(name, len(place)))
    return f"{text[:star]} {' '.join(f'?{name}' for name in names)} {text[star + 1 :]}" if names else text


def _term(value: object) -> Term:
    if value is None:
        return EMPTY
    if isinstance(value, NamedNode):
        return Term("iri", value.value)
    if isinstance(value, BlankNode):
        return Term("blank", f"_:{value.value}")
    if isinstance(value, Literal):
        text = value.value
        plain = value.language or value.datatype.value == _STRING
        cut = len(text) > VALUE_CHARACTERS
        return Term(
            "literal", text[:VALUE_CHARACTERS], value.language or "", "" if plain else value.datatype.value, cut
        )
    return Term("triple", str(value)[:VALUE_CHARACTERS])
