"""Two patterns of a query that each have solutions and do not meet: which, in what, and who near by would meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.engine.rows import Term
from server.engine.source import Source
from server.engine.tokens import tokens
from server.query.help.groups import Element
from server.query.help.literals import written
from server.query.help.unknown_terms import Hint
from server.query.prefixes import short_name

_MOST = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """The groups around a pattern, such as GRAPH and its name, that decide where it is looked for."""

    opened: str = ""
    closed: str = ""

    def around(self, text: str) -> str:
        """The pattern in these groups."""
        return f"{self.opened}{text}{self.closed}"


def pair_hints(source: Source, prologue: str, pattern: str, earlier: Sequence[Element], frame: Frame) -> Iterator[Hint]:
    """The first earlier pattern that a pattern does not meet, the values there, and what near them meets it."""
    for other in earlier:
        shared = [name for name in _variables(pattern) if name in _variables(other.text)]
        if other.kind != "triple" or not shared:
            continue
        if source.ask(f"{prologue}\nASK {{ {frame.around(f'{other.text} . {pattern}')} }}"):
            continue
        name = shared[0]
        first, second = (_values(source, prologue, name, frame.around(text)) for text in (other.text, pattern))
        yield _no_meeting((other.text, pattern), name, first, second)
        yield from _near(source, prologue, (pattern, other.text), name, first)
        yield from _near(source, prologue, (other.text, pattern), name, second)
        return


def _values(source: Source, prologue: str, name: str, pattern: str) -> list[Term]:
    select = f"{prologue}\nSELECT DISTINCT {name} {{ {pattern} }} LIMIT {_MOST + 1}"
    return [row[0] for row in source.rows(select, _MOST + 1)]


def _no_meeting(patterns: tuple[str, str], name: str, first: Sequence[Term], second: Sequence[Term]) -> Hint:
    there, here = (
        ", ".join(map(_name, values[:_MOST])) + (" …" if len(values) > _MOST else "") for values in (first, second)
    )
    return Hint(
        f"Mönstren `{patterns[0]}` och `{patterns[1]}` har var för sig lösningar, men ingen med samma {name}. I det "
        f"första är {name}: {there}; i det andra: {here}.",
        f"The patterns `{patterns[0]}` and `{patterns[1]}` each have solutions, but none with the same {name}. In the "
        f"first, {name} is: {there}; in the second: {here}.",
    )


def _near(
    source: Source, prologue: str, patterns: tuple[str, str], name: str, values: Sequence[Term]
) -> Iterator[Hint]:
    """Something one step away from a value of the one pattern that has what the other asks for."""
    pattern, other = patterns
    if len(values) != 1 or values[0].kind != "iri":
        return
    joined = f"{{ {name}X ?step {name} }} UNION {{ {name} ?step {name}X }}"
    moved = _renamed(pattern, name, f"{name}X")
    group = f"{other} . {joined} {moved} FILTER(isIRI({name}X))"
    select = f"{prologue}\nSELECT DISTINCT {name}X ?step {{ {group} }} LIMIT {_MOST}"
    for row in source.rows(select, _MOST):
        near, step = _name(row[0]), short_name(row[1].text)
        yield Hint(
            f"{near} hör ihop med {_name(values[0])} genom {step}, och har det som `{pattern}` frågar efter.",
            f"{near} is joined to {_name(values[0])} by {step}, and has what `{pattern}` asks for.",
        )


def _name(term: Term) -> str:
    return short_name(term.text) if term.kind == "iri" else written(term) if term.kind == "literal" else term.text


def _variables(text: str) -> list[str]:
    return [f"?{token.text[1:]}" for token in tokens(text) if token.kind == "variable"]


def _renamed(text: str, name: str, new: str) -> str:
    parts, end = [], 0
    for token in tokens(text):
        if token.kind == "variable" and token.text[1:] == name[1:]:
            parts += [text[end : token.start], new]
            end = token.end
    return "".join(parts) + text[end:]
