"""Which module imports which, read from the source text without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its dotted name, its path, its number of lines, and every name that it imports.

    `imports` holds absolute dotted names as written (`loader.release.manifest.Release` for `from loader.release import
    Release`); `eager` is the part of them that is imported when the module itself is. `calls` holds the names of the
    methods that it calls on anything.
    """

    name: str
    path: Path
    lines: int
    imports: frozenset[str]
    eager: frozenset[str]
    calls: frozenset[str]


def read_modules(root: Path, *packages: str) -> dict[str, Module]:
    """Every module of the packages under `root`, by dotted name."""
    paths = [path for package in packages for path in sorted((root / package).rglob("*.py"))]
    modules = [_read(root, path) for path in paths]
    return {module.name: module for module in modules}


def edges(modules: Mapping[str, Module], *, eager: bool) -> dict[str, set[str]]:
    """For each module the other modules of the mapping that it imports."""
    return {
        name: {target for item in (module.eager if eager else module.imports) if (target := _owner(item, modules))}
        - {name}
        for name, module in modules.items()
    }


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """One cycle of the graph, its first module repeated at the end; empty when there is none."""
    done: set[str] = set()

    def visit(node: str, trail: tuple[str, ...]) -> list[str]:
        if node in trail:
            return [*trail[trail.index(node) :], node]
        if node in done:
            return []
        found = next((ring for child in sorted(graph[node]) if (ring := visit(child, (*trail, node)))), [])
        done.add(node)
        return found

    return next((ring for node in sorted(graph) if (ring := visit(node, ()))), [])


def _read(root: Path, path: Path) -> Module:
    """Parse one file."""
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    package = name if parts[-1] == "__init__" else name.rpartition(".")[0]
    tree = ast.parse(text, filename=str(path))
    return Module(
        name=name,
        path=path,
        lines=len(text.splitlines()),
        imports=frozenset(_imported(ast.walk(tree), package)),
        eager=frozenset(_imported(_eager(tree.body), package)),
        calls=frozenset(_called(tree)),
    )


def _eager(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The statements that run at import time: not those of functions, nor under `if TYPE_CHECKING`."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from _eager(statement.orelse)
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for field in ("body", "orelse", "finalbody"):
                yield from _eager(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from _eager(handler.body)


def _imported(nodes: Iterator[ast.AST], package: str) -> Iterator[str]:
    """The absolute dotted names that import statements bring in."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _called(tree: ast.Module) -> Iterator[str]:
    """The names after the dot in `anything.name(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def _owner(item: str, modules: Mapping[str, Module]) -> str | None:
    """The module that an imported name is, or lies in."""
    while item and item not in modules:
        item = item.rpartition(".")[0]
    return item or None
