"""Every error that the server sends, as problem details (RFC 9457) in English and Swedish.

A room raises a `Problem` where it knows what is wrong. `as_problem` makes one of every other exception: of the engine's
errors (server/engine/interface.py), of a room's `Failure`, and of what Flask raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from server.engine import interface as engine

TYPE_BASE = "https://w3id.org/registergraf/problem/"
MEDIA_TYPE = "application/problem+json"

TITLES: dict[str, tuple[int, str, str]] = {
    "bad-request": (400, "The request breaks the protocol", "Begäran följer inte protokollet"),
    "query-syntax": (400, "The query is not SPARQL", "Frågan är inte SPARQL"),
    "query-failed": (400, "The query cannot be evaluated", "Frågan kan inte besvaras"),
    "unauthorized": (401, "A token is needed", "En nyckel behövs"),
    "forbidden": (403, "This is not allowed for the token", "Det här får inte nyckeln göra"),
    "read-only": (403, "The service is read-only", "Tjänsten kan bara läsas"),
    "service-refused": (403, "SERVICE is not allowed here", "SERVICE är inte tillåtet här"),
    "not-found": (404, "There is nothing here", "Här finns ingenting"),
    "method-not-allowed": (405, "The method is not allowed here", "Metoden är inte tillåten här"),
    "not-acceptable": (406, "None of the accepted formats is available", "Inget av de önskade formaten finns"),
    "request-timeout": (408, "The request did not come in time", "Begäran kom inte fram i tid"),
    "conflict": (409, "The submission's status does not allow this", "Inlämningens läge tillåter inte detta"),
    "too-large": (413, "The request is too large", "Begäran är för stor"),
    "unsupported-media-type": (415, "The media type is not supported", "Medietypen stöds inte"),
    "unreadable": (422, "Nothing can be read", "Inget kan läsas"),
    "register-unknown": (422, "No register can be seen in the files", "Inget register syns i filerna"),
    "personal-data": (422, "The files hold personal data", "Filerna har personuppgifter"),
    "rate-limited": (429, "Too many requests", "För många anrop"),
    "internal": (500, "The server failed", "Servern misslyckades"),
    "engine-unavailable": (503, "The query engine cannot be reached", "Frågemotorn kan inte nås"),
    "timeout": (503, "The query took too long", "Frågan tog för lång tid"),
    "out-of-memory": (503, "The query needed too much memory", "Frågan behövde för mycket minne"),
    "crashed": (503, "The query's worker ended unexpectedly", "Frågans arbetsprocess avslutades oväntat"),
    "check-failed": (503, "The check came to no result", "Kontrollen gav inget resultat"),
    "busy": (503, "The server is busy", "Servern är upptagen"),
    "storage-unavailable": (503, "The server cannot store anything now", "Servern kan inte lagra något nu"),
    "insufficient-storage": (507, "The server has no space left", "Servern har inget utrymme kvar"),
    "version-not-supported": (505, "HTTP/1.1 is needed", "HTTP/1.1 behövs"),
    "not-ready": (503, "The server is not ready", "Servern är inte redo"),
}


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """An error response: a slug of TITLES, what happened in English and Swedish, more members, and more headers."""

    def __init__(
        self,
        slug: str,
        en: str,
        sv: str,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the parts; the status and the titles come from the table."""
        super().__init__(en)
        self.slug = slug
        self.status, self.title_en, self.title_sv = TITLES[slug]
        self.en = en
        self.sv = sv
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    @property
    def limit(self) -> str:
        """The limit that was reached, as the member `limit` names it; empty when it was none."""
        return str(self.members.get("limit", ""))


def problem_body(problem: Problem) -> dict[str, Any]:
    """The members of the problem+json: RFC 9457's own (in English), the Swedish twins, and the problem's further
    members.
    """
    return {
        "type": TYPE_BASE + problem.slug,
        "title": problem.title_en,
        "status": problem.status,
        "detail": problem.en,
        "title_sv": problem.title_sv,
        "detail_sv": problem.sv,
        **problem.members,
    }


def problem_text(problem: Problem) -> str:
    """The problem+json as it is sent."""
    return json.dumps(problem_body(problem), ensure_ascii=False, indent=2) + "\n"


def problem_response(problem: Problem) -> Response:
    """The problem as a response that no cache keeps."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(problem_text(problem), problem.status, headers, content_type=MEDIA_TYPE)


class Failure(Exception):  # noqa: N818 - named for what it is
    """A failure of a room's own that knows what it is to a client."""

    def problem(self) -> Problem:
        """What the client is told; details that are the operator's stay in the log."""
        return Problem("internal", "The error was logged; try again later.", "Felet är loggat; försök igen senare.")


def as_problem(error: Exception) -> Problem:
    """Turn any exception into the problem it is; what is unknown becomes 500 without details."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, engine.EngineError):
        return _from_engine(error)
    if isinstance(error, Failure):
        return error.problem()
    if isinstance(error, HTTPException):
        return _from_http(error)
    return Problem("internal", "The error was logged; try again later.", "Felet är loggat; försök igen senare.")


def _from_engine(error: engine.EngineError) -> Problem:
    if isinstance(error, engine.QuerySyntax):
        members = {"line": error.line, "column": error.column} if error.line is not None else {}
        return Problem("query-syntax", str(error), f"Tolken säger: {error}", members=members)
    if isinstance(error, engine.Busy):
        headers = {"Retry-After": str(error.retry_after)}
        return Problem(
            "busy",
            f"{error} Try again a little later.",
            "Alla arbetsprocesser och köplatser som du kan få är upptagna. Försök igen om en stund.",
            headers=headers,
            members={"limit": "workers"},
        )
    for kind, (slug, en, sv, headers) in _ENGINE.items():
        if isinstance(error, kind):
            return Problem(slug, en.format(error=error), sv.format(error=error), headers=headers)
    return Problem("internal", "The engine failed; the error was logged.", "Frågemotorn misslyckades; felet är loggat.")


_ENGINE: dict[type[engine.EngineError], tuple[str, str, str, dict[str, str]]] = {
    engine.QueryFailed: ("query-failed", "{error}", "Frågemotorn säger: {error}", {}),
    engine.TimedOut: (
        "timeout",
        "The deadline passed before the answer began: {error} Narrow the query, or ask for more time with timeout=.",
        "Tiden gick ut innan svaret började. Avgränsa frågan, eller be om mer tid med timeout=.",
        {"Retry-After": "5"},
    ),
    engine.OutOfMemory: (
        "out-of-memory",
        "{error} Narrow the query, or page it with ORDER BY, LIMIT and OFFSET.",
        "Frågan behövde mer minne än en klients frågor får ha tillsammans. Avgränsa den, eller dela upp den med "
        "ORDER BY, LIMIT och OFFSET.",
        {"Retry-After": "5"},
    ),
    engine.Unreachable: (
        "engine-unavailable",
        "The query engine behind this server cannot be asked now; why is in the server's log.",
        "Frågemotorn bakom servern kan inte nås just nu; orsaken finns i serverns logg.",
        {"Retry-After": "10"},
    ),
    engine.Crashed: (
        "crashed",
        "{error}",
        "Det som körde frågan avslutades oväntat. Försök igen.",
        {"Retry-After": "1"},
    ),
    engine.Left: ("crashed", "{error}", "Anropet avbröts.", {}),
}


def _from_http(error: HTTPException) -> Problem:
    code = error.code or 500
    if code == 404:
        return Problem(
            "not-found", "No page or resource has this address.", "Ingen sida eller resurs har den här adressen."
        )
    if code == 405:
        allow = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return Problem("method-not-allowed", f"Allowed: {allow}.", f"Tillåtet: {allow}.", headers={"Allow": allow})
    if code == 413:
        return Problem("too-large", "The request is over the size limit.", "Begäran är över storleksgränsen.")
    if 400 <= code < 500:
        return Problem("bad-request", error.description or error.name, "Begäran kunde inte tolkas.")
    return Problem("internal", "The error was logged; try again later.", "Felet är loggat; försök igen senare.")
