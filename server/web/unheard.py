"""What is refused before the application hears of it: the problems, and their response as bytes."""

from __future__ import annotations

from collections.abc import Iterable

from server.web.headers import COMMON_HEADERS
from server.web.problem import MEDIA_TYPE, Problem, problem_text


def response_bytes(problem: Problem, first: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """The headers behind the status line, beginning with `first`, and the body; the connection ends with it."""
    body = problem_text(problem).encode()
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
        **dict(COMMON_HEADERS),
        **problem.headers,
    }
    fields = [*first, *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    return b"".join(b"%b: %b\r\n" % item for item in fields) + b"\r\n", body


def malformed() -> Problem:
    """What came cannot be read (400)."""
    return Problem("bad-request", "This is not HTTP/1.1 (RFC 9112).", "Det här är inte HTTP/1.1 (RFC 9112).")


def too_large() -> Problem:
    """The head is over its limits (431)."""
    return Problem(
        "head-too-large",
        "The address or the header fields are too long or too many. Send a long query by POST.",
        "Adressen eller rubrikerna är för långa eller för många. Skicka en lång fråga med POST.",
    )


def late() -> Problem:
    """The head did not come in time (408)."""
    return Problem("request-timeout", "The request's head did not come in time.", "Begärans huvud kom inte fram i tid.")


def busy(en: str, sv: str) -> Problem:
    """There is no room now (503)."""
    return Problem(
        "busy", f"{en} Try again a little later.", f"{sv} Försök igen om en stund.", headers={"Retry-After": "1"}
    )
