"""The shipped questions have their golden answers on the stores that docs/engines.md names, too: the real ones.

What SPARQL leaves open is compared as such: the order of parts that are joined over a group, the written form of a
number, and the order of texts with a language tag. What a store is known to alter is named in KNOWN, with the reason in
docs/engines.md.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from loader.release.manifest import Release
from loader.resources import find_resources
from server.engine.remote.endpoint import RemoteEngine
from server.engine.remote.graph_store import GraphStore
from server.operations.publish import publish_release
from tests.goldenfile import GOLDEN
from tests.server.engine.asking import request
from tests.server.engine.stores import RunningStore, running_oxigraph, running_virtuoso

QUESTIONS = sorted(find_resources().questions.glob("*.rq"))
STORES: dict[str, Callable[[Path], AbstractContextManager[RunningStore]]] = {
    "oxigraph": running_oxigraph,
    "virtuoso": running_virtuoso,
}
# Characters beyond Latin-1 in a query's own text that Virtuoso writes as `?`: store and question, the character.
KNOWN = {("virtuoso", "q63-register-profile"): "–"}
BOOLEANS = {"true": "1", "false": "0"}
JOINED = re.compile(r" / | \| |, |; ")
Row = tuple[str, ...]


@pytest.fixture(scope="module", params=STORES)
def store(
    request: pytest.FixtureRequest, real_release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, RemoteEngine]]:
    """An engine over a store to which the shipped release has been published."""
    if request.config.getoption("--update-golden"):
        pytest.skip("a store is held to golden files that have been written and read")
    with STORES[request.param](tmp_path_factory.mktemp(request.param)) as running:
        publish_release(real_release, GraphStore(running.addresses))
        with closing(RemoteEngine(running.query, real_release)) as engine:
            yield request.param, engine


def rows(text: str) -> list[Row]:
    return [tuple(map(plain, row)) for row in csv.reader(io.StringIO(text))]


def plain(value: str) -> str:
    """A value without what its written form leaves open."""
    try:
        return str(Decimal(BOOLEANS.get(value, value)).normalize())
    except InvalidOperation:
        return " / ".join(sorted(JOINED.split(value.replace("\r\n", "\n"))))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_its_golden_answer(store: tuple[str, RemoteEngine], question: Path) -> None:
    name, engine = store
    chunks = engine.query(request(question.read_text("utf-8"), "text/csv", timeout=60)).chunks
    golden = (GOLDEN / "questions" / f"{question.stem}.csv").read_text("utf-8")
    altered = KNOWN.get((name, question.stem), "?")
    answered, wanted = (rows(text.replace(altered, "?")) for text in (b"".join(chunks).decode(), golden))
    assert answered[0] == wanted[0]
    if name == "oxigraph":
        assert answered == wanted
    assert Counter(answered) == Counter(wanted)
