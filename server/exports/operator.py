"""Who answers for the catalogue: the operator of this server, from the settings; an export without it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.settings import PREFIX, Settings

_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_NEEDED = {
    "public_url": "the server's address as clients see it",
    "operator_name": "the organisation that runs the server",
    "operator_type": "its kind, an IRI of ADMS' list of publisher types",
    "operator_email": "where it is reached, for catalogues",
    "metadata_licence": "the licence of the descriptions, an IRI",
}


class SettingNeededError(Exception):
    """An export cannot be made: the message names the setting that it lacks, and what it is."""


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator: `url` is the server's address without a final slash; the licence is that of the descriptions."""

    url: str
    name: str
    type: str
    email: str
    licence: str

    @property
    def iri(self) -> str:
        """The operator as a thing."""
        return f"{self.url}/operator"


def operator_of(settings: Settings) -> Operator:
    """The operator by the settings; SettingNeededError for the first that is not set or is no IRI where one is due."""
    for name, meaning in _NEEDED.items():
        value = str(getattr(settings, name))
        if not value or (name in ("public_url", "operator_type", "metadata_licence") and not _IRI.fullmatch(value)):
            raise SettingNeededError(f"Exports need the setting {name} ({PREFIX}{name.upper()}): {meaning}.")
    return Operator(
        url=settings.public_url.rstrip("/"),
        name=settings.operator_name,
        type=settings.operator_type,
        email=settings.operator_email,
        licence=settings.metadata_licence,
    )
