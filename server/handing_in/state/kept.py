"""The state of one server, opened: database, kept files, witness, accounts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.handing_in.accounts.store import Accounts
from server.handing_in.accounts.witness import NAME, Witness
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.database import Database
from server.settings import Settings


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
