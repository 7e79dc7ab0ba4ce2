"""Claims against what is published: other classes, co-funding, coverage, and what only inference may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from loader.intake.across import Remark
from loader.intake.truth.claims import LABEL, TYPE, Claims, every, remark, rg
from loader.intake.world.names import key_of, text_of
from loader.model import iris
from loader.model.findings import Message, Severity

_DISJOINT, _SUBCLASS = iris.expand("owl:disjointWith"), iris.expand("rdfs:subClassOf")
_SINGLE = (
    ("coFundedByMunicipalities", "Samfinansieras av kommunerna", "Co-funded by municipalities"),
    ("subRegisterOf", "Delregister av", "Sub-register of"),
    ("patientReported", "Patientrapporterat", "Patient-reported"),
    ("indicatorOf", "Register", "Register"),
)
_ANALYSED = "mapping-status/analysed"


def published_remarks(claims: Claims) -> Iterator[Remark]:
    """What the release knows better."""
    disjoint = _disjoint(claims)
    status = claims.context.statuses
    coverage = _coverage(claims)
    for subject in every(claims):
        yield from _classes(claims, subject, disjoint)
        yield from _values(claims, subject)
        yield from _never_analysed(claims, subject, status)
        yield from _measured(claims, subject, coverage)
        yield from _areas(claims, subject)
        yield from _inferred(claims, subject)


def _disjoint(claims: Claims) -> dict[str, frozenset[str]]:
    """The classes that share no member with a class, by class; subclasses of each included."""
    above: dict[str, set[str]] = {}
    pairs: list[tuple[str, str]] = []
    for quad in claims.context.terms:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            if quad.predicate.value == _SUBCLASS:
                above.setdefault(quad.subject.value, set()).add(quad.object.value)
            elif quad.predicate.value == _DISJOINT:
                pairs += [(quad.subject.value, quad.object.value), (quad.object.value, quad.subject.value)]
    names = {*above, *(name for pair in pairs for name in pair)}
    lines = {name: _line(name, above) for name in names}
    return {
        name: frozenset(
            other for other in names if any(one in lines[name] and two in lines[other] for one, two in pairs)
        )
        for name in names
    }


def _line(name: str, above: Mapping[str, set[str]]) -> set[str]:
    found, new = {name}, [name]
    while new:
        for parent in above.get(new.pop(), set()) - found:
            found.add(parent)
            new.append(parent)
    return found


def _classes(claims: Claims, subject: str, disjoint: Mapping[str, frozenset[str]]) -> Iterator[Remark]:
    own = claims.kinds(subject)
    known = [*own, *(text_of(item) for item in claims.before(subject) if item.predicate.value == TYPE)]
    for number, one in enumerate(own):
        other = next((two for two in [*own[:number], *known[len(own) :]] if two in disjoint.get(one, ())), None)
        if other is not None:
            shown = [_class_name(claims, iri) for iri in (one, other)]
            message = Message(
                sv=f"{subject.rpartition('/')[2]} kan inte både vara {shown[0].sv} och {shown[1].sv}. Ge det en annan "
                "nyckel, eller rätta slaget.",
                en=f"{subject.rpartition('/')[2]} cannot be both {shown[0].en} and {shown[1].en}. Give it another key, "
                "or mend the kind.",
            )
            yield remark("disjoint-classes", Severity.VIOLATION, message, (subject, TYPE, one))
            return


def _class_name(claims: Claims, iri: str) -> Message:
    short = iris.compact(iri)
    texts = {
        item.object.language: item.object.value
        for item in claims.before(iri)
        if item.predicate.value == LABEL and isinstance(item.object, Literal)
    }
    return Message(sv=texts.get("sv", short), en=texts.get("en", short))


def _values(claims: Claims, subject: str) -> Iterator[Remark]:
    before = claims.before(subject)
    for name, sv, en in _SINGLE:
        known = {text_of(item) for item in before if item.predicate.value == rg(name)}
        for value in claims.of(subject, rg(name)):
            if known and value not in known:
                old, new = _shown(min(known)), _shown(value)
                message = Message(
                    sv=f"Det publicerade säger {old[0]} under «{sv}», inlämningen {new[0]}. Är det en rättelse: "
                    "bekräfta raden.",
                    en=f"What is published says {old[1]} under “{en}”, the submission {new[1]}. If that is a "
                    "correction: confirm the row.",
                )
                yield remark("differs-from-release", Severity.WARNING, message, (subject, rg(name), value))


def _shown(value: str) -> tuple[str, str]:
    words = {"true": ("ja", "yes"), "false": ("nej", "no")}
    return words.get(value, (value.rpartition("/")[2],) * 2)


def _never_analysed(claims: Claims, subject: str, status: Mapping[str, frozenset[str]]) -> Iterator[Remark]:
    for value in claims.of(subject, rg("statedStatus")):
        for register in claims.of(subject, rg("listsRegister")):
            if value.endswith(_ANALYSED) and (why := _why_not(claims, register, status)) is not None:
                yield remark("never-analysed", Severity.VIOLATION, why, (subject, rg("statedStatus"), value))
    for value in claims.of(subject, rg("analysedFromEarlierVariableList")):
        if value == "true" and (why := _why_not(claims, subject, status)) is not None:
            path = rg("analysedFromEarlierVariableList")
            yield remark("never-analysed", Severity.VIOLATION, why, (subject, path, value))


def _why_not(claims: Claims, register: str, status: Mapping[str, frozenset[str]]) -> Message | None:
    key = register.rpartition("/")[2]
    if "true" in claims.of(register, rg("coFundedByMunicipalities")):
        return Message(
            sv=f"Registret {key} samfinansieras av kommunerna och låg utanför kartläggningen. Ta bort uppgiften att "
            "det analyserats.",
            en=f"The register {key} is co-funded by municipalities and was out of the mapping's scope. Remove the "
            "statement that it was analysed.",
        )
    known = status.get(register, frozenset())
    if known and not any(value.endswith(_ANALYSED) for value in known):
        return Message(
            sv=f"Registret {key} ingick inte i analysen enligt kartläggningen. Ta bort uppgiften att det analyserats.",
            en=f"The register {key} was not analysed according to the mapping. Remove the statement that it was.",
        )
    return None


_KEY = ("dqv:computedOn", "dqv:isMeasurementOf", "rg:measurementYear")


def _coverage(claims: Claims) -> dict[tuple[str, ...], list[tuple[str, frozenset[str]]]]:
    """The published measurements by register, metric and year: subject and percentages."""
    found: dict[tuple[str, ...], list[tuple[str, frozenset[str]]]] = {}
    for subject, triples in claims.context.described.items():
        if key_of(subject, "coverage") is None:
            continue
        values = {iris.compact(item.predicate.value): text_of(item) for item in triples}
        percent = frozenset(text_of(item) for item in triples if item.predicate.value.startswith(rg("percent")))
        if all(name in values for name in _KEY):
            found.setdefault(tuple(values[name] for name in _KEY), []).append((subject, percent))
    return found


def _measured(
    claims: Claims, subject: str, coverage: Mapping[tuple[str, ...], list[tuple[str, frozenset[str]]]]
) -> Iterator[Remark]:
    own = [claims.of(subject, iris.expand(name)) for name in _KEY]
    if not all(own):
        return
    names = [rg(f"percent{end}") for end in ("From", "To", "Under")]
    percent = {(name, value) for name in names for value in claims.of(subject, name)}
    for _other, known in coverage.get(tuple(values[0] for values in own), ()):
        if percent and known and not {float(value) for _, value in percent} & {float(value) for value in known}:
            path, value = min(percent)
            message = Message(
                sv=f"För samma register och år är redan {', '.join(sorted(known))} procent publicerat, inte {value}. "
                "Är det en rättelse: bekräfta raden.",
                en=f"For the same register and year {', '.join(sorted(known))} per cent is already published, not "
                f"{value}. If that is a correction: confirm the row.",
            )
            yield remark("differs-from-release", Severity.WARNING, message, (subject, path, value))
            return


def _areas(claims: Claims, subject: str) -> Iterator[Remark]:
    """Service areas whose own target groups the indicator does not name."""
    groups = set(claims.of(subject, rg("concernsTargetGroup")))
    for area in claims.of(subject, rg("concernsServiceArea")) if groups else ():
        own = claims.context.groups_of_area.get(area, frozenset())
        if own and not own & groups:
            key = area.rpartition("/")[2]
            message = Message(
                sv=f"Verksamhetsområdet {key} hör till en annan målgrupp. Skriv dess målgrupp framför det, eller "
                "bekräfta raden.",
                en=f"The service area {key} belongs to another target group. Write its group in front of it, or "
                "confirm the row.",
            )
            yield remark("area-of-another-group", Severity.WARNING, message, (subject, rg("concernsServiceArea"), area))


def _inferred(claims: Claims, subject: str) -> Iterator[Remark]:
    for triple in claims.by_subject[subject]:
        name = triple.predicate.value
        if name in claims.context.inferred_only and name.startswith(iris.PREFIXES["rg"]):
            short = iris.compact(name)
            message = Message(
                sv=f"{short} följer av andra uppgifter och skrivs inte för hand. Ta bort påståendet.",
                en=f"{short} follows from other statements and is not written by hand. Remove the statement.",
            )
            yield remark("inferred-by-hand", Severity.VIOLATION, message, (subject, name, text_of(triple)))
