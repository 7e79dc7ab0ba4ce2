"""A made-up annex in the layouts of the real one, so that scale can be measured; marked as synthetic all over."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.errors import ReleaseError
from loader.model.codes import CodeLists
from loader.model.layout import Layouts
from loader.tables.sources import FILE

SOURCE = "synthetic"
_MEASURES = (("count", "Antal"), ("share", "Andel"), ("count-or-share", "Antal/andel"))
_AREAS = (
    ("information-about-the-target-group", 0.7),
    ("conditions-in-the-service", 0.05),
    ("ways-of-working-and-processes", 0.2),
    ("results", 0.13),
)
_UNSURE = 0.3
_PER_REGISTER_VARIABLES = 12

Rows = Iterator[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make up: `registers` and `indicators` of at least one each; the same seed gives the same bytes."""

    registers: int
    indicators: int
    seed: int

    def text(self) -> str:
        """The plan as the command that repeats it."""
        return f"synthesize --registers {self.registers} --indicators {self.indicators} --seed {self.seed}"

    def indicators_of(self, register: int) -> int:
        """How many indicators the register with this number (from 0) has; they are dealt out evenly."""
        return self.indicators // self.registers + (1 if register < self.indicators % self.registers else 0)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The keys of the concepts that are dealt out, sorted."""

    groups: tuple[str, ...]
    areas: tuple[str, ...]
    concepts: tuple[str, ...]
    purposes: tuple[str, ...]


def synthesize(plan: Plan, codes: CodeLists, layouts: Layouts, output: Path) -> dict[str, int]:
    """Write the folder of sources and return the number of rows of each table; an older synthetic one is replaced."""
    _refuse_real(output)
    vocabulary = Vocabulary(*(_keys(codes, scheme) for scheme in _SCHEMES))
    tables = {
        "agents": list(_agents()),
        "parts": list(_parts(plan)),
        "registers": list(_registers(plan)),
        "list_entries": list(_list_entries(plan)),
        "variables": list(_variables(plan, vocabulary)),
        "indicators": list(_indicators(plan, vocabulary)),
    }
    beside = output.with_name(f".unfinished-{output.name}")
    shutil.rmtree(beside, ignore_errors=True)
    (beside / SOURCE).mkdir(parents=True)
    (beside / FILE).write_text(_entry(plan), encoding="utf-8", newline="\n")
    for name, rows in tables.items():
        columns = [column.name for column in layouts[name].columns]
        (beside / SOURCE / f"{name}.csv").write_text(_csv(columns, rows), encoding="utf-8", newline="")
    if output.exists():
        shutil.rmtree(output)
    beside.rename(output)
    return {name: len(rows) for name, rows in tables.items()}


_SCHEMES = ("target-group", "service-area", "conceptual-variable", "purpose")


def _keys(codes: CodeLists, scheme: str) -> tuple[str, ...]:
    if scheme not in codes:
        raise ReleaseError(f"The ontology has no scheme {scheme}, from which the annex is made up.")
    return tuple(sorted(codes[scheme].by_key))


def _refuse_real(output: Path) -> None:
    """ReleaseError unless the folder is new, empty, or holds synthetic sources only."""
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    try:
        entries = tomllib.loads((output / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{output} is there and holds no synthetic sources. Give another --output.") from error
    if not entries or not all(isinstance(entry, dict) and entry.get("synthetic") is True for entry in entries.values()):
        raise ReleaseError(f"{output} holds real sources, which are never overwritten. Give another --output.")


def _entry(plan: Plan) -> str:
    text = plan.text()
    return f"""[{SOURCE}]
title_sv = "Syntetisk bilaga, påhittad för mätningar"
title_en = "Synthetic annex, made up for measurements"
publisher = "synthetic-maker"
identifier = "{text}"
licence_sv = "Påhittat av ett program: inget i det är sant."
licence_en = "Made up by a program: nothing in it is true."
document = "{text}"
sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"
synthetic = true
"""


def _agents() -> Rows:
    yield {
        "agent": "synthetic-maker",
        "label_sv": "Syntetisk utgivare",
        "label_en": "Synthetic publisher",
    }


def _parts(plan: Plan) -> Rows:
    yield {"part": "list", "kind": "list", "label_sv": "Syntetisk lista", "label_en": "Synthetic list"}
    for number in range(plan.registers):
        yield {
            "part": f"table-{number + 1}",
            "kind": "table",
            "number": str(number + 1),
            "label_sv": f"Syntetisk tabell {number + 1}",
            "label_en": f"Synthetic table {number + 1}",
        }


def _registers(plan: Plan) -> Rows:
    for number in range(plan.registers):
        yield {
            "register": _register(number),
            "kind": "quality-register",
            "label_sv": f"Syntetiskt register {number + 1}",
            "label_en": f"Synthetic register {number + 1}",
            "short_name": f"Syntet{number + 1}",
            "co_funded_by_municipalities": "nej",
        }


def _list_entries(plan: Plan) -> Rows:
    for number in range(plan.registers):
        printed = f"Syntetiskt register {number + 1}"
        entry = {"register": _register(number), "printed": printed, "status": "analysed"}
        yield {**entry, "part": "list", "row": str(number + 1)}


def _variables(plan: Plan, vocabulary: Vocabulary) -> Rows:
    for number in range(plan.registers):
        chance = _chance(plan, f"variables {number}")
        for index in range(_variable_count(plan, number)):
            measured = chance.sample(vocabulary.concepts, k=1 if chance.random() < 0.8 else 2)
            yield {
                "register": _register(number),
                "variable": f"v{index + 1}",
                "notation": f"syntet_v{index + 1}",
                "label_sv": f"Syntetisk variabel {index + 1}",
                "label_en": f"Synthetic variable {index + 1}",
                "measures": "|".join(measured),
            }


def _indicators(plan: Plan, vocabulary: Vocabulary) -> Rows:
    for number in range(plan.registers):
        chance = _chance(plan, f"indicators {number}")
        for row in range(plan.indicators_of(number)):
            yield {
                **_measured(plan, number, row, chance),
                **_sorted_under(vocabulary, chance),
                "part": f"table-{number + 1}",
                "row": str(row + 1),
            }


def _chance(plan: Plan, purpose: str) -> random.Random:
    return random.Random(f"{plan.seed} {purpose}")  # noqa: S311 - nothing secret is drawn


def _measured(plan: Plan, number: int, row: int, chance: random.Random) -> dict[str, str]:
    measure, word = chance.choice(_MEASURES)
    known = range(1, _variable_count(plan, number) + 1)
    used = chance.sample(known, k=min(len(known), chance.randint(1, 4)))
    label = f"{word} påhittade personer i syntetiskt register {number + 1}, mått {row + 1}"
    return {
        "indicator": f"{_register(number)}-r{row + 1}",
        "kind": "tabulated",
        "register": _register(number),
        "variables": "|".join(f"syntet_v{index}" for index in used),
        "label_sv": label,
        "label_en": f"Synthetic measure {row + 1} of synthetic register {number + 1}",
        "printed": label,
        "measure_type": measure,
        "age_over": "65" if chance.random() < 0.2 else "",
        "patient_reported": "ja" if chance.random() < 0.2 else "nej",
    }


def _sorted_under(vocabulary: Vocabulary, chance: random.Random) -> dict[str, str]:
    areas = [key for key, share in _AREAS if chance.random() < share] or [_AREAS[0][0]]
    unsure = [f"Ev. {key}" if chance.random() < _UNSURE else key for key in areas]
    groups = [
        f"{group}/{chance.choice(vocabulary.areas)}" for group in chance.sample(vocabulary.groups, chance.randint(1, 2))
    ]
    return {
        "follow_up_areas": "|".join(unsure),
        "analysis_level": chance.choice(("municipality", "hospital-or-region", "hospital-or-unit-within-region")),
        "groups": "|".join(groups),
        "purposes": chance.choice(vocabulary.purposes),
    }


def _variable_count(plan: Plan, number: int) -> int:
    return _PER_REGISTER_VARIABLES + min(48, plan.indicators_of(number) // 4)


def _register(number: int) -> str:
    return f"{SOURCE}-{number + 1:04}"


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
