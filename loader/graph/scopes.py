"""Which statements make up a record that a register's holder may hand in, and to which register's table it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode, Triple

from loader.model import iris
from loader.tables.cells import Subject
from loader.tables.records import Record

OWNED_BY: Mapping[str, str | None] = {
    "registers": None,
    "variables": "rg:variableOf",
    "indicators": "rg:indicatorOf",
    "coverage_measurements": "dqv:computedOn",
    "register_statements": "rdf:subject",
    "registration_volumes": "dqv:computedOn",
    "reported_events": "rg:eventOf",
}
"""The tables that holders hand in, with the property that leads from a record to its register."""
TABLES: Mapping[str, str] = {
    "register": "registers",
    "variable": "variables",
    "indicator": "indicators",
    "coverage": "coverage_measurements",
    "dated-statement": "register_statements",
    "volume": "registration_volumes",
    "register-event": "reported_events",
}
"""The first segment of a record's IRI, and its table."""
_OWNERS = {(iris.expand(name), table) for table, name in OWNED_BY.items() if name is not None}
_REGISTER = "register/"
_PUBLIC = frozenset(("register_facts", "register_volumes", "register_events"))
"""The tables of what pages said: it stays, and is superseded, never displaced."""
_BESIDE_ROWS = {
    "coverage_measurements": "public_coverage",
    "register_statements": "register_facts",
    "registration_volumes": "register_volumes",
    "reported_events": "register_events",
}
"""Tables of pages whose records no template shows: they have scopes of their own, and no whole list reaches them."""
_SOURCE, _PASSAGE = iris.expand("dcterms:source"), iris.ID + "passage/"


def table_of(path: str) -> str | None:
    """The table of the record with this IRI path.

    >>> table_of("variable/svedem.smarta"), table_of("document/x")
    ('variables', None)
    """
    return TABLES.get(path.partition("/")[0])


def scope_of(table: str, register: str) -> str:
    """The scope of a register's records of a table."""
    return f"{table}:{register}"


def record_path(node: object) -> str | None:
    """The path of the record that a node names, or None."""
    if not isinstance(node, NamedNode) or not node.value.startswith(iris.ID):
        return None
    path = node.value.removeprefix(iris.ID)
    return path if table_of(path) else None


def records_of(triples: Iterable[Triple]) -> dict[str, str]:
    """The records that the statements describe, by path, with their scopes."""
    found: dict[str, str] = {}
    of_pages = set[str]()
    for triple in triples:
        path = record_path(triple.subject)
        if path is None:
            continue
        if from_a_page(triple):
            of_pages.add(path)
        if path.startswith(_REGISTER):
            found[path] = scope_of("registers", path.removeprefix(_REGISTER))
            continue
        register = record_path(triple.object)
        owned = (triple.predicate.value, table_of(path)) in _OWNERS
        if owned and register and register.startswith(_REGISTER):
            found[path] = scope_of(table_of(path) or "", register.removeprefix(_REGISTER))
    return {path: _scope_of_a_page(scope) if path in of_pages else scope for path, scope in sorted(found.items())}


def from_a_page(triple: Triple) -> bool:
    """Whether it says that its subject was read from a document whole, as public pages are, not from a row."""
    return triple.predicate.value == _SOURCE and not str(getattr(triple.object, "value", "")).startswith(_PASSAGE)


def _scope_of_a_page(scope: str) -> str:
    table, _, register = scope.partition(":")
    return scope_of(_BESIDE_ROWS.get(table, table), register)


def base_scopes(records: Iterable[Record]) -> dict[str, str]:
    """The records of the sources that holders may describe anew, with their scopes."""
    found: dict[str, str] = {}
    for record in records:
        table = table_of(record.path)
        register = _register(record)
        if table is not None and register is not None and record.table not in _PUBLIC:
            own = _BESIDE_ROWS.get(table)
            found[record.path] = scope_of(own if own == record.table else table, register.removeprefix(_REGISTER))
    return found


def _register(record: Record) -> str | None:
    if record.path.startswith(_REGISTER):
        return record.path
    paths = (
        item.value.path
        for cell in record.cells
        for item in cell.items
        if cell.column.name == "register" and isinstance(item.value, Subject)
    )
    return next(paths, None)
