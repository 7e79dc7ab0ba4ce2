"""A small release made by code, and the site over it with the real engine in process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loader.release.manifest import Release, open_release
from server.app import create_app
from server.engine.interface import Engine
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.settings import Settings

RG = "https://w3id.org/registergraf/ns#"
ID = "https://w3id.org/registergraf/id/"
GRAPHS = "https://w3id.org/registergraf/graph/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

REGISTERS = {
    "swespine": "Svenska ryggregistret",
    "riksstroke": "Riksstroke",
    "bipolar": "Kvalitetsregister för bipolär sjukdom",
}


def write_release(root: Path, version: str, *, extra: int = 0) -> Release:
    """Three registers, two indicators and a variable: 14 statements, 3 inferred ones, and `extra` in a third graph."""
    graphs = example_graphs()
    if extra:
        graphs[GRAPHS + "bulk/extra"] = [
            f'<{ID}bulk/{n}> <{RG}number> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in range(extra)
        ]
    return write_graphs(root, version, graphs)


def example_graphs() -> dict[str, list[str]]:
    """The statements of these, by graph."""
    return {GRAPHS + "skr-2022": _sources(), GRAPHS + "inferred": _inferred()}


def write_graphs(root: Path, version: str, graphs: dict[str, list[str]]) -> Release:
    """A release of graphs given as N-Triples without the final full stop."""
    lines = sorted(f"{triple} <{graph}> .\n" for graph, triples in graphs.items() for triple in triples)
    folder = root / version
    folder.mkdir(parents=True)
    text = "".join(lines).encode()
    (folder / "graph.nq").write_bytes(text)
    manifest = {
        "version": version,
        "graphs": {graph: len(triples) for graph, triples in graphs.items()},
        "files": {"graph.nq": hashlib.sha256(text).hexdigest()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_release(folder)


def _sources() -> list[str]:
    triples = []
    for key, name in REGISTERS.items():
        triples += [
            f"<{ID}register/{key}> <{TYPE}> <{RG}QualityRegister>",
            f'<{ID}register/{key}> <{LABEL}> "{name}"@sv',
        ]
    for number in ("1", "2"):
        triples += [
            f"<{ID}indicator/i{number}> <{TYPE}> <{RG}Indicator>",
            f"<{ID}indicator/i{number}> <{RG}indicatorOf> <{ID}register/swespine>",
            f'<{ID}indicator/i{number}> <{LABEL}> "Andel med smärta efter {number} år"@sv',
        ]
    triples.append(f"<{ID}variable/boendeform> <{TYPE}> <{RG}Variable>")
    triples.append(f"<{ID}indicator/i1> <{RG}usesVariable> <{ID}variable/boendeform>")
    return triples


def _inferred() -> list[str]:
    return [f"<{ID}register/{key}> <{TYPE}> <{RG}Register>" for key in REGISTERS]


def make_current(root: Path, version: str) -> None:
    (root / "current").unlink(missing_ok=True)
    (root / "current").symlink_to(version)


@pytest.fixture(scope="session")
def release_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("releases")
    write_release(root, "0.1.0-aaaaaaaaaaaa")
    make_current(root, "0.1.0-aaaaaaaaaaaa")
    return root


@pytest.fixture(scope="session")
def settings(release_root: Path) -> Settings:
    return Settings(releases=release_root, workers=2, queue=8, rate_per_minute=0, access_log="")


@pytest.fixture(scope="session")
def engine(settings: Settings, release_root: Path) -> Iterator[Engine]:
    engine = open_engine(settings, open_release(release_root / "current"))
    yield engine
    engine.close()


@pytest.fixture
def app(settings: Settings, engine: Engine, release_root: Path) -> Iterator[Flask]:
    made = create_app(settings, engine, open_release(release_root / "current"))
    yield made
    checks_of(made).close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def changed_client(settings: Settings, engine: Engine, release_root: Path):  # type: ignore[no-untyped-def]
    """A client of a site with other settings over the same engine."""

    def make(**changes: object) -> FlaskClient:
        app = create_app(replace(settings, **changes), engine, open_release(release_root / "current"))  # type: ignore[arg-type]
        return app.test_client()

    return make
