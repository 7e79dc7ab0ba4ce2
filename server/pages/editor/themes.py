"""The example questions by what they answer: a theme for each, read off the classes and properties of its query."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.pages.examples import Example
from server.pages.words.wording import gettext as _

_BODY = re.compile(r"^(#|PREFIX).*$", re.MULTILINE)


def themes(examples: Iterable[Example]) -> list[tuple[str, list[Example]]]:
    """Words of a theme and its questions, in a fixed order; no theme is empty."""
    made: dict[str, list[Example]] = {word: [] for word, _pattern in _themes()}
    for example in examples:
        made[_of(example)].append(example)
    return [(word, some) for word, some in made.items() if some]


def _of(example: Example) -> str:
    body = _BODY.sub("", example.query)
    return next(word for word, pattern in _themes() if re.search(pattern, body))


def _themes() -> list[tuple[str, str]]:
    return [
        (_("Law"), r"rg:Legal|rg:basis|rg:provision|eli:"),
        (
            _("Municipality and linkage"),
            r"Linkab|linkable|RegisterService|rg:Municipality|supportsAnalysisLevel|rg:Service\w*put",
        ),
        (_("Coverage and relevance"), r"Coverage|percentFrom|elevance|rg:Criterion"),
        (_("Indicators and results"), r"rg:\w*Indicator|rg:indicatorOf|rg:ExternalKpi"),
        (_("Variables"), r"rg:Variable|rg:measures|rg:ConceptualVariable"),
        (
            _("Sources and what is sure"),
            r"Discrepancy|Correction|Published|Document|Statement|Search|foaf:page|rg:inPart|standing",
        ),
        (_("Registers and words"), r""),
    ]
