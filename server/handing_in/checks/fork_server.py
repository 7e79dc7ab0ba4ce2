"""The parent of checks: a single-threaded process that has loaded what a check needs and forks one child per check.

Run as `python -m server.handing_in.checks.fork_server DESCRIPTOR`; over that end of a socket pair the web process,
which has threads and so must not fork, sends a connection per check. The child reads its request from it, answers, and
ends. The kernel kills it at the deadline (SIGALRM, not handled) and when its parent dies, and gives it no more memory
than it may have.
It opens no network connection and runs no program.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path

from loader.check import CheckOptions, Upload, check
from loader.checked import Accepted
from loader.errors import LoaderError
from loader.intake.world.context import read_context
from loader.model.findings import Language, to_dict
from loader.release.manifest import open_release
from loader.report.formats import REPORTS
from loader.report.model import Report
from loader.report.wire import to_wire
from loader.resources import find_resources
from server.engine.pool import sandbox
from server.engine.pool.memory import memory_of
from server.handing_in.checks import wire
from server.handing_in.checks.forms import KEPT, MENDING, NO_RELEASE, REHEARSAL, TEMPLATE, WIRE, WITH_ROWS
from server.handing_in.checks.graphs import graphs_from
from server.handing_in.checks.kept import kept_report
from server.handing_in.checks.mends import mended
from server.handing_in.checks.report_with_rows import report_with_rows
from server.handing_in.checks.templates import template_file

MOST_REQUEST = 1 << 30
_DESCRIPTORS = 1


def main(descriptor: int) -> None:
    """Fork a child for every connection that comes, until the web process closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
    sandbox.close_network()
    tether = sandbox.Tether()
    control = socket.socket(fileno=descriptor)
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, _DESCRIPTORS)
        if not message:
            return
        if message != NO_RELEASE.encode():
            _preload(message.decode())
        for connection in descriptors:
            if os.fork() == 0:
                _be_child(control, socket.socket(fileno=connection), tether)
            os.close(connection)


def _preload(directory: str) -> None:
    """Have the release at hand before the fork, so that its checks share it; a broken one is told by the check."""
    try:
        read_context(open_release(Path(directory)))
    except LoaderError as error:
        print(error, file=sys.stderr)


def _be_child(control: socket.socket, connection: socket.socket, tether: sandbox.Tether) -> None:
    """Answer one check and never return."""
    code = 1
    try:
        control.close()
        sandbox.reset_signals()
        tether.tie()
        sandbox.volunteer_for_oom()
        request = wire.receive(connection, MOST_REQUEST)
        if request is not None:
            _answer(connection, *request)
        code = 0
    except MemoryError:
        wire.send(connection, {"failed": "memory"})
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _answer(connection: socket.socket, header: dict[str, object], parts: list[bytes]) -> None:
    seconds, megabytes = int(str(header["seconds"])), int(str(header["memory_mb"]))
    signal.alarm(seconds)
    sandbox.limit_memory(memory_of().mapped, extra=megabytes * 1_048_576)
    if header["form"] == REHEARSAL:
        from loader.release.rehearsal import rehearse  # a build's libraries, which no check needs

        facts = header["graphs"]
        found = rehearse(find_resources(), graphs_from(facts if isinstance(facts, list) else [], parts))
        wire.send(connection, {}, [json.dumps([to_dict(finding) for finding in found]).encode()])
        return
    if header["form"] == TEMPLATE:
        release = open_release(Path(str(header["release"])))
        wire.send(connection, {}, [template_file(release, str(header["register"]), str(header["language"]))])
        return
    if header["form"] == KEPT:
        files = tuple(Upload(str(name), data) for name, data in zip(_texts(header["names"]), parts[:-1], strict=True))
        wire.send(connection, {}, [kept_report(parts[-1], files, str(header["report"]), str(header["language"]))])
        return
    if header["form"] == MENDING:
        wire.send(connection, *mended(header["names"], header["mends"], parts))
        return
    names, mapping = header["names"], header["mapping"]
    if not isinstance(names, list) or not isinstance(mapping, dict | None):
        raise TypeError("The request is not in form.")
    uploads = tuple(Upload(str(name), data) for name, data in zip(names, parts[:-1], strict=True))
    language: Language = "en" if header["language"] == "en" else "sv"
    shapes = None if header["shapes"] is None else Path(str(header["shapes"]))
    gone, listed = (frozenset(map(str, _texts(header[name]))) for name in ("accepted_gone", "accepted_whole"))
    accepted = Accepted(parts[-1], gone, listed)
    whole = bool(header["whole"])
    options = CheckOptions(str(header["profile"]), language, mapping, shapes, accepted=accepted, whole=whole)
    release = open_release(Path(str(header["release"])))
    result = check(uploads, release=release, options=options)
    if header["form"] == WIRE:
        body = to_wire(result)
    else:
        report = Report(result, uploads, options.profile, release.version, language)
        body = report_with_rows(report) if header["form"] == WITH_ROWS else REPORTS[str(header["form"])].write(report)
    wire.send(connection, {"conforms": result.conforms, "readable": result.readable}, [body])


def _texts(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("The request is not in form.")
    return value


if __name__ == "__main__":
    main(int(sys.argv[1]))
