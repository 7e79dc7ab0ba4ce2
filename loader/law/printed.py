"""An act as it is printed: its chapters and sections, read from the text that a public database gives.

Three forms are read. *Plain*: Regeringskansliets rättsdatabaser and Riksdagen print `2 kap. Heading` and `3 § Text` at
the beginning of a paragraph, and mark two wordings of one section with /Upphör att gälla U:date/ and
/Träder i kraft I:date/. *Headed*: Markdown with one heading a section (`### 3 §`). *Listed*: Markdown whose headings
are `## 2:3`; there a section may run on over headings that belong to no section, and those after it stand inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

NUMBER = r"\d+(?: [a-z])?"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARK = re.compile(r"/(Upphör att gälla U|Träder i kraft I|Rubriken träder i kraft I|Ny beteckning[^/]*U):([\d-]{10})/")


@dataclass(frozen=True, slots=True)
class Section:
    """One wording of one section: `chapter` is "" in an act without chapters, dates are those of its marks."""

    chapter: str
    number: str
    text: str
    first_day: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Act:
    """One printed act: its SFS number where given, every wording of every section, chapters' headings."""

    sfs_number: str | None
    sections: tuple[Section, ...]
    headings: Mapping[str, str]
    transitional: str

    def wordings(self, chapter: str, number: str) -> tuple[Section, ...]:
        """The wordings of a section, none when the act has no such section."""
        return tuple(found for found in self.sections if (found.chapter, found.number) == (chapter, number))

    def chapter_texts(self, chapter: str) -> tuple[str, ...]:
        """The heading and the sections of a chapter, none when the act has no such chapter."""
        texts = [found.text for found in self.sections if found.chapter == chapter]
        return (self.headings.get(chapter, ""), *texts) if texts else ()

    def holds(self, words: str) -> bool:
        """Whether the words occur anywhere in the sections, whatever the case."""
        return any(words.casefold() in found.text.casefold() for found in self.sections)


@dataclass(frozen=True, slots=True)
class _Part:
    """What begins at a place of the text: a chapter (`number` None) or a section, and its text."""

    chapter: str | None
    number: str | None
    text: str


def read_act(text: str) -> Act:
    """The act that the text prints; one without sections when it prints none."""
    body, _, transitional = _even(text).partition("\nÖvergångsbestämmelser\n")
    if re.search(r"^## \d+(?: [a-z])?:\d+", body, re.MULTILINE):
        parts: Iterable[_Part] = _listed(body)
    elif re.search(rf"^#+ .*{NUMBER} §\s*$", body, re.MULTILINE):
        body = _LINK.sub(r"\1", body.split("\n## Övergångsbestämmelser")[0])
        parts = _split(body, re.compile(rf"^#+ (?:(\d+(?: [a-z])?) kap\.|.*?({NUMBER}) §\s*$)", re.MULTILINE))
    else:
        parts = _split(body, re.compile(rf"(?:^|(?<=\n\n))(?:({NUMBER}) kap\. (?=[A-ZÅÄÖ])|({NUMBER}) §\s)"))
    kept = tuple(parts)
    return Act(_sfs_number(text), tuple(_sections(kept)), _headings(kept), plain(transitional))


def _even(text: str) -> str:
    """The text with single kinds of line ends and blanks, and with empty lines that are empty."""
    return re.sub(r"\n[ \t]+(?=\n)", "\n", text.replace("\r\n", "\n").replace("\u00a0", " "))


def plain(text: str) -> str:
    """The text on one line, with single blanks."""
    return re.sub(r"\s+", " ", text).strip()


def _sfs_number(text: str) -> str | None:
    head = text[:2_000]
    for pattern in (r"^beteckning:\s*(\d{4}:\d+)", r"SFS nr:\s*(\d{4}:\d+)", r"^#? ?[^\n]{0,200}\((\d{4}:\d+)\)"):
        found = re.search(pattern, head, re.MULTILINE)
        if found is not None:
            return found[1]
    return None


def _split(body: str, start: re.Pattern[str]) -> Iterator[_Part]:
    """The parts that begin where the pattern matches: group 1 a chapter's number, group 2 a section's."""
    found = list(start.finditer(body))
    ends = [place.start() for place in found[1:]] + [len(body)]
    for place, end in zip(found, ends, strict=False):
        yield _Part(place[1], place[2], body[place.end() : end])


def _sections(parts: Iterable[_Part]) -> Iterator[Section]:
    chapter = ""
    for part in parts:
        if part.chapter is not None:
            chapter = part.chapter
        if part.number is not None:
            yield _section(chapter, part.number, part.text)


def _own(text: str) -> str:
    """The section's own text: headings, also of divisions, and what stands after its last full stop, are not of it."""
    body = plain(_MARK.sub(" ", re.sub(r"^(?:#+ |AVDELNING [IVX]+\.).*$", " ", text, flags=re.MULTILINE)))
    return body[: body.rfind(".") + 1] or body


def _headings(parts: Iterable[_Part]) -> Mapping[str, str]:
    """What stands after `2 kap.` up to the first empty line."""
    return {part.chapter: plain(part.text.split("\n\n")[0]) for part in parts if part.chapter is not None}


def _section(chapter: str, number: str, text: str) -> Section:
    marks: Mapping[str, str] = {found[1][:7]: found[2] for found in _MARK.finditer(plain(text)[:60])}
    first, end = marks.get("Träder "), marks.get("Upphör ")
    return Section(
        chapter=chapter,
        number=number,
        text=_own(text),
        first_day=None if first is None else date.fromisoformat(first),
        end=None if end is None else date.fromisoformat(end),
    )


_HEADING = re.compile(r"^## (\d+(?: [a-z])?):(\d+(?: [a-z](?=\s))?)[^\n]*$", re.MULTILINE)
_INSIDE = re.compile(rf"(?<=[.)] )({NUMBER}) kap\. (?=[A-ZÅÄÖ])|(?:(?<=[a-zåäö.)/] )|^)({NUMBER}) § (?=[A-ZÅÄÖ/])")


def _listed(body: str) -> Iterator[_Part]:
    """Sections under `## 2:3` headings, with those taken out that stand inside others, such as 2 a kap. inside 2:7."""
    inner: dict[str, str] = {}
    for outer, number, text in _joined(body):
        yield _Part(inner.get(outer, outer), None, "")
        last, begin = number, 0
        for found in _INSIDE.finditer(text):
            if found[1] is not None and found[1].startswith(f"{outer} "):
                inner[outer] = found[1]
            elif found[2] is None or _order(found[2]) <= _order(last):
                continue
            yield _Part(None, last or None, text[begin : found.start()])
            last, begin = found[2] or "", found.end()
            yield _Part(found[1], None, "")
        yield _Part(None, last or None, text[begin:])


def _joined(body: str) -> Iterator[tuple[str, str, str]]:
    """Chapter, number and text under each heading; what begins in mid-sentence continues what stands before it."""
    kept: list[tuple[str, str, str]] = []
    found = list(_HEADING.finditer(body))
    ends = [place.start() for place in found[1:]] + [len(body)]
    for place, end in zip(found, ends, strict=True):
        text = plain(body[place.end() : end])
        if kept and text[:1] not in {text[:1].upper()} - set("0123456789§,.") | {"/"}:
            chapter, number, before = kept[-1]
            kept[-1] = (chapter, number, f"{before} {text}")
        else:
            kept.append((place[1], place[2], text))
    return iter(kept)


def _order(number: str) -> tuple[int, str]:
    digits, _, letter = number.partition(" ")
    return (int(digits or 0), letter)
