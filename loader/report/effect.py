"""What a submission would do to the release that it is compared with: counted by kind, removals first, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from loader.checked import Effect
from loader.graph.scopes import TABLES, table_of
from loader.intake.sheets.aliases import known_tables
from loader.model.findings import Language, Message
from loader.model.shown import shown
from loader.release.words import counts

NAMED = 10
"""So many records that go are named in the reports that people read."""
_NOT = Message(sv="Ingenting jämfördes med det som redan finns.", en="Nothing was compared with what there is already.")


@dataclass(frozen=True, slots=True)
class Kind:
    """The records of one table: how many go, come, change and stay as they are."""

    table: str
    removed: int
    new: int
    changed: int
    unchanged: int

    @property
    def label(self) -> Message:
        """What the template calls the table."""
        names = known_tables()[self.table]
        return Message(sv=names.sv, en=names.en)

    def counts(self, language: Language) -> str:
        """The numbers in words."""
        return counts(self.removed, self.new, self.changed, self.unchanged, language)


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that goes: the end of its IRI, and what it is called."""

    path: str
    label: Message

    def text(self, language: Language) -> str:
        """Key and label."""
        name = shown(self.label.text(language))
        return f"{self.path} ”{name}”" if language == "sv" else f"{self.path} “{name}”"


@dataclass(frozen=True, slots=True)
class Counted:
    """The effect of a submission as it is reported."""

    kinds: tuple[Kind, ...]
    gone: tuple[Gone, ...]

    def total(self, language: Language) -> str:
        """All kinds together."""
        every = [(kind.removed, kind.new, kind.changed, kind.unchanged) for kind in self.kinds]
        removed, new, changed, unchanged = (sum(numbers) for numbers in zip(*every, strict=True)) if every else [0] * 4
        return counts(removed, new, changed, unchanged, language)


def counted(effect: Effect | None) -> Counted | None:
    """The effect by kind, in the order of the tables; None when nothing was compared."""
    if effect is None:
        return None
    every = (effect.removed, effect.new, effect.changed, effect.same)
    numbers = [Counter(table_of(path) or "" for path in paths) for paths in every]
    kinds = (Kind(table, *(number[table] for number in numbers)) for table in TABLES.values())
    found = tuple(kind for kind in kinds if kind.removed or kind.new or kind.changed or kind.unchanged)
    names = effect.names
    return Counted(found, tuple(Gone(path, names.get(path) or Message(path, path)) for path in effect.removed))


def as_data(found: Counted | None, release: str) -> dict[str, object] | None:
    """The effect as JSON data; None when nothing was compared."""
    if found is None:
        return None
    return {
        "release": release,
        "message": {"sv": sentence(found, "sv"), "en": sentence(found, "en")},
        "kinds": [{**asdict(kind), "label": asdict(kind.label)} for kind in found.kinds],
        "removes": [asdict(one) for one in found.gone],
    }


def from_data(data: Mapping[str, Any] | None) -> Counted | None:
    """What `as_data` wrote; KeyError or TypeError when it is none."""
    if data is None:
        return None
    kinds = tuple(Kind(**{name: item[name] for name in Kind.__slots__}) for item in data["kinds"])
    return Counted(kinds, tuple(Gone(item["path"], Message(**item["label"])) for item in data["removes"]))


def sentence(found: Counted | None, language: Language) -> str:
    """All kinds together."""
    if found is None:
        return _NOT.text(language)
    if language == "sv":
        return f"Jämfört med utgåvan: {found.total('sv')}."
    return f"Compared with the release: {found.total('en')}."


def details(found: Counted | None, language: Language) -> Iterator[str]:
    """A line for each kind, and for each of the first records that go."""
    if found is None:
        return
    for kind in found.kinds if len(found.kinds) > 1 else ():
        yield f"{kind.label.text(language)}: {kind.counts(language)}"
    word = "Utgår" if language == "sv" else "Removed"
    yield from (f"{word}: {one.text(language)}" for one in found.gone[:NAMED])
    left = len(found.gone) - NAMED
    if left > 0:
        yield f"… {left} till utgår" if language == "sv" else f"… {left} more removed"
