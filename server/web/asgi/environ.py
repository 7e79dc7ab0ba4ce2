"""The WSGI environment of an ASGI request, and the key by which its answer is kept."""

from __future__ import annotations

import io
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from server.web.cache import Key

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# What the gateway tells the application in the WSGI environment, beside the request itself:
CALLER = "registergraf.caller"  # the Caller: who asks, and whether the answer is still waited for
REQUEST_ID = "registergraf.request"  # the request's name in logs, answers and error pages
LATE = "registergraf.late"  # whether the body did not come in time
SPARQL = "/sparql"
_KEY_HEADERS = ("accept", "accept-encoding", "accept-language")
# What belongs to the transfer of the body, which is behind us: the server has put the chunks together.
_OF_THE_TRANSFER = frozenset({b"transfer-encoding", b"content-length"})


def joined_headers(scope: Scope) -> dict[str, str]:
    """The headers of a request by name in lower case; repeated ones are joined by a comma (RFC 9110, section 5.3)."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def request_key(scope: Scope, headers: Mapping[str, str]) -> Key | None:
    """What makes two requests the same for the cache; None when the request is not one to keep an answer for."""
    if scope["method"] != "GET" or not headers.get("host") or "authorization" in headers:
        return None
    if "content-encoding" in headers or "content-length" in headers or "transfer-encoding" in headers:
        return None
    chosen = (headers.get(name, "") for name in _KEY_HEADERS)
    return (headers["host"], scope["path"], scope["query_string"].decode("latin-1"), *chosen)


def make_environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333) with a body of `size` bytes; repeated headers are joined by a comma.

    A header whose name has an underscore is left out, for it could pass for another header's variable; so is an empty
    host.
    """
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    version = scope["http_version"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{version}" if "." in version else f"HTTP/{version}.0",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if name not in _OF_THE_TRANSFER and b"_" not in name and (name != b"host" or value):
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            text = value.decode("latin-1")
            environ[key] = f"{environ[key]}, {text}" if key in environ else text
    return environ


class _Errors(io.TextIOBase):
    """wsgi.errors: what a library writes there goes to standard error."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)
