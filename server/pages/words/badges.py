"""How sure a statement is. What a source states has no badge; an inference, a reading of ours and what nobody has
checked have one, which is the button for “why”.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.pages.catalogue.things import Catalogue
from server.pages.words.names import marked
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken

INFERRED, READING, UNCHECKED = "inf", "int", "unv"


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: `kind` is inf, int or unv, `key` the name of its explanation on the page."""

    kind: str
    key: str

    @property
    def word(self) -> str:
        """The word in the frame."""
        return {INFERRED: _("Inference"), READING: _("Interpretation"), UNCHECKED: _("Not checked")}[self.kind]


@dataclass(slots=True)
class Whys:
    """The explanations of a page, each once: paragraphs, and the address of the rule when there is one."""

    found: Catalogue
    told: dict[tuple[str, tuple[str, ...], str], str] = field(default_factory=dict)

    def _add(self, kind: str, paragraphs: tuple[str, ...], rule: str = "") -> Badge:
        key = self.told.setdefault((kind, paragraphs, rule), f"why-{len(self.told) + 1}")
        return Badge(kind, key)

    def inferred(self, rule: str, *premises: str) -> Badge:
        """An inference by a rule of the release, in the rule's own words, with its premises."""
        thing = self.found.get("rule", rule)
        text = thing.text("skos:definition", spoken()) if thing else None
        said = (marked(text),) if text else (_("Follows from the rules of the release; no source says it."),)
        return self._add(INFERRED, (*said, *premises), f"/rule/{rule}" if thing else "")

    def reading(self, *paragraphs: str) -> Badge:
        """A reading of ours."""
        return self._add(READING, paragraphs)

    def unchecked(self, *paragraphs: str) -> Badge:
        """Something that nobody has checked against its original."""
        return self._add(UNCHECKED, paragraphs)
