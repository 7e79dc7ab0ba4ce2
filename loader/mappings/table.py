"""One SSSOM file as it is written: the lines of its header as they stand, its columns, and its rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from loader.errors import LoaderError
from loader.graph.alignments import SUFFIX

Row = dict[str, str]
NEGATIVE = "negative"
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_modifier",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "mapping_date",
    "reviewer_id",
    "review_date",
    "comment",
)
_PREFIX = re.compile(r"#  ([\w.-]+): (\S+)")
_MAP = "#curie_map:"


@dataclass(frozen=True, slots=True)
class MappingTable:
    """A mapping set: `header` are the lines that begin with #, without the prefixes, which are in `prefixes`."""

    path: Path
    header: tuple[str, ...]
    prefixes: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the set: its file without the ending."""
        return self.path.name.removesuffix(SUFFIX)

    def find(self, subject: str, object_: str) -> Row:
        """The one mapping between two CURIEs; LoaderError when there is none, or several."""
        found = [row for row in self.rows if (row["subject_id"], row["object_id"]) == (subject, object_)]
        if len(found) != 1:
            raise LoaderError(f"{self.path.name} has {len(found)} mappings of {subject} to {object_}; expected is one.")
        return found[0]

    def without(self, row: Row) -> MappingTable:
        """The same set without a row."""
        return replace(self, rows=tuple(other for other in self.rows if other is not row))

    def expand(self, curie: str) -> str:
        """The IRI of a CURIE; LoaderError when the set does not declare its prefix."""
        prefix, _, name = curie.partition(":")
        if prefix not in self.prefixes:
            raise LoaderError(f"{self.path.name} has no prefix {prefix}: declare it in its curie_map.")
        return self.prefixes[prefix] + name

    def having(self, row: Row, prefixes: Mapping[str, str] = MappingProxyType({})) -> MappingTable:
        """The same set with a row, and those of the prefixes that it needs."""
        used = {cell.partition(":")[0] for cell in row.values()}
        needed = {name: iri for name, iri in prefixes.items() if name in used}
        return replace(self, rows=(*self.rows, row), prefixes={**needed, **self.prefixes})

    def text(self) -> str:
        """The file, its rows sorted; columns that no row fills are left out."""
        used = [name for name in _COLUMNS if any(row.get(name) for row in self.rows)]
        stream = io.StringIO()
        stream.writelines(f"{line}\n" for line in (*self.header, _MAP))
        stream.writelines(f"#  {name}: {iri}\n" for name, iri in sorted(self.prefixes.items()))
        writer = csv.DictWriter(stream, used, delimiter="\t", lineterminator="\n", extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(sorted(self.rows, key=lambda row: (row["subject_id"], row["predicate_id"], row["object_id"])))
        return stream.getvalue()


def read_table(folder: Path, name: str) -> MappingTable:
    """The mapping set of a name in a folder; LoaderError when there is none."""
    path = folder / f"{name}{SUFFIX}"
    if not path.is_file():
        names = ", ".join(sorted(found.name.removesuffix(SUFFIX) for found in folder.glob(f"*{SUFFIX}")))
        raise LoaderError(f"There is no mapping set {name} in {folder}; there are: {names}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    above = [line for line in lines if line.startswith("#")]
    prefixes = {match[1]: match[2] for line in above[above.index(_MAP) :] if (match := _PREFIX.fullmatch(line))}
    kept = tuple(line for line in above if line != _MAP and not _is_prefix(line, prefixes))
    rows = csv.DictReader(io.StringIO("\n".join(lines[len(above) :])), delimiter="\t", restval="")
    return MappingTable(path, kept, prefixes, tuple(rows))


def _is_prefix(line: str, prefixes: dict[str, str]) -> bool:
    match = _PREFIX.fullmatch(line)
    return match is not None and prefixes.get(match[1]) == match[2]
