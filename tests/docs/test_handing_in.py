"""The guides for handing in: every command that they print is run as printed, over a release and a server.

What stands for something else (KEY, the token, the address, FILES) is put in; nothing else is changed.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from loader.release.manifest import Release, current_release
from loader.resources import Resources
from server.cli import COMMANDS, main
from server.handing_in.state.kept import open_state
from server.handing_in.submissions.kept.model import Submission
from server.handing_in.submissions.kept.store import Submissions
from server.settings import Settings
from tests.docs.test_readme import BIN, ROOT, answers
from tests.programs import require_program
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.running import free_port
from tests.shipped import copied

DOCS = ROOT / "docs"
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`((?:registergraf|curl) [^`]+)`")
VARIABLES = "Register;Variabel;Fråga eller benämning (svenska)\r\n"
MANY = VARIABLES + "".join(f"riksfot;v{number};Fråga {number}\r\n" for number in range(13))
ONE = VARIABLES + "riksfot;v0;Fråga 0\r\n"
OTHER = VARIABLES + "riksfot;w;Fråga w\r\n"


def commands(page: str) -> list[str]:
    """Every command in the page's blocks, in order; a line that ends in a backslash goes on."""
    text = "".join(SHELL.findall((DOCS / page).read_text(encoding="utf-8"))).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def inline(page: str) -> list[str]:
    """Every command in the page's sentences."""
    return INLINE.findall((DOCS / page).read_text(encoding="utf-8"))


@dataclass
class Workplace:
    """Somebody at a shell, in a folder of their own, beside a running server; `words` are put into commands."""

    folder: Path
    settings: Settings
    address: str
    environ: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)

    def run(self, command: str) -> str:
        """What the command prints; it has to succeed."""
        for word, meant in {**self.words, "http://localhost:8000": self.address}.items():
            command = command.replace(word, meant)
        words = shlex.split(command, comments=True)
        if words[0] == "registergraf":
            return self._ours(words[1:])
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.environ[name] = value
            return ""
        return self._curl(command)

    def _ours(self, words: list[str]) -> str:
        done = CliRunner().invoke(main, words, env=self.environ)
        assert done.exit_code == 0, (words, done.output)
        return done.stdout

    def _curl(self, command: str) -> str:
        assert command.startswith("curl ")
        shell = ["/bin/sh", "-c", command.replace("curl ", "curl --fail-with-body -sS ", 1)]
        done = subprocess.run(shell, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def account(self, label: str, scope: str) -> str:
        """Make an account; its token."""
        return open_state(self.settings).accounts.create(label, [scope], in_days(1), actor="console").text()

    def hand_in(self, text: str, query: str = "") -> str:
        """Hand in a list of variables; its key."""
        (self.folder / "list.csv").write_text(text, encoding="utf-8")
        before = {item.key for item in self.submissions()}
        sent = f"--data-binary @list.csv '{self.address}/submissions?name=list.csv{query}'"
        self.run(f'curl -H "Authorization: Bearer $TOKEN" {sent}')
        (new,) = {item.key for item in self.submissions()} - before
        return new

    def submissions(self) -> list[Submission]:
        """Everything that was handed in, by age."""
        found = Submissions(open_state(self.settings).database).listed(None)
        return sorted(found, key=lambda item: item.received)


@contextmanager
def served(environ: dict[str, str], log: Path) -> Iterator[str]:
    """The address of a server as the command starts it, once it is ready."""
    port = free_port()
    command = [str(BIN / "registergraf"), "serve", "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        assert answers(f"http://127.0.0.1:{port}/ready", server), log.read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture
def workplace(
    holders: Resources, holders_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workplace]:
    """A workplace over few sources."""
    environ = {"REGISTERGRAF_SOURCES": str(holders.sources)}
    with workplace_over(holders_release, tmp_path, monkeypatch, environ) as made:
        yield made


@pytest.fixture
def shipped_workplace(real_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    """A workplace over the shipped sources."""
    with workplace_over(real_release, tmp_path, monkeypatch, {}) as made:
        yield made


@contextmanager
def workplace_over(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> Iterator[Workplace]:
    """A workplace over copies of its own, for what is built and kept."""
    require_program("curl")
    releases, folder = tmp_path / "releases", tmp_path / "folder"
    copied(release, releases)
    folder.mkdir()
    monkeypatch.chdir(folder)
    settings = Settings(releases=releases, state=tmp_path / "state")
    environ = {
        **os.environ,
        **more,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "REGISTERGRAF_RELEASES": str(releases),
        "REGISTERGRAF_STATE": str(settings.state),
        "REGISTERGRAF_WORKERS": "2",
    }
    with served(environ, tmp_path / "log.txt") as address:
        yield Workplace(folder, settings, address, environ)


def test_the_commands_of_the_list_are_those_that_there_are() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    listed = {line.split()[1] for line in INLINE.findall(text) if "COMMAND" not in line}
    assert listed == {*COMMANDS, "serve"}
    for name in sorted(listed):
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0, name


def workbook(path: Path, text: str) -> None:
    """A workbook of one sheet, of rows as CSV."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in text.splitlines():
        book.active.append(line.split(";"))
    book.save(path)


def test_checking(workplace: Workplace) -> None:
    """What checking.md prints, in its sentences and in its block."""
    shutil.copy(DOCS / "examples" / "variables.csv", workplace.folder / "faulty.csv")
    (workplace.folder / "good.csv").write_text(OTHER, encoding="utf-8")
    workbook(workplace.folder / "variabler.xlsx", OTHER)
    (workplace.folder / "register.ttl").write_text("<https://w3id.org/registergraf/id/register/riksfot> a <x:y> .\n")
    workplace.words = {"FILER…": "good.csv", "FILES": "good.csv", "--register KEY": "--register riksfot"}
    for command in inline("checking.md"):
        if command == "registergraf check":
            continue
        workplace.run(command)
    told = [workplace.run(command) for command in commands("checking.md")]
    assert told[0].startswith("Godkänt: 0 fel")
    assert '"findings"' in told[1]

    codes = {
        name: CliRunner().invoke(main, ["check", name], env=workplace.environ).exit_code
        for name in ("good.csv", "faulty.csv")
    }
    (workplace.folder / "empty.csv").write_bytes(b"\0\0\0")
    codes["empty.csv"] = CliRunner().invoke(main, ["check", "empty.csv"], env=workplace.environ).exit_code
    assert codes == {"good.csv": 0, "faulty.csv": 1, "empty.csv": 2}


def prepared(workplace: Workplace) -> dict[str, Callable[[], str]]:
    """What has to be there before a steward's command: the key of the submission that it is about."""
    return {
        "accept KEY --as stewards --comment": lambda: workplace.hand_in(MANY),
        "accept KEY --as stewards --removals 12": lambda: workplace.hand_in(ONE, "&list=whole"),
        "return KEY": lambda: workplace.hand_in(VARIABLES + "riksfot;z;Fråga z\r\n"),
    }


def test_what_holders_do(workplace: Workplace) -> None:
    """What submissions.md prints for holders: commands, then the addresses of the table."""
    workplace.words["rg_…"] = workplace.account("riksfot-office", "holder:riksfot")
    workplace.words["https://example.org"] = workplace.address
    (workplace.folder / "variables.csv").write_text(OTHER, encoding="utf-8")
    for name in ("register.xlsx", "indicators.xlsx"):
        workbook(workplace.folder / name, VARIABLES + f"riksfot;x{len(name)};Fråga i {name}\r\n")
    many = next(command for command in inline("submissions.md") if command.startswith("curl -F"))
    for command in split(commands("submissions.md"))[0]:
        workplace.run(command)
    auth = '-H "Authorization: Bearer $TOKEN"'
    assert "indicators.xlsx" in workplace.run(many.replace("…", f"{auth} {workplace.address}/submissions"))
    addresses(workplace, auth)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_what_stewards_do(workplace: Workplace) -> None:
    """What submissions.md prints for stewards, with every rehearsal and the build."""
    workplace.environ["TOKEN"] = workplace.account("riksfot-office", "holder:riksfot")
    workplace.account("stewards", "steward")
    workplace.hand_in(OTHER)
    ready, first = prepared(workplace), current_release(workplace.settings.releases).version
    for command in split(commands("submissions.md"))[1]:
        key = next((make() for part, make in ready.items() if part in command), workplace.submissions()[0].key)
        new = current_release(workplace.settings.releases).version
        workplace.words |= {"KEY": key, "OLD": first, "NEW": new}
        workplace.run(command)
    assert {"accepted", "returned"} <= {str(item.status) for item in workplace.submissions()}
    assert current_release(workplace.settings.releases).version == first
    assert {path.name for path in (workplace.folder / "difference").iterdir()} == {"added.nq", "removed.nq"}


def split(every: list[str]) -> tuple[list[str], list[str]]:
    """The commands of holders, and those of stewards."""
    first = next(place for place, command in enumerate(every) if command.startswith("registergraf"))
    return every[:first], every[first:]


def addresses(workplace: Workplace, auth: str) -> None:
    """Each address of the table answers: those that are read, then withdrawing and taking up again."""
    text = (DOCS / "submissions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(GET|POST) (/submissions\S*)`", text, re.MULTILINE)
    assert {path.rpartition("/")[2] for method, path in rows if method == "POST"} == {"comment", "withdraw", "reopen"}
    key = workplace.submissions()[0].key
    for method, path in rows:
        sent = "-d comment=Fel" if method == "POST" else ""
        workplace.run(f"curl -X {method} {sent} {auth} {workplace.address}{path.replace('KEY', key)}")


def codebook(workplace: Workplace) -> str:
    """A list of variables as the walk's: what the release knows of the register, and an English text out of place."""
    query = """PREFIX rg: <https://w3id.org/registergraf/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?notation (SAMPLE(?l) AS ?label) {
      ?v rg:variableOf <https://w3id.org/registergraf/id/register/patientregistret-oppen> ;
         skos:notation ?notation ; skos:prefLabel ?l FILTER(lang(?l) = "sv") } GROUP BY ?notation"""
    rows = list(csv.reader(io.StringIO(workplace.run(f"registergraf query {shlex.quote(query)} --format csv"))))[1:]
    faulty = [
        ("avan_ridx", "Unique observation identifier. A row index that matches the row numbers in the original file.")
    ]
    return "".join(
        f'{name.lower()}:\n  colname_silver: {json.dumps(name)}\n  labels: "NA"\n  notes_swe: {json.dumps(label)}\n'
        for name, label in [*faulty, *rows]
    )


def mend(path: Path) -> None:
    """What the walk's person does in the spreadsheet."""
    text = path.read_text(encoding="utf-8-sig")
    mended = re.sub(r"Unique observation identifier[^;]*;", "Unikt nummer för raden i ursprungsfilen;", text)
    assert mended != text
    path.write_text(mended, encoding="utf-8-sig")


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_the_walk(shipped_workplace: Workplace) -> None:
    """What walkthrough.md prints, from the accounts to the published variable."""
    workplace = shipped_workplace
    list_of_variables = workplace.folder / "sos_patient-out_codebook.yaml"
    list_of_variables.write_text(codebook(workplace), encoding="utf-8")
    told: dict[str, str] = {}
    checks = 0
    for command in commands("walkthrough.md"):
        if command.startswith("registergraf check "):
            checks += 1
            if checks == 2:
                mend(workplace.folder / "variabler.csv")
        found = workplace.submissions() if (workplace.settings.state / "registergraf.sqlite3").exists() else []
        workplace.words |= {"KEY": found[0].key, "NEW": found[-1].key} if found else {}
        told[command] = workplace.run(command)
        if "account create par" in command:
            workplace.words["rg_…"] = told[command].strip()
    statuses = [str(item.status) for item in workplace.submissions()]
    assert statuses == ["superseded", "accepted"]
    published = f"graph/submission/{workplace.submissions()[-1].key}"
    end = time.monotonic() + 60
    while published not in workplace.run(command) and time.monotonic() < end:
        time.sleep(1)  # until the server has taken up the release
    assert published in workplace.run(command)
