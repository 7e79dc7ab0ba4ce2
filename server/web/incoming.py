"""A request as it comes in: its body, read within bounds of size and time, and the WSGI environment made of it."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from server.web.cache import Key

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
# What the gateway tells the application in the WSGI environment, beside the request itself:
PATH = "registergraf.path"  # the path as the cache knows it
CALLER = "registergraf.caller"  # who asks, and whether he still waits
LATE = "registergraf.late"  # whether the body did not come in time
FAILED = "registergraf.failed"  # the exception that the request has met in the express lane, or None
QUERY_HASH = "registergraf.query_hash"  # put there by the application: the query's name in the log
_KEY_HEADERS = ("host", "accept", "accept-encoding", "accept-language")
# What belongs to the transfer of the body, which is behind us: the server has put the chunks together.
_OF_THE_TRANSFER = frozenset({b"transfer-encoding", b"content-length"})


class Gone(Exception):  # noqa: N818 - the client left before its request was complete
    """Nobody waits for an answer, and what came of the body is only a part."""


def announces_body(headers: Mapping[str, str]) -> bool:
    """Whether a request with these headers has a body (RFC 9112, section 6)."""
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


async def read_body(receive: Receive, most: int, seconds: float) -> bytes | None:
    """The body of a request, cut one byte behind `most`, which is enough to see that it is too large.

    None when it has not come within `seconds`; Gone when the client leaves before its end.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, most)
    except TimeoutError:
        return None


async def _read(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if not message.get("more_body"):
            break
    return b"".join(parts)[: most + 1]


def joined_headers(scope: Scope) -> dict[str, str]:
    """The headers of a request by name in lower case; repeated ones are joined by a comma (RFC 9110, section 5.3)."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def hot_key(scope: Scope, headers: Mapping[str, str]) -> Key | None:
    """The cache's key for a request, the same as server.reply.request_key makes of it; None when there is none."""
    if scope["method"] != "GET" or not headers.get("host") or "content-encoding" in headers:
        return None
    host, accept, encoding, language = (headers.get(name, "") for name in _KEY_HEADERS)
    return (host, scope["path"], scope["query_string"].decode("latin-1"), accept, encoding, language)


def make_environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333); repeated headers are joined by a comma."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.0" if scope["http_version"] == "1" else f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ.update(_header_variables(scope))
    return environ


def _header_variables(scope: Scope) -> dict[str, str]:
    """The headers of a request as HTTP_… variables.

    A name with an underscore is left out, for it could pass for another header's variable; so is the empty host that
    the server puts where none was given.
    """
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name in _OF_THE_TRANSFER or b"_" in name or (name == b"host" and not value):
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


class _Errors(io.TextIOBase):
    """wsgi.errors: what a library writes there goes to standard error."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)
