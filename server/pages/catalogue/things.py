"""Things and what is said of them, in memory: values in the order of the release, links both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, cast

from server.service import BASE

ID = BASE + "id/"
_Made = TypeVar("_Made")


class Value(NamedTuple):
    """One value: `kind` is iri, literal, blank or triple; `inferred` when only a rule says so."""

    kind: str
    text: str
    language: str = ""
    datatype: str = ""
    inferred: bool = False


@dataclass(slots=True, eq=False)
class Thing:
    """A thing with a key of ours, one object for each: `kind` and `key` are those of its IRI, `said` its values."""

    iri: str
    kind: str
    key: str
    said: dict[str, list[Value]] = field(default_factory=dict)

    def values(self, name: str) -> list[Value]:
        """All values of a property, stated ones first."""
        return self.said.get(name, [])

    def iris(self, name: str) -> list[str]:
        """The IRIs among the values of a property, each once."""
        return [value.text for value in self.said.get(name, ()) if value.kind == "iri"]

    def first(self, name: str) -> str:
        """The first value of a property as text; empty when nothing is said."""
        found = self.values(name)
        return found[0].text if found else ""

    def keys(self, name: str) -> list[str]:
        """The last parts of the IRIs of a property, such as `older-people`."""
        return [iri.rpartition("/")[2] for iri in self.iris(name)]

    def key_of(self, name: str) -> str:
        """The last part of the first IRI of a property; empty when nothing is said."""
        return next(iter(self.keys(name)), "")

    def flag(self, name: str) -> bool | None:
        """A boolean value; None when nothing is said."""
        text = self.first(name)
        return text == "true" if text else None

    def text(self, name: str, lang: str) -> Value | None:
        """The value in a language, else the Swedish one, else any."""
        found = self.values(name)
        for wanted in (lang, "sv"):
            if (value := next((value for value in found if value.language == wanted), None)) is not None:
                return value
        return found[0] if found else None

    def is_a(self, *classes: str) -> bool:
        """Whether it is an instance of one of the classes, given by local names, as `Register` for rg:Register."""
        return any(value.text.rpartition("#")[2] in classes for value in self.said.get("rdf:type", ()))


@dataclass(slots=True)
class Catalogue:
    """All things by IRI; `whole` is False when the release has more statements than are read."""

    whole: bool = True
    things: dict[str, Thing] = field(default_factory=dict)
    _kinds: dict[str, list[Thing]] = field(default_factory=dict)
    _back: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    made: dict[object, object] = field(default_factory=dict)

    def add(self, iri: str, name: str, value: Value) -> None:
        """Note one statement; a stated value wins over the same one inferred, and stands before those."""
        values = self._thing(iri).said.setdefault(name, [])
        known = next((one for one in values if one[:4] == value[:4]), None)
        if known is not None and (value.inferred or not known.inferred):
            return
        if known is not None:
            values.remove(known)
        values.insert(len(values) if value.inferred else sum(not one.inferred for one in values), value)
        if value.kind == "iri":
            self._back.setdefault((value.text, name), {})[iri] = None

    def _thing(self, iri: str) -> Thing:
        found = self.things.get(iri)
        if found is None:
            kind, _, key = iri.removeprefix(ID).removeprefix(BASE).partition("/")
            found = self.things[iri] = Thing(iri, kind, key)
            self._kinds.setdefault(kind, []).append(found)
        return found

    def get(self, kind: str, key: str) -> Thing | None:
        """The thing with a kind and a key."""
        return self.things.get(f"{ID}{kind}/{key}")

    def of(self, kind: str) -> list[Thing]:
        """All things of a kind, as in their IRIs."""
        return self._kinds.get(kind, [])

    def all(self, iris: Iterable[str]) -> list[Thing]:
        """The things that the catalogue has of these IRIs."""
        return [self.things[iri] for iri in iris if iri in self.things]

    def linked(self, thing: Thing, name: str) -> list[Thing]:
        """What a thing points to by a property."""
        return self.all(thing.iris(name))

    def back(self, thing: Thing | str, name: str) -> list[Thing]:
        """What points to a thing by a property."""
        return self.all(self.pointing(thing, name))

    def pointing(self, thing: Thing | str, name: str) -> Set[str]:
        """The IRIs of what points to a thing by a property, in the order of the release."""
        iri = thing if isinstance(thing, str) else thing.iri
        return self._back.get((iri, name), {}).keys()

    def once(self, name: object, make: Callable[[], _Made]) -> _Made:
        """What `make` derives from the catalogue, kept as long as the release; `name` has all that it depends on."""
        if name not in self.made:
            self.made[name] = make()
        return cast(_Made, self.made[name])

    def referring(self, iri: str) -> Iterator[tuple[str, Thing]]:
        """Everything that points to an IRI, with the property."""
        for (target, name), subjects in self._back.items():
            if target == iri:
                for subject in self.all(subjects):
                    yield name, subject
