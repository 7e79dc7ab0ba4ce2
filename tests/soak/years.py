"""`python -m tests.soak.years`: SOAK_YEARS (500) random years of handing in, and one from hand-in to release and back.

The years are those of test_random_years.py, other ones each time: two holders and stewards within each
other, kills, against a plain model of the rules. The last one is built for real, with every rehearsal. Exit code 0, or
an error that tells what did not hold.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from loader.resources import find_resources
from server.handing_in.submissions.deciding import Decision, decide
from server.handing_in.submissions.kept.model import Action, Status
from tests.server.handing_in.submissions.test_random_years import Years
from tests.server.handing_in.submissions.test_year import FULL, NAMES
from tests.server.handing_in.submissions.year import Year, accept, hand_in, new_year, withdraw


def there_and_back(own: Year) -> None:
    """A published file is handed in once more; then both are withdrawn, and one is taken up again."""
    plain = own.build().graph.read_bytes()
    office = own.account("office", "riksfot")
    own.account("stewards")
    with own.intake(rehearsing=True) as intake:
        first = accept(intake, hand_in(intake, office, FULL))
        own.build()
    with own.intake(rehearsing=True) as intake:
        again = accept(intake, hand_in(intake, office, FULL, "package.csv"))
        assert again.reading.effect.same == len(NAMES)
        for item in (again, first):
            withdraw(intake, item)
        reopened = decide(intake, first, Decision(Action.REOPEN, "office"))
        assert reopened.status is Status.RECEIVED
    assert own.build().graph.read_bytes() == plain


def main() -> int:
    """Run and judge."""
    years = int(os.environ.get("SOAK_YEARS", "500"))
    begun = time.monotonic()
    bounds = settings(
        max_examples=years, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Years, settings=bounds)
    print(f"{years} random years in {time.monotonic() - begun:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as name, new_year(Path(name), find_resources()) as year:
        there_and_back(year)
    print("one year with every build: as it was before")
    return 0


if __name__ == "__main__":
    sys.exit(main())
