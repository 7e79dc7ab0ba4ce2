"""Killing the server and the build at random moments, and looking at what is left."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from loader.release.manifest import Release, current_release
from server.handing_in.accounts.verify import verify
from server.handing_in.state.kept import State, open_state
from server.handing_in.submissions.kept.store import Submissions
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.running import ROOT, free_port
from tests.shipped import copied

HEADER = "register;variable;notation;label_sv;label_en;measures\r\n"
COMMAND = [sys.executable, "-c", "from server.cli import main; main()"]


def variable_list(number: int) -> bytes:
    """A variable list of its own for each number."""
    row = f"riksstroke;prov-{number};P{number};Provvariabel {number};Test variable {number};housing-type\r\n"
    return (HEADER + row).encode()


@dataclass(slots=True)
class Place:
    """A release folder and a state, with a holder's and a steward's account."""

    root: Path
    settings: Settings
    token: str
    sources: Path | None = None  # what a build reads, if not the shipped ones
    build_seconds: float = 10.0  # about what one takes: over how long kills are spread

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            **({"REGISTERGRAF_SOURCES": str(self.sources)} if self.sources else {}),
            "REGISTERGRAF_RELEASES": str(self.settings.releases),
            "REGISTERGRAF_STATE": str(self.settings.state),
            "REGISTERGRAF_WORKERS": "2",
            "REGISTERGRAF_RATE_PER_MINUTE": "0",
            "REGISTERGRAF_ACCESS_LOG": "-",
        }

    @property
    def state(self) -> State:
        return open_state(self.settings)

    def run(self, *arguments: str) -> str:
        """A command that must succeed."""
        done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def make_place(root: Path, release: Release) -> Place:
    """A place whose first release is a copy of this one."""
    settings = Settings(releases=root / "releases", state=root / "state")
    accounts = open_state(settings).accounts
    token = accounts.create("riksstroke-office", ["holder:riksstroke"], in_days(1), actor="console").text()
    accounts.create("stewards", ["steward"], in_days(1), actor="console")
    copied(release, settings.releases)
    return Place(root, settings, token)


@contextmanager
def server(place: Place) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server in a process group of its own, killed at the end if it has not been before."""
    port = free_port()
    with (place.root / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            cwd=ROOT,
            env=place.environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        await_ready(url, process)
        yield url, process
    finally:
        kill(process)


def await_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url + "/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("The server did not become ready.")


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group: no handler runs, nothing is flushed."""
    with suppress(ProcessLookupError):  # it may have been killed before
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


@dataclass(slots=True)
class Sending:
    """Hands in numbered files; `acknowledged` are the numbers that were answered by 200 or 201, with their keys."""

    place: Place
    acknowledged: dict[int, str] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)

    def send(self, url: str, number: int) -> None:
        """Hand one in; OSError when the server dies meanwhile."""
        request = urllib.request.Request(
            f"{url}/submissions?supersedes=none&name=list-{number}.csv",
            data=variable_list(number),
            headers={"Authorization": f"Bearer {self.place.token}", "Content-Type": "text/csv"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            body = json.loads(response.read())
            if response.status == 200:
                self.again.append(number)
        self.acknowledged[number] = body["id"]

    def await_more(self, count: int, sender: threading.Thread) -> None:
        """Return when so many more are acknowledged, or nothing is sent any more."""
        wanted = len(self.acknowledged) + count
        while sender.is_alive() and len(self.acknowledged) < wanted:
            time.sleep(0.005)

    def send_until_killed(self, url: str, wanted: int) -> None:
        """Hand in what is not acknowledged yet, in order, until the server dies or all is there."""
        try:
            for number in range(wanted):
                if number not in self.acknowledged:
                    self.send(url, number)
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError):
            return  # the server was killed before its answer was whole: it will be asked again


def kill_while_sending(place: Place, wanted: int, chance: random.Random) -> tuple[Sending, int]:
    """Hand in `wanted` files to a server that is killed again and again; the acknowledged ones, and how many kills."""
    sending, kills = Sending(place), 0
    while len(sending.acknowledged) < wanted:
        with server(place) as (url, process):
            sender = threading.Thread(target=sending.send_until_killed, args=(url, wanted))
            sender.start()
            sending.await_more(chance.randrange(8), sender)
            sender.join(chance.uniform(0, 0.3))
            kills += sender.is_alive()
            kill(process)
            sender.join()
        check_kept(place, sending)
    return sending, kills


def check_kept(place: Place, sending: Sending) -> None:
    """Every acknowledged submission is there, once, with the very bytes; the log of all of it is sound."""
    state = place.state
    found = {item.key: item for item in Submissions(state.database).listed(None, most=100_000)}
    for number, key in sending.acknowledged.items():
        item = found[key]
        assert state.blobs.get(item.files[0].sha256) == variable_list(number)
    for item in found.values():
        assert json.loads(state.blobs.get(item.reading.report))["conforms"] is item.reading.conforms
        state.blobs.get(item.reading.statements)
    verdict = verify(state.database, state.witness, {})
    assert verdict.wrong == ()


def kill_while_building(place: Place, times: int, chance: random.Random) -> int:
    """Start a build for each of the next submissions and kill it at some time of its run; how many were killed."""
    killed = 0
    waiting = [item.key for item in Submissions(place.state.database).listed(None, "received", most=100_000)]
    assert len(waiting) >= times
    for key in waiting[:times]:
        accept(place, key)
        process = subprocess.Popen(
            [*COMMAND, "release", "build"],
            cwd=ROOT,
            env=place.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(chance.uniform(0.1, 1.1) * place.build_seconds)
        except subprocess.TimeoutExpired:
            killed += 1
        kill(process)
        check_releases(place)
    return killed


def accept(place: Place, key: str) -> None:
    """A steward's decision, without the time that the command takes to start."""
    from server.handing_in.submissions.kept.model import Action

    Submissions(place.state.database).decide(key, Action.ACCEPT, "stewards", "")


def check_releases(place: Place) -> None:
    """Every release has all its files as its manifest says, and one of them is current."""
    releases = [path.parent for path in place.settings.releases.glob("*/manifest.json") if not path.parent.is_symlink()]
    whole = [path for path in releases if not path.name.startswith(".unfinished")]
    assert whole
    for folder in whole:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, digest in manifest["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, (folder, name)
    assert current_release(place.settings.releases).directory in [path.resolve() for path in whole]


def check_final_build(place: Place) -> None:
    """A build that is left alone holds every accepted submission, and clears away what the killed ones left."""
    place.run("release", "build")
    check_releases(place)
    accepted = {item.key for item in Submissions(place.state.database).accepted()}
    assert set(current_release(place.settings.releases).manifest["submissions"]) == accepted
    assert not list(place.settings.releases.glob(".unfinished*"))
    place.run("audit", "verify")
