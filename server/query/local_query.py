"""Ask the current release in this process, without a server: the same permission and formats as /sparql."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from loader.release.manifest import current_release
from server.engine.interface import Engine, EngineError, Job, QuerySyntax
from server.engine.opened import open_engine
from server.query.answering import Answering, Question, SlowLog
from server.query.help.words import in_words, is_empty, problem_of
from server.query.permit import permitted_form
from server.query.text import read_query
from server.settings import Settings
from server.web.media import CSV, OF_FORM, TURTLE, Format
from server.web.metrics import Metrics
from server.web.negotiation import not_acceptable

HELP_SECONDS = 5.0


@dataclass(slots=True)
class Said:
    """What is said beside an answer: why it is empty, in English, or nothing."""

    explanation: str = ""


def answer_locally(settings: Settings, text: str, format_name: str, timeout: float, said: Said) -> Iterator[bytes]:
    """The answer's bytes; `said` is filled in when it is empty. Raises Problem (refused, no such format), EngineError,
    or ReleaseError when there is no release.
    """
    read = read_query(text)
    form = permitted_form(settings, read)
    question = Question(text, form, _format(form, format_name), timeout, read=read)
    engine = open_engine(replace(settings, workers=1, queue=1), current_release(settings.releases))
    try:
        yield from _counted(engine, question, said)
    except QuerySyntax as error:
        arguments = {"text": text, "line": error.line, "column": error.column}
        found = engine.run(Job("server.query.help.syntax:syntax_job", arguments, HELP_SECONDS))
        raise problem_of(found, error) from error
    finally:
        engine.close()


def _counted(engine: Engine, question: Question, said: Said) -> Iterator[bytes]:
    """The answer; a short one is looked at, and an empty table explained."""
    parts: list[bytes] = []
    for chunk in Answering(engine, Metrics(), SlowLog("", 0)).ask(question).chunks:
        if len(parts) < 2:
            parts.append(chunk)
        yield chunk
    if question.form == "SELECT" and len(parts) == 1 and is_empty(parts[0], question.format):
        said.explanation = _explained(engine, question.text)


def _explained(engine: Engine, text: str) -> str:
    graphs: dict[str, list[str]] = {"default_graphs": [], "named_graphs": []}
    try:
        unknown = engine.run(Job("server.query.help.empty:unknown_job", {"text": text}, HELP_SECONDS))
        found = engine.run(Job("server.query.help.empty:explain_job", {"text": text, **graphs}, HELP_SECONDS))
    except EngineError:
        return ""
    return str(in_words(unknown, found)["en"])


def _format(form: str, name: str) -> Format:
    """The format called `name`; without a name CSV for rows, JSON for yes or no, Turtle for graphs."""
    offers = OF_FORM[form]
    if not name:
        return next((offer for offer in (CSV, TURTLE) if offer in offers), offers[0])
    found = next((offer for offer in offers if offer.is_called(name)), None)
    if found is None:
        raise not_acceptable(offers)
    return found
