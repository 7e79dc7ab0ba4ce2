"""Both sides of every bound of the checks: the nearest value that is told, and the nearest that is not."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from loader.judging.checks import read_checks, run_checks
from loader.model.iris import ID, PREFIXES
from tests.shapes.world import SHAPES, valid_store

CHECKS = {check.rule: check for check in read_checks(SHAPES / "checks")}
CHILDREN = (
    "rg:indicatorOf <register/stroke> ; rg:concernsTargetGroup <target-group/children-and-young-people> ;"  # up to 18
)
OLDER = "rg:indicatorOf <register/stroke> ; rg:concernsTargetGroup <target-group/older-people> ;"  # over 65
NOBODY = "a rg:TabulatedIndicator ; rg:indicatorOf <register/stroke> ;"
DATED = "dcterms:source <document/test-page> ; rdf:subject <register/stroke> ; rg:ofProperty"
SHARE = "rg:qualifier <statement-qualifier/percent-of-municipalities> ;"

# The rule, what is said with {} in the place of the value, the value that is told, and the one that is not.
BOUNDS = [
    ("age-limit-contradicts-target-group", f"{CHILDREN} rg:ageFrom {{}}", "19", "18"),
    ("age-limit-contradicts-target-group", f"{CHILDREN} rg:ageOver {{}}", "18", "17"),
    ("age-limit-contradicts-target-group", f"{OLDER} rg:ageUnder {{}}", "66", "67"),
    ("age-limit-contradicts-target-group", f"{OLDER} rg:ageTo {{}}", "65", "66"),
    ("age-limit-without-target-group", f"{NOBODY} rg:ageFrom {{}}", "66", "65"),
    ("age-limit-without-target-group", f"{NOBODY} rg:ageOver {{}}", "65", "64"),
    ("age-limit-without-target-group", f"{NOBODY} rg:ageUnder {{}}", "19", "20"),
    ("age-limit-without-target-group", f"{NOBODY} rg:ageTo {{}}", "18", "19"),
    ("age-limits-contradict", f"{NOBODY} rg:ageTo 65 ; rg:ageOver {{}}", "65", "64"),
    ("age-limits-contradict", f"{NOBODY} rg:ageUnder 65 ; rg:ageOver {{}}", "64", "63"),
    ("age-limits-contradict", f"{NOBODY} rg:ageTo 65 ; rg:ageFrom {{}}", "66", "65"),
    ("age-limits-contradict", f"{NOBODY} rg:ageUnder 65 ; rg:ageFrom {{}}", "65", "64"),
    (
        "coverage-bounds-out-of-order",
        "dqv:computedOn <register/stroke> ; rg:percentTo 70.0 ; rg:percentFrom {}",
        "70.1",
        "70.0",
    ),
    (
        "coverage-bounds-out-of-order",
        "dqv:computedOn <register/stroke> ; rg:percentUnder 70.0 ; rg:percentFrom {}",
        "70.0",
        "69.9",
    ),
    ("percent-over-100", "rg:unit <unit/percent> ; rg:figureValue {}", "100.1", "100.0"),
    ("stated-value-out-of-range", f"{DATED} <register-property/start-year> ; rdf:object {{}}", "1849", "1850"),
    ("stated-value-out-of-range", f"{DATED} <register-property/age-to> ; rdf:object {{}}", "121", "120"),
    ("stated-value-out-of-range", f"{DATED} <register-property/age-from> ; rdf:object {{}}", "-1", "0"),
    (
        "stated-value-out-of-range",
        f"{DATED} <register-property/municipalities-connected> ; rdf:object {{}}",
        "291",
        "290",
    ),
    (
        "stated-value-out-of-range",
        f"{SHARE} {DATED} <register-property/municipalities-connected> ; rdf:object {{}}",
        "101",
        "100",
    ),
    (
        "act-repealed-before-valid",
        'eli:date_no_longer_in_force "2025-06-30"^^xsd:date ; eli:first_date_entry_in_force "{}"^^xsd:date',
        "2025-07-01",
        "2025-06-30",
    ),
    ("counted-figure-differs", "rg:exactness <exactness/exact> ; rg:figureValue 5 ; rg:computedValue {}", "0", "5"),
]


@pytest.mark.parametrize(("rule", "said", "told", "not_told"), BOUNDS)
def test_each_side_of_a_bound(rule: str, said: str, told: str, not_told: str) -> None:
    store = valid_store()
    state(store, "beyond", said.format(told))
    state(store, "within", said.format(not_told))
    found = {result.focus for result in run_checks(store, (CHECKS[rule],))}
    assert (f"{ID}made-up/beyond" in found, f"{ID}made-up/within" in found) == (True, False)


def state(store: Store, name: str, said: str) -> None:
    """Add statements about a thing of the made-up world."""
    store.update(f"INSERT DATA {{ <made-up/{name}> {said} }}", base_iri=ID, prefixes=dict(PREFIXES))
