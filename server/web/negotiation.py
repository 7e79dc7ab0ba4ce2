"""Choose the format of an answer from `format=` and the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from server.web.media import Format
from server.web.problem import Problem

USUAL = 1024  # characters of an Accept header that is remembered


def choose(accept: str, offers: Sequence[Format], *, wanted: str = "") -> Format:
    """The best of `offers`: the first one called by a name in `wanted` (separated by commas), else the one with the
    highest quality in `accept`; of equal ones the earlier.

    Raises Problem not-acceptable (406) with the list of what there is.
    """
    if wanted:
        names = [name.strip() for name in wanted.split(",")]
        found = next((offer for name in names for offer in offers if offer.is_called(name)), None)
    else:
        ranges = _usual(accept) if len(accept) <= USUAL else parse_accept(accept)
        rated = [(_quality(offer, ranges), -place) for place, offer in enumerate(offers)]
        best = max(rated)
        found = offers[-best[1]] if best[0] > 0 else None
    if found is None:
        raise not_acceptable(offers)
    return found


def not_acceptable(offers: Sequence[Format]) -> Problem:
    """406 with what there is, by short name and media type."""
    available = {offer.name: offer.media_type for offer in offers}
    names = ", ".join(f"{media_type} (format={name})" for name, media_type in available.items())
    return Problem(
        "not-acceptable", f"Available: {names}.", f"Det som finns: {names}.", members={"available": available}
    )


def parse_accept(header: str) -> tuple[tuple[str, float], ...]:
    """The ranges of an Accept header with their quality; unreadable ranges are left out, no header means anything.

    >>> parse_accept("text/csv;q=0.5, */*;q=0.1")
    (('text/csv', 0.5), ('*/*', 0.1))
    """
    if not header.strip():
        return (("*/*", 1.0),)
    return tuple(item for part in header.split(",") if (item := _range(part)) is not None)


@lru_cache(64)
def _usual(header: str) -> tuple[tuple[str, float], ...]:
    return parse_accept(header)


def _range(part: str) -> tuple[str, float] | None:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    if name == "*":
        name = "*/*"
    if name.count("/") != 1:
        return None
    quality = next(
        (value.strip() for key, _, value in (item.partition("=") for item in parameters) if key.strip() == "q"), "1"
    )
    try:
        number = float(quality)
    except ValueError:
        return None
    return (name, number) if 0 <= number <= 1 else None


def _quality(offer: Format, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that fits; an alias counts as an exact name, but just behind the real
    one.
    """
    exact = [quality for name, quality in ranges if name == offer.media_type]
    if exact:
        return max(exact)
    alias = [quality - 1e-6 for name, quality in ranges if name in offer.aliases and quality > 0]
    if alias:
        return max(alias)
    major = offer.media_type.split("/")[0] + "/*"
    for wildcard in (major, "*/*"):
        found = [quality for name, quality in ranges if name == wildcard]
        if found:
            return max(found)
    return 0.0
