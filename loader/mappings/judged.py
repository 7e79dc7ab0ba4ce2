"""The mappings held against the terms and tables that they speak of, and written when a build would take them."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Quad

from loader.errors import LoaderError
from loader.graph.alignments import Alignments, read_alignments
from loader.judging.mappings import mapping_findings
from loader.mappings.table import MappingTable
from loader.model import iris
from loader.model.findings import Finding, blocks, ordered, render
from loader.release.build import read_all_terms, read_tables
from loader.resources import find_resources

_LABELS = (NamedNode(iris.PREFIXES["skos"] + "prefLabel"), NamedNode(iris.PREFIXES["rdfs"] + "label"))


class Surroundings:
    """The ontology, the schemes and the tables of the curated sources, read when they are needed."""

    @cached_property
    def _stated(self) -> tuple[Quad, ...]:
        resources = find_resources()
        terms = read_all_terms(resources)
        return (*terms.written, *terms.outside, *read_tables(resources, terms).stated)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(quad.subject.value for quad in self._stated if isinstance(quad.subject, NamedNode))

    def judged(self, folder: Path) -> tuple[Alignments, tuple[Finding, ...]]:
        """The mappings of a folder, and what is wrong or doubtful with them, the worst first."""
        found = read_alignments(folder, self._known)
        return found, ordered([*found.findings, *mapping_findings(found.mappings, self._stated)])

    def knows(self, iri: str) -> bool:
        """Whether anything is said of a thing of ours."""
        return iri in self._known

    def label(self, iri: str) -> str:
        """The English label of a thing of ours; LoaderError when there is none."""
        named = (quad.object for quad in self._stated if quad.subject == NamedNode(iri) and quad.predicate in _LABELS)
        found = next((name for name in named if isinstance(name, Literal) and name.language == "en"), None)
        if found is not None:
            return found.value
        raise LoaderError(f"{iris.compact(iri)} has no English label in the graph: only what is there can be mapped.")

    def write(self, *tables: MappingTable) -> None:
        """Write mapping sets when a build would take them; LoaderError with the findings otherwise."""
        with TemporaryDirectory() as scratch:
            for table in tables:
                (Path(scratch) / table.path.name).write_text(table.text(), encoding="utf-8")
            _, findings = self.judged(Path(scratch))
        if blocks(findings):
            raise LoaderError("\n".join(render(finding) for finding in findings if blocks([finding])))
        for table in tables:
            table.path.write_text(table.text(), encoding="utf-8")


@cache
def surroundings() -> Surroundings:
    """What came with the program, read once."""
    return Surroundings()
