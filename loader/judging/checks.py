"""Rules across records: SPARQL SELECTs run once over the whole graph, each solution a finding.

Header: `# rule` (the file's name), `# severity`, `# sv` and `# en` (sentences with placeholders), optionally
`# remedy-sv` and `# remedy-en`. The query selects ?focus, and may select ?path, ?value and what the sentences mention:
{variable} is its value, {variable.label} its label and {variable.place} the passage of a source that it was taken from,
each in the sentence's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from loader.errors import RuleError
from loader.judging.passages import label, passage
from loader.judging.results import Result
from loader.model import iris
from loader.model.findings import Message, Severity
from loader.model.queryfiles import QueryFile, read_query_files

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.(label|place))?\}")
_UNKNOWN = "–"
Said = Callable[[NamedNode | Literal], str]
Wording = Mapping[str, Mapping[str, Said]]


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
    wording = {language: _words(store, language) for language in ("sv", "en")}
    for check in checks:
        try:
            solutions = store.query(check.query)
        except (SyntaxError, ValueError) as error:
            raise RuleError(f"The check {check.rule} cannot be run: {error}") from error
        if not isinstance(solutions, QuerySolutions):
            raise RuleError(f"The check {check.rule} is no SELECT")
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield _result(check, _bindings(solution, names), wording)


def fill(template: str, values: Mapping[str, NamedNode | Literal], said: Mapping[str, Said]) -> str:
    """The template with its placeholders replaced; what is not known becomes a dash, and values are taken literally."""

    def word(match: re.Match[str]) -> str:
        node, how = values.get(match[1]), match[2]
        return _UNKNOWN if node is None else said[how](node) if how else _shown(node)

    return _PLACEHOLDER.sub(word, template)


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


def _result(check: Check, bindings: Mapping[str, NamedNode | Literal], wording: Wording) -> Result:
    focus, path, value = (bindings.get(name) for name in ("focus", "path", "value"))
    if focus is None:
        raise RuleError(f"The check {check.rule} gave a solution without ?focus")
    sv, en = fill(check.sentence.sv, bindings, wording["sv"]), fill(check.sentence.en, bindings, wording["en"])
    return Result(
        rule=check.rule,
        severity=check.severity,
        message=Message(sv=sv, en=en),
        focus=focus.value,
        path=None if path is None else path.value,
        value=None if value is None else value.value,
    )


def _shown(node: NamedNode | Literal) -> str:
    return iris.compact(node.value) if isinstance(node, NamedNode) else node.value


def _words(store: Store, language: str) -> Mapping[str, Said]:
    """What can be said of a node in one language, beside its value."""
    return {
        "label": lambda node: label(store, node, language),
        "place": lambda node: passage(store, node, language),
    }
