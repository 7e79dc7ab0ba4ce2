"""Questions to the holder: what a row says may be right, and looks as if something else were meant."""

RENAMED = "renamed-or-new"
ELSEWHERE = "of-another-register"
ASKS = frozenset((RENAMED,))
"""The rules that ask: what they suggest is put in only when somebody says so."""
