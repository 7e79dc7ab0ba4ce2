"""Which modules a journey walks through: `python -m tests.journeys` prints the five of docs/architecture.md.

Counted are the modules of `loader` and `server` whose functions are called in the journey's own process, and how often
it goes from one module to another. What happens at start, in worker processes and in libraries is not counted.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from loader.check import CheckOptions, Upload, check
from loader.graph.descriptions import released_rules
from loader.model import iris
from loader.reasoning.explain import Explainer
from loader.release.build import build
from loader.release.manifest import Release, current_release
from loader.resources import find_resources
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = tuple(str(ROOT / name) + "/" for name in ("loader", "server"))


@dataclass
class Walk:
    """The modules that were entered, in order of their first call, and the number of changes between modules."""

    modules: dict[str, int] = field(default_factory=dict)
    changes: int = 0
    _last: str = ""

    def enter(self, module: str) -> None:
        """Count one call into a module."""
        self.modules[module] = self.modules.get(module, 0) + 1
        if self._last and module != self._last:
            self.changes += 1
        self._last = module

    def __str__(self) -> str:
        return f"{len(self.modules)} modules, {self.changes} changes between them: {', '.join(self.modules)}"


def walked(journey: Callable[[], object]) -> Walk:
    """The walk of a journey, in all threads that it starts."""
    walk, lock = Walk(), threading.Lock()

    def look(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGES) and not _is_a_class_body(frame):
            with lock:
                walk.enter(str(Path(frame.f_code.co_filename).relative_to(ROOT)))

    threading.setprofile_all_threads(look) if hasattr(threading, "setprofile_all_threads") else threading.setprofile(
        look
    )
    sys.setprofile(look)
    try:
        journey()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return walk


def _is_a_class_body(frame: FrameType) -> bool:
    return frame.f_code.co_name == "<module>" or "__qualname__" in frame.f_locals


def journeys(release: Release, scratch: Path) -> dict[str, Callable[[], object]]:
    """The journeys by name, each made once already, so that nothing is counted that happens only the first time."""
    client = create_app(Settings(releases=release.directory.parent, workers=1, cache_mb=0)).test_client()
    sheet = Upload("variables.csv", (ROOT / "docs/examples/variables.csv").read_bytes())
    store = Store()
    store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)
    explainer = Explainer(store, released_rules(store))
    triple = Triple(*(NamedNode(iris.expand(name)) for name in INFERRED))
    made: dict[str, Callable[[], object]] = {
        "a query": lambda: client.get("/sparql", query_string={"query": QUERY}, headers={"Accept": "text/csv"}).data,
        "a submitted cell": lambda: check((sheet,), release=release, options=CheckOptions()),
        "a table row to a release": lambda: build(find_resources(), scratch),
        "a thing to its page": lambda: client.get("/id/register/swibreg", headers={"Accept": "text/html"}).data,
        "an inferred statement to its explanation": lambda: explainer.explain(triple),
    }
    for journey in made.values():
        journey()
    return made


QUERY = "SELECT ?s { ?s a <https://w3id.org/registergraf/ns#QualityRegister> } LIMIT 5"
INFERRED = ("register:swibreg", "rg:supportsAnalysisLevel", "analysis-level:municipality")


def main() -> None:
    """Print each journey with its counts and its modules."""
    with tempfile.TemporaryDirectory() as folder:
        for name, journey in journeys(current_release(ROOT / "data" / "release"), Path(folder)).items():
            print(f"{name}: {walked(journey)}")


if __name__ == "__main__":
    main()
