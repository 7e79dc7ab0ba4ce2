"""The real law tables alone, in a folder of sources that every test may change."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from loader.release import build as pipeline
from loader.resources import Resources

AGENTS = """agent,label_sv,label_en,short_name,organisation_iri,kind
registergraf,Registergraf,Registergraf,,,
regeringskansliet,Regeringskansliet,Government Offices,,,
"""


@pytest.fixture(scope="session")
def terms(resources: Resources) -> pipeline.Terms:
    """The ontology, the schemes and the shapes, read once."""
    return pipeline.read_all_terms(resources)


@pytest.fixture
def law(tmp_path: Path, resources: Resources) -> Path:
    """A folder of sources with the law tables and the agents that they name."""
    sources = tmp_path / "sources"
    shutil.copytree(resources.sources / "law", sources / "law")
    (sources / "law" / "agents.csv").write_text(AGENTS, encoding="utf-8")
    entries = (resources.sources / "sources.toml").read_text(encoding="utf-8")
    entry = re.search(r"^\[law\]\n.*?(?=^\[|\Z)", entries, re.MULTILINE | re.DOTALL)
    assert entry is not None
    (sources / "sources.toml").write_text(entry[0], encoding="utf-8")
    return sources
