"""Tokens are those of one plain pattern, and no text takes longer to read than its length explains."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.engine.tokens import Reader, tokens, unescaped
from tests.pairs import examples

NAME = r"[^\W\d_](?:[\w.\-·]*[\w\-·])?"
LOCAL = r"(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])"
PLAIN = re.compile(
    rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<iri><[^<>\s]*>)
  | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|"(?:[^"\\\r\n]|\\.)*"
      |'(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w[\w·]*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<blank>_:\w(?:[\w.\-·]*[\w\-·])?)
  | (?P<name>(?:{NAME})?:(?:{LOCAL}(?:(?:\.|{LOCAL})*{LOCAL})?)?)
  | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>\w+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
PIECES = (
    *"\"'\\\n\r #<>aB_:.-·1e?$@%å²{}(",
    '"""',
    "'''",
    '\\"',
    "_:",
    "a:",
    "%20",
    "SELECT",
    "a.b",
    "\n\n",
    "å" * 101,
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)

# What a pattern that starts over at every token would scan again and again.
HOSTILE = (
    "a.",
    "a-",
    "_-",
    "a-:",
    "'\\",
    "\\'",
    '\\"',
    "<#>",
    "<'>",
    "<{>",
    "<\\'>",
    "service-",
    "service <#",
    "from ",
    '""" \\',
    ".",
)


@pytest.mark.soak_too
@given(TEXTS)
@settings(max_examples=examples(400, 10_000), deadline=None)
def test_the_tokens_are_those_of_the_plain_pattern(text: str) -> None:
    found = [(match.lastgroup, match.group(), match.start()) for match in PLAIN.finditer(text)]
    assert list(tokens(text)) == [token for token in found if token[0] not in ("space", "comment")]


@given(TEXTS, st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_places_may_be_read_in_any_order(text: str, random) -> None:  # type: ignore[no-untyped-def]
    reader = Reader(text)
    places = list(range(len(text)))
    random.shuffle(places)
    for place in places:
        match = PLAIN.match(text, place)
        assert match is not None
        assert reader.span(place) == (match.lastgroup, match.end())


def test_beyond_the_text_is_no_token() -> None:
    with pytest.raises(IndexError):
        Reader("a").span(1)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    """Within 10 s of processor: ten times what it takes; when the patterns started over it took minutes."""
    part = piece * ((60_000 if piece.startswith("<") else 30_000) // len(piece))
    body = f"{part} {part}:"
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (10, 10)); body = sys.stdin.read()\n"
        "from server.query.text import read_query; from server.engine.tokens import tokens\n"
        "assert sum(1 for _ in tokens('SELECT ' + body)) > 0\n"
        "read_query('SELECT (RAND() AS ?x) ' + body); read_query('SELECT from <x' + body)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=body, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_escapes_are_resolved_once() -> None:
    assert unescaped("\\u0041\\U0001F600\\uD800\\u005Cu0041\\x") == "A😀\\uD800\\u0041\\x"
