"""A row with a new key, where a record of the same register goes or stands that is evidently the same: renamed?

Evidence, where neither record has its like: the same label; the same notation but for its spelling; and of what a
whole list lacks or a row takes away, a near name, or that it alone goes and the row alone comes while others stay.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple
from rapidfuzz import fuzz

from loader.checked import Effect
from loader.graph.scopes import OWNED_BY
from loader.intake.doubts import RENAMED
from loader.intake.reading import Reading
from loader.intake.sheets import changes
from loader.intake.sheets.columns import ColumnReading
from loader.intake.sheets.submitted import Submitted
from loader.intake.truth.duplicates import bare
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.records import Record

_KINDS: Mapping[str, tuple[str, str, str]] = {
    "variables": ("variabeln", "variable", "variable"),
    "indicators": ("indikatorn", "indicator", "indicator"),
}
"""By table: the noun in both languages, and the column of the key."""
_LABEL, _NOTATION = iris.expand("skos:prefLabel"), iris.expand("skos:notation")
_WHAT = frozenset(iris.expand(f"rg:{name}") for name in ("measures", "unitOfMeasure", "codeList", "valueSet"))
_AGAIN = frozenset(("same-variable-again", "same-indicator-again"))
_NEAR_NAME, _NEAR_LABEL = 80.0, 90.0
_REST = 3  # so many records stay in a list that is otherwise the same
_MOST_PAIRS = 100_000  # compared by nearness; where more come and go at once, a list is another one


@dataclass(frozen=True, slots=True)
class _Named:
    """A record as it is compared."""

    path: str
    notation: str
    label: str
    bare_notation: str
    bare_label: str
    what: Mapping[str, frozenset[str]]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.notation or self.label


def renamed(reading: Reading, stated: Iterable[Triple], effect: Effect, context: Context) -> Iterator[Finding]:
    """A question at each row whose record is new and may be one that has been there under another name."""
    new = {path for path in effect.new if path.startswith(("variable/", "indicator/"))}
    records = [record for record in reading.records if record.path in new and record.table in _KINDS]
    if not records:
        return
    said: dict[str, list[Triple]] = defaultdict(list)
    wanted = {iris.thing(record.path) for record in records}
    for triple in stated:
        if isinstance(triple.subject, NamedNode) and triple.subject.value in wanted:
            said[triple.subject.value].append(triple)
    kept = {iris.thing(record.path) for record in reading.records} | {
        iris.thing(one.path) for one in reading.removals if one.replaced_by
    }
    gone = frozenset(effect.removed)
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[(record.table, _owner(record, said))].append(record)
    for (table, register), rows in groups.items():
        known = _others(table, register, context)
        others = [_named(iri, context.described[iri]) for iri in known if iri not in kept]
        mine = [_named(iris.thing(row.path), said[iris.thing(row.path)]) for row in rows]
        going = [other for other in others if other.path in gone]
        alone = len(mine) == len(going) == 1 and len(kept.intersection(known)) >= _REST
        pairs = _pairs(mine, others, going, alone=alone)
        for row, one in zip(rows, mine, strict=True):
            if one.path in pairs:
                yield _question(row, one, pairs[one.path], reading.places.sheets[row.file])


def unless_asked(findings: Iterable[Finding], asked: Iterable[Finding]) -> list[Finding]:
    """The findings without those that tell of a record that it is there already, where that is asked."""
    told = {finding.focus for finding in asked}
    return [finding for finding in findings if finding.rule not in _AGAIN or finding.focus not in told]


def _owner(record: Record, said: Mapping[str, Sequence[Triple]]) -> str:
    owned = iris.expand(OWNED_BY[record.table] or "")
    found = (triple.object for triple in said[iris.thing(record.path)] if triple.predicate.value == owned)
    return next((one.value.rpartition("/")[2] for one in found if isinstance(one, NamedNode)), "")


def _others(table: str, register: str, context: Context) -> list[str]:
    prefix = f"{iris.ID}{_KINDS[table][1]}/"
    return [iri for iri, owner in context.owners.items() if owner == register and iri.startswith(prefix)]


def _named(iri: str, triples: Iterable[Triple]) -> _Named:
    texts: dict[str, str] = {}
    what: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        name, value = triple.predicate.value, getattr(triple.object, "value", "")
        if name in (_LABEL, _NOTATION) and (not isinstance(triple.object, Literal) or triple.object.language != "en"):
            texts[name] = value
        elif name in _WHAT:
            what[name].add(value)
    said = {name: frozenset(values) for name, values in what.items()}
    notation, label = texts.get(_NOTATION, ""), texts.get(_LABEL, "")
    return _Named(iri.removeprefix(iris.ID), notation, label, bare(notation), bare(label), said)


def _pairs(
    mine: Sequence[_Named], others: Sequence[_Named], going: Sequence[_Named], *, alone: bool
) -> dict[str, _Named]:
    """Which of the others each new one may be; none is taken for two."""
    labels = Counter(one.bare_label for one in (*mine, *others))
    alike = _by_text(others)
    near = going if len(mine) * len(going) <= _MOST_PAIRS else []
    gone = {one.path for one in going}
    scored = []
    for one in mine:
        for other in (*alike[("notation", one.bare_notation)], *alike[("label", one.bare_label)], *near):
            score = _likeness(one, other, same_label=labels[one.bare_label] == 2, goes=other.path in gone, alone=alone)
            if score:
                scored.append((score, one, other))
    found: dict[str, _Named] = {}
    taken: set[str] = set()
    for _, one, other in sorted(scored, key=lambda item: (-item[0], item[1].path, item[2].path)):
        if one.path not in found and other.path not in taken:
            found[one.path] = other
            taken.add(other.path)
    return found


def _by_text(others: Iterable[_Named]) -> dict[tuple[str, str], list[_Named]]:
    """The records by what is left of their notation and of their label; none by an empty one."""
    found: dict[tuple[str, str], list[_Named]] = defaultdict(list)
    for other in others:
        for kind, text in (("notation", other.bare_notation), ("label", other.bare_label)):
            if text:
                found[(kind, text)].append(other)
    return found


def _likeness(one: _Named, other: _Named, *, same_label: bool, goes: bool, alone: bool) -> float:
    """How surely the two are one: 0 for no reason to think so."""
    if any(not one.what[name] & other.what[name] for name in one.what.keys() & other.what.keys()):
        return 0.0  # another concept, unit, code list or codes
    if same_label and one.bare_label and one.bare_label == other.bare_label:
        return 100.0
    if one.bare_notation and one.bare_notation == other.bare_notation:
        return 99.0
    if not goes:
        return 0.0
    name = _near(one.bare_notation, other.bare_notation, _NEAR_NAME)
    return max(name, _near(one.bare_label, other.bare_label, _NEAR_LABEL)) or (1.0 if alone else 0.0)


def _near(one: str, other: str, least: float) -> float:
    """How alike two bare texts are (0 to 100) that have the same numbers; 0 for less than `least`."""
    if not one or not other or re.findall("[0-9]+", one) != re.findall("[0-9]+", other):
        return 0.0
    return fuzz.ratio(one, other, score_cutoff=least)


def _question(record: Record, one: _Named, other: _Named, submitted: Submitted) -> Finding:
    noun_sv, noun_en, _ = _KINDS[record.table]
    place, value, suggestion = _mend(record, other, submitted)
    sv, en = (place.column or title for title in changes.TITLES[changes.FORMERLY])
    message = Message(
        sv=f"«{one.name}» är ny, och {noun_sv} «{other.name}» i samma register liknar den. Är det «{other.name}» som "
        f"har bytt namn: skriv «{suggestion}» under «{sv}», så är det samma. Är det en annan: bekräfta raden.",
        en=f"“{one.name}” is new, and the {noun_en} “{other.name}” of the same register is like it. If it is "
        f"“{other.name}” renamed: write “{suggestion}” under “{en}”, and it stays the same. If it is another: confirm "
        "the row.",
    )
    return Finding(RENAMED, Severity.WARNING, message, place, value, suggestion, iris.thing(record.path))


def _mend(record: Record, other: _Named, submitted: Submitted) -> tuple[Position, str, str]:
    """The cell by which the row would be the other record, what it holds now and what it would."""
    sheet = submitted.sheet
    row = next((row for row in sheet.rows if row.number == record.row), None)
    cells = row.cells if row is not None else ()
    for column, suggestion, empty in _ways(record.table, other):
        reading = sheet.reading(column)
        if reading is None or reading.number is None:
            continue
        text = cells[reading.number - 1].strip() if reading.number <= len(cells) else ""
        if not text and not empty:
            continue
        whole = f"{text}|{suggestion}" if text and column == "other_notations" else suggestion
        return _place(record, submitted, reading), text, whole
    return _place(record, submitted, None), "", other.name


def _ways(table: str, other: _Named) -> Iterator[tuple[str, str, bool]]:
    """Columns that say that a row is a record that is there, what to write in them, and whether also in empty cells.

    The first that the sheet has is told of.
    """
    column, key = _KINDS[table][2], other.path.partition("/")[2]
    own = key.partition(".")[2] if table == "variables" else key
    yield column, own, False
    yield changes.FORMERLY, other.name, True
    if table == "variables":
        yield "other_notations", other.notation, True
    yield column, own, True


def _place(record: Record, submitted: Submitted, reading: ColumnReading | None) -> Position:
    grid = submitted.sheet.grid
    line = record.line if grid.sheet is None else None
    return Position(grid.file, grid.sheet, record.row, None if reading is None else reading.header, line)
