"""Every rule that a check may tell of, with what it says: those of files and cells, of the shapes, across records."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from loader.intake.sheets.relocate import LENIENT_RULES
from loader.intake.world.context import read_context
from loader.judging.checks import read_checks
from loader.judging.shapes import SH
from loader.model.findings import Message
from loader.release.manifest import Release
from loader.resources import find_resources


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule: its id, its severity, and what it says."""

    rule: str
    severity: str
    message: Message


def rule_texts(release: Release) -> list[RuleText]:
    """All rules, sorted by id."""
    shapes = read_context(release).flat_shapes
    found = {text.rule: text for text in (*_shape_texts(shapes), *_check_texts(), *own_rules())}
    return [found[rule] for rule in sorted(found)]


@cache
def own_rules() -> tuple[RuleText, ...]:
    """The rules about files, cells and statements."""
    raw = tomllib.loads((files("loader.report") / "rules.toml").read_text(encoding="utf-8"))
    return tuple(RuleText(rule, item["severity"], Message(sv=item["sv"], en=item["en"])) for rule, item in raw.items())


def _check_texts() -> Iterator[RuleText]:
    for check in read_checks(find_resources().checks):
        yield RuleText(check.rule, check.severity.value, check.sentence)


def _shape_texts(shapes: Graph) -> Iterator[RuleText]:
    for shape in set(shapes.subjects(SH.severity)):
        texts = {
            text.language: str(text) for text in shapes.objects(shape, SH.message) if isinstance(text, RdflibLiteral)
        }
        if isinstance(shape, URIRef) and {"sv", "en"} <= set(texts):
            rule = shape.rpartition("#")[2]
            severity = str(shapes.value(shape, SH.severity)).rpartition("#")[2]
            shown = "Warning" if rule in LENIENT_RULES else severity
            yield RuleText(rule, shown, Message(sv=texts["sv"], en=texts["en"]))
