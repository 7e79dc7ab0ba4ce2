"""The data of a run: the shipped release, the synthetic annexes, and the annex with the cube as a release."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from loader.release.manifest import Release, current_release, open_release
from tests.bench.cube import Size, write_cube
from tests.bench.process import measure

ROOT = Path(__file__).resolve().parents[2]
REGISTERS = 100
SEED = 1
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_INDICATOR = "<https://w3id.org/registergraf/ns#TabulatedIndicator>"


def program(*arguments: str) -> list[str]:
    """The command `registergraf` with its arguments, of this environment."""
    return [str(Path(sys.executable).with_name("registergraf")), *arguments]


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folder where a run keeps what it makes; it is made anew with each run."""

    folder: Path

    def synthetic(self, indicators: int) -> Path:
        """The sources of a synthetic annex with this many indicators of 100 registers."""
        target = self.folder / f"sources-{indicators}"
        if not target.exists():
            amounts = ["--registers", str(REGISTERS), "--indicators", str(indicators), "--seed", str(SEED)]
            measure(program("synthesize", *amounts, "--output", str(target)), cwd=ROOT)
        return target

    def built(self, indicators: int) -> Release:
        """The release of a synthetic annex."""
        output = self.folder / f"release-{indicators}"
        if not (output / "current").exists():
            sources = self.synthetic(indicators)
            measure(program("build", "--sources", str(sources), "--output", str(output)), cwd=ROOT)
        return current_release(output)

    def shipped(self) -> Release:
        """The release of the curated sources."""
        output = self.folder / "release-shipped"
        if not (output / "current").exists():
            measure(program("build", "--output", str(output)), cwd=ROOT)
        return current_release(output)

    def with_cube(self, indicators: int, size: Size) -> Release:
        """A release of the synthetic annex and the cube, current in its folder."""
        root = self.folder / f"release-cube-{indicators}"
        target = root / "0.0.0-cube"
        if not target.exists():
            _add_cube(self.built(indicators), target, size)
            (root / "current").symlink_to(target.name)
        return open_release(target)


def _add_cube(base: Release, target: Path, size: Size) -> None:
    shutil.copytree(base.directory, target)
    graph = target / "graph.nq"
    write_cube(graph, indicators_of(base), size)
    with graph.open("rb") as lines:
        counts = Counter(line.rsplit(b" ", 2)[1][1:-1].decode() for line in lines)
    digest = hashlib.sha256(graph.read_bytes()).hexdigest()
    files = {**base.manifest["files"], "graph.nq": digest}
    manifest = {**base.manifest, "version": target.name, "graphs": dict(sorted(counts.items())), "files": files}
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def indicators_of(release: Release) -> list[str]:
    """The IRIs of a release's tabulated indicators, sorted, spread over its registers."""
    found = set()
    with release.graph.open(encoding="utf-8") as lines:
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            if predicate == _TYPE and rest.startswith(_INDICATOR):
                found.add(subject[1:-1])
    return sorted(found, key=lambda iri: (hashlib.blake2b(iri.encode()).digest(), iri))
