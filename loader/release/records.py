"""What changes, record by record: which go, which are changed from what to what, which are new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, Triple

from loader.graph.traces import day_of, is_trace
from loader.model import iris
from loader.model.shown import shown
from loader.release.words import Words

_SOURCE = "http://purl.org/dc/terms/source"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_INVALIDATED, _REPLACED = iris.expand("prov:invalidatedAtTime"), iris.expand("dcterms:isReplacedBy")
_LEAD = {"removed": ("Utgår", "Removed"), "changed": ("Ändras", "Changed"), "new": ("Nytt", "New")}
_NOTHING, _KIND = ("(inget)", "(nothing)"), ("slag", "kind")


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a changed record: what it was and what it will be, in both languages."""

    sv: tuple[str, str, str]
    en: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that goes, changes or comes: `path` is its IRI's end, `fields` what differs, `reason` why, if said."""

    change: str
    path: str
    sv: str
    en: str
    fields: tuple[Field, ...] = field(default=())
    reason: tuple[str, str] | None = None


Said = Mapping[str, set[Triple]]


def by_record(before: Said, after: Said, words: Words, reasons: Mapping[str, tuple[str, str]]) -> list[RecordChange]:
    """The records that differ: those that go first, then the changed, then the new ones.

    A record of which only a trace is left goes; one that stands again after it was a trace is new.
    """
    found: dict[str, list[RecordChange]] = defaultdict(list)
    for path in sorted({*before, *after}):
        old, new = _stated(before.get(path, ())), _stated(after.get(path, ()))
        if old == new:
            continue
        item = _change(path, old, new, words, reasons.get(path))
        found[item.change].append(item)
    return [item for change in _LEAD for item in found[change]]


def _change(
    path: str, old: frozenset[Triple], new: frozenset[Triple], words: Words, reason: tuple[str, str] | None
) -> RecordChange:
    stood, stands = (bool(said) and not is_trace(said) for said in (old, new))
    change = "changed" if old and new and stood == stands else "new" if stands else "removed"
    fields = _fields(old if change != "new" else (), new if change != "removed" else (), words)
    known = new if change == "new" else old or new
    names = [_name(known, path, words, language) for language in ("sv", "en")]
    return RecordChange(change, path, names[0], names[1], tuple(fields), reason or _ended(new, words))


def _ended(triples: Collection[Triple], words: Words) -> tuple[str, str] | None:
    """On which day the record was taken away and what replaces it, when this is a trace that says so."""
    said = {triple.predicate.value: triple.object for triple in triples}
    moment, successor = said.get(_INVALIDATED), said.get(_REPLACED)
    if not isinstance(moment, Literal) or not is_trace(triples):
        return None
    day, sv, en = day_of(moment.value), "", ""
    if successor is not None:
        sv, en = (f" Ersätts av {words.name(successor, 'sv')}.", f" Replaced by {words.name(successor, 'en')}.")
    return f"Togs bort {day}.{sv}", f"Removed on {day}.{en}"


def as_lines(changes: Iterable[RecordChange], language: str) -> Iterator[str]:
    """The changes as lines for a terminal, with nothing in them that a terminal would obey."""
    place = 0 if language == "sv" else 1
    for item in changes:
        yield shown(f"{_LEAD[item.change][place]}: {(item.sv, item.en)[place]}")
        if item.reason is not None:
            yield shown(f"    {item.reason[place]}")
        for one in item.fields if item.change != "removed" else ():
            yield shown("    " + _sentence(one.sv if place == 0 else one.en, item.change, place))


def _sentence(said: tuple[str, str, str], change: str, place: int) -> str:
    name, old, new = said
    if change == "new":
        return f"{name}: {new}"
    return f"{name}: från {old} till {new}" if place == 0 else f"{name}: from {old} to {new}"


def _stated(triples: Iterable[Triple]) -> frozenset[Triple]:
    return frozenset(triple for triple in triples if triple.predicate.value != _SOURCE)


def _fields(old: Iterable[Triple], new: Iterable[Triple], words: Words) -> Iterator[Field]:
    before, after = _by_property(old), _by_property(new)
    for key in sorted({*before, *after}):
        gone, come = before.get(key, set()), after.get(key, set())
        if gone == come or (key[0] == "" and not (gone and come)):
            continue
        said = []
        for place, language in enumerate(("sv", "en")):
            name = _KIND[place] if key[0] == "" else words.name(_predicate(gone, come), language).strip("“”")
            values = [_values(triples, words, language) or _NOTHING[place] for triples in (gone - come, come - gone)]
            said.append((name, *values))
        yield Field(*said)  # type: ignore[arg-type]


def _predicate(*triples: set[Triple]) -> object:
    return next(triple.predicate for found in triples for triple in found)


def _by_property(triples: Iterable[Triple]) -> dict[tuple[str, str], set[Triple]]:
    found: dict[tuple[str, str], set[Triple]] = defaultdict(set)
    for triple in triples:
        language = triple.object.language if isinstance(triple.object, Literal) else ""
        found[("" if triple.predicate.value == _TYPE else triple.predicate.value, language or "")].add(triple)
    return found


def _values(triples: Iterable[Triple], words: Words, language: str) -> str:
    return ", ".join(sorted(words.name(triple.object, language) for triple in triples))


def _name(triples: Collection[Triple], path: str, words: Words, language: str) -> str:
    """What the record is and is called: its kind, its name, its key."""
    stated = sorted(triples, key=str)
    typed = (triple for triple in stated if _is_type(triple) and not is_trace(triples))
    kind = next((words.name(triple.object, language).strip("“”") for triple in typed), "")
    name = words.label(next(iter(stated)).subject, language) if stated else ""
    return " ".join(filter(None, (kind, name, f"({path.partition('/')[2]})")))


def _is_type(triple: Triple) -> bool:
    return triple.predicate.value == _TYPE
