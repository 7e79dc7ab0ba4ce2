"""Code lists of others that were imported (`registergraf import codes`): optional graphs, one for each list."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from loader.errors import ResourceError
from loader.model import iris

CODES = iris.graph("codes/")
_NOTATION = iris.expand("skos:notation")


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a list, sorted."""

    sorted: tuple[str, ...]

    def has(self, code: str) -> bool:
        """Whether the list has a code, or codes that begin with it, as those of a chapter do; dots do not count."""
        bare = code.rstrip("+*").replace(".", "")
        at = bisect.bisect_left(self.sorted, bare)
        return bool(bare) and at < len(self.sorted) and self.sorted[at].startswith(bare)


def read_code_graphs(folder: Path) -> Iterator[Quad]:
    """The statements of every list in a folder; ResourceError when a file is no list that was imported."""
    for path in sorted(folder.glob("*.nq")):
        graph = NamedNode(CODES + path.stem)
        try:
            for quad in parse(path=str(path), format=RdfFormat.N_QUADS):
                if quad.graph_name != graph:
                    raise ResourceError(f"{path} has statements outside {graph}: import the list anew.")
                yield quad
        except (OSError, SyntaxError, ValueError) as error:
            raise ResourceError(f"{path} cannot be read: {error}. Import the list anew.") from error


def is_code_graph(quad: Quad) -> bool:
    """Whether a statement of a release belongs to an imported list."""
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(CODES)


def codes_of(quads: Iterable[Quad]) -> Mapping[str, Codes]:
    """The codes of each list, by its key, without dots."""
    found: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        if quad.predicate.value == _NOTATION and isinstance(quad.object, Literal):
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            found[graph.removeprefix(CODES)].append(quad.object.value.replace(".", ""))
    return {key: Codes(tuple(sorted(codes))) for key, codes in found.items()}
