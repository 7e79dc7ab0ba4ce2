"""All that cannot be true of a submission."""

from __future__ import annotations

from collections.abc import Iterator

from loader.intake.across import Remark
from loader.intake.truth.ages import age_remarks
from loader.intake.truth.claims import Claims
from loader.intake.truth.codelists import code_list_remarks
from loader.intake.truth.duplicates import duplicate_remarks
from loader.intake.truth.identifiers import identifier_remarks
from loader.intake.truth.meanings import meaning_remarks
from loader.intake.truth.numbers import number_remarks
from loader.intake.truth.published import published_remarks
from loader.intake.truth.units import unit_remarks


def untrue(claims: Claims) -> Iterator[Remark]:
    """The remarks of every kind."""
    yield from number_remarks(claims)
    yield from age_remarks(claims)
    yield from unit_remarks(claims)
    yield from meaning_remarks(claims)
    yield from duplicate_remarks(claims)
    yield from published_remarks(claims)
    yield from identifier_remarks(claims)
    yield from code_list_remarks(claims)
