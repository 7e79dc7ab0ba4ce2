"""What handing in would do, as the page says it: counts first, then the records that would go, by key and label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loader.model.findings import Language
from loader.report.effect import NAMED, from_data, sentence
from server.pages.words.wording import spoken


def shown_effect(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The effect of a report (JSON) in the page's language: `sentence`, `kinds`, `gone` and how many are `left`."""
    language: Language = "en" if spoken() == "en" else "sv"
    found = from_data(data)
    kinds, gone = (found.kinds, found.gone) if found else ((), ())
    return {
        "sentence": sentence(found, language),
        "kinds": [f"{kind.label.text(language)}: {kind.counts(language)}" for kind in kinds],
        "gone": [{"path": one.path, "label": one.label.text(language)} for one in gone[:NAMED]],
        "left": max(0, len(gone) - NAMED),
    }
