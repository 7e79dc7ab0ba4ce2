"""The Charlson comorbidity index in its Swedish version, from codes of ICD-10-SE.

Groups, codes and weights are those of the authors' own program, version 4 of 2025-12 (bjoroeKI, commit ba84f13), for
Ludvigsson and others 2021, Clin Epidemiol 13:21. The more severe of two groups alone counts; ascites counts only with
a mild liver disease, which it makes severe. Codes of ICD-7 to ICD-9, for years before 1997, are not read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MILDER = {
    "diabetes": "diabetes-with-complication",
    "mild-liver-disease": "severe-liver-disease",
    "malignancy": "metastatic-tumour",
}


@dataclass(frozen=True)
class Index:
    """The groups that a person's codes fall in, their number, and the sum of their weights."""

    groups: frozenset[str]
    unweighted: int
    weighted: int


@cache
def _table() -> tuple[dict[str, int], dict[str, str]]:
    """Weights by group, and the group of each prefix of three or four characters."""
    weights: dict[str, int] = {}
    groups: dict[str, str] = {}
    with Path(__file__).with_name("charlson.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            weights[row["group"]] = int(row["weight"])
            for prefix in row["prefixes"].split():
                groups |= dict.fromkeys(_spelt(prefix), row["group"])
    return weights, groups


def _spelt(prefix: str) -> list[str]:
    """The prefixes of a range: C10-C41 is C10, C11 … C41."""
    first, _, last = prefix.partition("-")
    numbers = range(int(first[1:]), int(last[1:]) + 1) if last else ()
    return [f"{first[0]}{number:02}" for number in numbers] or [first]


def index(codes: Iterable[str]) -> Index:
    """The index of one person's codes; dots and letter case do not matter, unknown codes count nothing.

    >>> index(["E11.9", "E112"]).weighted
    2
    """
    weights, groups = _table()
    bare = [code.replace(".", "").upper() for code in codes]
    found = {groups[code[:size]] for code in bare for size in (3, 4) if code[:size] in groups}
    if {"ascites", "mild-liver-disease"} <= found:
        found.add("severe-liver-disease")
    found -= {"ascites", *(milder for milder, worse in _MILDER.items() if worse in found)}
    return Index(frozenset(found), len(found), sum(weights[group] for group in found))
