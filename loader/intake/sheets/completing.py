"""What a submitter leaves out of a row and follows from its other cells, above all its key.

A thing that was renamed or reworded keeps its key: its old notation stands among the other ones, or the row says what
it was called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from loader.intake.world.context import Context
from loader.model.codes import Concept
from loader.model.nearest import fold
from loader.tables.cells import plain_key
from loader.tables.reportcells import scheme_of
from loader.tables.subjects import row_keys, subject_path
from loader.tables.table import Row

_MEASURES = (("antal/andel", "count-or-share"), ("antal", "count"), ("andel", "share"))
PUBLISHED = "published"
"""The kind of an indicator that a public page names; what the page does not say of it is not worked out."""
SUBMITTED = "submitted"
"""What stands for the source in the IRI of a measurement that was handed in."""


def complete(table: str, row: Row, context: Context, named: frozenset[tuple[str, str]] = frozenset()) -> Row:
    """The row with what follows from its other cells, where these cells were left empty."""
    cells = dict(row.cells)
    if table == "registers" and not cells["register"]:
        name = cells["short_name"] or cells["label_sv"]
        known = context.register_key(cells["label_sv"]) or context.register_key(cells["short_name"])
        cells["register"] = known or plain_key(name) or ""
    elif table == "variables" and not cells["variable"]:
        known = context.notations.get((cells["register"], fold(cells["notation"])))
        cells["variable"] = known or _renamed(cells, context, named) or plain_key(cells["notation"]) or ""
    elif table == "indicators":
        cells["printed"] = cells["printed"] or cells["label_sv"]
        if not cells["indicator"] and cells["label_sv"]:
            known = context.labels.get((cells["register"], fold(cells["label_sv"])))
            cells["indicator"] = known or _short_key(cells["register"], cells["label_sv"])
        if cells["kind"] != PUBLISHED:
            cells["measure_type"] = cells["measure_type"] or _measure_type(cells["label_sv"])
    elif table == "coverage_measurements":
        cells["metric"] = cells["metric"] or "coverage"
        key = "-".join(filter(None, (cells["register"], plain_key(cells["metric"]), cells["year"])))
        cells["measurement"] = cells["measurement"] or plain_key(key) or ""
        cells["printed"] = cells["printed"] or _percentages(cells)
    elif table == "register_statements":
        said = cells["value"] or cells["value_sv"] or cells["value_en"]
        cells["standing"] = cells["standing"] or "stated"
        cells["printed"] = cells["printed"] or said
        cells["statement"] = cells["statement"] or _short(f"{cells['as_of'] or 'undated'}-{said}")
    elif table == "registration_volumes":
        cells["exactness"] = cells["exactness"] or "exact"
        cells["printed"] = cells["printed"] or f"{cells['number']} {cells['unit']}".strip()
        cells["volume"] = cells["volume"] or _short(f"{SUBMITTED}-{cells['year']}-{cells['unit']}")
    elif table == "reported_events":
        cells["printed"] = cells["printed"] or f"{cells['kind']} {cells['date']}".strip()
        cells["event"] = cells["event"] or _short(f"{SUBMITTED}-{cells['date'] or 'undated'}-{cells['kind']}")
    return replace(row, cells=cells)


def _renamed(cells: Mapping[str, str], context: Context, named: frozenset[tuple[str, str]]) -> str | None:
    """The key of the variable whose notation is now among the other ones, unless the file has it as well."""
    texts = [fold(text) for text in cells["other_notations"].split("|") if text.strip()]
    places = [(cells["register"], text) for text in texts]
    keys = {context.notations[place] for place in places if place in context.notations and place not in named}
    return keys.pop() if len(keys) == 1 else None


def _short_key(register: str, label: str) -> str:
    words = (plain_key(f"{register}-{label}") or "").split("-")
    key = "-".join(words)
    while len(key) > 100:
        words.pop()
        key = "-".join(words)
    return key


def _short(text: str) -> str:
    return (plain_key(text) or "")[:60].strip("-")


def _measure_type(label: str) -> str:
    plain = fold(label).replace(" ", "")
    return next((key for word, key in _MEASURES if plain.startswith(word)), "other") if label else ""


def _percentages(cells: Mapping[str, str]) -> str:
    bounds = "–".join(filter(None, (cells["from_percent"], cells["to_percent"])))
    under = f"under {cells['under_percent']}" if cells["under_percent"] else ""
    text = " ".join(filter(None, (bounds, under)))
    return f"{text} %" if text else ""


def path_of(table: str, cells: Mapping[str, str], context: Context) -> str | None:
    """The IRI path of the row's record; None when its key is missing or not legal."""
    if table == "coverage_measurements":
        return measurement_path(cells, context)
    layout = context.layouts[table]
    keys = row_keys(layout, Row(0, 0, cells), context.codes)
    return None if keys is None else subject_path(layout, SUBMITTED, keys)


def measurement_path(cells: Mapping[str, str], context: Context) -> str | None:
    """The path of the measurement of a register, metric, year, population and method: the same in every file.

    One that the graph has already keeps its path, wherever it came from.
    """
    metric = scheme_of(context.codes, "coverage-metric").find(cells["metric"])
    if not isinstance(metric, Concept) or plain_key(cells["register"]) != cells["register"]:
        return None
    details = (fold(cells["population"]), fold(cells["method"]))
    known = context.measurements.get((cells["register"], metric.key, cells["year"], *details))
    if known is not None:
        return known
    year = plain_key(cells["year"]) or "undated"
    names = [plain_key(text)[:40] for text in details if plain_key(text)]  # type: ignore[index]
    return f"coverage/{SUBMITTED}.{'-'.join([cells['register'], metric.key, year, *names]).strip('-')}"
