"""A keep-alive HTTP client that takes times: first byte, whole answer, rows."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

JSON = "application/sparql-results+json"
PIECE = 1 << 18


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """The server gave an error, or cut its answer; `status` is 0 when the connection broke."""

    def __init__(self, status: int, text: str) -> None:
        """Keep the status beside the text."""
        super().__init__(f"{status}: {text[:200]}")
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds from the request's first byte to the answer's first and last byte of body; its bytes."""

    first: float
    whole: float
    body: bytes


class Client:
    """One connection to one SPARQL endpoint, opened anew when the server closes it."""

    def __init__(self, endpoint: str, timeout: float = 120.0) -> None:
        """`endpoint` is the URL to which `?query=` is added; `timeout` is in seconds without a byte."""
        parts = urlsplit(endpoint)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)

    def ask(self, query: str, *, accept: str = JSON, extra: str = "") -> Taken:
        """Send a query and read its answer; NoAnswer when it is not 200 or is cut off."""
        target = f"{self._path}?query={quote(query)}{extra}"
        began = time.perf_counter()
        try:
            self._connection.request("GET", target, headers={"Accept": accept})
            response = self._connection.getresponse()
            head = response.read(1)
            first = time.perf_counter() - began
            parts = [head]
            while piece := response.read(PIECE):
                parts.append(piece)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(0, f"{type(error).__name__} {error}") from error
        taken = Taken(first, time.perf_counter() - began, b"".join(parts))
        if response.status != 200:
            raise NoAnswer(response.status, taken.body.decode("utf-8", "replace"))
        return taken

    def close(self) -> None:
        """Close the connection; the next question opens it again."""
        self._connection.close()
