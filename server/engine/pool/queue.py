"""The line of those who wait for a worker, in the order they came, with a bounded share of it for each client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """One place in the line; `client` is a Caller's key, empty for the server itself."""

    client: str


class WaitingQueue:
    """Not safe for threads: its owner holds a lock."""

    def __init__(self, places: int, share: int) -> None:
        """`places` in all, of which one client may hold `share`."""
        self._places, self._share = places, share
        self._tickets: list[Ticket] = []

    def __len__(self) -> int:
        """How many wait."""
        return len(self._tickets)

    def __iter__(self) -> Iterator[Ticket]:
        """Those who wait, the first one first."""
        return iter(self._tickets)

    def is_full(self, client: str) -> bool:
        """Whether there is no place, or none for this client."""
        held = sum(ticket.client == client for ticket in self._tickets) if client else 0
        return len(self._tickets) >= self._places or held >= max(self._share, 1)

    def join(self, client: str) -> Ticket:
        """Take the last place."""
        ticket = Ticket(client)
        self._tickets.append(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give a place up."""
        self._tickets.remove(ticket)

    def first(self, may: Callable[[str], bool]) -> Ticket | None:
        """The first ticket whose client `may` have a worker now; None when there is none."""
        return next((ticket for ticket in self._tickets if may(ticket.client)), None)
