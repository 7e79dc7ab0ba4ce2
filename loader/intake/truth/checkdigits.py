"""Check digits of identifiers of organisations and people."""

from __future__ import annotations

import re

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def luhn(digits: str) -> bool:
    """Whether the last digit is right by the Luhn algorithm (ISO/IEC 7812-1, annex B), as in organisation numbers.

    >>> luhn("2021005489"), luhn("2021005488")
    (True, False)
    """
    doubled = (int(digit) * (1 + number % 2) for number, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def orcid(text: str) -> bool:
    """Whether an ORCID iD has the right form and check character (ISO 7064 MOD 11-2).

    >>> orcid("0000-0002-1825-0097"), orcid("0000-0002-1825-0098")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", text):
        return False
    plain = text.replace("-", "")
    total = 0
    for digit in plain[:-1]:
        total = (total + int(digit)) * 2
    return plain[-1] == "0123456789X"[(12 - total % 11) % 11]


def ror(text: str) -> bool:
    """Whether a ROR id has the right form and check digits: base 32, ISO 7064 MOD 97-10.

    >>> ror("056d84691"), ror("056d84692")
    (True, False)
    """
    if not re.fullmatch(rf"0[{_BASE32}]{{6}}[0-9]{{2}}", text):
        return False
    number = 0
    for sign in text[:7]:
        number = number * 32 + _BASE32.index(sign)
    return int(text[7:]) == 98 - number * 100 % 97
