"""What every page has: its frame, its language, its place among the others, and how long it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, render_template, request

from server.pages import links
from server.pages.answers.kolada import of_municipalities
from server.pages.answers.rows import heading
from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.registers import in_percent
from server.pages.static_files import has_editor
from server.pages.words import names, sources, wording
from server.pages.words.collation import swedish
from server.query.prefixes import short_name
from server.service import Service
from server.web.reply import not_modified, whole
from server.web.validity import validity

HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Door:
    """An entry of the main menu: the address and the English word; `covers` are the first parts of addresses in it."""

    path: str
    word: str
    covers: tuple[str, ...]


def _(message: str) -> str:
    return message


DOORS = (
    Door("/answers", _("Answers"), ("answers",)),
    Door(
        "/explore",
        _("Explore"),
        (
            *("explore", "registers", "indicators", "variables", "conceptual-variables", "target-groups"),
            *("service-areas", "provisions", "services", "channels", "kpis", "municipalities", "discrepancies"),
            *("documents", "id", "ns", "rule", "question", "shapes", "graph", "search", "plan"),
        ),
    ),
    Door("/compare", _("Compare"), ("compare",)),
    Door("/figures", _("Figures"), ("figures",)),
    Door("/query", _("Query"), ("query", "sparql")),
    Door("/check", _("Check"), ("check", "validate", "submissions", "hand-in", "sign-in")),
    Door("/about", _("About"), ("about", "accessibility", "guides", "api")),
)


def init_frame(app: Flask) -> None:
    """Give templates the words, the links and the order of Swedish."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda text: wording.catalogue(wording.spoken()).gettext(text),
        wording.plural,
        newstyle=True,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters.update(
        decimal=wording.decimal,
        capital=wording.capital,
        grouped=wording.grouped,
        small=wording.small,
        listed=wording.listed,
        plain=names.plain,
        short=short_name,
    )
    app.jinja_env.globals.update(
        **{"to": links.to, "here": links.here, "thing_page": links.thing, "query_page": links.question},
        **{"in_words": wording.in_words, "name": names.name, "link": names.link, "plain": names.plain},
        **{"marked": names.marked, "called": names.called, "heading": heading},
        in_percent=in_percent,
        short_source=sources.short,
        source_in_words=sources.in_words,
        has_editor=has_editor,
    )
    app.jinja_env.tests["of_municipalities"] = of_municipalities
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def page(site: Service, template: str, **values: Any) -> Response:
    """A page of the release as a response that caches may keep; `values` may hold functions that are called late."""
    valid = validity(site, "page", request.full_path, wording.spoken(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole(render(template, site, **values).encode("utf-8"), HTML_TYPE, valid)


def render(template: str, site: Service, **values: Any) -> str:
    """A template with what every page shows. `crumbs` are pairs of word and address, the page's own word alone."""
    lang = wording.spoken()
    other = "en" if lang == "sv" else "sv"
    return render_template(
        template,
        **{
            "lang": lang,
            "other": other,
            "switch": links.here(lang=other) if request.method == "GET" else links.to("/", lang=other),
            "doors": [(door, _place(door)) for door in doors()],
            "chosen_lang": links.chosen_language(),
            "release": site.engine.release,
            "documents": _documents(site),
            "crumbs": (),
            **values,
        },
    )


def doors() -> list[Door]:
    """The entries of the menu whose pages this server has."""
    rules = {rule.rule for rule in current_app.url_map.iter_rules()}
    return [door for door in DOORS if door.path in rules]


def _place(door: Door) -> str:
    """What aria-current says of an entry: page, true for a page below it, or nothing."""
    if request.path == door.path:
        return "page"
    return "true" if request.path.strip("/").partition("/")[0] in door.covers else ""


def _documents(site: Service) -> list[Thing]:
    """The sources that have a graph of their own, for the foot of every page; all others are in the list."""
    found = catalogue(site)
    return found.once("documents", lambda: _with_graph(found, {graph.rpartition("/")[2] for graph in site.graphs}))


def _with_graph(found: Catalogue, graphs: set[str]) -> list[Thing]:
    own = [one for one in found.of("document") if one.key in graphs]
    return sorted(own, key=lambda document: swedish(document.first("skos:prefLabel")))
