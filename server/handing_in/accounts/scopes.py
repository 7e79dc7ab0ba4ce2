"""What an account may do: hold registers, be a steward, be an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

STEWARD, OPERATOR, HOLDER = "steward", "operator", "holder"
_SCOPE = re.compile(r"steward|operator|holder:[a-z0-9]+(?:[.-][a-z0-9]+)*")
_LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 64
CONSOLE = "console"


class AccountError(Exception):
    """An account cannot be made, changed or used as asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who calls: `scopes` are `holder:<register key>`, `steward`, `operator`; times as xsd:dateTime in UTC."""

    label: str
    scopes: frozenset[str]
    created: str
    expires: str
    revoked: str | None = None

    @property
    def registers(self) -> frozenset[str]:
        """The keys of the registers that the account holds."""
        prefix = HOLDER + ":"
        return frozenset(scope.removeprefix(prefix) for scope in self.scopes if scope.startswith(prefix))

    @property
    def is_steward(self) -> bool:
        """Whether it may decide on submissions."""
        return STEWARD in self.scopes

    @property
    def is_operator(self) -> bool:
        """Whether it may see every submission's status and the state of the audit log."""
        return OPERATOR in self.scopes

    def usable(self, moment: str) -> bool:
        """Whether it is neither revoked nor expired at the moment."""
        return self.revoked is None and moment < self.expires


def check_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes as a set; AccountError when one is none, or when there are none."""
    given = frozenset(scopes)
    for scope in sorted(given):
        if not _SCOPE.fullmatch(scope):
            raise AccountError(
                f"{scope!r} is no scope: steward, operator, or holder:REGISTER (its key, as riksstroke)."
            )
    if not given:
        raise AccountError("An account needs a scope: steward, operator, or holder:REGISTER.")
    return given


def check_label(label: str) -> str:
    """The label itself; AccountError when it is none. It is published as the origin of accepted statements."""
    if not _LABEL.fullmatch(label) or len(label) > _LONGEST or label == CONSOLE:
        raise AccountError(f"{label!r} is no label: lower-case letters a–z, digits and hyphens, {_LONGEST} at most.")
    return label
