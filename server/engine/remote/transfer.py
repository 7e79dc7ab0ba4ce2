"""The transfer of one answer from an endpoint, in pieces as they come."""

from __future__ import annotations

import http.client
import time
from typing import NoReturn

from server.engine.interface import Broken, Crashed, EngineError, TimedOut
from server.engine.remote.boolean_results import mend
from server.engine.remote.connections import Connections

CHUNK = 64 * 1024


class Transfer:
    """Iterates over an answer's bytes; never holds more than one chunk. The deadline holds from chunk to chunk."""

    def __init__(
        self,
        connections: Connections,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        deadline: float,
    ) -> None:
        """`connection` is released to `connections` at the end."""
        self._connections, self._connection = connections, connection
        self._response, self._deadline = response, deadline
        self._first = b""
        self._begun = self._done = self._given_up = False

    def begin(self, media_type: str) -> None:
        """Wait for the first chunk."""
        self._first = mend(self._read(), media_type)
        self._begun = True

    def __iter__(self) -> Transfer:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """The next bytes, never empty ones; Broken when the transfer was cut or the deadline has passed."""
        chunk, self._first = self._first, b""
        if not chunk and not self._done:
            chunk = self._read()
        if chunk:
            return chunk
        if self._given_up:
            raise Broken("The answer was given up before its end.")
        raise StopIteration

    def close(self) -> None:
        """Give the rest up: the connection is closed, which tells the endpoint."""
        self._given_up = self._given_up or bool(self._first) or not self._done
        self._first = b""
        self._end(reusable=False)

    def __del__(self) -> None:
        """An answer that nobody closed."""
        self.close()

    def _end(self, *, reusable: bool) -> None:
        if self._done:
            return
        self._done = True
        keep = reusable and not self._response.will_close
        self._response.close()
        self._connections.release(self._connection, reusable=keep)

    def _read(self) -> bytes:
        left = self._deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            if self._connection.sock is not None:
                self._connection.sock.settimeout(left)
            chunk = self._response.read1(CHUNK)
        except TimeoutError:
            self._fail(TimedOut("The endpoint did not end its answer before the deadline."))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._fail(Crashed(f"The endpoint cut its answer off: {error or type(error).__name__}."))
        if not chunk:
            if self._response.length:
                self._fail(Crashed(f"The endpoint cut its answer off {self._response.length} bytes before its end."))
            self._end(reusable=True)
        return chunk

    def _fail(self, error: EngineError) -> NoReturn:
        self._end(reusable=False)
        if self._begun:
            raise Broken(str(error)) from error
        raise error
