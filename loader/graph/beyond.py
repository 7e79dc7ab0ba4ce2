"""What the sheets can say of a holder's record; what they cannot say, they do not take away when they describe it anew.

A variable that a public page printed keeps the words of the page, the form it stands on and what it is based on when
its holder hands in a row; an indicator keeps who are counted, its targets, the groups that were read out of its words,
and the page: the template has no columns for these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from pyoxigraph import Triple

from loader.graph.scopes import from_a_page, table_of
from loader.model import iris
from loader.model.layout import Column, default_layouts
from loader.tables import reportcells
from loader.tables.records import Record

_SPECIAL = {
    "follow-up-areas": (reportcells.COVERS, reportcells.MAY_COVER),
    "groups": (reportcells.TARGET_GROUP, reportcells.SERVICE_AREA),
    "variables": (reportcells.USES, reportcells.ALTERNATIVE),
    "value": ("rdf:predicate", "rdf:object"),
}
_LINKS = frozenset(("ref", "code", "iri", "follow-up-areas", "groups", "variables"))
_SOURCE = iris.expand("dcterms:source")
_OF_THE_ROW = frozenset((iris.expand("rdf:type"), _SOURCE))
_KEEP = frozenset(("variables", "indicators"))


@cache
def properties_of(table: str) -> Mapping[str, bool | None]:
    """The properties that a sheet can state of its records, and whether their values are things or literals.

    None: they may be either, as what a dated statement says.
    """
    found: dict[str, bool | None] = {}
    for column in default_layouts()[table].columns:
        names = _SPECIAL.get(column.kind, (column.property,) if column.property else ())
        found.update({iris.expand(name): None if name == "rdf:object" else _is_link(column, name) for name in names})
    return found


def _is_link(column: Column, name: str) -> bool:
    return column.kind in _LINKS or name == "rdf:predicate"


def stays(path: str, predicate: str) -> bool:
    """Whether a property of a record stays when a row describes the record anew, since no column can say it."""
    table = table_of(path)
    return table in _KEEP and predicate not in _OF_THE_ROW and predicate not in properties_of(table)


def outlives(path: str, said: Iterable[Triple]) -> list[Triple]:
    """The statements on a record that stay when a row describes it anew: what `remainder` keeps, in the graph."""
    told = list(said)
    stay = [triple for triple in told if stays(path, triple.predicate.value)]
    named = stay or table_of(path) == "indicators"  # that a page names an indicator stays true
    return [*stay, *(triple for triple in told if named and from_a_page(triple))]


def remainder(record: Record, kind: str = "") -> Record | None:
    """What stays of a source's record that is described anew, with where it was read; None when nothing does.

    `kind` is the class that the row gives it, where it is another.
    """
    told = [(cell, [iris.expand(item.property) for item in cell.items]) for cell in record.cells]
    named = record.table == "public_indicators"
    if not named and not any(stays(record.path, name) for _, names in told for name in names):
        return None
    kept = (cell for cell, names in told if names and all(_kept(record.path, name) for name in names))
    return replace(record, cells=tuple(kept), class_name=kind or record.class_name)


def _kept(path: str, predicate: str) -> bool:
    return stays(path, predicate) or predicate in _OF_THE_ROW
