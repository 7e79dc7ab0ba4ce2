"""A text asked of the release that answers: the question that is meant, its slots, candidates, and the query to run."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.asking.choosing import Chooser, Holds, Wording
from server.asking.mentions import STRONG, WEAK, Mention, Names
from server.asking.roots import root
from server.asking.slots import Slot, kinds_of, lasting, slots_of, understood, written
from server.pages.catalogue.read import catalogue
from server.pages.examples import Example, load_examples
from server.search.release import citations, entries, matcher, meanings
from server.service import Service

_HERE = Path(__file__).parent
_BODY = re.compile(r"^(#|PREFIX).*$", re.MULTILINE)
_SHOWN = {
    **{"register": "register", "municipality": "municipality", "group": "target-group", "area": "service-area"},
    **{"provision": "provision", "section": "provision"},
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A shipped question that may be meant: what its slots hold, which of them the text filled, and the query so."""

    example: Example
    score: float
    slots: dict[str, str]
    given: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood: at most three candidates, best first, none when it is not known; whether the first is sure;
    and what is named in the text that no slot of the first one holds.
    """

    text: str
    candidates: tuple[Candidate, ...]
    sure: bool
    beside: tuple[Mention, ...]


class Asking:
    """The questions of a release with their wordings, ready to choose from."""

    def __init__(self, site: Service) -> None:
        """Read wordings, synonyms and the slots of every question."""
        self._found = found = catalogue(site)
        self._names = Names(entries(found, (*STRONG, *WEAK)), meanings(), matcher(site), citations(found))
        self._examples = {_number(example.key): example for example in load_examples(site.questions)}
        self._slots = {key: slots_of(found, example.query) for key, example in self._examples.items()}
        holds = {key: self._holds(key) for key in self._examples}
        self._chooser = Chooser(self._wordings(), _synonyms(), holds)

    def _holds(self, key: str) -> Holds:
        query = self._examples[key].query
        kinds = {kind for slot in self._slots[key] for kind in kinds_of(slot, self._names)}
        head = _BODY.sub("", query).partition("WHERE")[0]
        return Holds(frozenset(kinds), frozenset(kind for name, kind in _SHOWN.items() if f"?{name} " in head))

    def _wordings(self) -> list[Wording]:
        made = [(key, text) for key, one in self._examples.items() for text in (one.sv, one.en)]
        with (_HERE / "wordings.csv").open(encoding="utf-8", newline="") as file:
            made += [(row["question"], row["wording"]) for row in csv.DictReader(file)]
        return [Wording(key, self._names.read(text)) for key, text in made if key in self._examples]

    @property
    def examples(self) -> list[Example]:
        """Every shipped question."""
        return list(self._examples.values())

    def slots(self, key: str) -> list[Slot]:
        """The slots of a question, by its key."""
        return self._slots[_number(key)]

    def filled(self, key: str, given: Mapping[str, str]) -> str:
        """The query of a question with slots filled. Raises Problem (bad-request) for a value that does not fit."""
        return written(self._found, self._examples[_number(key)].query, given)

    def understand(self, text: str) -> Understanding:
        """What a text of at most 500 characters asks."""
        text = " ".join(text.split())[:MOST]
        said = self._names.read(text, self._chooser.known)
        choices = self._chooser.choose(said, most=4)
        candidates = []
        for choice in choices[:3]:
            example = self._examples[choice.question]
            slots = self._slots[choice.question]
            given = understood(slots, said, self._names)
            query = written(self._found, example.query, given)
            candidates.append(Candidate(example, choice.score, lasting(slots, given), tuple(given), query))
        held = set(candidates[0].slots.values()) if candidates else set()
        held |= {word.strip() for value in held for word in value.split(";")}
        beside = tuple(one for one in said.mentions if one.key not in held and one.name not in held)
        return Understanding(text, tuple(candidates), self._chooser.is_sure(choices, said), beside)


def asking(site: Service) -> Asking:
    """The questions of the release that answers, made once; within a request, for the words of their fields."""
    return site.once("asking", lambda: Asking(site))


def _number(key: str) -> str:
    return key.partition("-")[0]


def _synonyms() -> dict[str, str]:
    """For the stem of each synonym that of its group."""
    made: dict[str, str] = {}
    with (_HERE / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            group = root(row["word"])
            for word in (row["word"], *row["others"].split()):
                made.setdefault(root(word.casefold()), group)
    return made
