"""What can be said of single statements of submitted RDF before any shape is asked, and what the shapes may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef

from loader.intake.permitted import is_record, refusal
from loader.intake.rdf.quiet import quiet_rdflib
from loader.intake.rdf.statements import ReadStatements, Spot, Statement
from loader.intake.world.context import Context
from loader.judging.constraints import is_legal
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import nearest

_TYPE = iris.PREFIXES["rdf"] + "type"
_RG = iris.PREFIXES["rg"]
_XSD = iris.PREFIXES["xsd"]
_RESERVED = (_RG, iris.PREFIXES["rgs"], iris.GRAPH, iris.BASE + "rule/", iris.BASE + "question/", iris.GENID)
_EXAMPLES = {
    "date": "2025-07-01",
    "integer": "42",
    "decimal": "99.5",
    "boolean": "true",
    "gYear": "2025",
    "gYearMonth": "2025-07",
    "dateTime": "2025-07-01T12:00:00Z",
}


@dataclass(frozen=True, slots=True)
class CheckedStatements:
    """A file's statements: `statements` are fit for shapes, `bad` the properties of subjects that have findings."""

    file: ReadStatements
    findings: tuple[Finding, ...]
    bad: frozenset[tuple[str, str]]


def check_statements(files: Iterable[ReadStatements], context: Context, *, own: bool) -> list[CheckedStatements]:
    """The files with findings about their statements; `own` is False under foreign profiles, which use other terms."""
    everything = list(files)
    described = {
        item.triple.subject.value
        for file in everything
        for item in file.statements
        if isinstance(item.triple.subject, NamedNode)
    }
    return [_check(file, context, described if own else None) for file in everything]


def _check(file: ReadStatements, context: Context, described: set[str] | None) -> CheckedStatements:
    findings: list[Finding] = []
    bad: set[tuple[str, str]] = set()
    fit: list[Statement] = []
    seen: set[str] = set()
    refused: set[object] = set()
    for item in file.statements:
        found = list(_literal(file, item))
        if found:
            fit.append(replace(item, triple=_plain(item.triple)))
        else:
            fit.append(item)
            if described is not None:
                found = list(_own(file, item, context, described))
        if described is not None:
            told = list(_subject(file, item, context, seen))
            findings += told
            found += [] if found or told else _claim(file, item, refused)
            refused |= {item.triple.subject} if told else set()
        if found and not isinstance(item.triple.subject, Triple):
            bad.add((item.triple.subject.value, item.triple.predicate.value))
        findings += found
    return CheckedStatements(replace(file, statements=tuple(fit)), tuple(findings), frozenset(bad))


def _literal(file: ReadStatements, item: Statement) -> Iterator[Finding]:
    """A literal that is not of its datatype: shapes never see it as one, because engines stumble over it."""
    value = item.triple.object
    if not isinstance(value, Literal) or _fits(value):
        return
    kind = iris.compact(value.datatype.value)
    example = _EXAMPLES.get(value.datatype.value.removeprefix(_XSD))
    message = Message(
        sv=f"«{value.value}» är inget värde av datatypen {kind}."
        + (f" Skriv till exempel {example}." if example else ""),
        en=f"“{value.value}” is no value of the datatype {kind}."
        + (f" Write for example {example}." if example else ""),
    )
    yield _finding("ill-typed-literal", message, file, item, suggestion=example)


def _fits(value: Literal) -> bool:
    legal = is_legal(value)
    if legal is not None:
        return legal
    if not value.datatype.value.startswith(_XSD):
        return True
    with quiet_rdflib():
        return not RdflibLiteral(value.value, datatype=URIRef(value.datatype.value)).ill_typed


def _plain(triple: Triple) -> Triple:
    value = triple.object
    return Triple(triple.subject, triple.predicate, Literal(value.value)) if isinstance(value, Literal) else triple


def _own(file: ReadStatements, item: Statement, context: Context, described: set[str]) -> Iterator[Finding]:
    predicate, value = item.triple.predicate.value, item.triple.object
    if predicate.startswith(_RG) and predicate not in context.described:
        yield _unknown_term(file, item, predicate, context, kind="property")
    if not isinstance(value, NamedNode):
        return
    if predicate == _TYPE:
        if value.value.startswith(_RG) and value.value not in context.described:
            yield _unknown_term(file, item, value.value, context, kind="class")
    elif value.value.startswith(iris.ID) and value.value not in context.described and value.value not in described:
        yield _unknown_thing(file, item, value.value, context)


def _unknown_term(file: ReadStatements, item: Statement, term: str, context: Context, *, kind: str) -> Finding:
    known = [name.removeprefix(_RG) for name in context.described if name.startswith(_RG)]
    guess = nearest(term.removeprefix(_RG), known)
    words = {"property": ("egenskapen", "property"), "class": ("klassen", "class")}[kind]
    message = Message(
        sv=f"Ontologin har inte {words[0]} {iris.compact(term)}.",
        en=f"The ontology has no {words[1]} {iris.compact(term)}.",
    )
    suggestion = None if guess is None else f"rg:{guess}"
    at = None if item.spots is None else item.spots.predicate if kind == "property" else item.spots.value
    return _finding(f"unknown-{kind}", message, file, item, suggestion=suggestion, at=at, value=iris.compact(term))


def _unknown_thing(file: ReadStatements, item: Statement, thing: str, context: Context) -> Finding:
    kind, _, key = thing.removeprefix(iris.ID).partition("/")
    codes = context.codes.get(kind)
    if codes is not None:
        guess = nearest(key, codes.by_key)
        message = Message(
            sv=f"«{key}» finns inte i kodlistan {kind} ({', '.join(list(codes.by_key)[:8])}).",
            en=f"“{key}” is not in the code list {kind} ({', '.join(list(codes.by_key)[:8])}).",
        )
        suggestion = None if guess is None else f"{iris.ID}{kind}/{guess}"
        return _finding("unknown-code", message, file, item, suggestion=suggestion)
    prefix = f"{iris.ID}{kind}/"
    guess = nearest(key, [name.removeprefix(prefix) for name in context.described if name.startswith(prefix)])
    message = Message(
        sv=f"{iris.compact(thing)} beskrivs varken i det som lämnas in eller i registergrafen.",
        en=f"{iris.compact(thing)} is described neither in what is submitted nor in the graph.",
    )
    suggestion = None if guess is None else prefix + guess
    return _finding("dangling-reference", message, file, item, suggestion=suggestion)


def _subject(file: ReadStatements, item: Statement, context: Context, seen: set[str]) -> Iterator[Finding]:
    """What may not be described: terms and code lists, which are not the submitter's, and things without an IRI."""
    subject = item.triple.subject
    if isinstance(subject, Triple) or subject.value in seen:
        return
    seen.add(subject.value)
    at = None if item.spots is None else item.spots.subject
    if isinstance(subject, BlankNode):
        message = Message(
            sv="Det som beskrivs har ingen IRI (en tom nod). Ge det en egen IRI, så att det kan publiceras.",
            en="What is described has no IRI (a blank node). Give it an IRI of its own, so that it can be published.",
        )
        yield _finding("blank-node", message, file, item, at=at, value=None)
        return
    kind = subject.value.removeprefix(iris.ID).partition("/")[0] if subject.value.startswith(iris.ID) else ""
    if subject.value.startswith(_RESERVED) or kind == "scheme" or kind in context.codes:
        message = Message(
            sv=f"{iris.compact(subject.value)} hör till registergrafens ordförråd och kan inte lämnas in. "
            "Ta bort beskrivningen.",
            en=f"{iris.compact(subject.value)} belongs to the vocabulary of the graph and cannot be submitted. "
            "Remove its description.",
        )
        yield _finding("reserved-subject", message, file, item, at=at, value=subject.value)


def _claim(file: ReadStatements, item: Statement, refused: set[object]) -> list[Finding]:
    """A statement that no sheet could make; of a subject that is none of a holder's, one finding for all."""
    message = None if item.triple.subject in refused else refusal(item.triple)
    if message is None:
        return []
    if not is_record(item.triple):
        refused.add(item.triple.subject)
    at = None if item.spots is None else item.spots.subject
    return [_finding("not-claimable", message, file, item, at=at)]


_VALUE = "\0"


def _finding(  # noqa: PLR0913 - a finding has that many parts
    rule: str,
    message: Message,
    file: ReadStatements,
    item: Statement,
    *,
    suggestion: str | None = None,
    at: Spot | None = None,
    value: str | None = _VALUE,
) -> Finding:
    spot = at if at is not None or item.spots is None else item.spots.value
    position = Position(file.file) if spot is None else Position(file.file, column=spot.column, line=spot.line)
    shown = item.triple.object.value if value == _VALUE and not isinstance(item.triple.object, Triple) else value
    subject = None if isinstance(item.triple.subject, Triple) else item.triple.subject.value
    return Finding(rule, Severity.VIOLATION, message, position, shown, suggestion, subject, item.triple.predicate.value)
