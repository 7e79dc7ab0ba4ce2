"""The catalogue of a release: every thing with a key of ours and what is stated or inferred of it, code lists left out.

One query per release reads it, bounded in rows; the pages then need no query to find labels, links both ways and
counts. What a page counts it also shows as a query, and the tests hold the two against each other.
"""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Value
from server.query.answering import Question
from server.query.prefixes import short_name
from server.query.rows import read_table
from server.service import BASE, Service
from server.web.media import JSON

MOST = 1_500_000
_CHARACTERS = 600_000_000
_VALUE = 20_000
_LEFT_OUT = ("eli:has_part", "eli:has_member")  # the inverses of what the pages walk themselves
_QUERY = """PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?s ?p ?o ?inferred {{
  GRAPH ?g {{ ?s ?p ?o }}
  FILTER(!STRSTARTS(STR(?g), "{base}graph/codes/"))
  FILTER(REGEX(STR(?s), "^{base}(id|rule|question)/") && !STRSTARTS(STR(?s), "{base}id/mapping/"))
  FILTER(?p NOT IN ({left_out}))
  BIND(?g = <{base}graph/inferred> AS ?inferred)
}}"""


def catalogue(site: Service) -> Catalogue:
    """The catalogue of the release that answers."""
    return site.once("catalogue", lambda: _read(site))


def _read(site: Service) -> Catalogue:
    query = _QUERY.format(base=BASE, left_out=", ".join(_LEFT_OUT))
    asked = Question(query, "SELECT", JSON, site.settings.timeout_cap)
    table = read_table(site.answering.ask(asked).chunks, MOST, value=_VALUE, characters=_CHARACTERS)
    found = Catalogue(whole=not table.more)
    names: dict[str, str] = {}
    values: dict[Value, Value] = {}  # what is said of many things is one object, as are the names of properties
    for subject, predicate, value, inferred in table.rows:
        said = Value(value.kind, value.text, value.language, value.datatype, inferred.text == "true")
        name = names.get(predicate.text) or names.setdefault(predicate.text, short_name(predicate.text))
        found.add(subject.text, name, values.setdefault(said, said))
    return found
