"""Identity numbers: which are valid, of which kind, under which key; each case by hand."""

from __future__ import annotations

import duckdb
import pytest

from server.registerservice.reading.identity import identified
from tests.server.registerservice.asking import number

TOLVAN = "191212121212"


def judged(raw: str | None, day: str | None = None, local: dict[str, str] | None = None) -> tuple[str, str | None]:
    source = "SELECT CAST(? AS VARCHAR) AS raw, CAST(? AS DATE) AS f"
    sql = identified(source) if local is None else identified(source, local)
    row = duckdb.connect().execute(f"SELECT coalesce(kind, why), key FROM ({sql})", [raw, day]).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("raw", "day", "kind", "key"),
    [
        (TOLVAN, None, "personal", TOLVAN),
        ("19121212-1212", None, "personal", TOLVAN),
        ("121212-1212", "2010-01-01", "personal", TOLVAN),
        ("121212-1212", "2012-12-12", "personal", "201212121212"),
        ("121212-1212", "2012-12-11", "personal", TOLVAN),
        ("121212+1212", "2020-01-01", "personal", TOLVAN),
        ("1212121212", "2010-01-01", "personal", TOLVAN),
        ("121212-1212", None, "century", None),
        ("1212121212", "2020-01-01", "century", None),
        ("191212121213", None, "check-digit", None),
        ("191213321212", None, "date", None),
        ("171212121212", None, "date", None),
        ("191212600016", None, "unknown-parts", None),
        ("１９１２１２１２１２１２", None, "form", None),
        ("1912121212", None, "century", None),
        ("19121212x212", None, "form", None),
        ("1e11", None, "form", None),
        (" ", None, "form", None),
        (None, None, "missing", None),
    ],
)
def test_number(raw: str | None, day: str | None, kind: str, key: str | None) -> None:
    assert judged(raw, day) == (kind, key)


def test_leap_days_and_coordination_numbers() -> None:
    assert judged(number("20000229", 5))[0] == "personal"
    assert judged(number("19000229", 5))[0] == "date"
    coordination = number("19701083", 12)
    assert judged(coordination) == ("coordination", coordination)
    assert judged(f"{coordination[2:8]}-{coordination[8:]}", "2020-01-01") == ("coordination", coordination)
    assert judged(number("19700491", 12))[0] == "date"


def test_serial_000_is_invalid_though_the_check_digit_is_right() -> None:
    assert judged(number("19700512", 0)) == ("serial", None)


def test_every_wrong_last_digit_is_seen() -> None:
    right = number("19550101", 123)
    kinds = {judged(right[:-1] + str(digit))[0] for digit in range(10) if str(digit) != right[-1]}
    assert kinds == {"check-digit"}


def test_reserve_numbers_meet_only_their_own_issuer() -> None:
    assert judged("991981000010") == ("local", "1.2.752.97.3.1.3:991981000010")
    own = {"ours": "[0-9]{8}[KMX][0-9]{3}"}
    assert judged("19810829M071", local=own) == ("local", "ours:19810829M071")
    assert judged("19810829M071") == ("form", None)


def test_national_reserve_numbers_have_their_letters_and_a_check_digit() -> None:
    kinds = [judged(f"22811224AB2{digit}")[0] for digit in range(10)]
    assert 1 <= kinds.count("national") <= 2
    assert {judged(f"22811224IO2{digit}")[0] for digit in range(10)} == {"form"}
