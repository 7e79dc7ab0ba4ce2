"""/plan: the plan as a page, as text, XLSX and JSON."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.catalogue.read import catalogue
from server.pages.frame import page
from server.pages.plans.asked import FIELDS, read_asked
from server.pages.plans.build import Builder
from server.pages.plans.facts import Facts
from server.pages.plans.files import TEXT, as_text, said, tables
from server.pages.plans.plan import mark_word, standing
from server.pages.tables import download, wanted_format
from server.pages.words.names import order
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.service import current_service
from server.web.addresses import host
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("plans", __name__)


@blueprint.get("/plan")
def a_plan() -> AnyResponse:
    """The plan of the address; without a whole question, the form."""
    site = current_service()
    found = catalogue(site)
    asked = read_asked(found, dict(request.args.items()))
    made = Builder(Facts(site, found), asked).plan() if asked is not None else None
    if made is not None and request.args.get("format") == "text":
        return _as_text(as_text(found, made))
    if made is not None and (wanted := wanted_format()):
        return download(site, wanted, "registergraf-plan", tables(found, made), {"plan": made.title})
    return page(
        site,
        "plan.html",
        found=found,
        made=made,
        chosen={name: request.args.get(name, "") for name in FIELDS},
        registers=sorted(found.of("register"), key=order),
        routes=sorted(found.of("linkage-route"), key=order),
        concepts=sorted(found.of("conceptual-variable"), key=order),
        mark_word=mark_word,
        standing=standing,
        said=said,
        source_words=in_words,
        crumbs=[(_("Plan"), "")],
    )


def _as_text(text: str) -> AnyResponse:
    site = current_service()
    valid = validity(site, "plan", request.full_path, spoken(), host(site), vary=("Accept-Language",))
    return not_modified(valid) or whole(text.encode("utf-8"), TEXT, valid)
