"""A cube of observations as RDF Data Cube: indicator × municipality × year, made up, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

QB = "http://purl.org/linked-data/cube#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
CUBE = "https://w3id.org/registergraf/id/synthetic-cube/"
GRAPH = "https://w3id.org/registergraf/graph/synthetic-cube"
PER_OBSERVATION = 6


@dataclass(frozen=True, slots=True)
class Size:
    """How many indicators, municipalities and years; the default is 1.04 million triples."""

    indicators: int = 60
    municipalities: int = 290
    years: int = 10

    @property
    def observations(self) -> int:
        """One observation for every combination."""
        return self.indicators * self.municipalities * self.years


def write_cube(path: Path, indicators: Sequence[str], size: Size) -> int:
    """Append the cube over the first indicators' IRIs to an N-Quads file; the number of triples written."""
    chosen = indicators[: size.indicators]
    if len(chosen) < size.indicators:
        raise ValueError(f"The cube wants {size.indicators} indicators, but there are {len(indicators)}.")
    written = 0
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for triple in _dimensions(size):
            file.write(f"{triple} <{GRAPH}> .\n")
            written += 1
        for triple in _observations(chosen, size):
            file.write(f"{triple} <{GRAPH}> .\n")
            written += 1
    return written


def municipality(number: int) -> str:
    """The IRI of a made-up municipality."""
    return f"{CUBE}municipality/{number + 1:04}"


def _dimensions(size: Size) -> Iterator[str]:
    yield f"<{CUBE}dataset> <{TYPE}> <{QB}DataSet>"
    for number in range(size.municipalities):
        yield f"<{municipality(number)}> <{TYPE}> <{CUBE}Municipality>"
        yield f'<{municipality(number)}> <{LABEL}> "Påhittad kommun {number + 1}"@sv'


def _observations(indicators: Sequence[str], size: Size) -> Iterator[str]:
    for first, indicator in enumerate(indicators):
        for second in range(size.municipalities):
            for year in range(2015, 2015 + size.years):
                yield from _observation(f"{CUBE}o/{first}.{second}.{year}", indicator, second, year)


def _observation(iri: str, indicator: str, place: int, year: int) -> Iterator[str]:
    yield f"<{iri}> <{TYPE}> <{QB}Observation>"
    yield f"<{iri}> <{QB}dataSet> <{CUBE}dataset>"
    yield f"<{iri}> <{CUBE}indicator> <{indicator}>"
    yield f"<{iri}> <{CUBE}municipality> <{municipality(place)}>"
    yield f'<{iri}> <{CUBE}year> "{year}"^^<{XSD}gYear>'
    yield f'<{iri}> <{CUBE}value> "{_value(iri)}"^^<{XSD}decimal>'


def _value(iri: str) -> str:
    """A number from 0.0 to 100.0 that follows from the observation's name."""
    return f"{int.from_bytes(hashlib.blake2b(iri.encode(), digest_size=4).digest()) % 1001 / 10:.1f}"
