"""`python -m tests.soak.checks`: mutated real files through the killable checks for SOAK_MINUTES (10).

Exit code 0 when every file came to a report or to a told refusal within the deadline, 1 when a check crashed or hung.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from loader.check import CheckOptions, Upload
from loader.release.build import build
from loader.resources import find_resources
from server.handing_in.checks.runner import GRACE, CheckBounds, CheckFailed, CheckRunner
from tests.loader.intake.rdftext import FORMS
from tests.loader.intake.rdftext import clean as clean_statements
from tests.loader.intake.rdftext import write as write_statements
from tests.loader.intake.submission import WRITERS, clean, write

SECONDS = 20


def real_files() -> list[Upload]:
    """The curated tables, the ontology, and clean submissions in every format."""
    paths = [*sorted(Path("data/sources").rglob("*.csv")), *sorted(Path("ontology").rglob("*.ttl"))]
    found = [Upload(path.name, path.read_bytes()) for path in paths]
    found += [upload for form in WRITERS for upload in write(clean(7), form)]
    return [*found, *(write_statements(clean_statements(7), form)[0] for form in FORMS)]


def mutated(upload: Upload, chance: random.Random) -> Upload:
    """The file with bytes changed, left out, repeated or put in."""
    data = bytearray(upload.data)
    for _ in range(chance.choice((0, 1, 2, 5, 50))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((0, 1, 1, 2, 16, 400))
        piece = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 3))))
        data[at : at + length] = piece if chance.random() < 0.7 else data[at : at + length] * 2
    return Upload(chance.choice((upload.name, upload.name, "fil.csv", "fil.ttl", "fil")), bytes(data))


def main() -> int:
    """Run until the time is up, and judge."""
    end = time.monotonic() + 60 * float(os.environ.get("SOAK_MINUTES", "10"))
    chance = random.Random(int(os.environ.get("SOAK_SEED", "1")))
    counts: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        outcome = build(find_resources(), Path(name))
        if outcome.release is None:
            print("soak: the real sources do not build", file=sys.stderr)
            return 1
        runner = CheckRunner(CheckBounds(seconds=SECONDS, memory_mb=768))
        files = real_files()
        while time.monotonic() < end:
            upload, seed = mutated(chance.choice(files), chance), sum(counts.values())
            begun = time.monotonic()
            try:
                answer = runner.report([upload], outcome.release, CheckOptions(), "json")
                counts["conforms" if answer.conforms else "read" if answer.readable else "not readable"] += 1
            except CheckFailed as error:
                counts[type(error).__name__] += 1
                faults.append(f"file {seed} ({upload.name}, {len(upload.data)} bytes): {error!r}")
            if time.monotonic() - begun > SECONDS + 2 * GRACE:
                faults.append(f"file {seed} ({upload.name}) went over the deadline")
        runner.close()
    for kind, count in sorted(counts.items()):
        print(f"{count:>9}  {kind}")
    for fault in faults:
        print(f"soak: {fault}", file=sys.stderr)
    return 1 if faults or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
