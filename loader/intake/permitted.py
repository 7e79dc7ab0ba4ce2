"""What a holder is permitted to state: properties of the sheets, of records whose key and reference name one register.

Everything else is refused: what nobody thought of is not allowed by accident.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from loader.graph.beyond import properties_of
from loader.graph.scopes import OWNED_BY, record_path, table_of
from loader.intake.world import pagestatements
from loader.intake.world.context import Context
from loader.intake.world.names import key_of
from loader.judging.results import Result
from loader.model import iris
from loader.model.findings import Message, Severity
from loader.model.layout import default_layouts

_TYPE = iris.expand("rdf:type")
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


@cache
def classes_of(table: str) -> frozenset[str]:
    """The classes that a sheet can state of its records."""
    layout = default_layouts()[table]
    return frozenset(iris.expand(name) for name in (layout.class_name, *layout.classes.values()) if name)


def is_record(triple: Triple) -> bool:
    """Whether the statement's subject is one of a holder's records."""
    return record_path(triple.subject) is not None


def refusal(triple: Triple) -> Message | None:
    """Why a statement of submitted RDF may not be made; None when it may."""
    path = record_path(triple.subject)
    if path is None:
        return _no_record(triple.subject)
    table = table_of(path) or ""
    if triple.predicate.value == _TYPE:
        known = getattr(triple.object, "value", "") in classes_of(table)
        return None if known else _no_class(triple, table)
    allowed = properties_of(table)
    links = allowed.get(triple.predicate.value)
    right: tuple[type, ...] = (NamedNode, Literal) if links is None else (NamedNode,) if links else (Literal,)
    if triple.predicate.value not in allowed or not isinstance(triple.object, right):
        return _no_property(triple, links)
    return _unseen(triple) if isinstance(triple.object, Literal) else None


def _unseen(triple: Triple) -> Message | None:
    """Why a text may not be stated: it holds what is not seen and turns lines or reading direction."""
    text = getattr(triple.object, "value", "")
    signs = sorted(
        {f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign) in _UNSEEN and sign != "\u00ad"}
    )
    if not signs:
        return None
    shown, named = iris.compact(triple.predicate.value), ", ".join(signs)
    return Message(
        sv=f"Texten i {shown} har tecken som inte syns ({named}). Ta bort dem.",
        en=f"The text of {shown} holds signs that are not seen ({named}). Remove them.",
    )


def key_claims(by_subject: Mapping[str, list[Triple]], context: Context) -> Iterator[Result]:
    """Records whose key does not belong to the register that they refer to."""
    for subject, own in by_subject.items():
        path = record_path(NamedNode(subject))
        table = table_of(path or "")
        owner = OWNED_BY.get(table or "")
        if path is None or owner is None:
            continue
        if pagestatements.of_a_page(subject, context):
            said = pagestatements.message(subject)
            yield Result(pagestatements.RULE, Severity.VIOLATION, said, subject, iris.expand(owner), None)
            continue
        registers = [_key(triple) for triple in own if triple.predicate.value == iris.expand(owner)]
        known = _owner_before(subject, owner, context)
        for register in sorted({key for key in registers if key is not None}):
            moved = known is not None and known != register and table == "coverage_measurements"
            if moved or (known is None and not _fits(path, table or "", register, context)):
                yield _misplaced(subject, path, owner, register)


def _key(triple: Triple) -> str | None:
    return key_of(triple.object.value, "register") if isinstance(triple.object, NamedNode) else None


def _owner_before(subject: str, owner: str, context: Context) -> str | None:
    found = (triple for triple in context.described.get(subject, ()) if triple.predicate.value == iris.expand(owner))
    return next((key for triple in found if (key := _key(triple)) is not None), None)


def _fits(path: str, table: str, register: str, context: Context) -> bool:
    """Whether a new record's key begins with its register's, and with no longer register's key as well."""
    key = path.partition("/")[2]
    if table in ("register_statements", "registration_volumes", "reported_events"):
        return key.startswith(f"{register}.")
    if table == "variables":
        return key.startswith(f"{register}.") and "." not in key.removeprefix(f"{register}.")
    bare = key.removeprefix("submitted.") if table == "coverage_measurements" else key
    if table == "coverage_measurements" and bare == key:
        return False
    if not bare.startswith(f"{register}-"):
        return False
    longer = (other for other in _registers(context) if other.startswith(f"{register}-"))
    return not any(bare.startswith(f"{other}-") for other in longer)


def _registers(context: Context) -> Iterable[str]:
    return set(context.registers.values())


def _misplaced(subject: str, path: str, owner: str, register: str) -> Result:
    key = path.partition("/")[2]
    separator = "." if path.startswith("variable/") else "-"
    message = Message(
        sv=f"Nyckeln «{key}» hör inte till registret {register}. Låt den börja med «{register}{separator}».",
        en=f"The key “{key}” does not belong to the register {register}. Let it begin with “{register}{separator}”.",
    )
    return Result("key-of-another-register", Severity.VIOLATION, message, subject, iris.expand(owner), register)


def _no_record(node: object) -> Message:
    shown = iris.compact(getattr(node, "value", ""))
    return Message(
        sv=f"{shown} är varken register, variabel, indikator, täckningsgrad, volym eller uppgift om ett register, och "
        "kan inte beskrivas. Ta bort den.",
        en=f"{shown} is neither register, variable, indicator, coverage, volume nor statement on a register, and "
        "cannot be described. Remove it.",
    )


def _no_class(triple: Triple, table: str) -> Message:
    shown = iris.compact(getattr(triple.object, "value", ""))
    legal = ", ".join(sorted(iris.compact(name) for name in classes_of(table)))
    return Message(
        sv=f"{shown} är inget slag som kan lämnas in här. Skriv {legal}.",
        en=f"{shown} is no kind that can be submitted here. Write {legal}.",
    )


def _no_property(triple: Triple, links: bool | None) -> Message:
    shown = iris.compact(triple.predicate.value)
    if links is None:
        return Message(
            sv=f"Ingen kolumn i mallen motsvarar {shown}. Ta bort påståendet.",
            en=f"No column of the template corresponds to {shown}. Remove the statement.",
        )
    kinds = ("en IRI", "an IRI") if links else ("en text eller ett tal", "a text or a number")
    return Message(sv=f"Värdet av {shown} ska vara {kinds[0]}.", en=f"The value of {shown} must be {kinds[1]}.")
