"""Printed acts: sections found in each of the three forms, and nothing taken for a section that is a reference."""

from __future__ import annotations

from datetime import date

from loader.law.printed import read_act
from tests.loader.law.made_up import HEADED, LISTED, PLAIN


def numbers(text: str) -> list[tuple[str, str]]:
    return [(section.chapter, section.number) for section in read_act(text).sections]


def test_plain_sections_begin_a_paragraph_and_references_do_not() -> None:
    assert numbers(PLAIN) == [("1", "1"), ("2", "1"), ("2", "2"), ("2", "2"), ("2", "2 a")]
    (first,) = read_act(PLAIN).wordings("1", "1")
    assert first.text.startswith("Denna lag är påhittad. Den hänvisar till 2 kap. 3 § i samma lag.")


def test_the_heading_of_the_next_section_is_not_text_of_this_one() -> None:
    assert read_act(PLAIN).wordings("2", "1")[0].text == "Kommunen ska erbjuda boende åt äldre personer."


def test_the_heading_of_a_division_is_not_text_of_the_section_before_it() -> None:
    divided = PLAIN.replace("\n\n2 kap. ", "\n\nAVDELNING II. SAMHÄLLETS \nANSVAR\n\n2 kap. ")
    assert divided != PLAIN
    assert read_act(divided).wordings("1", "1") == read_act(PLAIN).wordings("1", "1")


def test_line_ends_hard_blanks_and_numbers_on_lines_of_their_own_make_no_difference() -> None:
    other = PLAIN.replace("1 § Kommunen", "1\u00a0§\n\nKommunen").replace("\n\n", "\n  \n").replace("\n", "\r\n")
    assert read_act(other).sections == read_act(PLAIN).sections


def test_marks_give_the_days_of_two_wordings() -> None:
    old, new = read_act(PLAIN).wordings("2", "2")
    assert (old.first_day, old.end) == (None, date(2031, 1, 1))
    assert (new.first_day, new.end) == (date(2031, 1, 1), None)
    assert old.text == "Avgiften är högst 10 kronor."


def test_number_headings_and_transition_are_kept() -> None:
    act = read_act(PLAIN)
    assert act.sfs_number == "2030:1"
    assert act.headings["2"] == "Boende för äldre"
    assert "Äldre bestämmelser gäller fortfarande" in act.transitional
    assert act.chapter_texts("2")[0] == "Boende för äldre"
    assert act.chapter_texts("3") == ()


def test_headed_sections_lose_their_links() -> None:
    assert numbers(HEADED) == [("1", "1"), ("2", "1")]
    assert "Den hänvisar till 2 kap. 3 § i samma lag." in read_act(HEADED).sections[0].text


def test_listed_sections_that_run_on_are_cut_apart() -> None:
    """The heading 2:7 is no section: what it holds continues 1:1, 2 § and a chapter of its own stand inside."""
    act = read_act(LISTED)
    assert numbers(LISTED) == [("1", "1"), ("1", "2"), ("1 a", "1"), ("1 a", "2"), ("2", "1 a")]
    assert act.wordings("1", "1")[0].text == "Denna lag är påhittad. Boende regleras i 2 kap. och i andra lagar."
    assert act.wordings("1 a", "2")[0].text == "Det andra stycket av det nya kapitlet."


def test_words_are_looked_for_in_all_sections_whatever_the_case() -> None:
    act = read_act(PLAIN)
    assert act.holds("ÄLDRE personer")
    assert not act.holds("korttidsboende")


def test_a_text_without_sections_is_no_act() -> None:
    assert read_act("En tidningsartikel om 2 kap. 3 § i lagen.").sections == ()
