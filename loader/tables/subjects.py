"""The subjects of all rows, before any cell is read: keys, duplicates, and what references may point to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from loader.model.codes import CodeLists, Concept
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.iris import thing
from loader.model.layout import Column, Layouts, TableLayout
from loader.model.nearest import fold, nearest
from loader.tables.cells import PARSERS, Problem, Text
from loader.tables.reportcells import RegisterVariables, scheme_of
from loader.tables.table import Row, Table

NO_VARIABLES = RegisterVariables(by_notation={}, shown=())


@dataclass(frozen=True, slots=True)
class Place:
    """A row that has a subject: its path, its source, and where it stands."""

    path: str
    source: str
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is known of all rows: `places` by table and key (without the source), `variables` by register path.

    `uncertain` are the tables that could not be read, or have a row without a legal key: what a reference into them
    misses may be there, so only the fault itself is reported.
    """

    places: Mapping[str, Mapping[str, tuple[Place, ...]]]
    paths: Mapping[tuple[str, int], str]
    variables: Mapping[str, RegisterVariables]
    uncertain: frozenset[str]
    findings: tuple[Finding, ...] = field(default=())

    def resolve(self, table: str, text: str, source: str, keys: tuple[str, ...] = ()) -> str | None:
        """The path of the row with this key: in the same source first, completed by the row's first keys if need be.

        `table` may name several tables with | between them: the first that has the key.
        """
        for name in table.split("|"):
            found = self._resolve(name, text, source, keys)
            if found is not None:
                return found
        return None

    def _resolve(self, table: str, text: str, source: str, keys: tuple[str, ...]) -> str | None:
        known = self.places.get(table, {})
        for candidate in (text, *(".".join((*keys[:count], text)) for count in range(1, len(keys) + 1))):
            places = known.get(candidate, ())
            own = [place for place in places if place.source == source]
            if own:
                return own[0].path
            if len(places) == 1 and table != "parts":
                return places[0].path
        return None

    def suggest(self, table: str, text: str) -> str | None:
        """The key of the table, or of the tables, nearest to the text."""
        return nearest(text, [key for name in table.split("|") for key in self.places.get(name, {})])


def index_subjects(
    tables: Iterable[Table],
    layouts: Layouts,
    codes: CodeLists,
    unread: frozenset[str],
    beside: Subjects | None = None,
) -> Subjects:
    """Work out the subject of every row; a row whose subject an earlier row has is a finding that names that row.

    `beside` are subjects that are known already: the rows may refer to them, and take their place.
    """
    places: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    paths: dict[tuple[str, int], str] = {}
    earlier: dict[str, Place] = {}
    findings: list[Finding] = []
    uncertain = set(unread)
    everything = sorted(tables, key=lambda table: (table.name, table.source))
    for table in everything:
        layout = layouts[table.name]
        for row in table.rows:
            keys = row_keys(layout, row, codes)
            if keys is None:
                uncertain.add(table.name)
                continue
            place = Place(subject_path(layout, table.source, keys), table.source, table.file, row.number)
            paths[(table.file, row.number)] = place.path
            if place.path in earlier:
                findings.append(_duplicate(layout, row, place, earlier[place.path]))
            else:
                earlier[place.path] = place
                places[table.name][".".join(keys)].append(place)
    older = {} if beside is None else beside.places
    fixed = {
        name: {**older.get(name, {}), **{key: tuple(found) for key, found in places[name].items()}}
        for name in {**older, **places}
    }
    variables = {} if beside is None else beside.variables
    subjects = Subjects(fixed, paths, variables, frozenset(uncertain), tuple(findings))
    return replace(subjects, variables=_variables(everything, subjects))


def row_keys(layout: TableLayout, row: Row, codes: CodeLists) -> tuple[str, ...] | None:
    """The row's key parts in the order of its subject, or None when one of them is empty or not legal."""
    keys = [_key_part(layout.by_name[name], row.cells[name], codes) for name in layout.subject_keys]
    return None if any(key is None for key in keys) else tuple(key for key in keys if key is not None)


def subject_path(layout: TableLayout, source: str, keys: tuple[str, ...]) -> str:
    """The IRI path of the subject with these key parts."""
    return layout.subject.format_map({"source": source, **dict(zip(layout.subject_keys, keys, strict=True))})


def _key_part(column: Column, text: str, codes: CodeLists) -> str | None:
    if not text:
        return None
    if column.kind == "code":
        found = scheme_of(codes, column.scheme or "").find(text)
        return found.key if isinstance(found, Concept) else None
    if column.kind in ("ref", "passage-part"):
        return text if _fits(text) else None
    value = PARSERS[column.kind](column, text)
    return None if isinstance(value, Problem) or not isinstance(value, Text) else value.text


def _fits(text: str) -> bool:
    try:
        return bool(thing(f"any/{text}"))
    except ValueError:
        return False


def _duplicate(layout: TableLayout, row: Row, place: Place, first: Place) -> Finding:
    column = layout.subject_keys[-1] if not layout.passage else layout.subject_keys[0]
    where = f"{first.file}:{first.row}" if first.file != place.file else str(first.row)
    key = place.path.partition("/")[2]
    message = Message(
        sv=f"Nyckeln «{key}» finns redan på rad {where}. Ge raden en egen nyckel eller ta bort den.",
        en=f"The key “{key}” is already on row {where}. Give the row a key of its own or remove it.",
    )
    position = Position(place.file, row=place.row, column=column, line=row.line)
    return Finding("duplicate-key", Severity.VIOLATION, message, position, row.cells[column], focus=thing(place.path))


def _variables(tables: list[Table], subjects: Subjects) -> dict[str, RegisterVariables]:
    found: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    shown: dict[str, list[str]] = defaultdict(list)
    replaced = set(subjects.paths.values())
    for register, known in subjects.variables.items():
        shown[register] += known.shown
        for notation, paths in known.by_notation.items():
            found[register][notation].update((path, None) for path in paths if path not in replaced)
    for table in tables:
        for row in table.rows if table.name == "variables" else ():
            owner = subjects.resolve("registers", row.cells["register"], table.source)
            path = subjects.paths.get((table.file, row.number))
            if owner is None or path is None:
                continue
            names = [row.cells["notation"], *row.cells["other_notations"].split("|")]
            for name in (name.strip() for name in names if name.strip()):
                found[owner][fold(name)][path] = None
                shown[owner].append(name)
    return {
        register: RegisterVariables({name: tuple(paths) for name, paths in names.items()}, tuple(shown[register]))
        for register, names in found.items()
    }
