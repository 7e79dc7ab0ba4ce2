"""The command `registergraf`: queries without a server, releases, and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from loader import check_commands, commands
from server.cli import main
from tests.server.conftest import ID, REGISTERS, RG, make_current, write_release

QUERY = f"SELECT ?r {{ ?r a <{RG}QualityRegister> }} ORDER BY ?r"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_release(tmp_path, "0.1.0-000000000001")
    write_release(tmp_path, "0.1.0-000000000002", extra=5)
    make_current(tmp_path, "0.1.0-000000000001")
    return tmp_path


def run(root: Path, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=text, env={"REGISTERGRAF_RELEASES": str(root)})


def test_query_by_text_by_file_and_by_standard_input(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(QUERY, encoding="utf-8")
    expected = "r\r\n" + "".join(f"{ID}register/{key}\r\n" for key in sorted(REGISTERS))
    for result in (run(root, "query", QUERY), run(root, "query", str(file)), run(root, "query", "-", text=QUERY)):
        assert result.exit_code == 0, result.output
        assert result.stdout_bytes.decode() == expected


def test_query_formats(root: Path) -> None:
    assert len(json.loads(run(root, "query", "--format", "json", QUERY).stdout)["results"]["bindings"]) == 3
    assert json.loads(run(root, "query", "ASK {}").stdout)["boolean"] is True
    graph = run(root, "query", "--format", "ntriples", f"CONSTRUCT WHERE {{ ?r a <{RG}Register> }}")
    assert graph.stdout.count(" .\n") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["query", "SELECT {"], 1, "Line 1"),
        (["query", "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"], 1, "read-only|only answers"),
        (["query", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"], 1, "SERVICE"),
        (["query", "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }"], 1, "nested 200 deep"),
        (["query", "--format", "docx", "ASK {}"], 2, "Available"),
        (["query", "missing.rq"], 2, "missing.rq"),
        (["release", "use", "none"], 2, "no release 'none'"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_exit_codes(root: Path, arguments: list[str], code: int, said: str) -> None:
    result = run(root, *arguments)
    assert result.exit_code == code, result.output
    assert any(part in result.stderr for part in said.split("|"))


def test_no_release_is_exit_2(tmp_path: Path) -> None:
    result = run(tmp_path, "query", "ASK {}")
    assert (result.exit_code, "registergraf build" in result.stderr) == (2, True)
    assert run(tmp_path, "release", "list").exit_code == 1


def test_list_and_use(root: Path) -> None:
    assert run(root, "release", "list").stdout == "* 0.1.0-000000000001\n  0.1.0-000000000002\n"
    assert run(root, "release", "use", "0.1.0-000000000002").exit_code == 0
    assert run(root, "release", "list").stdout == "  0.1.0-000000000001\n* 0.1.0-000000000002\n"
    assert (root / "current").readlink() == Path("0.1.0-000000000002")
    count = run(root, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").stdout.splitlines()[1]
    assert int(count) == 17 + 5


def test_every_command_is_found_and_none_is_forgotten() -> None:
    """The loader's own `build` and `synthesize` have their place taken by the server's."""
    found = {name: main.get_command(click.Context(main), name) for name in main.list_commands(click.Context(main))}
    assert {"serve", "check", "release"} < set(found)
    assert all(command is not None and command.callback for command in found.values())
    named = [*vars(commands).values(), *vars(check_commands).values()]
    loaders = {one for one in named if isinstance(one, click.Command)}
    assert loaders - set(found.values()) == {commands.build, commands.synthesize}


def test_serve_is_reached_without_the_loader_and_flask() -> None:
    """What `serve` imports before the server starts costs its start; the rest is imported when it is asked for."""
    told = (
        "import sys, server.cli; "
        "print(sorted({'flask', 'rdflib', 'loader.release.build', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
