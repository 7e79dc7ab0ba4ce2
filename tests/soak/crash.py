"""The second part of `make soak`: kill -9 during SOAK_SUBMISSIONS (200) submissions and SOAK_RELEASES (20) releases.

Another seed each time, printed; SOAK_SEED repeats one. Exit code 0 when nothing acknowledged was lost and every release
is whole; else an AssertionError says what was found.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import tempfile
from pathlib import Path

from tests.bench.dataset import Workplace
from tests.server.handing_in.submissions.crashing import (
    check_final_build,
    kill_while_building,
    kill_while_sending,
    make_place,
)


def main() -> int:
    """Run and judge."""
    wanted, releases = (int(os.environ.get(f"SOAK_{name}", most)) for name, most in _SIZES)
    seed = int(os.environ.get("SOAK_SEED") or secrets.randbelow(2**32))
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        place = make_place(Path(name), Workplace(Path(name)).shipped())
        sending, kills = kill_while_sending(place, wanted, chance)
        print(f"{len(sending.acknowledged)} submissions acknowledged over {kills} kills of the server", flush=True)
        killed = kill_while_building(place, releases, chance)
        check_final_build(place)
        print(f"{releases} releases over {killed} kills of the build")
    return 0


_SIZES = (("SUBMISSIONS", 200), ("RELEASES", 20))

if __name__ == "__main__":
    sys.exit(main())
