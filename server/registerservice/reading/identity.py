"""Identity numbers in SQL: what kind a number is, the key under which two sides meet, and why a number is invalid.

Personal numbers and coordination numbers (day + 60) take twelve digits, or ten where separator and the row's own date
settle the century; `-` means under a hundred years, `+` a hundred or more (Swedish Tax Agency, SKV 704 and 707). Ten
bare digits are settled where the elder reading would make the person more than MOST_YEARS old. The check digit is
Luhn's over the last ten. Reserve numbers are national (OID 1.2.752.74.9.1: century + 3n or 00, two letters without
I O Q V W, sex, check digit) or local by a list of issuers and patterns, and meet only their own issuer's.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.registerservice.reading import sqltext

MOST_YEARS = 120

# Region Stockholm's own form: 99, a year, a running number and a check digit (OID 1.2.752.97.3.1.3); the same digits
# could be no personal number. Others are given in a file.
LOCAL = {"1.2.752.97.3.1.3": "99[12][0-9]{9}"}

_NATIONAL = "(00[0-9]{2}[2-9][0-9][45][0-9]|(2[2-9]|[3-9][0-9])[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))"
_NATIONAL_END = "[A-HJ-NPR-UX-Z]{2}[0-9A-Z][0-9]"


def identified(source: str, local: Mapping[str, str] = LOCAL) -> str:
    """SQL over `source`, a SELECT with `raw` (text or NULL) and `f` (date or NULL): adds `key`, `kind` and `why`.

    `kind` is personal, coordination, national, local or NULL; `key` is NULL and `why` a reason where it is NULL.
    """
    return _judged(_whole(_digits(_written(source))), local)


def _written(source: str) -> str:
    """Twelve or ten digits without separator as `body`, the separator as `sep`."""
    return f"""SELECT *, CASE length(raw)
        WHEN 12 THEN raw
        WHEN 10 THEN raw
        WHEN 13 THEN CASE WHEN raw[9] IN ('-', '+') THEN raw[1:8] || raw[10:13] END
        WHEN 11 THEN CASE WHEN raw[7] IN ('-', '+') THEN raw[1:6] || raw[8:11] END END AS body,
      CASE WHEN length(raw) = 11 THEN raw[7] ELSE '' END AS sep FROM ({source})"""


def _digits(source: str) -> str:
    """`n`: the body as a number, NULL unless every character is one of the ten ASCII digits."""
    number = "TRY_CAST(body AS BIGINT)"
    return f"""SELECT *, CASE WHEN lpad(CAST({number} AS VARCHAR), CAST(length(body) AS INTEGER), '0') = body
        THEN {number} END AS n FROM ({source})"""


def _whole(source: str) -> str:
    """`n12`: the number with its century; `born` of ten digits is the last such day on or before the row's date."""
    month_day = "(n // 10000) % 10000 - CASE WHEN (n // 10000) % 100 > 60 THEN 60 ELSE 0 END"
    row_day = "(month(f) * 100 + day(f))"
    year = "(year(f) // 100 * 100 + n // 100000000)"
    late = f"CASE WHEN {year} > year(f) OR ({year} = year(f) AND {month_day} > {row_day}) THEN 100 ELSE 0 END"
    return f"""SELECT *, CASE
        WHEN length(body) = 12 THEN n
        WHEN sep = '-' THEN latest * 100000000 + n % 100000000
        WHEN sep = '+' THEN (latest - 100) * 100000000 + n % 100000000
        WHEN year(f) - latest > {MOST_YEARS - 100} THEN latest * 100000000 + n % 100000000 END AS n12
      FROM (SELECT *, CASE WHEN length(body) = 10 THEN {year} - ({late}) END AS latest FROM ({source}))"""


def _judged(source: str, local: Mapping[str, str]) -> str:
    own = [f"regexp_full_match(raw, {sqltext.text(pattern)})" for pattern in local.values()]
    issuers = "CASE " + " ".join(
        f"WHEN {match} THEN {sqltext.text(issuer)}" for match, issuer in zip(own, local, strict=True)
    )
    issuer = f"{issuers} END" if own else "CAST(NULL AS VARCHAR)"
    return f"""SELECT * EXCLUDE (body, sep, n, n12, latest, digits, fault, issuer),
        CASE WHEN digits IS NOT NULL AND fault IS NULL
            THEN CASE WHEN (n12 // 10000) % 100 > 60 THEN 'coordination' ELSE 'personal' END
          WHEN issuer = 'national' THEN 'national' WHEN issuer IS NOT NULL THEN 'local' END AS kind,
        CASE WHEN digits IS NOT NULL AND fault IS NULL THEN digits
          WHEN issuer IS NOT NULL THEN issuer || ':' || raw END AS key,
        CASE WHEN (digits IS NOT NULL AND fault IS NULL) OR issuer IS NOT NULL THEN NULL
          WHEN raw IS NULL THEN 'missing' WHEN n IS NULL THEN 'form'
          WHEN n12 IS NULL THEN 'century' ELSE fault END AS why
      FROM (SELECT *, CASE WHEN n12 IS NULL OR fault IS NOT NULL THEN
          CASE WHEN {_is_national()} THEN 'national' ELSE {issuer} END END AS issuer
        FROM (SELECT *, lpad(CAST(n12 AS VARCHAR), 12, '0') AS digits, {_fault()} AS fault FROM ({source})))"""


def _fault() -> str:
    """Why twelve digits are no number of a person, or NULL."""
    month, day = "(n12 // 1000000) % 100", "(n12 // 10000) % 100"
    real = f"CASE WHEN {day} > 60 THEN {day} - 60 ELSE {day} END"
    year = "n12 // 100000000"
    last = f"""CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} <> 2 THEN 31
        WHEN {year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0) THEN 29 ELSE 28 END"""
    return f"""CASE WHEN n12 IS NULL THEN NULL
        WHEN {year} NOT BETWEEN 1800 AND 2099 THEN 'date'
        WHEN {day} = 60 OR ({month} = 0 AND {day} >= 60) THEN 'unknown-parts'
        WHEN {month} NOT BETWEEN 1 AND 12 OR {day} = 0 OR {real} > {last} THEN 'date'
        WHEN (n12 % 10000) // 10 = 0 THEN 'serial'
        WHEN {luhn("n12")} % 10 <> 0 THEN 'check-digit' END"""


def luhn(number: str) -> str:
    """SQL for Luhn's sum over a number's last ten digits; a multiple of ten where the check digit is right."""
    doubled = [f"({number} // {10**place}) % 10" for place in range(1, 10, 2)]
    single = [f"({number} // {10**place}) % 10" for place in range(0, 10, 2)]
    parts = [f"2 * ({digit}) - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END" for digit in doubled]
    return "(" + " + ".join(parts + single) + ")"


def _is_national() -> str:
    """A national reserve number by form and check digit.

    The form is public, the specification of the check digit is not: letters count as their ASCII code less 48, and a
    sum over the last ten or over all twelve characters is taken.
    """
    form = sqltext.text(_NATIONAL + _NATIONAL_END)
    return f"regexp_full_match(raw, {form}) AND ({_ascii_luhn(3)} % 10 = 0 OR {_ascii_luhn(1)} % 10 = 0)"


def _ascii_luhn(first: int) -> str:
    values = {place: f"(ascii(raw[{place}]) - 48)" for place in range(first, 13)}
    doubled = [f"(2 * {values[place]}) // 10 + (2 * {values[place]}) % 10" for place in values if place % 2 == 1]
    return "(" + " + ".join(doubled + [values[place] for place in values if place % 2 == 0]) + ")"
