"""The walk of a query through the modules of the code stays as short as docs/architecture.md says."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.journeys import QUERY, ROOT, walked


def test_a_query_walks_through_no_more_modules_than_is_said(client: FlaskClient) -> None:
    def ask(number: int) -> None:
        query = f"{QUERY} # {number}"
        assert client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).status_code == 200

    row = re.search(r"\| a query \| (\d+) \| (\d+) \|", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    assert row is not None
    ask(1)
    walk = walked(lambda: ask(2))
    assert len(walk.modules) <= int(row[1]), walk
    assert walk.changes <= int(row[2]) + 3, walk  # some depend on whether a worker was idle
