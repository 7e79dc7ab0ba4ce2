"""The body of an answer on its way out: small ones whole, large ones chunk by chunk, gzipped when the client may."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from server.engine.interface import Broken, Chunks, cause_of

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


class Stream(Iterator[bytes]):
    """A begun body, coded: `head`, then the rest of `chunks`; a failure of the engine must break the transfer.

    No generator: close() may come from another thread while the next chunk is awaited.
    """

    def __init__(self, head: bytes, chunks: Chunks, *, gzip: bool) -> None:
        """Start with bytes already read from the engine."""
        self._head: bytes | None = head
        self._chunks = chunks
        self._gzip = zlib.compressobj(5, wbits=31) if gzip else None
        self._ended = False

    def __next__(self) -> bytes:
        while not self._ended:
            part = self._coded(self._read())
            if part:
                return part
        raise StopIteration

    def close(self) -> None:
        """Give up: the engine's worker is freed."""
        self._chunks.close()

    def _coded(self, data: bytes | None) -> bytes:
        """The bytes to send for a part, of which there may be none yet; None is the end."""
        self._ended = data is None
        if self._gzip is None:
            return data or b""
        return self._gzip.flush() if data is None else self._gzip.compress(data)

    def _read(self) -> bytes | None:
        if self._head is not None:
            head, self._head = self._head, None
            return head
        return next(self._chunks, None)


def gzipped(body: bytes) -> bytes:
    """The body in one gzip member without a time stamp, so that same bytes give same bytes."""
    coder = zlib.compressobj(6, wbits=31)
    return coder.compress(body) + coder.flush()
