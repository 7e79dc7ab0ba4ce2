"""The README's examples: each command is run as printed, and its output is the one that is printed below it."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.programs import require_program
from tests.server.running import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PRINTED_ADDRESS = "http://localhost:8000"
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (.+?)```\n+```text\n(.*?)```", README, flags=re.DOTALL)
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL))
SHOWN = re.findall(r"^registergraf .*?(?=\s+#|$)", SHELL, flags=re.MULTILINE)


def examples(program: str) -> list[ParameterSet]:
    """The README's examples that begin with a program's name."""
    found = [example for example in EXAMPLES if example[0].split()[0] == program]
    return [pytest.param(*example, id=f"{program}-{number}") for number, example in enumerate(found, 1)]


@pytest.fixture(scope="module")
def environment(real_root: Path) -> dict[str, str]:
    """Variables with the command on PATH and a release of the shipped sources to ask."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "REGISTERGRAF_RELEASES": str(real_root)}


@pytest.fixture(scope="module")
def address(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server as `make serve` starts it, once it is ready."""
    port = free_port()
    command = [str(BIN / "registergraf"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        if not answers(f"{url}/ready", server):
            pytest.fail(f"The server did not become ready:\n{log.read_text(encoding='utf-8')}", pytrace=False)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)


def answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the URL gives 200 within a minute, while the server lives."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to stand in, from which the repository's own files are reached as the README names them."""
    folder = tmp_path_factory.mktemp("folder")
    for name in ("docs", "ontology"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def run(command: str, environment: dict[str, str], folder: Path) -> str:
    """What a shell command prints; it has to succeed."""
    shell = ["/bin/sh", "-c", command]
    done = subprocess.run(shell, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\r\n", "\n")


def test_readme_has_an_example_of_each_kind() -> None:
    assert {command.split()[0] for command, _ in EXAMPLES} == {"registergraf", "curl"}
    assert len(EXAMPLES) == README.count("```console\n")
    assert len(SHOWN) > 5


@pytest.mark.parametrize(("command", "output"), examples("registergraf"))
def test_command_line_examples(command: str, output: str, environment: dict[str, str], folder: Path) -> None:
    assert run(command, environment, folder) == output


@pytest.mark.parametrize("command", SHOWN)
def test_commands_without_printed_output_exist(command: str, environment: dict[str, str], folder: Path) -> None:
    words = itertools.takewhile(lambda word: re.fullmatch(r"[a-z]+", word), command.split())
    options = re.findall(r"--[a-z]+", command)
    help_text = run(f"{' '.join(words)} --help", environment, folder)
    assert [option for option in options if option not in help_text] == []


@pytest.mark.parametrize(("command", "output"), examples("curl"))
def test_http_examples(command: str, output: str, environment: dict[str, str], address: str, folder: Path) -> None:
    require_program("curl")
    assert PRINTED_ADDRESS in command
    assert run(command.replace(PRINTED_ADDRESS, address), environment, folder) == output
