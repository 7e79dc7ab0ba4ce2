"""Where each statement of a JSON-LD text stands: rdflib's reader over JSON with places; no context is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rdflib import BNode, URIRef
from rdflib.plugins.parsers.jsonld import Parser
from rdflib.plugins.shared.jsonld.context import Context

from loader.intake.rdf.jsontext import PlacedObject
from loader.intake.rdf.quiet import quiet_rdflib
from loader.intake.rdf.statements import BLANK, Found, Lines, Spots
from loader.intake.rdf.turtle import Unplaceable


def remote_contexts(value: Any) -> Iterator[tuple[str, int]]:
    """Every context that would have to be fetched: its address and offset."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, PlacedObject):
            for name, member in item.items():
                if name in ("@context", "@import"):
                    yield from _addresses(member, item.places[name][1])
                stack.append(member)


def _addresses(value: Any, offset: int) -> Iterator[tuple[str, int]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield str(item), getattr(item, "offset", offset)


def find_places(value: Any, lines: Lines) -> Iterator[Found]:
    """Every statement with its places; Unplaceable when rdflib cannot follow the text."""
    recorder = _Recorder(lines)
    reader = _Reader(recorder)
    try:
        with quiet_rdflib():
            reader.parse(value, Context(base=None), recorder)  # type: ignore[arg-type]
    except RecursionError as error:
        raise Unplaceable("nested too deeply") from error
    except Exception as error:  # rdflib's reader raises whatever it stumbles on; only the places stay unknown
        raise Unplaceable(str(error)) from error
    return iter(recorder.found)


class _Recorder:
    """Takes the place of the graph that rdflib's reader fills."""

    context_aware = False

    def __init__(self, lines: Lines) -> None:
        self.found: list[Found] = []
        self.lines = lines
        self.members: list[tuple[int, int, int]] = []
        self.value: int | None = None

    def bind(self, prefix: object, namespace: object) -> None:
        """Prefixes are not needed."""

    def add(self, triple: tuple[object, object, object]) -> None:
        """Record the statement at the member that is being read."""
        if not self.members:
            return
        node, name, value = self.members[-1]
        at = value if self.value is None else self.value
        spots = Spots(self.lines.spot(node), self.lines.spot(name), self.lines.spot(at))
        subject, predicate, text = (_text(term) for term in triple)
        self.found.append(Found((subject, predicate, text), spots))


def _text(term: object) -> str:
    if isinstance(term, BNode):
        return BLANK
    return f"<{term}>" if isinstance(term, URIRef) else f'"{term}'


class _Reader(Parser):
    """rdflib's reader, telling the recorder which member it reads."""

    def __init__(self, recorder: _Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._nodes: list[Any] = []

    def _add_to_graph(self, dataset, graph, context, node, topcontext=False):  # type: ignore[no-untyped-def]
        self._nodes.append(node)
        try:
            return super()._add_to_graph(dataset, graph, context, node, topcontext)
        finally:
            self._nodes.pop()

    def _key_to_graph(self, dataset, graph, context, subj, key, obj, reverse=False, no_id=False):  # type: ignore[no-untyped-def]  # noqa: PLR0913
        node = self._nodes[-1] if self._nodes else None
        members = self._recorder.members
        if isinstance(node, PlacedObject) and key in node.places:
            members.append((node.offset, *node.places[key]))
        elif members:
            members.append(members[-1])
        else:
            members.append((0, 0, 0))
        try:
            super()._key_to_graph(dataset, graph, context, subj, key, obj, reverse, no_id)
        finally:
            members.pop()

    def _to_object(self, dataset, graph, context, term, node, inlist=False):  # type: ignore[no-untyped-def]  # noqa: PLR0913
        found = super()._to_object(dataset, graph, context, term, node, inlist)
        self._recorder.value = getattr(node, "offset", None)
        return found
