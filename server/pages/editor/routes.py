"""/query/words: what the editor of /query completes, as one JSON file for each language."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from server.pages.editor.words import completions
from server.pages.words.wording import spoken
from server.service import current_service
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("editor", __name__)


@blueprint.get("/query/words")
def words() -> Response:
    """Prefixes, classes and properties of the release, with labels in the language of the request first."""
    site = current_service()
    valid = validity(site, "words", spoken(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    body = json.dumps(completions(site), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return whole(body, "application/json", valid)
