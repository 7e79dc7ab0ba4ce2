"""Small files of made-up people, and the command asked about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from server.registerservice.command import coverage


def number(born: str, serial: int) -> str:
    """A valid twelve-digit number of a made-up person: birth date as YYYYMMDD, serial 1–999."""
    nine = f"{born[2:]}{serial:03}"
    doubled = "".join(str(int(digit) * (2 - place % 2)) for place, digit in enumerate(nine))
    return f"{born[:2]}{nine}{-sum(map(int, doubled)) % 10}"


def people(amount: int) -> list[str]:
    """Numbers of different people."""
    return [number(f"19{40 + place // 900}0{1 + place % 9}1{place % 10}", 1 + place % 900) for place in range(amount)]


def table(path: Path, header: str, rows: Sequence[Sequence[object]], separator: str = ";") -> Path:
    """A CSV file of rows."""
    lines = [header, *(separator.join("" if cell is None else str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ask(folder: Path, *options: str) -> Result:
    """Run the command on register.csv and reference.csv of a folder, in English."""
    files = ["--register", str(folder / "register.csv"), "--reference", str(folder / "reference.csv"), "--lang", "en"]
    return CliRunner().invoke(coverage, [*files, *options])


def measured(folder: Path, *options: str) -> dict[str, Any]:
    """The result in JSON; nothing is hidden where a test gives no threshold."""
    output = folder / "result.json"
    threshold = [] if "--threshold" in options else ["--threshold", "1"]
    done = ask(folder, *options, *threshold, "--output", str(output))
    assert done.exit_code == 0, done.stderr
    result: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return result


def share(result: dict[str, Any], direction: str = "register", **by: str) -> tuple[int | None, int | None]:
    """Found and of one direction (by its first word) and place."""
    rows = [row for row in result["measurements"] if row["direction"].startswith(direction) and row["by"] == by]
    assert len(rows) == 1, result["measurements"]
    return rows[0]["found"], rows[0]["of"]
