"""The same register, variable or indicator once more, under another key or spelling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from loader.intake.across import Remark
from loader.intake.truth.claims import LABEL, NOTATION, Claims, every, remark, rg
from loader.intake.world.names import key_of
from loader.model import iris
from loader.model.findings import Message, Severity
from loader.model.nearest import fold

_ALIKE = 95.0
_LONG = 12
_GENERIC = re.compile(r"\b(?:svenska|nationella|nationellt|swedish|national|kvalitetsregistret|quality register)\b")
_PLAIN = str.maketrans("åäöéèü", "aaoeeu")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a thing: the property that gives it, how it is compared, and among which names."""

    path: str
    text: str
    bare: str
    among: str


def bare(text: str) -> str:
    """A name without case, accents and all that is no letter or digit.

    >>> bare("Hb-A1c (mmol/mol)"), bare("HbA1c mmol mol")
    ('hba1cmmolmol', 'hba1cmmolmol')
    """
    return re.sub(r"[^a-z0-9]+", "", fold(text).translate(_PLAIN))


def duplicate_remarks(claims: Claims) -> Iterator[Remark]:
    """A remark for each thing that is there already, or stands twice in the submission."""
    groups: dict[tuple[str, str], dict[str, list[_Name]]] = defaultdict(dict)
    for subject in every(claims):
        found = _group(claims, subject)
        if found is not None:
            groups[found][subject] = _names(claims, subject, found[0])
    for group, things in groups.items():
        known = _Known()
        for subject, names in _released(claims, group).items():
            known.add(subject, names)
        for subject, names in things.items():
            near = known.near(names)
            if near is not None and not claims.before(subject):
                yield _told(subject, group[0], near)
            known.add(subject, names)


class _Known:
    """Names met so far, found again by what is left of them without case and punctuation, or nearly so."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str], tuple[str, _Name]] = {}
        self._long: dict[tuple[str, ...], list[str]] = defaultdict(list)

    def add(self, subject: str, names: list[_Name]) -> None:
        for name in names:
            if name.bare and (name.among, name.bare) not in self._exact:
                self._exact[(name.among, name.bare)] = (subject, name)
                if len(name.bare) >= _LONG:
                    self._long[_alike(name)].append(name.bare)

    def near(self, names: list[_Name]) -> tuple[str, _Name, _Name] | None:
        """The other thing with the same name, its name and the one that is like it."""
        for name in names:
            found = self._exact.get((name.among, name.bare)) or self._like(name)
            if found is not None:
                return found[0], name, found[1]
        return None

    def _like(self, name: _Name) -> tuple[str, _Name] | None:
        if len(name.bare) < _LONG:
            return None
        choices = self._long.get(_alike(name), ())
        found = process.extractOne(name.bare, choices, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return None if found is None else self._exact[(name.among, found[0])]


def _alike(name: _Name) -> tuple[str, ...]:
    """What names have to have in common to be compared: where they are compared, and their numbers in order."""
    return (name.among, *re.findall("[0-9]+", name.bare))


def _group(claims: Claims, subject: str) -> tuple[str, str] | None:
    """The kind of a thing and the register within which its names are its own."""
    if key_of(subject, "register") is not None:
        return ("register", "")
    for kind, owner in (("variable", "variableOf"), ("indicator", "indicatorOf")):
        if key_of(subject, kind) is not None:
            return next(((kind, register) for register in claims.of(subject, rg(owner))), None)
    return None


def _names(claims: Claims, subject: str, kind: str) -> list[_Name]:
    texts = [(LABEL, claims.label(subject, "sv"))]
    if kind == "register":
        texts += [(rg("shortName"), text) for text in claims.of(subject, rg("shortName"))]
    if kind == "variable":
        texts += [(NOTATION, text) for text in claims.of(subject, NOTATION)]
    return [_name(kind, path, text) for path, text in texts if text]


def _name(kind: str, path: str, text: str) -> _Name:
    """All names of registers are compared with one another; notations and labels of others each among themselves."""
    return _Name(path, text, bare(_GENERIC.sub("", fold(text))), "" if kind == "register" else path)


def _released(claims: Claims, group: tuple[str, str]) -> dict[str, list[_Name]]:
    kind, register = group
    if kind == "register":
        named: dict[str, list[_Name]] = defaultdict(list)
        for text, key in claims.context.registers.items():
            named[iris.thing(f"register/{key}")].append(_name(kind, LABEL, text))
        return {subject: names for subject, names in named.items() if subject not in claims.by_subject}
    owned = key_of(register, "register")
    prefix = f"{iris.ID}{kind}/"
    subjects = [iri for iri, owner in claims.context.owners.items() if owner == owned and iri.startswith(prefix)]
    return {subject: _names(claims, subject, kind) for subject in subjects if subject not in claims.by_subject}


def _told(subject: str, kind: str, near: tuple[str, _Name, _Name]) -> Remark:
    iri, name, other = near
    key = iri.rpartition("/")[2]
    nouns = {"register": ("Registret", "register"), "variable": ("Variabeln", "variable")}
    sv, en = nouns.get(kind, ("Indikatorn", "indicator"))
    message = Message(
        sv=f"{sv} «{name.text}» finns redan som «{other.text}» (nyckel {key}). Är det samma: skriv den nyckeln. Är det "
        "en annan: bekräfta raden.",
        en=f"The {en} “{name.text}” is there already as “{other.text}” (key {key}). If it is the same: write that key. "
        "If it is another: confirm the row.",
    )
    return remark(f"same-{kind}-again", Severity.WARNING, message, (subject, name.path, name.text))
