"""What no build lets through in the law tables, whether or not the texts are at hand.

An invented section, a legal basis on a repealed provision presented as in force, a row said to stand in the text
without the words that bear it out: each is a finding at its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from loader.law.rows import LawRow, LawTables, place
from loader.model.findings import Finding

MOST_WORDS = 15


def law_findings(tables: LawTables) -> list[Finding]:
    """Every fault of the law tables that their rows show by themselves."""
    checks: tuple[Callable[[LawTables], Iterator[Finding]], ...] = (
        _sections_that_are_not_there,
        _numbers_that_disagree,
        _parents_that_are_not_theirs,
        _rows_without_words,
        _bases_out_of_force,
        _bases_without_measure_words,
        _bases_for_groups_unnamed,
        _correspondences_of_two_kinds,
        _wordings_with_gaps,
    )
    return [finding for check in checks for finding in check(tables)]


def _sections_that_are_not_there(tables: LawTables) -> Iterator[Finding]:
    known = {
        (row.text("act"), row.text("chapter"), section.strip())
        for row in tables.of("legal_outlines")
        for section in row.text("sections").split(",")
    }
    acts = {act for act, _, _ in known}
    for row in tables.of("legal_provisions"):
        where = (row.text("act"), row.text("chapter"), row.text("section"))
        if where[2] and where[0] in acts and where not in known:
            name = place(*where[1:])
            yield row.finding(
                "law-section-unknown",
                "section",
                (
                    f"{name} finns inte i {where[0]} enligt kapitelförteckningen. Läs texten, och rätta numret.",
                    f"{name} is not in {where[0]} by the act outline. Read the text, and correct the number.",
                ),
            )


def _numbers_that_disagree(tables: LawTables) -> Iterator[Finding]:
    for row in tables.of("legal_provisions"):
        parts = [row.text(column) for column in ("item", "paragraph", "section", "chapter") if row.text(column)]
        if not parts or parts[0] != row.text("number"):
            yield row.finding(
                "law-number-differs",
                "number",
                (
                    f"Numret ska vara det sista av kapitel, paragraf, stycke och punkt: {(*parts, '–')[0]}.",
                    f"The number should be the last of chapter, section, paragraph and item: {(*parts, '–')[0]}.",
                ),
            )


def _parents_that_are_not_theirs(tables: LawTables) -> Iterator[Finding]:
    for row in tables.of("legal_provisions"):
        whole, act = row.text("part_of"), row.text("part_of_act")
        if bool(whole) == bool(act) or (act or whole.partition(".")[0]) != row.text("act"):
            yield row.finding(
                "law-part-of-other",
                "part_of_act" if act else "part_of",
                (
                    "Raden ska vara del av antingen sin författning eller en bestämmelse i den. Ange en av dem.",
                    "The row should be part of either its act or a provision of it. Give one of them.",
                ),
            )


def _rows_without_words(tables: LawTables) -> Iterator[Finding]:
    for table, needed in (
        ("legal_provisions", ("read_through", "quoted_words")),
        ("legal_wordings", ("read_through", "quoted_words")),
        ("legal_bases", ("provision", "quoted_words")),
        ("legal_correspondences", ("old_words", "new_words")),
    ):
        for row in tables.of(table):
            missing = [column for column in needed if not row.text(column)]
            if row.text("standing") != "unverified" and missing:
                yield _unborne(row, missing[0])
            for column in ("quoted_words", "old_words", "new_words"):
                yield from _too_many_words(row, column)


def _unborne(row: LawRow, column: str) -> Finding:
    standing = row.text("standing")
    return row.finding(
        "law-row-without-words",
        column,
        (
            f"Raden har ställningen {standing} utan {column}. Ange de ord i texten som bär upp den, "
            "eller sätt ställningen unverified.",
            f"The row has the standing {standing} without {column}. Give the words of the text that bear it out, "
            "or set the standing unverified.",
        ),
    )


def _too_many_words(row: LawRow, column: str) -> Iterator[Finding]:
    for words in row.items(column):
        if len(words.split()) > MOST_WORDS:
            yield row.finding(
                "law-too-many-words",
                column,
                (
                    f"Fler än {MOST_WORDS} ord ur texten. Korta dem till dem som bär upp raden.",
                    f"More than {MOST_WORDS} words of the text. Shorten them to those that bear out the row.",
                ),
            )


def _bases_out_of_force(tables: LawTables) -> Iterator[Finding]:
    for row in tables.of("legal_bases"):
        provision = tables.find("legal_provisions", row.text("provision"))
        if provision is None:
            continue
        last, until = tables.last_day(provision), row.text("applied_until")
        if last and (not until or until > last):
            yield row.finding(
                "law-basis-repealed",
                "applied_until",
                (
                    f"{provision.text('label_sv')} gällde till och med {last}; grunden kan inte gälla längre. "
                    f"Skriv {last}, eller välj en bestämmelse som gäller.",
                    f"{provision.text('label_en')} was in force until {last}; the basis cannot hold any longer. "
                    f"Write {last}, or choose a provision that is in force.",
                ),
            )


def _bases_without_measure_words(tables: LawTables) -> Iterator[Finding]:
    for row in tables.of("legal_bases"):
        if (row.text("reach") == "measure") != bool(row.text("indicator_words")):
            yield row.finding(
                "law-measure-words",
                "indicator_words",
                (
                    "Ord i måttets namn ska anges när räckvidden är measure, och bara då.",
                    "Words in the name of an indicator are to be given when the reach is measure, and only then.",
                ),
            )


def _bases_for_groups_unnamed(tables: LawTables) -> Iterator[Finding]:
    """A group that neither the provision nor a whole of which it is part names cannot rest on it."""
    for row in tables.of("legal_bases"):
        group = row.text("target_group")
        provision = tables.find("legal_provisions", row.text("provision"))
        if group and provision is not None and group not in tables.groups_named(provision):
            yield row.finding(
                "law-basis-group-unnamed",
                "target_group",
                (
                    f"{provision.text('label_sv')} nämner inte gruppen {group}. Läs paragrafen: ta bort gruppen ur "
                    "raden, eller skriv den bland dem som bestämmelsen nämner.",
                    f"{provision.text('label_en')} does not name the group {group}. Read the section: take the group "
                    "out of the row, or put it among those that the provision names.",
                ),
            )


def _correspondences_of_two_kinds(tables: LawTables) -> Iterator[Finding]:
    pairs: dict[tuple[str, str], str] = {}
    for row in tables.of("legal_correspondences"):
        for new in row.items("new_provisions"):
            pair = (row.text("old_provision"), new)
            if pair in pairs:
                yield row.finding(
                    "law-correspondence-twice",
                    "new_provisions",
                    (
                        f"{pair[0]} och {new} står också i {pairs[pair]}. Behåll en av raderna.",
                        f"{pair[0]} and {new} stand in {pairs[pair]}, too. Keep one of the rows.",
                    ),
                )
            pairs[pair] = row.key


def _wordings_with_gaps(tables: LawTables) -> Iterator[Finding]:
    by_section: dict[str, list[LawRow]] = {}
    for row in tables.of("legal_wordings"):
        by_section.setdefault(row.text("provision"), []).append(row)
    for key, rows in by_section.items():
        section = tables.find("legal_provisions", key)
        if section is not None and (section.text("first_day") or section.text("last_day")):
            yield section.finding(
                "law-dates-of-a-worded-section",
                "first_day",
                (
                    "En bestämmelse med lydelser har inga egna dagar. Ta bort dem.",
                    "A provision with wordings has no days of its own. Remove them.",
                ),
            )
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.text("first_day"))):
            end = earlier.text("last_day")
            if _next_day(end) != later.text("first_day"):
                yield later.finding(
                    "law-wordings-do-not-follow",
                    "first_day",
                    (
                        f"Lydelsen ska börja dagen efter att den förra slutar ({end or '–'}).",
                        f"The wording should begin the day after the last one ends ({end or '–'}).",
                    ),
                )


def _next_day(day: str) -> str | None:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except ValueError:
        return None
