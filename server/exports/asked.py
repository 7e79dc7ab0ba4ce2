"""The exports and their gaps as the running server makes them: asked of the engine, each once per release."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import RdfFormat, Triple, parse

from server.engine.interface import Broken, cause_of
from server.exports.csvw import Described as Variable
from server.exports.csvw import csvw_schema, variables_query
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
    return site.once("gaps", lambda: list(gaps(_described(site))))


def _described(site: Service) -> Iterator[Described]:
    for register, label, variables, publisher in select(site, gaps_query(), limit=_MOST).rows:
        yield Described(register.text, label.text, variables.text == "true", publisher.text == "true")


def asked_export(site: Service, profile: str, form: str) -> bytes:
    """A profile of PROFILES in a form of FORMATS. Raises SettingNeededError when the operator's settings lack one."""
    operator = operator_of(site.settings)

    def make() -> bytes:
        graph = export(PROFILES[profile], lambda query: _construct(site, query), operator, site.release.version)
        return written(graph, form)

    return site.once(("export", profile, form), make)


def asked_schema(site: Service, key: str, address: str) -> bytes | None:
    """The CSVW schema of a register's variables; None when no source names a variable of a register of this key."""
    rows = select(site, variables_query(key), limit=_MOST).rows
    return csvw_schema(key, (Variable(*(term.text for term in row)) for row in rows), address) if rows else None


def _construct(site: Service, query: str) -> Iterator[Triple]:
    try:
        text = site.answering.text(Question(query, "CONSTRUCT", NTRIPLES, site.settings.timeout_cap))
    except Broken as error:
        raise cause_of(error) from error
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
