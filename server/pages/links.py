"""Addresses on our own pages: they keep the language that the reader chose, and drop empty parameters."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request

from server.service import BASE
from server.web.language import LANGUAGES

Parameter = str | int | None


def chosen_language() -> str:
    """The language that the address itself asks for; empty when the browser's header decides."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else ""


def to(path: str, fragment: str = "", /, **parameters: Parameter) -> str:
    """A page of ours with parameters (`follow_up` stands for `follow-up`), in the language of this one."""
    return address(path, {name.replace("_", "-"): value for name, value in parameters.items()}, fragment)


def address(path: str, parameters: Mapping[str, Parameter], fragment: str = "") -> str:
    """The same with the parameters as a mapping, their names as they are written."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    given.setdefault("lang", chosen_language())
    query = urlencode({name: value for name, value in given.items() if value != ""})
    return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def here(**changes: Parameter) -> str:
    """The page at hand with some parameters changed; None or an empty text takes one away."""
    now: dict[str, Parameter] = dict(request.args.items())
    return address(request.path, {**now, **{name.replace("_", "-"): value for name, value in changes.items()}})


def thing(iri: str) -> str:
    """The page of a thing of ours; the IRI itself when it is someone else's."""
    if not iri.startswith(BASE):
        return iri
    path, hash_, fragment = iri.removeprefix(BASE).partition("#")
    lang = chosen_language()
    return f"/{path}" + (f"?lang={lang}" if lang else "") + hash_ + fragment


def question(query: str) -> str:
    """The page that shows a query and its answer."""
    return address("/query", {"query": query})
