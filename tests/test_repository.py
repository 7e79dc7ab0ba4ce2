"""The repository agrees with itself: one version, documented commands that exist, decisions in one form."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {"ontology", "shapes", "loader", "server", "data", "tests", "pyproject.toml"}
SECTIONS = {"Ontology", "Shapes", "Data", "Loader", "Server", "Pages", "Documentation"}
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
VERSION = re.compile(
    r'owl:versionIRI\s+<([^>]+)>|owl:versionInfo "([^"]+)"|\. Version (\S+)\. https|^#mapping_set_version: (\S+)',
    flags=re.MULTILINE,
)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked() -> list[Path]:
    """The files under version control, or none where there is no git (a source distribution)."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def version() -> str:
    return str(tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"])


@pytest.fixture(scope="module")
def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def commands() -> set[str]:
    """The subcommands of registergraf, as its own help lists them."""
    done = subprocess.run([str(Path(sys.executable).parent / "registergraf"), "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    _, _, listed = done.stdout.partition("Commands:")
    return set(re.findall(r"^  ([a-z][a-z-]*)", listed, flags=re.MULTILINE))


def test_top_level_is_the_fixed_one() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    beside = {"README.md", "CHANGELOG.md", "LICENSE", "Makefile", "docs", ".ci", ".gitignore", ".gitattributes"}
    beside |= {"CONTRIBUTING.md", "SECURITY.md", ".editorconfig", ".pre-commit-config.yaml"}
    locks = {"requirements.lock", "requirements-dev.lock", "requirements-bench.lock"}
    assert tops >= TOP_LEVEL
    assert tops - TOP_LEVEL - beside - locks == set()


def test_changelog_begins_with_the_version(version: str) -> None:
    heading = re.search(r"^## \[?(\S+?)\]? - (\d{4}-\d{2}-\d{2})$", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert heading is not None
    assert heading[1] == version
    assert date.fromisoformat(heading[2])


def test_changelog_has_its_sections() -> None:
    headings = re.findall(r"^### (.+)$", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)
    assert set(headings) == SECTIONS


def test_everything_that_has_a_version_has_that_of_the_project(version: str) -> None:
    """Address, number and citation of each module and of the shapes; the sets of mappings; the README."""
    files = [path for folder in ("ontology", "shapes") for path in sorted((ROOT / folder).rglob("*.t[ts][lv]"))]
    found = {path.relative_to(ROOT).as_posix(): VERSION.findall(read(path)) for path in files}
    assert len(found["ontology/registergraf.ttl"]) == len(found["shapes/required.ttl"]) == 3
    assert found["ontology/alignments/terms.sssom.tsv"]
    said = {name: {"".join(one) for one in versions} for name, versions in found.items()}
    wrong = {name: one for name, every in said.items() for one in every if version not in re.split(r"[/#]", one)}
    assert wrong == {}
    assert f"\nVersion {version}: " in read(ROOT / "README.md")


def test_readme_names_the_two_commands() -> None:
    text = read(ROOT / "README.md")
    assert "make serve" in text
    assert "make test" in text


def test_ci_runs_what_the_readme_names() -> None:
    assert re.search(r"^make test\b", read(ROOT / ".ci" / "run"), flags=re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documented_commands_exist(document: Path, make_targets: set[str], commands: set[str]) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", read(document), flags=re.DOTALL))
    assert set(re.findall(r"(?:^|`|\$ )make ([a-z]+)", code, flags=re.MULTILINE)) <= make_targets
    assert set(re.findall(r"(?:^|`|\$ )registergraf ([a-z][a-z-]*)", code, flags=re.MULTILINE)) <= commands


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", read(document))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_command_is_in_the_docs(commands: set[str]) -> None:
    text = "\n".join(read(document) for document in DOCUMENTS)
    assert commands
    assert [name for name in sorted(commands) if f"registergraf {name}" not in text] == []


def test_decisions_have_a_number_each() -> None:
    numbers = [path.name[:5] for path in DECISIONS]
    assert numbers
    assert [number for number in numbers if not re.fullmatch(r"\d{4}-", number)] == []
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_each_decision_has_its_four_headings(decision: Path) -> None:
    text = read(decision)
    assert text.startswith("# ")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert headings == ["Context", "Options", "Decision", "Consequences"]


def test_each_decision_is_in_the_index() -> None:
    index = read(ROOT / "docs" / "README.md")
    titles = {path: read(path).splitlines()[0].removeprefix("# ") for path in DECISIONS}
    lines = [f"- [{title}](decisions/{path.name})" for path, title in titles.items()]
    assert [line for line in lines if line not in index] == []


def test_each_document_is_in_the_index() -> None:
    index = read(ROOT / "docs" / "README.md")
    documents = [path.name for path in (ROOT / "docs").glob("*.*") if path.name != "README.md"]
    assert len(documents) > 10
    assert [name for name in documents if f"]({name})" not in index] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-bench.lock"])
def test_locks_pin_and_hash_every_requirement(name: str) -> None:
    text = re.sub(r"^\s*#.*$", "", read(ROOT / name), flags=re.MULTILINE).replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip()]
    assert requirements
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def test_locks_cover_every_declared_dependency() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    groups = project["dependency-groups"]
    development = [item for item in groups["build"] + groups["dev"] if isinstance(item, str)]
    for declared, lock in (
        (project["project"]["dependencies"] + groups["build"], "requirements.lock"),
        (project["project"]["dependencies"] + development, "requirements-dev.lock"),
        (project["project"]["dependencies"] + groups["bench"], "requirements-bench.lock"),
    ):
        names = {re.split(r"[^\w.-]", item)[0].lower() for item in declared}
        assert names <= set(re.findall(r"^([\w.-]+)==", read(ROOT / lock), flags=re.MULTILINE))


def test_locks_name_no_host() -> None:
    addresses = {".lock": r"https?://|file:|--(extra-)?index-url|--find-links", ".json": r'"resolved"'}
    locks = [path for path in tracked() if path.name == "package-lock.json" or path.suffix == ".lock"]
    assert locks
    assert [path.name for path in locks if re.search(addresses[path.suffix], read(path))] == []


def test_no_unfinished_work_is_left() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "NotImplemented" + "Error"]
    marks = re.compile(rf"\b({'|'.join(words)})\b")
    sources = [path for path in tracked() if path.suffix in {".py", ".ttl", ".rq", ".md", ".toml", ".html", ".js"}]
    assert sources
    assert [path.name for path in sources if marks.search(read(path))] == []
