"""SPARQL 1.1 Protocol, section 2.1: a request becomes a query operation, or the problem that it is. Pure parsing, no
engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from server.query.permit import read_only
from server.settings import Settings
from server.web.problem import Problem
from server.web.request import Asked

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ONCE = ("query", "update", "timeout", "bom", "explain-empty", "lang")
_OF_A_QUERY = ("default-graph-uri", "named-graph-uri", "timeout", "explain-empty")
_MOST_FIELDS = 1000
_SURROGATE = re.compile("[\\ud800-\\udfff]")
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*\Z")


@dataclass(frozen=True, slots=True)
class Operation:
    """One query operation as asked: `timeout` is in seconds; `format` is empty when the Accept header decides,
    else names in the order of preference, separated by commas (some clients send several).
    """

    query: str
    timeout: float
    format: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bom: bool = False
    explain_empty: bool = False


def read_operation(request: Asked, settings: Settings) -> Operation | None:
    """The query operation of a request, or None when it is a bare GET, which asks for the service description.

    Raises Problem: bad-request, read-only (an update), unsupported-media-type or too-large.
    """
    fields = _fields(request, settings)
    if "update" in fields:
        raise read_only(settings, "an Update", "en uppdatering")
    if request.method in ("GET", "HEAD") and "query" not in fields:
        if any(any(fields.get(name, ())) for name in _OF_A_QUERY):
            raise _bad("There are parameters, but no query.", "Det finns parametrar, men ingen fråga (query).")
        return None
    if "query" not in fields:
        raise _bad("The parameter query is missing.", "Parametern query saknas.")
    return _operation(fields, settings)


def _fields(request: Asked, settings: Settings) -> dict[str, list[str]]:
    """Every field of URL and body; those of a direct POST's body is `query`."""
    _limit(len(request.query_string), settings.body_bytes, "The query string", "Frågesträngen")
    fields = _decode(request.query_string)
    if request.method == "POST":
        _limit(len(request.body), settings.body_bytes, "The body", "Innehållet")
        for name, values in _body_fields(request, settings).items():
            fields.setdefault(name, []).extend(values)
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            raise _bad(f"The parameter {name} may be given only once.", f"Parametern {name} får anges bara en gång.")
    return fields


def _body_fields(request: Asked, settings: Settings) -> dict[str, list[str]]:
    media_type, charset = content_type(request.content_type)
    if media_type == UPDATE:
        raise read_only(settings, "an Update", "en uppdatering")
    if media_type not in (FORM, QUERY):
        raise Problem(
            "unsupported-media-type",
            f"A POST carries {FORM} or {QUERY}, not {media_type or 'an unnamed type'}.",
            f"En POST innehåller {FORM} eller {QUERY}, inte {media_type or 'en icke angiven typ'}.",
            headers={"Accept-Post": f"{FORM}, {QUERY}"},
        )
    if charset not in ("", "utf-8", "utf8"):
        raise Problem(
            "unsupported-media-type",
            f"The charset must be UTF-8, not {charset}.",
            f"Teckenkodningen ska vara UTF-8, inte {charset}.",
        )
    text = _utf8(request.body)
    return {"query": [text]} if media_type == QUERY else _decode(text)


def content_type(header: str) -> tuple[str, str]:
    """The media type and the charset of a Content-Type header, in lower case, empty when absent."""
    media_type, *parameters = (part.strip() for part in header.split(";"))
    pairs = (parameter.partition("=") for parameter in parameters)
    charset = next((value.strip().strip('"') for key, _, value in pairs if key.strip().lower() == "charset"), "")
    return media_type.lower(), charset.lower()


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _bad(
            f"The body is not UTF-8: byte {error.start}.", f"Innehållet är inte UTF-8: byte {error.start}."
        ) from error


def _decode(text: str) -> dict[str, list[str]]:
    """URL-decode once, strictly."""
    if text.count("&") >= _MOST_FIELDS:
        raise _bad(f"There are more than {_MOST_FIELDS} parameters.", f"Parametrarna är fler än {_MOST_FIELDS}.")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise _bad(
            "The parameters are not percent-encoded UTF-8.", "Parametrarna är inte procentkodad UTF-8."
        ) from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _operation(fields: Mapping[str, list[str]], settings: Settings) -> Operation:
    query = fields["query"][0]
    _limit(len(query.encode("utf-8", "surrogatepass")), settings.query_bytes, "The query", "Frågan")
    if "\x00" in query or (not query.isascii() and _SURROGATE.search(query)):
        raise _bad(
            "The query holds a character that SPARQL does not allow.",
            "Frågan innehåller ett tecken som SPARQL inte tillåter.",
        )
    return Operation(
        query=query,
        timeout=_timeout(fields, settings),
        format=",".join(map(_unspaced, fields.get("format", ()))),
        default_graphs=_graphs(fields, "default-graph-uri"),
        named_graphs=_graphs(fields, "named-graph-uri"),
        bom=_flag(fields, "bom"),
        explain_empty=_flag(fields, "explain-empty"),
    )


def _unspaced(formats: str) -> str:
    """Names of formats in which a `+` that came raw, and so was read as a space, is one again."""
    return ",".join(part.strip().replace(" ", "+") for part in formats.split(","))


def _one(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0].strip()


def _flag(fields: Mapping[str, list[str]], name: str) -> bool:
    value = _one(fields, name).lower()
    if value not in ("", "true", "false", "1", "0"):
        raise _bad(f"The parameter {name} is true or false.", f"Parametern {name} är true eller false.")
    return value in ("true", "1")


def _timeout(fields: Mapping[str, list[str]], settings: Settings) -> float:
    """Seconds, from `timeout=`; no more than the cap."""
    value = _one(fields, "timeout")
    if not value:
        return min(settings.timeout, settings.timeout_cap)
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) or float(value) <= 0:
        raise _bad(
            "The parameter timeout is a number of seconds above 0.", "Parametern timeout är ett antal sekunder över 0."
        )
    if float(value) > settings.timeout_cap:
        cap = f"{settings.timeout_cap:g}"
        raise _bad(
            f"The parameter timeout is at most {cap} seconds here.", f"Parametern timeout är högst {cap} sekunder här."
        )
    return float(value)


def _graphs(fields: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """Absolute graph IRIs in the order given, without repetition; many forms send an empty one that means none."""
    values = tuple(dict.fromkeys(value for value in fields.get(name, ()) if value))
    for value in values:
        check_iri(value, name)
    return values


def check_iri(value: str, name: str) -> str:
    """The value itself when it is an absolute IRI; else Problem bad-request."""
    if not _ABSOLUTE_IRI.match(value):
        raise _bad(
            f"{name} must be an absolute IRI, not {value!r}.", f"{name} ska vara en absolut IRI, inte {value!r}."
        )
    return value


def _limit(size: int, most: int, en: str, sv: str) -> None:
    if size > most:
        raise Problem(
            "too-large",
            f"{en} has {size} bytes; at most {most} are taken.",
            f"{sv} har {size} byte; högst {most} tas emot.",
        )


def _bad(en: str, sv: str) -> Problem:
    return Problem("bad-request", en, sv)
