"""Ask the current release in this process, without a server: the same permission and formats as /sparql."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loader.release.manifest import current_release
from server.app import open_engine
from server.engine.interface import QuerySyntax
from server.operations.metrics import Metrics
from server.query.answering import Answering, Question
from server.query.inquiry import permitted_form
from server.query.prefixes import PREFIXES
from server.query.slow_log import SlowLog
from server.query.syntax_help import syntax_problem
from server.query.text import read_query
from server.settings import Settings
from server.web.media import CSV, OF_FORM, TURTLE, Format
from server.web.negotiation import not_acceptable


def answer_locally(settings: Settings, text: str, format_name: str, timeout: float) -> Iterator[bytes]:
    """The answer's bytes. Raises Problem (refused, no such format), EngineError, or ReleaseError when there is no
    release.
    """
    form = permitted_form(settings, text, read_query(text))
    chosen = _format(form, format_name)
    release = current_release(settings.releases)
    engine = open_engine(replace(settings, workers=1, queue=1), release)
    try:
        yield from Answering(engine, Metrics(), SlowLog("", 0)).ask(Question(text, form, chosen, timeout)).chunks
    except QuerySyntax as error:
        raise syntax_problem(text, error, PREFIXES) from error
    finally:
        engine.close()


def _format(form: str, name: str) -> Format:
    """The format called `name`; without a name CSV for rows, JSON for yes or no, Turtle for graphs."""
    offers = OF_FORM[form]
    if not name:
        return next((offer for offer in (CSV, TURTLE) if offer in offers), offers[0])
    found = next((offer for offer in offers if offer.is_called(name)), None)
    if found is None:
        raise not_acceptable(offers)
    return found
