"""Cells in the layout of the report's tables: follow-up areas with “Ev.”, target group/service area, and variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from loader.model.codes import CodeList, CodeLists, Concept
from loader.model.findings import Message
from loader.model.nearest import fold, nearest
from loader.tables.cells import Problem, Subject, Value, parse_code

COVERS = "rg:coversFollowUpArea"
MAY_COVER = "rg:mayCoverFollowUpArea"
TARGET_GROUP = "rg:concernsTargetGroup"
SERVICE_AREA = "rg:concernsServiceArea"
USES = "rg:usesVariable"
ALTERNATIVE = "rg:alternativeVariable"

_POSSIBLY = re.compile(r"(?:ev\.?|eventuell[ta]?)\s+(?=\S)|ev\.(?=\S)", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\[\s*alt\.?\s*variabel\s*:\s*(?P<name>.+?)\s*\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a cell states: the property (prefixed name) and the value."""

    property: str
    value: Value


def follow_up_area(codes: CodeLists, text: str) -> Item | Problem:
    """A follow-up area, surely covered, or possibly when it begins with Ev., Eventuellt or Eventuella."""
    prefix = _POSSIBLY.match(text)
    area = parse_code(scheme_of(codes, "follow-up-area"), text[prefix.end() :] if prefix else text)
    if isinstance(area, Problem):
        return area
    return Item(MAY_COVER if prefix else COVERS, area)


GroupLabels = Mapping[str, Concept]


def groups(codes: CodeLists, labels: GroupLabels, text: str) -> tuple[Item, ...] | Problem:
    """The target group and the service areas of an item `group/area[/area …]`, by the longest labels from the left."""
    plain = _slashed(text).strip("/")
    parsed = _parse(plain, labels)
    if parsed is None or parsed[0].scheme != "target-group":
        return _unknown_group(codes, text)
    properties = {"target-group": TARGET_GROUP, "service-area": SERVICE_AREA}
    return tuple(Item(properties[concept.scheme], concept) for concept in dict.fromkeys(parsed))


def _parse(text: str, labels: GroupLabels) -> tuple[Concept, ...] | None:
    """The text read as labels between slashes, the longest first label first; None when that cannot be."""
    parts = text.split("/")
    longest = 1 + max((label.count("/") for label in labels), default=0)
    readings: dict[int, tuple[Concept, ...]] = {len(parts): ()}
    for begin in range(len(parts) - 1, -1, -1):
        for end in range(min(begin + longest, len(parts)), begin, -1):
            concept = labels.get("/".join(parts[begin:end]))
            if concept is not None and end in readings:
                readings[begin] = (concept, *readings[end])
                break
    return readings.get(0)


def group_labels(codes: CodeLists) -> GroupLabels:
    """The unambiguous labels of target groups and service areas, folded, with bare slashes; groups win over areas."""
    found: dict[str, Concept] = {}
    for scheme in ("service-area", "target-group"):
        for text, concepts in scheme_of(codes, scheme).by_text.items():
            if len(concepts) == 1:
                found[_slashed(text)] = concepts[0]
    return found


def _slashed(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", fold(text))


def _unknown_group(codes: CodeLists, text: str) -> Problem:
    parts = _slashed(text).split("/")
    unknown = next((part for part in parts if not _known(codes, part)), text)
    legal = scheme_of(codes, "target-group" if unknown in (text, parts[0]) else "service-area").shown
    message = Message(
        sv=f"«{text}» är inte en målgrupp följd av verksamhetsområden åtskilda med snedstreck; «{unknown}» är okänt.",
        en=f"“{text}” is not a target group followed by service areas between slashes; “{unknown}” is not known.",
    )
    return Problem("unknown-group", message, text, nearest(unknown, legal))


def _known(codes: CodeLists, part: str) -> bool:
    return any(isinstance(scheme_of(codes, scheme).find(part), Concept) for scheme in ("target-group", "service-area"))


@dataclass(frozen=True, slots=True)
class RegisterVariables:
    """One register's variables: folded notations, each with the paths of the variables that have it, and as written."""

    by_notation: Mapping[str, tuple[str, ...]]
    shown: tuple[str, ...]


def variable(known: RegisterVariables, text: str) -> Item | Problem:
    """A variable of the indicator's register by notation; `[Alt. variabel: X]` is the alternative variable X."""
    alternative = _ALTERNATIVE.fullmatch(text)
    name = alternative["name"] if alternative else text
    paths = known.by_notation.get(fold(name), ())
    if len(paths) == 1:
        return Item(ALTERNATIVE if alternative else USES, Subject(paths[0]))
    if paths:
        keys = ", ".join(path.partition("/")[2] for path in paths)
        message = Message(
            sv=f"«{name}» är flera variabler i registret: {keys}. Gör beteckningarna olika.",
            en=f"“{name}” is several variables of the register: {keys}. Make their notations differ.",
        )
        return Problem("ambiguous-variable", message, text)
    message = Message(
        sv=f"«{name}» är inte beteckningen på någon variabel i indikatorns register. Lägg till den bland variablerna.",
        en=f"“{name}” is not the notation of any variable of the indicator's register. Add it to its variables.",
    )
    return Problem("unknown-variable", message, text, nearest(name, known.shown))


def scheme_of(codes: CodeLists, name: str) -> CodeList:
    """The code list of a scheme; an empty one when the ontology lacks it, so that every code is reported."""
    return codes.get(name) or CodeList(scheme=name, by_key={}, by_text={}, shown=())
