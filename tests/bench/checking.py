"""One checker over one sheet as a process: `python -m tests.bench.checking CHECKER SHEET.csv RELEASE`.

Prints one JSON object: seconds of the first check (with all loading) and of a second one in the same process, on the
clock and on the processor, and the number of results. The peers judge the release and the sheet's statements together,
as a whole graph.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.release.manifest import Release, open_release


def ours(sheet: Path, release: Release) -> int:
    """The check of a submission."""
    return len(_check(sheet, release).findings)


def pyshacl(sheet: Path, release: Release) -> int:
    """pySHACL as it comes, on rdflib graphs."""
    from pyshacl import validate
    from rdflib import SH, Graph

    data = Graph().parse(_whole(sheet, release), format="nt")
    shapes = Graph().parse(release.directory / "shapes.ttl", format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, advanced=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL failed: {report}")
    return len(list(report.objects(None, SH.result)))


def pyrudof(sheet: Path, release: Release) -> int:
    """rudof's SHACL engine, through pyrudof."""
    from pyrudof import RDFFormat as Format
    from pyrudof import Rudof, RudofConfig, ShaclFormat

    rudof = Rudof(RudofConfig())
    rudof.read_data(input=str(_whole(sheet, release)), format=Format.NTriples)
    rudof.read_shacl(input=str(release.directory / "shapes.ttl"), format=ShaclFormat.Turtle)
    return len(rudof.validate_shacl())


CHECKERS: dict[str, Callable[[Path, Release], int]] = {"ours": ours, "pyshacl": pyshacl, "pyrudof": pyrudof}


def _check(sheet: Path, release: Release) -> CheckResult:
    return check([Upload(sheet.name, sheet.read_bytes())], release=release, options=CheckOptions())


def _whole(sheet: Path, release: Release) -> Path:
    """The release's stated graph and the sheet's statements as one file; made before the clock runs."""
    return Path(tempfile.gettempdir()) / f"bench-{release.version}-{sheet.stem}.nt"


def write_whole(sheet: Path, release: Release) -> Path:
    """Write the file that the peers read; what is inferred stays out, as it does in our own validation."""
    stated = {
        quad.triple
        for quad in pyoxigraph.parse(path=release.graph, format=RdfFormat.N_QUADS)
        if not str(quad.graph_name).endswith(("/graph/inferred>", "/graph/shapes>"))
    }
    path = _whole(sheet, release)
    pyoxigraph.serialize(sorted(stated | set(_check(sheet, release).quads), key=str), path, RdfFormat.N_TRIPLES)
    return path


def main() -> None:
    """Check twice and tell."""
    name, sheet, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    release = open_release(folder)
    seconds, processor, results = [], [], 0
    for _ in range(2 if name == "ours" else 1):
        began, worked = time.perf_counter(), time.process_time()
        results = CHECKERS[name](sheet, release)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    print(json.dumps({"seconds": seconds, "processor": processor, "results": results}))


if __name__ == "__main__":
    main()
