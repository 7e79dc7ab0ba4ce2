"""Rules across records: SPARQL SELECTs run once over the whole graph, each solution a finding.

Header: `# rule` (the file's name), `# severity`, `# sv` and `# en` (sentences with {variable} placeholders), optionally
`# remedy-sv` and `# remedy-en`. The query selects ?focus, and may select ?path, ?value and what the sentences mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from loader.errors import RuleError
from loader.judging.findings import Message, Severity
from loader.judging.results import Result
from loader.model import iris
from loader.model.queryfiles import QueryFile, read_query_files

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: sentences with placeholders, the remedy included, and the query."""

    rule: str
    severity: Severity
    sentence: Message
    query: str


def read_checks(folder: Path) -> tuple[Check, ...]:
    """The checks of a folder, sorted by name; RuleError when one is not in form."""
    return tuple(_check(file) for file in read_query_files(folder))


def run_checks(store: Store, checks: tuple[Check, ...]) -> Iterator[Result]:
    """What the checks find in the default graph of the store, in the order of the checks and their solutions."""
    for check in checks:
        try:
            solutions = store.query(check.query)
        except (SyntaxError, ValueError) as error:
            raise RuleError(f"The check {check.rule} cannot be run: {error}") from error
        if not isinstance(solutions, QuerySolutions):
            raise RuleError(f"The check {check.rule} is no SELECT")
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield _result(check, _bindings(solution, names))


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with {name} replaced; what is not known becomes a dash, and values are taken literally."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], _UNKNOWN), template)


def _check(file: QueryFile) -> Check:
    rule = file.get("rule")
    if rule != file.path.stem:
        raise RuleError(f"{file.path} calls itself {rule!r}; rule and file name must be the same")
    try:
        severity = Severity(file.get("severity"))
    except ValueError as error:
        raise RuleError(f"{file.path}: the severity must be one of {', '.join(Severity)}") from error
    header = dict(file.header)
    sentences = {
        language: " ".join(filter(None, (file.get(language), header.get(f"remedy-{language}"))))
        for language in ("sv", "en")
    }
    return Check(rule, severity, Message(**sentences), file.text)


def _bindings(solution: QuerySolution, names: list[str]) -> dict[str, NamedNode | Literal]:
    bound = {name: solution[name] for name in names}
    return {name: node for name, node in bound.items() if isinstance(node, NamedNode | Literal)}


def _result(check: Check, bindings: Mapping[str, NamedNode | Literal]) -> Result:
    focus, path, value = (bindings.get(name) for name in ("focus", "path", "value"))
    if focus is None:
        raise RuleError(f"The check {check.rule} gave a solution without ?focus")
    shown = {name: _shown(node) for name, node in bindings.items()}
    message = Message(sv=fill(check.sentence.sv, shown), en=fill(check.sentence.en, shown))
    return Result(
        rule=check.rule,
        severity=check.severity,
        message=message,
        focus=focus.value,
        path=None if path is None else path.value,
        value=None if value is None else value.value,
    )


def _shown(node: NamedNode | Literal) -> str:
    return iris.compact(node.value) if isinstance(node, NamedNode) else node.value
