"""/answers: the form when nothing is chosen, else the sheet as a page, CSV, XLSX or JSON."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.pages.answers import download, sentences
from server.pages.answers.choose import NAMES
from server.pages.answers.kolada import values_of
from server.pages.answers.sheet import Sheet, sheet
from server.pages.catalogue.read import catalogue
from server.pages.choice import read_choice
from server.pages.frame import page
from server.pages.front.ask import fields
from server.pages.links import to
from server.pages.tables import download as file_of
from server.pages.tables import wanted_format
from server.pages.words.sources import short
from server.pages.words.wording import gettext as _
from server.service import current_service

blueprint = Blueprint("answers", __name__)
ROWS = 150  # indicators that a page shows; the rest is in the list and in the files


@blueprint.get("/answers")
def answers() -> Response:
    """The sheet of a choice; the form alone when neither a group nor an area is chosen."""
    site = current_service()
    found = catalogue(site)
    choice = read_choice(found, request.args, *NAMES)
    wanted = wanted_format()
    if not choice["group"] and not choice["area"]:
        place = choice.parameters.get("municipality", "")
        return page(site, "answers.html", fields=fields(found, choice), municipality=place, crumbs=[(_("Answers"), "")])
    made = sheet(found, choice)
    if wanted:
        name = "-".join(["registergraf", *choice.parameters.values()])
        return file_of(
            site,
            wanted,
            name,
            download.tables(made),
            {"choice": choice.parameters, "summary": " ".join(sentences.summary(made))},
        )
    shown, left = _cut(made)
    return page(
        site,
        "sheet.html",
        sheet=made,
        choice=choice,
        groups=shown,
        left=left,
        found=found,
        title=sentences.title(choice),
        short_title=sentences.short_title(choice),
        summary=sentences.summary(made),
        fields=fields(found, choice),
        source=lambda passage: short(found, passage),
        subject=download.subject,
        values_of=values_of,
        crumbs=[(_("Answers"), to("/answers")), (sentences.short_title(choice), "")],
    )


def _cut(made: Sheet) -> tuple[list[object], int]:
    """The groups that a page shows in full, and how many indicators stand in the rest."""
    shown: list[object] = []
    rows = 0
    for group in made.groups:
        if shown and rows + len(group.rows) > ROWS:
            break
        rows += len(group.rows)
        shown.append(group)
    return shown, len(made.chosen.indicators) - rows
