"""A DuckDB in memory that cannot spill: nothing that it holds reaches a disk, and its messages reach no reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from server.registerservice.messages import StopError

MEMORY = "4GB"


@contextmanager
def memory_session(memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with neither temporary folder nor extensions from the network.

    DuckDB's messages quote lines of the input; none is passed on.
    """
    connection = duckdb.connect(":memory:")
    try:
        for setting in (
            f"memory_limit = '{memory}'",
            "temp_directory = ''",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "enable_progress_bar = false",
            # The smaller side of a join is the one it is written with; a file's rows are never held to be joined.
            "disabled_optimizers = 'build_side_probe_side,join_order'",
            "preserve_insertion_order = true",
        ):
            connection.execute(f"SET {setting}")
        yield connection
    except duckdb.OutOfMemoryException:
        raise StopError(
            f"Minnet räcker inte ({memory}); inget skrivs ner. Ge mer med --memory, eller dela upp perioden.",
            f"Out of memory ({memory}); nothing is spilled. Give more with --memory, or divide the period.",
        ) from None
    except duckdb.Error as error:
        kind = type(error).__name__
        raise StopError(
            f"En fil går inte att läsa ({kind}). Kontrollera att den är hel och i rätt kodning;"
            " spara den helst i UTF-8.",
            f"A file cannot be read ({kind}). Check that it is whole and in the right encoding; best save it in UTF-8.",
        ) from None
    finally:
        connection.close()
