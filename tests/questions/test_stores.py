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
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from loader.release.manifest import Release
from loader.resources import find_resources
from server.engine.remote.endpoint import RemoteEngine
from server.engine.remote.graph_store import GraphStore
from server.operations.publish import publish_release
from tests.goldenfile import GOLDEN
from tests.pairs import some
from tests.server.engine.asking import request
from tests.server.engine.stores import RunningStore, running_oxigraph, running_virtuoso

QUESTIONS = sorted(find_resources().questions.glob("*.rq"))
SPREAD = [question for start in range(8) for question in QUESTIONS[start::8]]  # the first of them are of all kinds
# Characters beyond Latin-1 in a query's own text that Virtuoso writes as `?`, by question.
KNOWN = {"q63-register-profile": "–"}
BOOLEANS = {"true": "1", "false": "0"}
JOINED = re.compile(r" / | \| |, |; ")
Row = tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def golden_files_are_read(request: pytest.FixtureRequest) -> None:
    """Skip while golden files are written."""
    if request.config.getoption("--update-golden"):
        pytest.skip("golden files are being written: a store is held to them by a run that only reads them")


@contextmanager
def filled(store: AbstractContextManager[RunningStore], release: Release) -> Iterator[RemoteEngine]:
    """An engine over a store to which a release has been published."""
    with store as running:
        publish_release(release, GraphStore(running.addresses))
        with closing(RemoteEngine(running.query, release)) as engine:
            yield engine


@pytest.fixture(scope="module")
def oxigraph(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    with filled(running_oxigraph(tmp_path_factory.mktemp("oxigraph")), real_release) as engine:
        yield engine


@pytest.fixture(scope="module")
def virtuoso(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    with filled(running_virtuoso(tmp_path_factory.mktemp("virtuoso")), real_release) as engine:
        yield engine


def rows(text: str) -> list[Row]:
    return [tuple(map(plain, row)) for row in csv.reader(io.StringIO(text))]


def plain(value: str) -> str:
    """A value without what its written form leaves open."""
    try:
        return str(Decimal(BOOLEANS.get(value, value)).normalize())
    except InvalidOperation:
        return " / ".join(sorted(JOINED.split(value.replace("\r\n", "\n"))))


def answered_and_wanted(engine: RemoteEngine, question: Path, altered: str = "?") -> tuple[list[Row], list[Row]]:
    """The rows that an engine gives, and those of the golden file, without the character that the store alters."""
    chunks = engine.query(request(question.read_text("utf-8"), "text/csv", timeout=60)).chunks
    golden = (GOLDEN / "questions" / f"{question.stem}.csv").read_text("utf-8")
    answered, wanted = (rows(text.replace(altered, "?")) for text in (b"".join(chunks).decode(), golden))
    return answered, wanted


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_its_golden_answer_on_virtuoso(virtuoso: RemoteEngine, question: Path) -> None:
    answered, wanted = answered_and_wanted(virtuoso, question, KNOWN.get(question.stem, "?"))
    assert answered[0] == wanted[0]
    assert Counter(answered) == Counter(wanted)


@pytest.mark.parametrize("question", some(SPREAD, len(QUESTIONS) // 8))
def test_a_question_has_its_golden_answer_on_oxigraph(oxigraph: RemoteEngine, question: Path) -> None:
    """In `make test` one of eight: the engine is that of `registergraf serve`, which answers every question there."""
    answered, wanted = answered_and_wanted(oxigraph, question)
    assert answered == wanted
