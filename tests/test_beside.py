"""Commands side by side: each is run, each is heard, and one that fails is enough."""

from __future__ import annotations

import sys

import pytest

from tests.beside import commands, main

SAY = [sys.executable, "-c", "import sys; print(sys.argv[1]); sys.exit(int(sys.argv[2]))"]


@pytest.mark.parametrize(("first", "second", "last"), [(0, 0, 0), (3, 0, 0), (0, 4, 0), (0, 0, 5), (3, 4, 5)])
def test_one_that_fails_is_enough(capfd: pytest.CaptureFixture[str], first: int, second: int, last: int) -> None:
    said = [*SAY, "one", str(first), ",", *SAY, "two", str(second), ",", *SAY, "three", str(last)]
    assert main(said) == (first or second or last)
    shown = capfd.readouterr()
    assert shown.out == "three\n"
    assert ["one" in shown.err, "two" in shown.err] == [True, True]


def test_what_the_others_say_never_holds_them_up(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([sys.executable, "-c", "print('x' * 1_000_000)", ",", *SAY, "end", "0"]) == 0
    assert capfd.readouterr().err.count("x") > 999_999


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        commands(["a", ",", ",", "b"])
