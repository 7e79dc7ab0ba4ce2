"""The worked runs of the pages for statisticians: their commands are run as printed, in their order."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main

ROOT = Path(__file__).resolve().parents[2]
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(page: str, heading: str) -> list[list[str]]:
    """The commands of a section of a page, each as its words."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = "\n".join([*re.findall(r"`(registergraf [^`]+)`", text)[:1], *SHELL.findall(text)]).replace("\\\n", " ")
    return [shlex.split(line) for line in lines.splitlines() if line.strip()]


def test_from_files_to_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = commands("registerservice.md", "From files to a report")
    assert [words[0] for words in run] == ["registergraf", "cd", "registergraf"]
    for words in run:
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
            continue
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, done.output
    result = json.loads(Path("resultat.json").read_text(encoding="utf-8"))
    assert len(result["measurements"]) > 10
    assert "ersätter inte en beställning" in Path("rapport.html").read_text(encoding="utf-8")
    assert {path.name for path in Path().glob("*.*")} >= {"tabell.xlsx", "figur.svg"}
