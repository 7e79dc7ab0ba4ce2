"""The state of one server, opened: database, kept files, witness, accounts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.accounts.store import Accounts
from server.accounts.witness import NAME, Witness
from server.settings import Settings
from server.state.blobs import Blobs
from server.state.database import Database


@dataclass(frozen=True, slots=True)
class State:
    """What is kept below the settings' folder `state`; nothing is made before something is written."""

    folder: Path
    database: Database
    blobs: Blobs
    witness: Witness
    accounts: Accounts


def open_state(settings: Settings) -> State:
    """The state that the settings name."""
    folder = settings.state
    witness = Witness(Path(settings.audit_witness) if settings.audit_witness else folder / NAME)
    database = Database(folder, committed=witness.follow)
    return State(folder, database, Blobs(folder), witness, Accounts(database))
