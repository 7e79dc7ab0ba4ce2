"""The page of a named graph: how much it holds, its first statements, and the graph itself as RDF."""

from __future__ import annotations

from flask import Response

from server.pages.frame import page
from server.pages.links import to
from server.pages.things.document import link_header
from server.pages.words.wording import gettext as _
from server.query.prefixes import short_name
from server.query.rows import select
from server.service import Service

_MOST = 100


def graph_page(site: Service, iri: str) -> Response:
    """The page of a graph of the release."""
    rows = select(site, f"SELECT ?s ?p ?o {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} LIMIT {_MOST}", limit=_MOST).rows
    name = short_name(iri)
    response = page(
        site,
        "graph.html",
        iri=iri,
        heading=name,
        count=site.graphs[iri],
        rows=rows,
        crumbs=[(_("About"), to("/about", "release")), (name, "")],
    )
    response.headers["Link"] = link_header(site, iri)
    return response
