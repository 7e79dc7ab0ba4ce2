"""The body of an answer on its way out: small ones whole, large ones chunk by chunk, gzipped when the client takes
it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.engine.interface import Broken, Chunks, EngineError, Flowing

PEEK = 65_536
GZIP_FROM = 1_024
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of an answer: `head` has at least PEEK bytes unless it is `complete`; `chunks` holds the rest."""

    head: bytes
    complete: bool
    chunks: Chunks


def begin(chunks: Chunks) -> Begun:
    """Read the beginning; a failure up to here is raised as the engine raises it before the first byte, and can still
    become an error response.
    """
    parts: list[bytes] = []
    size = 0
    try:
        while size < PEEK:
            part = next(chunks, None)
            if part is None:
                chunks.close()
                return Begun(b"".join(parts), True, chunks)
            parts.append(part)
            size += len(part)
    except Broken as error:
        raise cause_of(error) from error
    return Begun(b"".join(parts), False, chunks)


async def begin_flow(chunks: Flowing) -> tuple[bytes, bool]:
    """As `begin`, on the event loop: the head, and whether it is complete."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in chunks:
            parts.append(part)
            size += len(part)
            if size >= PEEK:
                return b"".join(parts), False
    except Broken as error:
        raise cause_of(error) from error
    return b"".join(parts), True


def cause_of(error: Broken) -> EngineError:
    """What broke an answer of which nothing has been sent yet."""
    return error.__cause__ if isinstance(error.__cause__, EngineError) else error


class Encoder:
    """Codes the parts of a body on their way out, and keeps the whole as long as that is small.

    `finished` is called with all bytes made when the body came to its end with no more than `keep` bytes.
    """

    def __init__(self, *, gzip: bool, keep: int, finished: Callable[[bytes], None]) -> None:
        """Nothing has gone out."""
        self._gzip = zlib.compressobj(5, wbits=31) if gzip else None
        self._kept: list[bytes] | None = []
        self._keep = keep
        self._size = 0
        self._finished = finished

    def part(self, data: bytes) -> bytes:
        """The bytes to send for a part; may be none yet."""
        return self._sent(self._gzip.compress(data) if self._gzip else data)

    def end(self) -> bytes:
        """The last bytes to send, when the body has come to its end."""
        last = self._sent(self._gzip.flush() if self._gzip else b"")
        if self._kept is not None:
            self._finished(b"".join(self._kept))
        return last

    def _sent(self, part: bytes) -> bytes:
        self._size += len(part)
        if self._size > self._keep:
            self._kept = None
        elif self._kept is not None:
            self._kept.append(part)
        return part


class Stream(Iterator[bytes]):
    """A begun body: `head`, then the rest of `chunks`; a failure of the engine passes through and must break the
    transfer.

    No generator: close() may come from another thread while the next chunk is awaited.
    """

    def __init__(self, head: bytes, chunks: Chunks, encoder: Encoder) -> None:
        """Start with bytes already read from the engine."""
        self._head: bytes | None = head
        self._chunks = chunks
        self._encoder = encoder
        self._ended = False

    def __next__(self) -> bytes:
        while not self._ended:
            data = self._read()
            self._ended = data is None
            part = self._encoder.end() if data is None else self._encoder.part(data)
            if part:
                return part
        raise StopIteration

    def close(self) -> None:
        """Give up: the engine's worker is freed."""
        self._chunks.close()

    def _read(self) -> bytes | None:
        if self._head is not None:
            head, self._head = self._head, None
            return head
        return next(self._chunks, None)


def gzipped(body: bytes) -> bytes:
    """The body in one gzip member without a time stamp, so that same bytes give same bytes."""
    coder = zlib.compressobj(6, wbits=31)
    return coder.compress(body) + coder.flush()
