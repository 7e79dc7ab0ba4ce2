"""The variables of a register as a CSVW schema (W3C, Metadata Vocabulary for Tabular Data, 2015): no table is claimed.

A Table needs a file, and there is none to give; a schema says what the columns are, for whoever has a file. What no
source says is left open: the datatype is `any`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loader.model.iris import BASE

MEDIA_TYPE = "application/csvm+json"
KEY = re.compile(r"[a-z0-9][a-z0-9.-]*")
_QUERY = """PREFIX rg: <{base}ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?variable ?notation ?sv ?en ?unit {{
  ?variable rg:variableOf <{base}id/register/{key}> ; skos:notation ?notation .
  OPTIONAL {{ ?variable skos:prefLabel ?sv FILTER(LANG(?sv) = "sv") }}
  OPTIONAL {{ ?variable skos:prefLabel ?en FILTER(LANG(?en) = "en") }}
  OPTIONAL {{ ?variable rg:unitOfMeasure ?unit }}
}} ORDER BY ?variable ?notation"""


@dataclass(frozen=True, slots=True)
class Described:
    """A variable: its IRI, how it is written in the register, its labels in Swedish and English, its unit."""

    iri: str
    notation: str
    sv: str = ""
    en: str = ""
    unit: str = ""


def variables_query(key: str) -> str:
    """The query whose rows are the fields of `Described`, for the key of a register (one that KEY matches)."""
    return _QUERY.format(base=BASE, key=key)


def csvw_schema(key: str, variables: Iterable[Described], address: str) -> bytes:
    """The schema at an address (empty: at none), as JSON; several notations of a variable are titles of one column."""
    columns: dict[str, dict[str, Any]] = {}
    for variable in variables:
        column = columns.setdefault(variable.iri, _column(variable))
        if variable.notation not in column["titles"]["und"]:
            column["titles"]["und"].append(variable.notation)
    told = {
        "@context": "http://www.w3.org/ns/csvw",
        **({"@id": address} if address else {}),
        "@type": "Schema",
        "columns": _named(columns),
        "rdfs:seeAlso": {"@id": f"{BASE}id/register/{key}"},
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _column(variable: Described) -> dict[str, Any]:
    labels = {language: label for language, label in (("sv", variable.sv), ("en", variable.en)) if label}
    unit = {"schema:unitText": variable.unit} if variable.unit else {}
    titles = {"und": [variable.notation], **labels}
    return {"titles": titles, "datatype": "any", "propertyUrl": variable.iri, **unit}


def _named(columns: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns with names that a URI template takes: letters, digits and _, each once."""
    taken: dict[str, int] = {}
    made: list[dict[str, Any]] = []
    for iri, column in columns.items():
        name = re.sub(r"[^A-Za-z0-9]+", "_", iri.rpartition("/")[2].partition(".")[2]).strip("_") or "column"
        taken[name] = taken.get(name, 0) + 1
        made.append({"name": name if taken[name] == 1 else f"{name}_{taken[name]}", **column})
    return made
