"""The patterns of docs/asking.md give the answers that are printed below them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from loader.model.iris import BASE, ID, PREFIXES
from loader.release.manifest import Release
from tests.goldenfile import Golden

DOCS = Path(__file__).resolve().parents[2] / "docs"
PATTERN = re.compile(r"```sparql\n(?P<query>.*?)```\n\n```csv\n(?P<answer>.*?)```", re.DOTALL)
HEAD = "".join(
    f"PREFIX {name}: <{where}>\n" for name, where in {**PREFIXES, "graph": f"{BASE}graph/", "id": ID}.items()
)


@pytest.fixture(scope="module")
def store(real_release: Release) -> Store:
    made = Store()
    made.bulk_load(path=str(real_release.graph), format=RdfFormat.N_QUADS)
    return made


def answer(store: Store, query: str) -> str:
    """The answer as CSV, IRIs by their last part."""
    found = store.query(HEAD + query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    text = found.serialize(format=QueryResultsFormat.CSV)
    assert text is not None
    return re.sub(r"https?://[^,\s]*[/#]", "", text.decode().replace("\r\n", "\n"))


def test_every_pattern_gives_its_answer(store: Store, golden: Golden) -> None:
    text = (DOCS / "asking.md").read_text(encoding="utf-8")
    assert len(PATTERN.findall(text)) == len(re.findall(r"^### \d+ ", text, re.MULTILINE)) == 10
    written = PATTERN.sub(
        lambda found: f"```sparql\n{found['query']}```\n\n```csv\n{answer(store, found['query'])}```", text
    )
    Golden(DOCS, update=golden.update)("asking.md", written)
