"""The schema of the graph in at most 6 kB: prefixes, classes with counts, and the properties that each one has."""

from __future__ import annotations

from collections import Counter

from server.pages.catalogue.read import catalogue
from server.pages.things.terms import words
from server.query.prefixes import PREFIXES, short_name
from server.service import BASE, Service

MOST = 6_000
_KINDS = ("register", "indicator", "variable", "conceptual-variable", "target-group", "service-area", "provision")
_MORE = ("municipality", "legal-act", "coverage", "dated-statement", "kpi", "service", "document", "legal-basis")
_PROPERTIES = 16


def schema(site: Service) -> str:
    """The schema as text."""
    return site.once("mcp schema", lambda: _schema(site))


def _schema(site: Service) -> str:
    lines = [
        f"# Registergraf, release {site.release.version}",
        f"IRIs: {BASE}id/<kind>/<key>. Labels: skos:prefLabel @sv, @en.",
    ]
    blocks = [_kind(site, kind) for kind in (*_KINDS, *_MORE)]
    used = {name.partition(":")[0] for block in blocks for name in block.replace(",", " ").split() if ":" in name}
    lines += [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name in used or name == "skos"]
    lines.append(_EXAMPLE)
    for block in blocks:
        if len("\n".join([*lines, block]).encode("utf-8")) > MOST:
            break
        lines.append(block)
    return "\n".join(lines)


def _kind(site: Service, kind: str) -> str:
    things = catalogue(site).of(kind)
    classes = Counter(short_name(value.text) for thing in things for value in thing.said.get("rdf:type", ()))
    names = Counter(name for thing in things for name in thing.said if name not in ("rdf:type", "skos:prefLabel"))
    label = words(site).get(next(iter(classes), ""), {}).get("en", kind)
    shown = ", ".join(name for name, _count in names.most_common(_PROPERTIES))
    return (
        f"\n{kind} ({len(things)}; {label}): a {', '.join(name for name, _count in classes.most_common(3))}\n  {shown}"
    )


_EXAMPLE = """
Example: SELECT ?indicator ?register WHERE {
  ?i a rg:Indicator ; rg:indicatorOf ?r ; skos:prefLabel ?indicator . ?r skos:prefLabel ?register .
  FILTER(lang(?indicator) = "sv" && lang(?register) = "sv")
}
What only rules say stands in GRAPH <https://w3id.org/registergraf/graph/inferred>."""
