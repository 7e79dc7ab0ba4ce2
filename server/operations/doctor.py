"""What an operator should know before clients do: settings, disk, releases, kept state, rights, clock, sandbox."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loader.release.link import releases
from loader.release.manifest import ReleaseError, current_release, open_release
from server.handing_in.state.database import check_integrity
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import open_state
from server.settings import SETTINGS, Settings

OK, WARNING, ERROR = "ok", "warning", "error"
MIGRATE = Path("/proc/sys/net/ipv4/tcp_migrate_req")
_LITTLE = 1 << 30  # bytes: less than this is soon full
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SPARE_FILES = 256  # files that the server itself keeps open, beside one a connection


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: `level` is OK, WARNING or ERROR; the texts say what was seen, and how to mend it."""

    level: str
    about: str
    sv: str
    en: str


def examine(settings: Settings) -> Iterator[Sign]:
    """Everything that can be seen from this machine without a running server, in a fixed order."""
    looks: tuple[Callable[[Settings], Iterator[Sign]], ...] = (
        _settings,
        _disk,
        _current,
        _others,
        _state,
        _rights,
        _clock,
        _files,
        _restarts,
    )
    for look in looks:
        yield from look(settings)


def _settings(settings: Settings) -> Iterator[Sign]:
    changed = [name for name, default, _ in SETTINGS if getattr(settings, name) != default]
    names = ", ".join(changed) or "–"
    yield Sign(OK, "settings", f"Ändrade inställningar: {names}.", f"Settings that differ from the defaults: {names}.")
    if settings.host not in ("127.0.0.1", "::1", "localhost") and not settings.public_url:
        yield Sign(
            WARNING,
            "settings",
            "Servern lyssnar utanför maskinen men public_url saknas: adresser i svar blir de som klienten skrev.",
            "The server listens beyond this machine but public_url is empty: addresses in answers are the client's.",
        )


def _disk(settings: Settings) -> Iterator[Sign]:
    for folder in dict.fromkeys((settings.releases, settings.state)):
        place = next((parent for parent in (folder, *folder.resolve().parents) if parent.exists()), Path("/"))
        free = shutil.disk_usage(place).free
        level = WARNING if free < _LITTLE else OK
        size = f"{free / _LITTLE:.1f} GiB"
        yield Sign(level, "disk", f"{size} fritt för {folder}.", f"{size} free for {folder}.")


def _current(settings: Settings) -> Iterator[Sign]:
    try:
        found = current_release(settings.releases)
    except ReleaseError as error:
        yield Sign(ERROR, "release", f"Ingen hel utgåva: {error}", str(error))
        return
    version = found.version
    yield Sign(OK, "release", f"Utgåva {version} är hel och gäller.", f"Release {version} is whole and current.")


def _others(settings: Settings) -> Iterator[Sign]:
    for name, is_current in releases(settings.releases):
        if not is_current:
            try:
                open_release(settings.releases / name)
            except ReleaseError as error:
                yield Sign(WARNING, "release", f"Går inte att gå tillbaka till: {error}", str(error))


def _state(settings: Settings) -> Iterator[Sign]:
    file = open_state(settings).database.file
    if not file.exists():
        yield Sign(OK, "state", "Inga konton eller inlämningar än.", "No accounts or submissions yet.")
        return
    try:
        check_integrity(file)
    except StorageError as error:
        yield Sign(ERROR, "state", f"Databasen är skadad: {error}. Återställ en säkerhetskopia.", str(error))
        return
    sv, en = f"Databasen {file} är hel.", f"The database {file} is whole."
    yield Sign(OK, "state", f"{sv} Loggen prövas med audit verify.", f"{en} Check the log by audit verify.")
    if not os.access(file, os.W_OK):
        yield Sign(ERROR, "state", f"{file} kan inte skrivas.", f"{file} cannot be written.")


def _rights(settings: Settings) -> Iterator[Sign]:
    folder = settings.state
    if folder.exists() and folder.stat().st_mode & _OTHERS:
        yield Sign(
            WARNING,
            "rights",
            f"Andra konton på maskinen når {folder}: chmod 700.",
            f"Other accounts of the machine can reach {folder}: chmod 700.",
        )


def _clock(settings: Settings) -> Iterator[Sign]:
    files = [path for folder in (settings.releases, settings.state) for path in folder.glob("*") if path.exists()]
    newest = max((path.stat().st_mtime for path in files), default=0.0)
    if newest > time.time() + 60:
        yield Sign(
            ERROR,
            "clock",
            "Klockan går efter: filer är skrivna i framtiden. Ställ den, helst med NTP.",
            "The clock is behind: files were written in its future. Set it, best by NTP.",
        )


def _files(settings: Settings) -> Iterator[Sign]:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < settings.connections + _SPARE_FILES:
        yield Sign(
            WARNING,
            "files",
            f"Högst {most} öppna filer, men connections är {settings.connections}: höj LimitNOFILE.",
            f"At most {most} open files, but connections is {settings.connections}: raise LimitNOFILE.",
        )


def _restarts(settings: Settings) -> Iterator[Sign]:
    """Connections wait in a queue of each serving process; only with this setting of Linux another one takes them."""
    if not settings.unix_socket and MIGRATE.exists() and MIGRATE.read_text(encoding="ascii").strip() == "0":
        yield Sign(
            WARNING,
            "restarts",
            "Anslutningar som väntar på en process som ersätts avbryts: sysctl -w net.ipv4.tcp_migrate_req=1, "
            "eller använd unix_socket.",
            "Connections that wait for a process which is replaced are reset: sysctl -w net.ipv4.tcp_migrate_req=1, "
            "or use unix_socket.",
        )
