"""The app's one runner of checks and the places before it, and what their failures are to a client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from server.engine.caller import CALLER
from server.handing_in.checks.places import Asker, NoPlace, Places
from server.service import service_of
from server.settings import Settings
from server.web.problem import Problem

if TYPE_CHECKING:
    from server.handing_in.checks.runner import CheckRunner

OWN = "registergraf"
_KEY = "registergraf-checks"
_STRANGERS = "registergraf-checks-of-strangers"
_PLACES = "registergraf-check-places"


def init_checks(app: Flask, settings: Settings) -> None:
    """Give an app its runner of checks; no process starts before the first check."""
    from server.handing_in.checks.runner import CheckBounds, CheckRunner

    runner = CheckRunner(CheckBounds(settings.check_seconds, settings.check_memory_mb))
    app.extensions[_KEY], app.extensions[_STRANGERS] = runner, runner.within(settings.stranger_check_memory_mb)
    places = Places(settings.checks_at_once, settings.check_seconds / 2)
    app.extensions[_PLACES] = places
    service_of(app).metrics.count_waiting_checks(places.waiting)


def checks_of(app: Flask) -> CheckRunner:
    """The runner of an app, for what a holder hands in and for what the server makes by itself."""
    return cast("CheckRunner", app.extensions[_KEY])


def strangers_checks_of(app: Flask) -> CheckRunner:
    """The same with the memory that a check is given which anybody may ask for."""
    return cast("CheckRunner", app.extensions[_STRANGERS])


@contextmanager
def place(*, holder: bool) -> Iterator[None]:
    """A place for one check of the client that asks; Problem busy (503) that says when one is expected."""
    places = cast(Places, current_app.extensions[_PLACES])
    try:
        with places.taken(Asker(CALLER.get().key, holder)):
            yield
    except NoPlace as error:
        sv = f"Alla platser för kontroller är upptagna; en väntas bli ledig om {error.seconds} s."
        raise Problem(
            "busy", str(error), sv, headers={"Retry-After": str(error.seconds)}, members={"limit": "checks"}
        ) from error


@contextmanager
def failures_as_problems() -> Iterator[None]:
    """A check that comes to no result is a problem: 503, to be tried again."""
    from server.handing_in.checks import runner

    try:
        yield
    except runner.CheckTimedOut as error:
        raise _failed(str(error), "Kontrollen tog för lång tid. Dela upp filen.") from error
    except runner.CheckTooLarge as error:
        en = (
            f"{error} Send it in parts, hand it in with a token, or check it on your own computer (registergraf check)."
        )
        sv = (
            "Kontrollen behövde för mycket minne. Dela upp filen, lämna in den inloggad, eller kontrollera den på "
            "din egen dator (registergraf check)."
        )
        raise _failed(en, sv) from error
    except runner.CheckFailed as error:
        raise _failed(
            str(error), "Kontrollens process avslutades oväntat; den kan ha behövt för mycket minne. Dela upp filen."
        ) from error


def _failed(en: str, sv: str) -> Problem:
    return Problem("check-failed", en, sv, headers={"Retry-After": "5"})


def profiles(settings: Settings) -> Mapping[str, Path]:
    """The folders of shapes below the setting `profiles`, by name."""
    folder = Path(settings.profiles) if settings.profiles else None
    if folder is None or not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()}


def shapes_of(profile: str, settings: Settings) -> Path | None:
    """The folder of a profile's shapes, None for our own: never a path from outside, always one that the setting holds.

    Problem bad-request (400) when there is no such profile.
    """
    if profile == OWN:
        return None
    known = profiles(settings)
    if profile not in known:
        names = ", ".join((OWN, *known))
        raise Problem("bad-request", f"There is no profile {profile}; there are {names}.", f"Profilerna är {names}.")
    return known[profile]
