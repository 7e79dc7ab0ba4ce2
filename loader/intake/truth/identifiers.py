"""Identifiers and codes in any text or address: their check digits, their form, and the list where one is given."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from loader.intake.across import Remark
from loader.intake.truth.checkdigits import luhn, orcid, ror
from loader.intake.truth.claims import Claims, every, remark
from loader.intake.world.names import text_of
from loader.model.findings import Message, Severity

_ORGANISATION = re.compile(
    r"(?:\borg(?:anisations)?\.?[- ]?(?:nr|nummer|number|no)\b\.?:?\s*|\borganisation number:?\s*)"
    r"((?:16)?[0-9]{6}-?[0-9]{4}|[0-9][0-9 -]{3,14}[0-9])",
    re.IGNORECASE,
)
_ORCID = re.compile(r"(?:orcid\.org/|\borcid(?: id)?:?\s*)([0-9X-]{10,25})", re.IGNORECASE)
_ROR = re.compile(r"(?:ror\.org/|\bror(?: id)?:\s*)([0-9a-z]{5,15})", re.IGNORECASE)
_NAMED = re.compile(r"org|orcid|ror|icd|kv[åa]|atc", re.IGNORECASE)
"""One of these stands in every text that names an identifier or a code."""
_CODE = r"[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9.]{0,8}[+*]?"


@dataclass(frozen=True, slots=True)
class _System:
    """A code system: the words before its codes, their form, its list's name, and how messages call it."""

    name: str
    words: re.Pattern[str]
    form: re.Pattern[str]
    file: str


def _system(name: str, words: str, form: str, file: str) -> _System:
    between = r"(?:\s*[,;/]\s*|\s+och\s+|\s+and\s+)"
    codes = rf"\b(?:{words})(?:[- ]?(?:kod|koder|code|codes))?:?\s+({_CODE}(?:{between}{_CODE})*)(?![\w-])"
    return _System(name, re.compile(codes), re.compile(form), file)


_SYSTEMS = (
    _system("ICD-10-SE", "ICD-?10(?:-SE)?", r"[A-Z][0-9]{2}(?:\.?[0-9]{1,2}[A-Z]?|[A-Z])?[+*]?", "icd10se.csv"),
    _system("KVÅ", "KVÅ|KVA", r"[A-Z]{2}[0-9]{3}|[A-Z]{3}[0-9]{2}", "kva.csv"),
    _system("ATC", "ATC", r"Q?[A-V](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?", "atc_sv.csv"),
)


def identifier_remarks(claims: Claims) -> Iterator[Remark]:
    """A remark for each identifier or code of a wrong form, with a wrong check digit, or not in its list."""
    for subject in every(claims):
        seen: set[tuple[str, str]] = set()
        for triple in claims.by_subject[subject]:
            text = text_of(triple)
            if _NAMED.search(text) is None:
                continue
            at = (subject, triple.predicate.value, text)
            for found in (*_numbers(text), *_codes(text, claims.code_lists)):
                key = (found.rule, found.code)
                if key not in seen:
                    seen.add(key)
                    yield remark(found.rule, Severity.VIOLATION, found.message, at)


@dataclass(frozen=True, slots=True)
class _Found:
    rule: str
    code: str
    message: Message


def _numbers(text: str) -> Iterator[_Found]:
    kinds: tuple[tuple[str, re.Pattern[str], Callable[[str], bool], str, str], ...] = (
        ("organisation-number", _ORGANISATION, _organisation, "organisationsnummer", "organisation number"),
        ("orcid", _ORCID, lambda code: orcid(code.upper()), "ORCID-id", "ORCID iD"),
        ("ror", _ROR, lambda code: ror(code.casefold()), "ROR-id", "ROR id"),
    )
    for rule, pattern, right, sv, en in kinds:
        for match in pattern.finditer(text):
            if not right(match[1]):
                message = Message(
                    sv=f"«{match[1]}» är inget giltigt {sv}: formen eller kontrollsiffran är fel. Skriv av det igen.",
                    en=f"“{match[1]}” is no valid {en}: its form or check digit is wrong. Copy it again.",
                )
                yield _Found(f"bad-{rule}", match[1], message)


def _organisation(text: str) -> bool:
    digits = re.sub(r"[ -]", "", text)
    digits = digits.removeprefix("16") if len(digits) == 12 else digits
    return len(digits) == 10 and digits[2] in "23456789" and luhn(digits)


def _codes(text: str, folder: Path | None) -> Iterator[_Found]:
    for system in _SYSTEMS:
        for match in system.words.finditer(text):
            for code in re.findall(_CODE, match[1]):
                problem = _wrong(system, code.rstrip("."), folder)
                if problem is not None:
                    yield _Found("bad-code", code, problem)


def _wrong(system: _System, code: str, folder: Path | None) -> Message | None:
    if not any(sign.isdigit() for sign in code) and len(code) > 1:
        return None  # a word
    if not system.form.fullmatch(code):
        return Message(
            sv=f"«{code}» har inte formen av en kod i {system.name}. Skriv av koden igen.",
            en=f"“{code}” has not the form of a code of {system.name}. Copy the code again.",
        )
    known = _listed(folder / system.file) if folder is not None else None
    bare = code.rstrip("+*").replace(".", "")
    if known is not None and not any(item.startswith(bare) for item in known.get(bare[:3], ())):
        return Message(
            sv=f"«{code}» finns inte i kodlistan {system.name}. Skriv av koden igen, eller ange årets lista.",
            en=f"“{code}” is not in the code list {system.name}. Copy the code again, or give this year's list.",
        )
    return None


@lru_cache(maxsize=8)
def _listed(path: Path) -> dict[str, tuple[str, ...]] | None:
    """The codes of a list by their first three characters; None where there is no such list."""
    if not path.is_file():
        return None
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if row:
                for size in range(1, 4):
                    found.setdefault(row[0][:size], []).append(row[0].replace(".", ""))
    return {start: tuple(codes) for start, codes in found.items()}
