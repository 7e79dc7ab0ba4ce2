"""The figures on the start page, each by a query through the engine, asked once per release."""

from __future__ import annotations

import json

from server.query.answering import Question
from server.service import Service
from server.web.media import JSON

_QUERY = """PREFIX rg: <https://w3id.org/registergraf/ns#>
SELECT * {
  { SELECT (COUNT(DISTINCT ?r) AS ?registers) { ?r a rg:QualityRegister } }
  { SELECT (COUNT(DISTINCT ?i) AS ?indicators) { ?i a rg:Indicator } }
  { SELECT (COUNT(DISTINCT ?v) AS ?variables) { ?v a rg:Variable } }
  { SELECT (COUNT(*) AS ?triples) { ?s ?p ?o } }
}"""


def counts(site: Service) -> dict[str, int]:
    """Quality registers, indicators, variables and triples of the release that answers."""

    def make() -> dict[str, int]:
        body = json.loads(site.answering.text(Question(_QUERY, "SELECT", JSON, site.settings.timeout)))
        return {name: int(cell["value"]) for name, cell in body["results"]["bindings"][0].items()}

    return site.once("counts", make)
