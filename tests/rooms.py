"""The rooms of the code as they are: what each is for, how much is in it, and which rooms it imports from.

`python -m tests.rooms` prints the table of docs/architecture.md, made from the packages' own first lines and imports.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.imports import Module, edges, read_modules

ROOT = Path(__file__).resolve().parents[1]


def room_of(module: str) -> str:
    """The package that a module lies in; modules at the top of `loader` and `server` are rooms of their own."""
    parts = module.split(".")
    if len(parts) == 2 and not (ROOT / Path(*parts)).is_dir():
        return module
    return ".".join(parts[:2])


def table() -> str:
    """The rooms as a table in Markdown, sorted by name."""
    modules = read_modules(ROOT, "loader", "server")
    members: defaultdict[str, list[Module]] = defaultdict(list)
    imports: defaultdict[str, set[str]] = defaultdict(set)
    for name, targets in edges(modules, eager=False).items():
        members[room_of(name)].append(modules[name])
        imports[room_of(name)] |= {room_of(target) for target in targets} - {room_of(name), "loader", "server"}
    rows = [
        f"| `{room}` | {_purpose(room)} | {len(found)} | {', '.join(f'`{other}`' for other in sorted(imports[room]))} |"
        for room, found in sorted(members.items())
        if "." in room
    ]
    return "\n".join(["| room | what it is for | modules | imports from |", "|---|---|--:|---|", *rows])


def _purpose(room: str) -> str:
    path = ROOT / Path(*room.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    print(table())
