"""The rows on one act held against its printed text: which sections are not there, and which words differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from loader.law.printed import Act, Section, plain
from loader.law.rows import LawRow, LawTables, place
from loader.model.findings import Finding, ordered


def against_text(tables: LawTables, key: str, act: Act) -> tuple[Finding, ...]:
    """Every row on the act with this key that its text does not bear out, in order."""
    found = (
        *_provisions(tables, key, act),
        *_wordings(tables, key, act),
        *_bases(tables, key, act),
        *_correspondences(tables, key, act),
        *_absences(tables, key, act),
        *_outlines(tables, key, act),
        *_transition(tables, key, act),
    )
    return ordered(found)


def rows_on(tables: LawTables, key: str) -> int:
    """How many rows speak of the act."""
    own = sum(row.text("act") == key for table in ("legal_provisions", "legal_absences") for row in tables.of(table))
    named = {
        "legal_wordings": ["provision"],
        "legal_bases": ["provision"],
        "legal_correspondences": ["old_provision", "new_provisions"],
    }
    return own + sum(
        any(item.startswith(f"{key}.") for column in columns for item in row.items(column))
        for table, columns in named.items()
        for row in tables.of(table)
    )


def _provisions(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_provisions"):
        if row.text("act") == key:
            if row.text("section"):
                yield from _section(row, act)
            else:
                yield from _words(row, "quoted_words", act.chapter_texts(row.text("chapter")), row)


def _section(row: LawRow, act: Act) -> Iterator[Finding]:
    wordings = act.wordings(row.text("chapter"), row.text("section"))
    yield from _words(row, "quoted_words", tuple(found.text for found in wordings), row)
    if len(wordings) == 1 and wordings[0].first_day is not None:
        marked = wordings[0].first_day.isoformat()
        if row.text("first_day") != marked:
            yield row.finding(
                "law-first-day-differs",
                "first_day",
                (
                    f"Texten anger att paragrafen träder i kraft {marked}.",
                    f"The text has it come into force on {marked}.",
                ),
            )


def _wordings(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_wordings"):
        section = tables.find("legal_provisions", row.text("provision"))
        if section is None or section.text("act") != key or not row.text("quoted_words"):
            continue
        printed = act.wordings(section.text("chapter"), section.text("section"))
        fitting = [found.text for found in printed if _of_these_days(row, found)]
        yield from _words(row, "quoted_words", tuple(fitting), section)


def _of_these_days(row: LawRow, printed: Section) -> bool:
    """Whether a printed wording is the row's: its mark, where it has one, gives the row's first or last day."""
    if printed.first_day is not None:
        return row.text("first_day") == printed.first_day.isoformat()
    if printed.end is not None:
        return row.text("last_day") == (printed.end - timedelta(days=1)).isoformat()
    return not row.text("last_day")


def _bases(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_bases"):
        provision = tables.find("legal_provisions", row.text("provision"))
        if provision is not None and provision.text("act") == key:
            yield from _words(row, "quoted_words", _texts(act, provision), provision)


def _correspondences(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_correspondences"):
        for column, words in (("old_provision", "old_words"), ("new_provisions", "new_words")):
            named = [tables.find("legal_provisions", item) for item in row.items(column)]
            own = [provision for provision in named if provision is not None and provision.text("act") == key]
            if own:
                texts = tuple(text for provision in own for text in _texts(act, provision))
                yield from _words(row, words, texts, own[0])
                yield from _untouched(row, words, act, own)


def _untouched(row: LawRow, column: str, act: Act, provisions: Iterable[LawRow]) -> Iterator[Finding]:
    """A provision of which none of the words stands in its text."""
    for provision in provisions:
        texts = _texts(act, provision)
        if texts and not any(words in text for words in row.items(column) for text in texts):
            yield row.finding(
                "law-words-differ",
                column,
                (
                    f"Inget av orden står i {provision.text('label_sv')}. Ange några ord ur den.",
                    f"None of the words stands in {provision.text('label_en')}. Give a few words of it.",
                ),
            )


def _absences(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_absences"):
        for word in row.items("absent_words") if row.text("act") == key else ():
            if act.holds(word):
                yield row.finding(
                    "law-absent-word-occurs",
                    "absent_words",
                    (f"Ordet «{word}» förekommer i texten.", f"The word “{word}” occurs in the text."),
                )


def _outlines(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    for row in tables.of("legal_outlines"):
        if row.text("act") == key:
            printed = dict.fromkeys(found.number for found in act.sections if found.chapter == row.text("chapter"))
            if ", ".join(printed) != row.text("sections"):
                yield row.finding(
                    "law-outline-differs",
                    "sections",
                    (f"Texten har {', '.join(printed) or 'inga'}.", f"The text has {', '.join(printed) or 'none'}."),
                )


def _transition(tables: LawTables, key: str, act: Act) -> Iterator[Finding]:
    row = tables.find("legal_acts", key)
    if row is not None and row.text("transitional_words"):
        yield from _words(row, "transitional_words", (act.transitional,), row)


def _texts(act: Act, provision: LawRow) -> tuple[str, ...]:
    if not provision.text("section"):
        return act.chapter_texts(provision.text("chapter"))
    return tuple(found.text for found in act.wordings(provision.text("chapter"), provision.text("section")))


def _words(row: LawRow, column: str, texts: tuple[str, ...], where: LawRow) -> Iterator[Finding]:
    name = place(where.text("chapter"), where.text("section")) or where.key
    if not texts:
        yield row.finding(
            "law-section-absent",
            column,
            (f"{name} finns inte i texten.", f"{name} is not in the text."),
        )
        return
    for words in row.items(column):
        if not any(plain(words) in text for text in texts):
            yield row.finding(
                "law-words-differ",
                column,
                (f"«{words}» står inte i {name}.", f"“{words}” does not stand in {name}."),
            )
