"""/changes.atom: what the server has published; with register=, example= or query=, what is new of just that."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.pages.catalogue.read import catalogue
from server.pages.choice import read_choice
from server.pages.editor.fields import filled, in_language
from server.pages.examples import load_examples
from server.pages.feeds import entries
from server.pages.feeds.atom import TYPE, Entry, Feed, atom
from server.pages.links import address
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.query.permit import read_permitted
from server.query.rows import select
from server.service import Service, current_service
from server.web.addresses import host
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/changes.atom")
def changes() -> Response:
    """The feed that the parameters name. Raises Problem (bad-request) for what is no register, question or SELECT."""
    site = current_service()
    day = entries.published(site.release.directory)
    valid = validity(site, "feed", host(site), request.full_path, spoken(), day, vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    title, link, told = _chosen(site, day)
    newest = max((one.updated for one in told), default=day)
    made = Feed(host(site) + address("/changes.atom", dict(request.args.items())), title, link, newest, spoken(), told)
    return whole(atom(made), TYPE, valid)


def _chosen(site: Service, day: str) -> tuple[str, str, list[Entry]]:
    """Title, page and entries of the feed."""
    base, found = host(site), catalogue(site)
    if register := read_choice(found, dict(request.args.items()), "register")["register"]:
        told = entries.of_register(found, register, day, base)
        return f"registergraf: {plain(register)}", told[0].link, told
    query, title = _question(site)
    if query:
        link = base + address("/query", {**dict(request.args.items())})
        if read_permitted(site, query, site.settings.timeout)[1] != "SELECT":
            raise Problem("bad-request", "A feed takes a SELECT query.", "Ett flöde tar en SELECT-fråga.")
        entry = entries.of_answer(title, select(site, query, limit=entries.ROWS), day, link)
        return f"registergraf: {title}", link, [entry]
    return _("registergraf: releases"), f"{base}/about", entries.releases(site, base)


def _question(site: Service) -> tuple[str, str]:
    """The query that is asked for with its name; empty when none is."""
    if query := request.args.get("query", ""):
        return query, _("The answer to a question")
    wanted = request.args.get("example", "")
    if not wanted:
        return "", ""
    example = next((one for one in load_examples(site.questions) if one.key == wanted), None)
    if example is None:
        raise Problem("not-found", f"There is no question {wanted[:80]}.", f"Det finns ingen fråga {wanted[:80]}.")
    text = filled(catalogue(site), in_language(example.query), request.args)
    return text, example.sv if spoken() == "sv" else example.en
