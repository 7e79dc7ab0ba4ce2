"""The exports and their gaps as the running server makes them: asked of the engine, each once per release."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import RdfFormat, Triple, parse

from server.engine.interface import Broken, cause_of
from server.exports.documents import written
from server.exports.gaps import Described, Gap, gaps, gaps_query
from server.exports.operator import operator_of
from server.exports.profiles import PROFILES, export
from server.query.answering import Question
from server.query.rows import select
from server.service import Service
from server.web.media import NTRIPLES

_MOST = 20_000


def asked_gaps(site: Service) -> list[Gap]:
    """What the profiles ask for and no source states, register by register."""
    made = site.derived.get("gaps")
    if not isinstance(made, list):
        rows = select(site, gaps_query(), limit=_MOST).rows
        described = (
            Described(register.text, label.text, variables.text == "true", publisher.text == "true")
            for register, label, variables, publisher in rows
        )
        made = site.derived["gaps"] = list(gaps(described))
    return made


def asked_export(site: Service, profile: str, form: str) -> bytes:
    """A profile of PROFILES in a form of FORMATS. Raises SettingNeededError when the operator's settings lack one."""
    operator = operator_of(site.settings)
    made = site.derived.get(("export", profile, form))
    if not isinstance(made, bytes):
        graph = export(PROFILES[profile], lambda query: _construct(site, query), operator, site.release.version)
        made = site.derived["export", profile, form] = written(graph, form)
    return made


def _construct(site: Service, query: str) -> Iterator[Triple]:
    try:
        text = site.answering.text(Question(query, "CONSTRUCT", NTRIPLES, site.settings.timeout_cap))
    except Broken as error:
        raise cause_of(error) from error
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
