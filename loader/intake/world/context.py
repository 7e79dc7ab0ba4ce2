"""What a submission is read and checked against: the code lists, subjects and names in a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph

from loader.checked import NOTHING, Accepted
from loader.errors import ReleaseError
from loader.graph.beyond import outlives
from loader.graph.codelists import Codes, codes_of, is_code_graph
from loader.graph.scopes import record_path, records_of
from loader.intake.world.names import class_names, key_of, keys_by_text, names_of_rows, object_of, register_names
from loader.intake.world.released import released
from loader.judging.validate import prepare, to_rdflib
from loader.model import iris
from loader.model.codes import CodeLists, code_lists
from loader.model.findings import Message
from loader.model.layout import Layouts, default_layouts
from loader.model.nearest import fold
from loader.release.manifest import Release
from loader.tables.reportcells import GroupLabels, RegisterVariables, group_labels
from loader.tables.subjects import Place, Subjects

_SKOS = iris.PREFIXES["skos"]
_RG = iris.PREFIXES["rg"]
_TYPE = iris.PREFIXES["rdf"] + "type"
_COMPUTED_ON, _MEASUREMENT_OF = (iris.PREFIXES["dqv"] + name for name in ("computedOn", "isMeasurementOf"))


def scopes_in(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    """The records that are described, by path, with their scopes."""
    return records_of(triple for subject, found in described.items() if subject.startswith(iris.ID) for triple in found)


@dataclass(frozen=True, slots=True)
class Context:
    """A release taken apart, for reading and checking submissions; keys that are texts are folded, as `fold` does."""

    quads: tuple[Quad, ...]  # statements on data and terms
    described: Mapping[str, tuple[Triple, ...]]  # what is stated, not inferred, of each subject
    terms: tuple[Quad, ...]  # statements of the ontology and the schemes
    flat_shapes: Graph  # the shapes, flattened
    layouts: Layouts
    codes: CodeLists
    group_labels: GroupLabels
    subjects: Subjects
    registers: Mapping[str, str]  # key of a register by key, name or short name
    notations: Mapping[tuple[str, str], str]  # key of a variable or indicator by its register's key and its notation
    labels: Mapping[tuple[str, str], str]  # the same by its label
    owners: Mapping[str, str]  # key of the register of a variable or indicator, by its IRI
    measurements: Mapping[tuple[str, ...], str]  # path by register, metric, year, population, method
    everything: tuple[Quad, ...]  # all statements of the release
    names: Mapping[str, Mapping[str, str]]  # by table: key of a row by its label
    class_names: Mapping[str, Message]  # label of a class by its prefixed name
    groups_of_area: Mapping[str, frozenset[str]]  # target groups that sources pair with a service area
    start_years: Mapping[str, frozenset[str]]  # what the release says of each register
    statuses: Mapping[str, frozenset[str]]  # the same of its status in the mapping
    inferred_only: frozenset[str]  # properties that the release has by inference alone
    code_lists: Mapping[str, Codes] = field(default_factory=dict)  # imported lists by key; in none of the others

    def key_named(self, table: str, text: str) -> str | None:
        """The key of the row of a table (or of `a|b`) with this key, label or short name, in Swedish or English."""
        tables = table.split("|")
        if "registers" in tables:
            return self.register_key(text)
        return next((key for name in tables if (key := self.names.get(name, {}).get(fold(text)))), None)

    def register_key(self, text: str) -> str | None:
        """The key of the register with this key, name or short name."""
        return self.registers.get(fold(text))


def read_context(release: Release, accepted: Accepted = NOTHING) -> Context:
    """The context of a release with what was accepted since; read once per release and process.

    ReleaseError when the release cannot be read.
    """
    context = _read(release.directory, release.version)
    return context if accepted == NOTHING else _joined(release.directory, release.version, accepted)


@lru_cache(maxsize=1)
def _joined(directory: Path, version: str, accepted: Accepted) -> Context:
    """The release's context in which accepted records stand in the place of its own, and what was removed is gone."""
    before = _read(directory, version)
    try:
        triples = [quad.triple for quad in parse(accepted.statements, format=RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as error:
        raise ReleaseError(f"What was accepted cannot be read: {error}") from error
    gone = accepted.gone | _beside_whole_lists(before, accepted.whole)
    puts = {triple.subject for triple in triples}
    anew = puts | {NamedNode(iris.thing(path)) for path in gone}
    kept = {triple for subject in puts for triple in _kept(subject, before)}
    graph = NamedNode(iris.graph("submission/accepted"))
    quads = [quad for quad in before.everything if quad.subject not in anew or quad.triple in kept]
    quads += [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]
    return replace(context_of(tuple(quads), before), code_lists=before.code_lists)


def _kept(subject: object, before: Context) -> list[Triple]:
    """What no row can say of a record, and none takes away."""
    path = record_path(subject)
    return [] if path is None else outlives(path, before.described.get(iris.thing(path), ()))


@lru_cache(maxsize=2)
def _read(directory: Path, version: str) -> Context:
    graph = directory / "graph.nq"
    try:
        quads = tuple(parse(path=str(graph), format=RdfFormat.N_QUADS))
    except (OSError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"{graph} of release {version} cannot be read: {error}") from error
    lists = codes_of(filter(is_code_graph, quads))
    own = quads if not lists else tuple(quad for quad in quads if not is_code_graph(quad))
    return replace(context_of(own), code_lists=lists)


def _beside_whole_lists(before: Context, whole: frozenset[str]) -> frozenset[str]:
    known = scopes_in(before.described) if whole else {}
    return frozenset(path for path, scope in known.items() if scope in whole)


def context_of(quads: tuple[Quad, ...], before: Context | None = None) -> Context:
    """The context of statements in named graphs; `before` is one with the same shapes."""
    layouts = default_layouts()
    known = released(quads)
    codes = code_lists(known.schemes())
    described = known.described()
    owners = _owners(described)
    return Context(
        quads=known.data(),
        described=described,
        terms=known.terms(),
        flat_shapes=prepare(to_rdflib(known.shapes())) if before is None else before.flat_shapes,
        layouts=layouts,
        codes=codes,
        group_labels=group_labels(codes),
        subjects=_subjects(described, layouts),
        registers=register_names(described),
        notations=keys_by_text(described, owners, "variable", (_SKOS + "notation", _RG + "otherNotation")),
        labels=keys_by_text(described, owners, "indicator", (_SKOS + "prefLabel", _RG + "printedAs")),
        owners=owners,
        measurements=_measurements(described),
        everything=quads,
        names=names_of_rows(described, layouts),
        class_names=class_names(described, layouts),
        groups_of_area=_groups_of_area(described),
        start_years=known.values(_RG + "startYear"),
        statuses=known.values(_RG + "mappingStatus"),
        inferred_only=known.inferred_only(),
    )


def _subjects(described: Mapping[str, tuple[Triple, ...]], layouts: Layouts) -> Subjects:
    """The subjects of the release as those that rows may refer to; parts are known within their source alone."""
    tables: dict[str, list[str]] = defaultdict(list)
    for name, layout in layouts.items():
        if not layout.per_source:
            tables[layout.subject.partition("/")[0]].append(name)
    places: dict[str, dict[str, tuple[Place, ...]]] = defaultdict(dict)
    for iri, triples in described.items():
        if not iri.startswith(iris.ID) or not any(triple.predicate.value == _TYPE for triple in triples):
            continue
        path = iri.removeprefix(iris.ID)
        kind, _, key = path.partition("/")
        for table in tables.get(kind, ()):
            places[table][key] = (Place(path, "", "", 0),)
    return Subjects(dict(places), {}, _register_variables(described), frozenset())


def _register_variables(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, RegisterVariables]:
    notations: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    shown: dict[str, list[str]] = defaultdict(list)
    for iri, triples in described.items():
        register = object_of(triples, _RG + "variableOf")
        if register is None or key_of(iri, "variable") is None:
            continue
        owner = register.removeprefix(iris.ID)
        for triple in triples:
            if triple.predicate.value in (_SKOS + "notation", _RG + "otherNotation"):
                text = triple.object.value if isinstance(triple.object, Literal) else ""
                notations[owner][fold(text)][iri.removeprefix(iris.ID)] = None
                shown[owner].append(text)
    return {
        owner: RegisterVariables({text: tuple(paths) for text, paths in known.items()}, tuple(shown[owner]))
        for owner, known in notations.items()
    }


def _owners(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, str]:
    owners = {}
    for iri, triples in described.items():
        register = object_of(triples, _RG + "variableOf") or object_of(triples, _RG + "indicatorOf")
        if register is not None and key_of(register, "register") is not None:
            owners[iri] = register.removeprefix(f"{iris.ID}register/")
    return owners


def _groups_of_area(described: Mapping[str, tuple[Triple, ...]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for triples in described.values():
        group, area = (object_of(triples, _RG + name) for name in ("pairsTargetGroup", "pairsServiceArea"))
        if group is not None and area is not None:
            found[area].add(group)
    return {area: frozenset(groups) for area, groups in found.items()}


def _measurements(described: Mapping[str, tuple[Triple, ...]]) -> dict[tuple[str, ...], str]:
    """The path of each measurement that alone measures what it measures."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    texts = tuple(_RG + name for name in ("measurementYear", "comparedPopulation", "measurementMethod"))
    for iri, triples in described.items():
        register, metric = object_of(triples, _COMPUTED_ON), object_of(triples, _MEASUREMENT_OF)
        if key_of(iri, "coverage") is None or register is None or metric is None:
            continue
        details = [fold(object_of(triples, name) or "") for name in texts]
        place = (key_of(register, "register") or "", metric.rpartition("/")[2], *details)
        found[place].add(iri.removeprefix(iris.ID))
    return {place: min(paths) for place, paths in found.items() if len(paths) == 1}
