"""Where the ontology, the shapes and the curated sources are: in the checkout, or inside the installed package."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from loader.errors import ResourceError

CODES_FOLDER = "REGISTERGRAF_CODES"


@dataclass(frozen=True, slots=True)
class Resources:
    """The folders that a build reads: `ontology`, `shapes`, and `sources` (one folder per source and sources.toml).

    `sources` are the curated ones, or what REGISTERGRAF_SOURCES names, for whoever curates their own.
    `laws` holds printed acts, where they are at hand (REGISTERGRAF_LAWS): the law tables are then held against them.
    `codes` holds code lists of others that were imported (REGISTERGRAF_CODES): a build takes them in, each as a graph.
    """

    ontology: Path
    shapes: Path
    sources: Path
    laws: Path | None = None
    codes: Path | None = None

    @property
    def schemes(self) -> Path:
        """The folder of the SKOS schemes."""
        return self.ontology / "schemes"

    @property
    def rules(self) -> Path:
        """The folder of the inference rules."""
        return self.ontology / "rules"

    @property
    def questions(self) -> Path:
        """The folder of the competency questions."""
        return self.ontology / "questions"

    @property
    def alignments(self) -> Path:
        """The folder of the mapping sets."""
        return self.ontology / "alignments"

    @property
    def checks(self) -> Path:
        """The folder of the set-wise checks."""
        return self.shapes / "checks"


def package_folder() -> Path:
    """The folder of the loader package itself."""
    return Path(str(files("loader")))


def default_root() -> Path:
    """The folder that holds ontology/, shapes/ and data/: loader/resources in a wheel, else the checkout."""
    bundled = package_folder() / "resources"
    return bundled if bundled.is_dir() else package_folder().parent


def find_resources(root: Path | None = None) -> Resources:
    """The resources below `root` (default: those that came with the program); ResourceError names what is missing."""
    base = root or default_root()
    sources, laws, codes = (os.environ.get(f"REGISTERGRAF_{name}") for name in ("SOURCES", "LAWS", "CODES"))
    found = Resources(
        ontology=base / "ontology",
        shapes=base / "shapes",
        sources=Path(sources) if sources else base / "data" / "sources",
        laws=Path(laws) if laws else None,
        codes=Path(codes) if codes else None,
    )
    for folder in (found.ontology, found.shapes, found.sources, *filter(None, (found.laws, found.codes))):
        if not folder.is_dir():
            raise ResourceError(f"{folder} is not there. Install registergraf again, or run it in a whole checkout.")
    return found


def project_version() -> str:
    """The version in the checkout's pyproject.toml, or that of the installed distribution."""
    project = package_folder().parent / "pyproject.toml"
    if project.is_file():
        declared = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
        if declared.get("name") == "registergraf":
            return str(declared["version"])
    return metadata.version("registergraf")
