"""Rows of the template filled with what the release says of a register, written as its reader reads them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from loader.graph.scopes import OWNED_BY
from loader.intake.world.context import Context
from loader.intake.world.names import key_of
from loader.model import iris
from loader.model.codes import Concept
from loader.model.findings import Language
from loader.model.layout import Column, TableLayout
from loader.tables.reportcells import ALTERNATIVE, COVERS, MAY_COVER, SERVICE_AREA, TARGET_GROUP, USES, scheme_of

_PREF, _TYPE = iris.expand("skos:prefLabel"), iris.expand("rdf:type")
_YES_NO = {"sv": {"true": "ja", "false": "nej"}, "en": {"true": "yes", "false": "no"}}
_NOT_FILLED = frozenset(("register_statements", "registration_volumes", "reported_events"))
"""Tables of statements as of a day: a holder adds new ones, and what pages said stays as it was."""


def filled_rows(context: Context, table: str, register: str, language: Language) -> Iterator[dict[str, str]]:
    """A row a record of the register in a table: the text of each column, empty where nothing is said."""
    if table in _NOT_FILLED:
        return
    layout = context.layouts[table]
    writer = _Writer(context, language)
    for subject in sorted(_subjects(context, table, register)):
        triples = context.described[subject]
        cells = {column.name: writer.cell(column, triples) for column in layout.columns}
        if layout.class_by is not None:
            cells[layout.class_by] = _kind(layout, triples)
        yield {**cells, **_keys(layout, subject, register)}


def _subjects(context: Context, table: str, register: str) -> Iterator[str]:
    """The register and its parts, or what is of the register, in a table."""
    own = iris.thing(f"register/{register}")
    kind = context.layouts[table].subject.partition("/")[0]
    predicate = iris.expand(OWNED_BY.get(table) or "rg:subRegisterOf")
    if table == "registers" and _kind(context.layouts[table], context.described.get(own, ())):
        yield own
    for subject, triples in context.described.items():
        fits = _fits(context.layouts[table], subject, triples)
        if fits and key_of(subject, kind) is not None and NamedNode(own) in _values(triples, predicate):
            yield subject


def _fits(layout: TableLayout, subject: str, triples: tuple[Triple, ...]) -> bool:
    """Whether a row of the table can have made the subject: other tables hold indicators and measurements, too."""
    if layout.class_by is not None and not _kind(layout, triples):
        return False
    return not layout.per_source or subject.removeprefix(iris.ID).count(".") == 1


def _keys(layout: TableLayout, subject: str, register: str) -> dict[str, str]:
    """The row's own key, as it stands in the IRI of its subject."""
    key = subject.removeprefix(iris.ID).partition("/")[2]
    if layout.per_source:
        key = key.partition(".")[2]
    own = layout.subject_keys[-1]
    return {own: key.removeprefix(f"{register}.") if len(layout.subject_keys) > 1 else key}


def _kind(layout: TableLayout, triples: tuple[Triple, ...]) -> str:
    types = {value.value for value in _values(triples, _TYPE) if isinstance(value, NamedNode)}
    return next((key for key, name in layout.classes.items() if iris.expand(name) in types), "")


def _values(triples: tuple[Triple, ...], predicate: str) -> list[NamedNode | Literal]:
    found = (triple.object for triple in triples if triple.predicate.value == predicate)
    return [value for value in dict.fromkeys(found) if isinstance(value, NamedNode | Literal)]


class _Writer:
    """Writes what is said of a property as the text of a cell."""

    def __init__(self, context: Context, language: Language) -> None:
        self._context = context
        self._language = language

    def cell(self, column: Column, triples: tuple[Triple, ...]) -> str:
        match column.kind:
            case "follow-up-areas":
                items = [*self._codes(triples, COVERS), *(f"Ev. {text}" for text in self._codes(triples, MAY_COVER))]
            case "groups":
                items = list(self._groups(triples))
            case "variables":
                alternative = (f"[Alt. variabel: {text}]" for text in self._notations(triples, ALTERNATIVE))
                items = [*self._notations(triples, USES), *alternative]
            case "code":
                items = self._codes(triples, column.property or "")
            case "ref":
                items = [_key(value) for value in self._of(triples, column.property)]
            case _:
                values = self._of(triples, column.property)
                items = [self._plain(value, column) for value in values if _speaks(value, column)]
        return " | ".join(items)

    def _of(self, triples: tuple[Triple, ...], name: str | None) -> list[NamedNode | Literal]:
        return [] if name is None else _values(triples, iris.expand(name))

    def _plain(self, value: NamedNode | Literal, column: Column) -> str:
        return _YES_NO[self._language][value.value] if column.kind == "boolean" else value.value

    def _codes(self, triples: tuple[Triple, ...], name: str) -> list[str]:
        return [self._label(value.value) for value in self._of(triples, name)]

    def _label(self, concept: str) -> str:
        """The label in the template's language where it names the concept alone, else the key."""
        scheme, _, key = concept.removeprefix(iris.ID).partition("/")
        codes = scheme_of(self._context.codes, scheme)
        for value in _values(self._context.described.get(concept, ()), _PREF):
            if isinstance(value, Literal) and value.language == self._language:
                found = codes.find(value.value)
                if isinstance(found, Concept) and found.key == key and "|" not in value.value:
                    return value.value
        return key

    def _notations(self, triples: tuple[Triple, ...], name: str) -> list[str]:
        variables = (self._context.described.get(value.value, ()) for value in self._of(triples, name))
        return [found[0].value for known in variables if (found := _values(known, iris.expand("skos:notation")))]

    def _groups(self, triples: tuple[Triple, ...]) -> Iterator[str]:
        """Each target group with the service areas that sources pair with it, the last one with those that are left."""
        groups = [value.value for value in self._of(triples, TARGET_GROUP)]
        left = [value.value for value in self._of(triples, SERVICE_AREA)]
        for number, group in enumerate(groups, 1):
            own = [area for area in left if group in self._context.groups_of_area.get(area, frozenset())]
            own = left if number == len(groups) else own
            left = [area for area in left if area not in own]
            yield "/".join(self._label(concept) for concept in (group, *own))


def _speaks(value: NamedNode | Literal, column: Column) -> bool:
    language = value.language if isinstance(value, Literal) else None
    return column.kind != "text" or language == column.lang


def _key(value: NamedNode | Literal) -> str:
    return value.value.removeprefix(iris.ID).partition("/")[2]
