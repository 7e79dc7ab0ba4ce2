"""The problems that the gateway answers with by itself, before or instead of the application."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from server.web.asgi.environ import Receive
from server.web.problem import Problem

_DROP_SECONDS, _DROP_BYTES = 2.0, 33_554_432
UNTRUSTED = (
    "requests carry X-Forwarded-For, which is not believed, so all clients behind that proxy count as one: "
    "set trusted_proxies to the number of proxies in front (docs/settings.md)"
)


async def drop(receive: Receive) -> None:
    """Read and discard the rest of a refused body, within a bound of time and bytes.

    A connection closed under a client who still sends is reset, and the refusal is lost (RFC 9112, section 9.6).
    """
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_DROP_SECONDS):
            while size < _DROP_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return


def busy(limit: str) -> Problem:
    """503 for a client that has as much under way as one may have: `limit` is requests, bodies or texts."""
    return Problem(
        "busy",
        "This client has as many requests under way as one may have. Try again a little later.",
        "Klienten har så många pågående anrop som en får ha. Försök igen om en stund.",
        headers={"Retry-After": "1"},
        members={"limit": limit},
    )


def too_large(size: int, most: int) -> Problem:
    """413 for a body of `size` bytes where at most `most` are read."""
    return Problem(
        "too-large",
        f"The body has {size} bytes; at most {most} are taken.",
        f"Innehållet har {size} byte; högst {most} tas emot.",
        members={"limit": "body-size"},
    )


def stopping() -> Problem:
    """503 for an answer that a stopping server could not finish in time."""
    return Problem(
        "not-ready",
        "The server is stopping, and this answer did not come in time. Ask again a little later.",
        "Servern stängs, och svaret hann inte bli klart. Försök igen om en stund.",
        headers={"Retry-After": "5"},
    )
