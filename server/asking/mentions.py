"""What a text names: registers, groups, areas, municipalities and provisions, with dates and numbers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.asking.roots import root
from server.search.citations import Citations
from server.search.index import CODE, TEXT, Entry
from server.search.matching import Matcher
from server.search.words import folded, words

STRONG = ("register", "target-group", "service-area", "municipality", "provision")
WEAK = (
    *("follow-up-area", "relevance-level", "care-setting", "coverage-metric", "register-property", "channel"),
    *("service", "analysis-level", "mapping-status", "legal-act"),
)
_LONGEST = 8
_MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober")
_MONTH = {name: number for number, name in enumerate((*_MONTHS, "november", "december"), start=1)}
_DAY = re.compile(rf"\b(\d{{1,2}})(?:\s*:?[ae])?\s+({'|'.join(_MONTH)})\s+(\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_YEAR = re.compile(r"\b(19\d\d|20\d\d)\b(?!\s*:)")
_TODAY = re.compile(r"\b(i dag|idag|för närvarande|just nu)\b")
_WHERE = re.compile(r"\b(tabell|tabellen|rad|raden|kapitel|bilaga)\s+(\d{1,3})\b")
_NUMBER = re.compile(r"\b(\d{1,3})\b(?!\s*(?:§|kap|:))")
_MANY = re.compile(r"\b[Hh](?:ur (?:många|mycket)|ow many)\b")
_COUNTS = {
    "en": 1,
    "ett": 1,
    "två": 2,
    "tre": 3,
    "fyra": 4,
    "fem": 5,
    "sex": 6,
    "sju": 7,
    "åtta": 8,
    "nio": 9,
    "tio": 10,
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that is named: its kind and key, its name as the release spells it, and where the words stand among
    those of the text.
    """

    kind: str
    key: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """A text read: its words, what it names, days (with the year alone where only that is said), numbers, and numbers
    of parts such as table and row.
    """

    text: str
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    days: tuple[str, ...]
    numbers: tuple[int, ...]
    parts: Mapping[str, int]

    def of(self, kind: str) -> list[Mention]:
        """What is named of a kind."""
        return [one for one in self.mentions if one.kind == kind]


class Names:
    """The names of things, by which texts are read."""

    def __init__(
        self, entries: Iterable[Entry], meanings: Mapping[str, Iterable[str]], matcher: Matcher, citations: Citations
    ) -> None:
        """Take in the names of things; `meanings` gives further words for them, `matcher` finds misspelt ones."""
        self._matcher, self._citations = matcher, citations
        self._at: dict[tuple[str, ...], dict[str, Entry]] = {}
        self._plain: dict[tuple[str, ...], dict[str, Entry]] = {}
        for entry in entries:
            if entry.kind in (*STRONG, *WEAK) and entry.field not in (TEXT, CODE):
                self._add(entry)
        for word, others in meanings.items():
            for other in others:
                for kind, entry in self._at.get(_roots(other), {}).items():
                    if kind in ("target-group", "service-area", "legal-act"):
                        self._at.setdefault(_roots(word), {}).setdefault(kind, entry)

    def _add(self, entry: Entry) -> None:
        self._plain.setdefault(tuple(folded(entry.text).split()), {}).setdefault(entry.kind, entry)
        if entry.kind != "municipality" and len(entry.text) > 4:
            self._at.setdefault(_roots(entry.text), {}).setdefault(entry.kind, entry)

    def kinds(self, name: str) -> set[str]:
        """The kinds of things that have a name."""
        return set(self._plain.get(tuple(folded(name).split()), {}))

    def read(self, text: str, known: Iterable[str] = ()) -> Said:
        """What a text names; words with the roots of `known` are never taken for misspelt names."""
        said = tuple(words(_MANY.sub("antal", text)))
        lower = text.casefold()
        days, rest = _days(lower)
        parts = {word.removesuffix("en"): int(number) for word, number in _WHERE.findall(rest)}
        rest = _WHERE.sub(" ", rest)
        cited = self._citations.find(text)
        numbers = [int(number) for number in _NUMBER.findall(rest)] if not cited else []
        numbers += [_COUNTS[word] for word in said if word in _COUNTS and word not in ("en", "ett", "sex")]
        mentions = self._named(text, said, frozenset(known))
        if cited:
            mentions.append(Mention("provision", cited.rpartition("/")[2], text, 0, 0))
        return Said(text, said, tuple(mentions), days, tuple(numbers), parts)

    def _named(self, text: str, said: tuple[str, ...], known: frozenset[str]) -> list[Mention]:
        found: list[Mention] = []
        start = 0
        while start < len(said):
            some = self._longest(text, said, start) or self._misspelt(said, start, known)
            found += some
            passed = [one.end for one in some if one.kind in STRONG or one.end > one.start + 1]
            start = max(passed, default=start + 1)
        return found

    def _longest(self, text: str, said: tuple[str, ...], start: int) -> list[Mention]:
        """The things with the longest name that begins at a word."""
        for end in range(min(len(said), start + _LONGEST), start, -1):
            part = said[start:end]
            plain = tuple(folded(" ".join(part)).split())
            short = (*plain[:-1], plain[-1].removesuffix("s")) if plain else plain
            kinds = {**self._at.get(tuple(root(word) for word in part), {})}
            kinds.update(self._plain.get(short, {}))
            kinds.update(self._plain.get(plain, {}))
            some = [_mention(entry, start, end) for entry in kinds.values() if _is_name(text, entry.kind, part)]
            if some:
                return some
        return []

    def _misspelt(self, said: tuple[str, ...], start: int, known: frozenset[str]) -> list[Mention]:
        word = said[start]
        if len(word) < 6 or root(word) in known:
            return []
        best = self._matcher.match(word, kinds=("register", "target-group", "service-area", "municipality"), most=1)
        return [_mention(best[0].entry, start, start + 1)] if best and best[0].sure else []


def _mention(entry: Entry, start: int, end: int) -> Mention:
    return Mention(entry.kind, entry.iri.rpartition("/")[2], entry.text, start, end)


def _is_name(text: str, kind: str, part: tuple[str, ...]) -> bool:
    """Whether words may be a name: those of municipalities have a capital, short ones of registers two."""
    if kind == "municipality":
        return re.search(rf"\b{re.escape(part[0].capitalize())}", text) is not None
    if kind == "register" and len(part) == 1 and len(part[0]) < 5:
        found = re.search(rf"\b{re.escape(part[0])}", text, re.IGNORECASE)
        return found is not None and sum(letter.isupper() for letter in found[0]) > 1
    return True


def _roots(text: str) -> tuple[str, ...]:
    return tuple(root(word) for word in words(text))


def _days(text: str) -> tuple[tuple[str, ...], str]:
    """The days that a text names, or years, and the text without them."""
    days = [f"{year}-{_MONTH[month]:02}-{int(day):02}" for day, month, year in _DAY.findall(text)]
    text = _DAY.sub(" ", text)
    days += ["-".join(found) for found in _ISO.findall(text)]
    text = _ISO.sub(" ", text)
    days += _YEAR.findall(text)
    if _TODAY.search(text) and not days:
        days.append(datetime.date.today().isoformat())
    return tuple(days), _YEAR.sub(" ", text)
