"""Inference rules: one CONSTRUCT query a file, with a name and a sentence in Swedish and English.

Header: `# name`, `# sv`, `# en`, `# stratum` (0 unless told). A rule that negates or counts stands in a later stratum
than all that conclude what it looks at; the rules of earlier strata run again with it. Generic rules have `# owl` (the
rule's name in the W3C tables of OWL 2 RL) and `# over` (the variable that stands for the predicate of what they read).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loader.errors import RuleError
from loader.model import iris
from loader.model.findings import Message
from loader.model.queryfiles import QueryFile, read_query_files

_CONSTRUCT = re.compile(r"^CONSTRUCT\b", re.MULTILINE)
_WHERE = re.compile(r"^WHERE \{", re.MULTILINE)
_ANY_PREDICATE = re.compile(r"(?:^|[.;{])\s*\?\w+\s+\?\w+\s+\S+\s*[.;}]", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX (\w*): <([^>]+)>$", re.MULTILINE)
_PREFIXED = re.compile(r"(?<![\w/<])(\w*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<([^>\s]+)>")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `construct` is its query, `owl` the name of the OWL 2 RL rule that it is, if it is one."""

    name: str
    sentence: Message
    stratum: int
    construct: str
    owl: str | None = None
    over: str | None = None

    @property
    def iri(self) -> str:
        """The rule's IRI."""
        return iris.rule(self.name)

    def insert(self, changed: Iterable[str] | None = None) -> str:
        """The rule as an update that adds its conclusions to the default graph.

        With the IRIs of changed predicates, a rule with `over` reads only statements with these.
        """
        text = _CONSTRUCT.sub("INSERT", self.construct, count=1)
        if self.over is None or changed is None:
            return text
        values = " ".join(f"<{predicate}>" for predicate in sorted(changed))
        return _WHERE.sub(f"WHERE {{\n  VALUES ?{self.over} {{ {values} }}", text, count=1)

    @property
    def reads(self) -> frozenset[str] | None:
        """IRIs among which are all predicates that the rule's WHERE clause mentions; None when it reads any."""
        where = self.construct[self.construct.index("WHERE") :]
        if _ANY_PREDICATE.search(where):
            return None
        prefixes = dict(_PREFIX.findall(self.construct))
        names = {prefixes[prefix] + local for prefix, local in _PREFIXED.findall(where) if prefix in prefixes}
        return frozenset({*names, *_IRI.findall(where), iris.PREFIXES["rdf"] + "type"})


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
    if not _WHERE.search(file.text):
        raise RuleError(f"{file.path} must hold 'WHERE {{' at the beginning of a line")
    header = dict(file.header)
    sentence = Message(sv=file.get("sv"), en=file.get("en"))
    return Rule(name, sentence, int(stratum), file.text, owl=header.get("owl"), over=header.get("over"))
