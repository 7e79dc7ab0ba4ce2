"""Form fields are read as urllib reads them."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.web.percent import form_fields

PERCENT = ("%", "%7B", "%c3%a5", "%C3", "%0", "%zz", "%5Cx41")
PIECES = st.sampled_from((*PERCENT, "\\", "\\n", "\\x", "\\u00e5", "\n", "\x00", "+", "&", "=", "å", "a"))


def by_urllib(text: str) -> list[tuple[str, str]] | None:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        return None


def by_ours(text: str) -> list[tuple[str, str]] | None:
    try:
        return form_fields(text)
    except ValueError:
        return None


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.text(st.characters(max_codepoint=127))))
@example("query=%FF")
@example("=&&=a&b==&c")
@example("a=\\\n%0A")
def test_fields_are_those_that_urllib_reads(text: str) -> None:
    assert by_ours(text) == by_urllib(text)


@pytest.mark.parametrize("quoted", [quote, quote_plus])
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(quoted, text: str) -> None:  # type: ignore[no-untyped-def]
    assert form_fields(f"query={quoted(text, safe='')}") == [("query", text)]
