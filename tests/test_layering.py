"""What import-linter does not hold: one query function, no cycles, small modules with names of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.imports import Module, cycle, edges, read_modules

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES, MOST_MODULES = 300, 15
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

# The one module that hands a query to an engine, for /sparql, the pages and the command line.
ASKING = "server.query.answering"
# The command that reads a release from its file, without an engine.
BY_ITSELF = "server.exports.commands"


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    found = read_modules(ROOT, "loader", "server")
    assert {"loader", "server", "loader.release.manifest", "server.engine.interface"} <= set(found)
    return found


def test_pages_reach_the_engine_only_through_the_query_function(modules: dict[str, Module]) -> None:
    assert "query" in modules[ASKING].calls
    assert past_the_query_function(modules) == []


def test_no_import_cycles(modules: dict[str, Module]) -> None:
    assert cycle(edges(modules, eager=True)) == []


def test_modules_are_small(modules: dict[str, Module]) -> None:
    assert too_long(modules) == []


def test_rooms_are_small(modules: dict[str, Module]) -> None:
    assert crowded(modules) == []


def test_modules_are_named_after_what_they_own(modules: dict[str, Module]) -> None:
    assert vague(modules) == []


def test_functions_that_are_named_in_texts_are_there() -> None:
    """Jobs of the workers and commands are named `module:function`, which no import and no type holds."""
    found = named_functions(ROOT)
    assert len(found) > 20
    assert [name for name, is_there in found.items() if not is_there] == []


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts}
    assert folders
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []


def past_the_query_function(modules: Mapping[str, Module]) -> list[str]:
    """Modules outside the engines that ask one themselves, and pages that import more than an engine's types."""
    web = {name: module for name, module in modules.items() if name.partition(".")[0] == "server"}
    web = {name: module for name, module in web.items() if not name.startswith("server.engine")}
    allowed = (ASKING, BY_ITSELF)
    asking = [
        f"{name} calls query()" for name, module in web.items() if "query" in module.calls and name not in allowed
    ]
    importing = [
        f"{name} imports {item}"
        for name, module in web.items()
        if name.startswith("server.pages")
        for item in module.imports
        if item.startswith(("server.engine", "pyoxigraph")) and not item.startswith(open_to(name))
    ]
    return sorted(asking + importing)


def open_to(name: str) -> tuple[str, ...]:
    """What of the engine pages may import: its types; a command, which makes an app when it is run, opens one, too."""
    opened = ("server.engine.opened",) if name.endswith(".commands") else ()
    return ("server.engine.interface", "server.engine.caller", "server.engine.source", *opened)


def too_long(modules: Mapping[str, Module]) -> list[str]:
    """Modules over MOST_LINES lines."""
    return sorted(f"{module.name}: {module.lines} lines" for module in modules.values() if module.lines > MOST_LINES)


def crowded(modules: Mapping[str, Module]) -> list[str]:
    """Rooms of over MOST_MODULES modules; rooms within them do not count."""
    rooms = {name.rpartition(".")[0] for name in modules}
    found = Counter(name.rpartition(".")[0] for name in modules if name not in rooms)
    return sorted(f"{room}: {count} modules" for room, count in found.items() if count > MOST_MODULES)


def named_functions(root: Path) -> dict[str, bool]:
    """The texts `module:function` in the two packages, and whether the module has a definition of that name."""
    found = {}
    for path in (path for package in ("loader", "server") for path in (root / package).rglob("*.py")):
        for module, name in _NAMED.findall(path.read_text(encoding="utf-8")):
            file = root / Path(*module.split(".")).with_suffix(".py")
            found[f"{module}:{name}"] = file.is_file() and _defines(file.read_text(encoding="utf-8"), name)
    return found


def _defines(text: str, name: str) -> bool:
    return re.search(rf"^(?:def {name}\(|{name} = )", text, re.MULTILINE) is not None


_NAMED = re.compile(r'"((?:loader|server)(?:\.\w+)+):(\w+)"')


def vague(modules: Mapping[str, Module]) -> list[str]:
    """Modules or packages whose name says nothing."""
    return sorted(name for name in modules if VAGUE & set(name.split(".")))


BROKEN = {
    "loader/__init__.py": "",
    "loader/tables.py": "from .rows import row\n",
    "loader/rows.py": "from loader import tables\nrow = 1\n",
    "loader/utils.py": "x = 1\n" * 301,
    "server/__init__.py": "",
    "server/engine/__init__.py": "",
    "server/engine/embedded.py": "",
    "server/engine/interface.py": "class Answer: ...\n",
    "server/pages/__init__.py": "",
    "server/pages/jobs.py": 'JOBS = ("server.pages.start:page", "server.pages.jobs:here")\ndef here(): ...\n',
    **{f"server/pages/many/page{number}.py": "" for number in range(16)},
    "server/pages/many/__init__.py": "",
    "server/pages/start.py": "from server.engine.interface import Answer\n"
    "from server.engine import embedded\nembedded.query()\n",
}


@pytest.fixture
def broken_root(tmp_path: Path) -> Path:
    for name, text in BROKEN.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def broken(broken_root: Path) -> dict[str, Module]:
    return read_modules(broken_root, "loader", "server")


def test_each_check_fails_on_a_broken_tree(broken_root: Path, broken: dict[str, Module]) -> None:
    assert named_functions(broken_root) == {"server.pages.start:page": False, "server.pages.jobs:here": True}
    assert past_the_query_function(broken) == [
        "server.pages.start calls query()",
        "server.pages.start imports server.engine.embedded",
    ]
    assert cycle(edges(broken, eager=True)) == ["loader.rows", "loader.tables", "loader.rows"]
    assert crowded(broken) == ["server.pages.many: 16 modules"]
    assert too_long(broken) == ["loader.utils: 301 lines"]
    assert vague(broken) == ["loader.utils"]
