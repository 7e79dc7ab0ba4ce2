"""A query's text, read: a short one here, a long one in a worker, where that can be stopped."""

from __future__ import annotations

from server.engine.caller import CALLER
from server.engine.interface import Job
from server.query.text import QueryText, query_text_of, read_query
from server.service import Service

LONG = 4096  # characters


def read_text(service: Service, text: str, timeout: float) -> QueryText:
    """What can be told of a text, within `timeout` seconds; raises an EngineError."""
    if len(text) <= LONG:
        return read_query(text)
    return query_text_of(service.engine.run(Job("server.query.text:read_job", {"text": text}, timeout, CALLER.get())))
