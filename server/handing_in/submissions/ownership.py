"""Which registers a submission touches, and what it touches that belongs to no register that its account holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from loader.graph.scopes import OWNED_BY, TABLES
from loader.model import iris
from server.handing_in.submissions.lookup import Lookup
from server.service import BASE

_ID = BASE + "id/"
_REGISTER = _ID + "register/"
_NS = BASE + "ns#"
# How the things of a register refer to it.
_OWNERS = frozenset(iris.expand(name) for name in OWNED_BY.values() if name is not None)
_PART_OF = _NS + "subRegisterOf"
# What a holder describes; all else is shared, or the machinery's own.
_RECORDS = tuple(f"{_ID}{kind}/" for kind in TABLES)
_FILES = ("document/", "part/", "passage/")


@dataclass(frozen=True, slots=True)
class Touched:
    """Keys of the registers whose description changes, and IRIs of other things that would be described anew.

    `known` says that one of these things is described already, or is none that a register has.
    """

    registers: frozenset[str]
    common: frozenset[str]
    known: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What a submission states and takes away; `files` are the keys of its uploads as sources."""

    stated: tuple[Triple, ...]
    removed: frozenset[str]
    files: frozenset[str]


def touched(claim: Claim, held: frozenset[str], lookup: Lookup) -> Touched:
    """What would change by the claim of someone who holds these registers.

    A record is a register's when it refers to it, in what stands or in the claim: in both, when they differ. Saying
    again what stands touches nothing. A register that is part of one that is held counts as that one.
    """
    stated: dict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in claim.stated:
        if isinstance(triple.subject, NamedNode) and not _of_file(triple.subject.value, claim.files):
            stated[triple.subject].add(triple)
    for path in claim.removed:
        stated.setdefault(NamedNode(_ID + path), set())
    before = lookup.said(stated)
    registers: set[str] = set()
    common: set[str] = set()
    strange = False
    for subject, statements in stated.items():
        known = before.get(subject, set())
        if statements == known:
            continue
        owners = _owners(subject, statements) | _owners(subject, known)
        registers |= owners
        if not owners or not subject.value.startswith(_RECORDS) or (known and not _owners(subject, known)):
            common.add(subject.value)
            strange = strange or bool(known) or not subject.value.startswith(_RECORDS)
    whole = _parents(registers - held, held, stated, lookup)
    return Touched(frozenset(whole.get(register, register) for register in registers), frozenset(common), strange)


def _of_file(iri: str, files: frozenset[str]) -> bool:
    """Whether this is an uploaded file, a sheet of it or a row, as the program itself describes them."""
    kind, _, rest = iri.removeprefix(_ID).partition("/")
    return f"{kind}/" in _FILES and any(rest == file or rest.startswith(file + ".") for file in files)


def _parents(
    registers: Iterable[str], held: frozenset[str], stated: Mapping[NamedNode, set[Triple]], lookup: Lookup
) -> dict[str, str]:
    """The registers that are part of one that is held, and of which.

    What stands says so; of a register that is not there yet the claim does, and its key begins with the other's.
    """
    nodes = [NamedNode(_REGISTER + register) for register in sorted(registers)]
    known = lookup.said(nodes)
    found = {}
    for node in nodes:
        new = node not in known
        register = node.value.removeprefix(_REGISTER)
        for triple in stated.get(node, set()) if new else known[node]:
            parent = getattr(triple.object, "value", "").removeprefix(_REGISTER)
            if triple.predicate.value == _PART_OF and parent in held and (not new or register.startswith(f"{parent}-")):
                found[register] = parent
    return found


def _owners(subject: NamedNode, triples: Iterable[Triple]) -> set[str]:
    """The keys of the registers that the subject is, or refers to as its own."""
    referred = [triple.object for triple in triples if triple.predicate.value in _OWNERS]
    found = {subject.value} | {node.value for node in referred if isinstance(node, NamedNode)}
    return {iri.removeprefix(_REGISTER) for iri in found if iri.startswith(_REGISTER)}
