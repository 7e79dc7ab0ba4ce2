"""Inference rules: one CONSTRUCT query a file, with a name and a sentence in Swedish and English.

Header: `# name`, `# sv`, `# en`, `# stratum` (0 unless told), and `# owl` (the OWL 2 RL rule's name in the W3C tables,
for generic rules). A rule that negates or counts stands in a later stratum than all that conclude what it looks at; the
rules of earlier strata run again with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from loader import iris
from loader.errors import RuleError
from loader.findings import Message
from loader.queryfiles import QueryFile, read_query_files

_CONSTRUCT = re.compile(r"^CONSTRUCT\b", re.MULTILINE)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `construct` is its query, `owl` the name of the OWL 2 RL rule that it is, if it is one."""

    name: str
    sentence: Message
    stratum: int
    construct: str
    owl: str | None

    @property
    def iri(self) -> str:
        """The rule's IRI."""
        return iris.rule(self.name)

    @property
    def insert(self) -> str:
        """The rule as an update that adds its conclusions to the default graph."""
        return _CONSTRUCT.sub("INSERT", self.construct, count=1)


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """The rules of a folder by stratum, then name; RuleError when there are none or one is not in form."""
    rules = tuple(
        sorted((_rule(file) for file in read_query_files(folder)), key=lambda rule: (rule.stratum, rule.name))
    )
    if not rules:
        raise RuleError(f"There is no rule in {folder}.")
    return rules


def _rule(file: QueryFile) -> Rule:
    name = file.get("name")
    if name != file.path.stem or not _NAME.fullmatch(name):
        raise RuleError(f"{file.path} calls itself {name!r}; name and file name must be the same slug")
    stratum = file.get("stratum", "0")
    if not stratum.isdecimal():
        raise RuleError(f"{file.path}: the stratum {stratum!r} is no number")
    if len(_CONSTRUCT.findall(file.text)) != 1:
        raise RuleError(f"{file.path} must hold exactly one CONSTRUCT at the beginning of a line")
    owl = dict(file.header).get("owl")
    return Rule(name, Message(sv=file.get("sv"), en=file.get("en")), int(stratum), file.text, owl)
