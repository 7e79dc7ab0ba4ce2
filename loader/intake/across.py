"""Rules between a submission and the release that need names and nearness, which SPARQL has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, Triple

from loader.intake.permitted import key_claims
from loader.intake.world.context import Context
from loader.intake.world.names import key_of, text_of
from loader.judging.results import Result
from loader.model import iris
from loader.model.codes import Concept
from loader.model.findings import Message, Severity
from loader.model.nearest import fold
from loader.tables.reportcells import scheme_of

_RG, _SKOS = iris.PREFIXES["rg"], iris.PREFIXES["skos"]
_NAMES = (_SKOS + "prefLabel", _RG + "shortName")
_PERCENTAGES = tuple(_RG + name for name in ("percentFrom", "percentTo", "percentUnder"))


@dataclass(frozen=True, slots=True)
class Remark:
    """A result with the nearest right value."""

    result: Result
    suggestion: str | None = None


def remarks(triples: Iterable[Triple], context: Context) -> Iterator[Remark]:
    """What the rules find, in the order of the subjects."""
    by_subject: dict[str, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            by_subject.setdefault(triple.subject.value, []).append(triple)
    yield from (Remark(result) for result in key_claims(by_subject, context))
    for subject, own in by_subject.items():
        yield from _key_used_elsewhere(subject, own, context)
        yield from _register_renamed(subject, own, context)
        yield from _matches_concept(subject, own, context)
        yield from _fractions(subject, own)


def _key_used_elsewhere(subject: str, own: list[Triple], context: Context) -> Iterator[Remark]:
    known = context.owners.get(subject)
    for triple in own:
        if triple.predicate.value not in (_RG + "indicatorOf", _RG + "variableOf") or known is None:
            continue
        register = key_of(text_of(triple), "register")
        if register is not None and register != known:
            key = subject.rpartition("/")[2]
            message = Message(
                sv=f"Nyckeln «{key}» används redan av registret {known}. Ge posten en egen nyckel.",
                en=f"The key “{key}” is already used by the register {known}. Give the record a key of its own.",
            )
            path = _SKOS + "notation" if triple.predicate.value.endswith("variableOf") else triple.predicate.value
            yield Remark(
                Result("key-used-elsewhere", Severity.VIOLATION, message, subject, path, key), f"{register}-{key}"
            )


def _register_renamed(subject: str, own: list[Triple], context: Context) -> Iterator[Remark]:
    key = key_of(subject, "register")
    before = context.described.get(subject)
    if key is None or before is None:
        return
    names = [triple for triple in own if triple.predicate.value in _NAMES]
    known = [text_of(triple) for triple in before if triple.predicate.value in _NAMES]
    if not names or not known or any(context.registers.get(fold(text_of(triple))) == key for triple in names):
        return
    if any(fold(text_of(triple)) in map(fold, known) for triple in names):
        return
    value = text_of(names[0])
    message = Message(
        sv=f"Nyckeln «{key}» är redan registret «{known[0]}», inte «{value}». "
        "Är det ett annat register: ge det en egen nyckel.",
        en=f"The key “{key}” is already the register “{known[0]}”, not “{value}”. "
        "If it is another register: give it a key of its own.",
    )
    yield Remark(Result("register-renamed", Severity.WARNING, message, subject, names[0].predicate.value, value))


def _matches_concept(subject: str, own: list[Triple], context: Context) -> Iterator[Remark]:
    if key_of(subject, "variable") is None or any(triple.predicate.value == _RG + "measures" for triple in own):
        return
    concepts = scheme_of(context.codes, "conceptual-variable")
    for triple in own:
        if triple.predicate.value not in (_SKOS + "notation", _SKOS + "prefLabel"):
            continue
        found = concepts.find(text_of(triple))
        if isinstance(found, Concept):
            message = Message(
                sv=f"Variabeln «{text_of(triple)}» heter som den begreppsliga variabeln {found.key}, men säger inte "
                f"vad den mäter. Skriv {found.key} som begreppslig variabel om den mäter det.",
                en=f"The variable “{text_of(triple)}” is called like the conceptual variable {found.key}, but does not "
                f"say what it measures. Write {found.key} as its conceptual variable if that is what it measures.",
            )
            path = triple.predicate.value
            result = Result("variable-matches-concept", Severity.INFO, message, subject, path, text_of(triple))
            yield Remark(result)  # the key goes into another column, so it is no mend of this one
            return


def _fractions(subject: str, own: list[Triple]) -> Iterator[Remark]:
    """Percentages between 0 and 1: a spreadsheet's 95 % is stored as 0.95."""
    for triple in own:
        if triple.predicate.value not in _PERCENTAGES or not isinstance(triple.object, Literal):
            continue
        try:
            number = Decimal(triple.object.value)
        except InvalidOperation:
            continue
        if 0 < number <= 1:
            value = triple.object.value
            message = Message(
                sv=f"Procenttalet är {value}. Är det {number * 100:f} procent som menas: skriv {number * 100:f}.",
                en=f"The percentage is {value}. If {number * 100:f} percent is meant: write {number * 100:f}.",
            )
            result = Result("percent-as-fraction", Severity.WARNING, message, subject, triple.predicate.value, value)
            yield Remark(result, f"{(number * 100).normalize():f}")
