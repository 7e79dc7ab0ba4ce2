"""A small release in the shape of a real one, written by code: three named graphs, a few hundred triples."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from loader.release.manifest import Release, open_release

NS = "https://w3id.org/registergraf/ns#"
ID = "https://w3id.org/registergraf/id/"
REGISTERS = "https://w3id.org/registergraf/graph/registers"
VARIABLES = "https://w3id.org/registergraf/graph/variables"
INFERRED = "https://w3id.org/registergraf/graph/inferred"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
ONTOLOGY = f"""@prefix rg: <{NS}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{NS}> a <http://www.w3.org/2002/07/owl#Ontology> .
"""


def quads(registers: int) -> dict[str, list[str]]:
    """The statements of each graph as N-Triples lines without their full stop."""
    graphs: dict[str, list[str]] = {REGISTERS: [], VARIABLES: [], INFERRED: []}
    for number in range(registers):
        register = f"<{ID}register/r{number}>"
        graphs[REGISTERS] += [
            f"{register} {TYPE} <{NS}Register>",
            f'{register} {LABEL} "Register över äldre, nr {number}"@sv',
            f'{register} {LABEL} "Register of the elderly, no. {number}"@en',
            f'{register} <{NS}launched> "{1990 + number}"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        ]
        for item in range(3):
            variable = f"<{ID}variable/r{number}-v{item}>"
            graphs[VARIABLES] += [f"{variable} {TYPE} <{NS}Variable>", f'{variable} <{NS}notation> "V{item}"']
            graphs[INFERRED].append(f"{register} <{NS}usesVariable> {variable}")
    return graphs


def write_release(folder: Path, version: str = "1.0.0-000000000001", registers: int = 20) -> Release:
    """Write a release of `registers` × 13 statements to `folder` and open it."""
    folder.mkdir(parents=True)
    graphs = quads(registers)
    lines = sorted(f"{statement} <{graph}> ." for graph, statements in graphs.items() for statement in statements)
    files = {"graph.nq": ("\n".join(lines) + "\n").encode(), "ontology.ttl": ONTOLOGY.encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    manifest = {
        "version": version,
        "graphs": {graph: len(statements) for graph, statements in graphs.items()},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_release(folder)
