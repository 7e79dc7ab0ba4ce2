"""Typed rows of a SELECT for whoever shows them: asked and read at once, in bounded memory."""

from __future__ import annotations

from server.engine.rows import EMPTY, VALUE_CHARACTERS, Table, Term, read_table
from server.query.answering import Question
from server.service import Service
from server.web.media import JSON

__all__ = ["EMPTY", "Table", "Term", "read_table", "select"]


def select(
    service: Service, text: str, *, limit: int, timeout: float | None = None, value: int = VALUE_CHARACTERS
) -> Table:
    """At most `limit` rows of a SELECT, within `timeout` seconds (None: the default of the settings).

    A value is cut after `value` characters. Raises Problem (service-refused) or an EngineError.
    """
    seconds = service.settings.timeout if timeout is None else timeout
    return read_table(service.answering.ask(Question(text, "SELECT", JSON, seconds)).chunks, limit, value=value)
