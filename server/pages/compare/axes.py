"""What can be compared with what: the axes of the matrix, and what is counted where two of them meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.wording import gettext as _
from server.web.problem import Problem

REGISTERS, GROUPS, AREAS = "registers", "target-groups", "service-areas"
FOLLOW_UP, CONCEPTS = "follow-up-areas", "conceptual-variables"
KEYS = (REGISTERS, GROUPS, AREAS, FOLLOW_UP, CONCEPTS)


@dataclass(frozen=True, slots=True)
class Axis:
    """One key of the matrix: `kind` as in the IRIs, `name` the lists' parameter, `prop` what leads to it."""

    key: str
    word: str
    one: str
    kind: str
    name: str
    prop: str

    def of(self, found: Catalogue, counted: Thing) -> list[str]:
        """The IRIs of where a counted thing stands on the axis; none when no source says it."""
        return [one.iri for one in found.linked(counted, self.prop) if one.kind == self.kind]


@dataclass(frozen=True, slots=True)
class Axes:
    """Rows and columns; `variables` tells that variables are counted and not indicators."""

    rows: Axis
    columns: Axis
    variables: bool

    @property
    def kind(self) -> str:
        """The kind of what is counted, as in the IRIs."""
        return "variable" if self.variables else "indicator"

    @property
    def klass(self) -> str:
        """Its class."""
        return "rg:Variable" if self.variables else "rg:Indicator"

    @property
    def address(self) -> str:
        """The list of what is counted."""
        return "/variables" if self.variables else "/indicators"


def axes_of(given: Mapping[str, str]) -> Axes:
    """The axes that `rows` and `cols` ask for: registers and target groups when they are silent.

    Raises Problem (bad-request) for an axis that there is not, and for two that do not meet.
    """
    rows, columns = (_key(given, "rows") or REGISTERS), _key(given, "cols")
    columns = columns or (GROUPS if rows != GROUPS else FOLLOW_UP)
    variables = CONCEPTS in (rows, columns)
    if rows == columns or (variables and REGISTERS not in (rows, columns)):
        raise Problem(
            "bad-request",
            "Rows and columns must differ, and conceptual variables can be compared with registers only.",
            "Rader och kolumner måste vara olika, och begreppsliga variabler kan bara jämföras med register.",
            members={"parameter": "cols"},
        )
    every = axes(variables=variables)
    return Axes(every[rows], every[columns], variables)


def _key(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "").strip()
    if text and text not in KEYS:
        raise Problem(
            "bad-request",
            f"“{text[:80]}” is not a value of {name}. There is: {', '.join(KEYS)}.",
            f"«{text[:80]}» är inget värde för {name}. Det som finns: {', '.join(KEYS)}.",
            members={"parameter": name},
        )
    return text


def axes(*, variables: bool = False) -> dict[str, Axis]:
    """Every axis in the language of the request; of variables, registers and concepts alone have one."""
    owner = "rg:variableOf" if variables else "rg:indicatorOf"
    every = (
        Axis(REGISTERS, _("Registers"), _("Register"), "register", "register", owner),
        Axis(GROUPS, _("Target groups"), _("Target group"), "target-group", "group", "rg:concernsTargetGroup"),
        Axis(AREAS, _("Service areas"), _("Service area"), "service-area", "area", "rg:concernsServiceArea"),
        Axis(
            *(FOLLOW_UP, _("Follow-up areas"), _("Follow-up area")),
            *("follow-up-area", "follow-up", "rg:mayCoverFollowUpArea"),
        ),
        Axis(
            *(CONCEPTS, _("Conceptual variables"), _("Conceptual variable")),
            *("conceptual-variable", "concept", "rg:measures"),
        ),
    )
    return {axis.key: axis for axis in every}
