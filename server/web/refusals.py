"""What the gateway says by itself, before or instead of the application."""

from __future__ import annotations

from server.web.problem import Problem

UNTRUSTED = (
    "requests carry X-Forwarded-For, which is not believed, so all clients behind that proxy count as one: "
    "set trusted_proxies to the number of proxies in front (docs/settings.md)"
)


def busy(limit: str) -> Problem:
    """A client has as much under way as one may; `limit` names of what."""
    return Problem(
        "busy",
        "This client has as many requests under way as one may have. Try again a little later.",
        "Klienten har så många pågående anrop som en får ha. Försök igen om en stund.",
        headers={"Retry-After": "1"},
        members={"limit": limit},
    )


def too_large(size: int, most: int) -> Problem:
    """A body is larger than is taken, in bytes."""
    return Problem(
        "too-large",
        f"The body has {size} bytes; at most {most} are taken.",
        f"Innehållet har {size} byte; högst {most} tas emot.",
        members={"limit": "body-size"},
    )


def stopping() -> Problem:
    """The grace of a server that stops is over."""
    return Problem(
        "not-ready",
        "The server is stopping, and this answer did not come in time. Ask again a little later.",
        "Servern stängs, och svaret hann inte bli klart. Försök igen om en stund.",
        headers={"Retry-After": "5"},
    )
