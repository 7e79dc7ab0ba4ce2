"""`python -m tests.soak.attacks`: every attack of one client alone, then all together with kills, beside ordinary use.

Alone, for SOAK_ATTACK_SECONDS (15) each: another address's p99, the memory of all processes, a holder's slowest
hand-in. Together, for SOAK_MINUTES (20), while serving processes and workers
are killed at random: nothing acknowledged is lost, nothing else appears, and descriptors, processes and memory come
back. Exit code 0 when all of it held.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.client import Client, NoAnswer
from tests.bench.dataset import Workplace
from tests.bench.process import Holding, descendants, holding
from tests.server.handing_in.submissions.crashing import Place, Sending, check_kept, make_place
from tests.server.running import Running, running
from tests.soak.hostile import ATTACKS, Attacker

ASK = "ASK { ?s ?p ?o }"
MOST_P99, MOST_MIB, MOST_HAND_IN = 0.2, 600, 5.0
EVERY = 0.01
SETTLING = 8.0


@dataclass(slots=True)
class Ordinary:
    """Another address that asks, and a holder who hands in; `waits` and `hand_ins` are in seconds."""

    server: Running
    sending: Sending
    stop: threading.Event
    waits: list[float] = field(default_factory=list)
    hand_ins: list[float] = field(default_factory=list)
    refused: int = 0

    def ask(self) -> None:
        """Ask again and again, on a connection of its own."""
        client = Client(self.server.url + "/sparql")
        while not self.stop.wait(EVERY):
            began = time.perf_counter()
            try:
                client.ask(ASK)
                self.waits.append(time.perf_counter() - began)
            except NoAnswer:
                self.refused += 1
        client.close()

    def hand_in(self) -> None:
        """Hand in numbered files, each once more until it is acknowledged."""
        number = len(self.sending.acknowledged)
        while not self.stop.wait(0.5):
            began = time.perf_counter()
            with suppress(OSError, ValueError):
                self.sending.send(self.server.url, number)
                self.hand_ins.append(time.perf_counter() - began)
                number += 1


@contextmanager
def served(place: Place) -> Iterator[Running]:
    """The server of a place, behind a proxy that it trusts."""
    settings = {"state": place.settings.state, "trusted_proxies": 1, "access_log": "", "stop_seconds": 5}
    with running(place.settings.releases, place.root / "server.log", **settings) as server:
        time.sleep(2)
        yield server


def attacked(
    server: Running, sending: Sending, names: Sequence[str], seconds: float, kills: random.Random | None
) -> tuple[Ordinary, float]:
    """Ordinary use while the attacks run; the ordinary clients and the most memory that all processes held, in MiB."""
    stop = threading.Event()
    ordinary = Ordinary(server, sending, stop)
    attacker = Attacker(server.url, stop)
    jobs: list[Callable[[], None]] = [ordinary.ask, ordinary.hand_in, *(partial(attacker.run, name) for name in names)]
    threads = [threading.Thread(target=run) for run in jobs]
    for thread in threads:
        thread.start()
    most, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(1)
        most = max(most, holding(server.process.pid).pss_mib)
        if kills is not None and kills.random() < 0.05:
            _kill_one(server, kills)
    stop.set()
    for thread in threads:
        thread.join()
    return ordinary, most


def _kill_one(server: Running, chance: random.Random) -> None:
    below = descendants(server.process.pid)
    if below:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(below), signal.SIGKILL)


def _alone(server: Running, sending: Sending, name: str, seconds: float) -> list[str]:
    ordinary, most = attacked(server, sending, [name], seconds, None)
    waits = sorted(ordinary.waits) or [float("inf")]
    p99, slowest = waits[int(len(waits) * 0.99)], max(ordinary.hand_ins, default=float("inf"))
    print(
        f"{name:<18} p99 {p99 * 1000:>7.1f} ms of {len(waits)}, hand-in {slowest:.1f} s of {len(ordinary.hand_ins)}, "
        f"{most:.0f} MiB, {ordinary.refused} refused",
        flush=True,
    )
    found = [f"{name}: p99 is {p99 * 1000:.0f} ms"] if p99 > MOST_P99 else []
    found += [f"{name}: {most:.0f} MiB"] if most > MOST_MIB else []
    found += [f"{name}: a hand-in took {slowest:.1f} s"] if slowest > MOST_HAND_IN else []
    return found + ([f"{name}: {ordinary.refused} questions were not answered"] if ordinary.refused else [])


def _together(server: Running, sending: Sending, minutes: float, seed: int) -> list[str]:
    idle = holding(server.process.pid)
    ordinary, most = attacked(server, sending, list(ATTACKS), minutes * 60, random.Random(seed))
    time.sleep(SETTLING)
    left = holding(server.process.pid)
    print(
        f"together: {len(ordinary.waits)} answers, {ordinary.refused} refused, {len(ordinary.hand_ins)} hand-ins "
        f"acknowledged, {most:.0f} MiB at most; before {_show(idle)}, after {_show(left)}"
    )
    found = [f"{left.descriptors} descriptors"] if left.descriptors > idle.descriptors + 16 else []
    found += [f"{left.processes} processes"] if left.processes > idle.processes + 2 else []
    return found + ([f"{left.pss_mib:.0f} MiB stay"] if left.pss_mib > MOST_MIB else [])


def _show(one: Holding) -> str:
    return f"{one.pss_mib:.0f} MiB, {one.descriptors} descriptors, {one.processes} processes"


def main() -> int:
    """Run and judge."""
    seconds, minutes = (float(os.environ.get(name, most)) for name, most in _TIMES)
    seed = int(os.environ.get("SOAK_SEED", "1"))
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        place = make_place(Path(name), Workplace(Path(name)).shipped())
        sending = Sending(place)
        for attack in ATTACKS:
            with served(place) as server:
                faults += _alone(server, sending, attack, seconds)
        with served(place) as server:
            faults += _together(server, sending, minutes, seed)
        check_kept(place, sending)
    for fault in faults:
        print(f"soak: {fault}", file=sys.stderr)
    return 1 if faults else 0


_TIMES = (("SOAK_ATTACK_SECONDS", "15"), ("SOAK_MINUTES", "20"))

if __name__ == "__main__":
    sys.exit(main())
