"""A query worker: a forked process that answers one query at a time from the store it inherited.

It runs until its peer closes the socket. The kernel ends it at the deadline of a query (SIGALRM at its default action),
so neither a busy web process nor a busy engine can stretch one.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from mmap import mmap
from typing import IO, Any, cast

from pyoxigraph import QuerySolutions, Store

from server.engine import formats
from server.engine.interface import Job
from server.engine.pool import frames as frame
from server.engine.pool import memory, sandbox
from server.engine.pool.frames import Kind
from server.engine.source import BASE, StoreSource, dataset_options, in_order, perform

CHUNK = 64 * 1024
PARTS = 256  # of which one system call takes at most 1024
SLACK = 64 << 20
OUT_OF_MEMORY = b"memory allocation"
SYNTAX_POSITION = re.compile(r"^error at (\d+):(\d+): ")


class Slot:
    """A worker's entry in the board shared with the fork server: when its query began, its memory at that time, and
    whose query it is.

    The board is read at any moment: the beginning is written last and taken back first, and read before and after the
    rest, so that no half entry is taken for a query. Fields lie at multiples of eight bytes, so that each is whole.
    """

    SIZE = 24
    _BEGAN, _QUERY = struct.Struct("d"), struct.Struct("dQ")

    def __init__(self, board: mmap, number: int) -> None:
        """Entry `number` of the board."""
        self._board, self._offset = board, number * self.SIZE

    def begin(self, allocated: int, client: int) -> None:
        """A query begins now; `allocated` in bytes; `client` is 0 for the server itself."""
        self._QUERY.pack_into(self._board, self._offset + 8, allocated, client)
        self._BEGAN.pack_into(self._board, self._offset, time.monotonic())

    def end(self) -> None:
        """The worker is free."""
        self._BEGAN.pack_into(self._board, self._offset, 0)

    def read(self) -> tuple[float, float, int]:
        """When the query began (time.monotonic()), and what `begin` was given; zeros for a worker that is free, or that
        goes over to another query just now.
        """
        (began,) = self._BEGAN.unpack_from(self._board, self._offset)
        allocated, client = self._QUERY.unpack_from(self._board, self._offset + 8)
        (still,) = self._BEGAN.unpack_from(self._board, self._offset)
        return (began, allocated, client) if began and began == still else (0.0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a worker works: `open_store` gives the store; `memory` and `retire` are as in EngineLimits, in bytes."""

    open_store: Callable[[], Store]
    prefixes: dict[str, str]
    memory: int
    retire: int


class Output:
    """A file for pyoxigraph to write to: gathers its small writes and sends them as frames; blocks on a slow reader."""

    def __init__(self, connection: socket.socket) -> None:
        """Nothing is sent before there is a chunk."""
        self._connection = connection
        self._size = 0
        self.rest: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take all of `data`; a long value goes in several frames, so that nobody has to hold it whole."""
        if len(data) > CHUNK:
            for start in range(0, len(data), CHUNK):
                self.write(data[start : start + CHUNK])
            return len(data)
        self.rest.append(data)
        self._size += len(data)
        if self._size >= CHUNK or len(self.rest) >= PARTS:
            frame.send(self._connection, Kind.DATA, *self.rest)
            self.rest.clear()
            self._size = 0
        return len(data)

    def flush(self) -> None:
        """Nothing to do: the rest goes with the last frame."""


class Worker:
    """One worker's state between queries."""

    def __init__(self, connection: socket.socket, plan: Plan, slot: Slot) -> None:
        """Open the store and set the hard limit of memory from what is mapped then."""
        self._connection, self._plan, self._slot = connection, plan, slot
        self._store = plan.open_store()
        self._source = StoreSource(self._store)
        self._priority = os.getpriority(os.PRIO_PROCESS, 0)
        self._checked = memory.faulted_bytes()
        self._allocated = memory.memory_of().allocated
        # The fork server's watch is exact to one look; the hard limit stops what outgrows it between two.
        sandbox.limit_memory(memory.memory_of().mapped, extra=plan.memory + plan.memory // 4 + SLACK)

    def serve(self) -> None:
        """Answer until the peer has gone, or this worker has grown too large or too slow to be kept."""
        leaving = False
        while not leaving and (request := frame.receive(self._connection)) is not None:
            leaving = self._serve(request.json())

    def _serve(self, request: dict[str, Any]) -> bool:
        signal.setitimer(signal.ITIMER_REAL, max(request["seconds"], 0.001))
        self._slot.begin(self._allocated, request["client"])
        kind, parts = self._answer(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._slot.end()
        leaving = kind is Kind.LAST and self._outgrown()
        frame.send(self._connection, Kind.LEAVING if leaving else kind, *parts)
        self._allocated = memory.memory_of().allocated  # while nobody waits
        return leaving

    def _answer(self, request: dict[str, Any]) -> tuple[Kind, list[bytes]]:
        try:
            return Kind.LAST, self._run(request) if "function" in request else self._query(request)
        except SyntaxError as error:
            return Kind.SYNTAX, [syntax_payload(str(error))]
        except ConnectionError:
            os._exit(0)  # The reader has gone: nobody is left to answer.
        except MemoryError:
            os.write(2, OUT_OF_MEMORY + b" failed in the interpreter\n")
            os._exit(1)
        except (ValueError, OSError, RuntimeError) as error:
            return Kind.FAILED, [str(error).encode()]

    def _query(self, request: dict[str, Any]) -> list[bytes]:
        """Send the answer to a query, but return its last bytes: they go with the frame that says that it is whole."""
        output = Output(self._connection)
        options = dataset_options(request["default_graphs"], request["named_graphs"], union=not request["has_dataset"])
        result = self._store.query(request["text"], base_iri=BASE, **options)
        if request["star"] >= 0 and isinstance(result, QuerySolutions):
            text = in_order(request["text"], request["star"], result.variables, request["variables"])
            result = self._store.query(text, base_iri=BASE, **options)
        formats.write(result, request["media_type"], cast("IO[bytes]", output), prefixes=self._plan.prefixes)
        return output.rest

    def _run(self, request: dict[str, Any]) -> list[bytes]:
        """Run a job's function on the store; its result as JSON."""
        job = Job(request["function"], request["arguments"], request["seconds"])
        found = perform(job, self._source)
        return [json.dumps(found).encode()]

    def _outgrown(self) -> bool:
        """Whether to start afresh: too much private memory, or a priority that the fork server has lowered."""
        if os.getpriority(os.PRIO_PROCESS, 0) > self._priority:
            return True
        if memory.faulted_bytes() - self._checked < self._plan.retire:
            return False
        self._checked = memory.faulted_bytes()
        return memory.private_bytes() > self._plan.retire


def syntax_payload(message: str) -> bytes:
    """A syntax error as JSON, with the position that Oxigraph puts before its message (1-based), or nulls."""
    position = SYNTAX_POSITION.match(message)
    line, column = (int(position[1]), int(position[2])) if position else (None, None)
    text = message[position.end() :] if position else message
    return json.dumps({"message": text, "line": line, "column": column}).encode()
