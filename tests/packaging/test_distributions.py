"""What the wheel and the source distribution hold."""

from __future__ import annotations

import email
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, Distributions

RESOURCES = ("ontology", "shapes", "data/sources")


@pytest.fixture(scope="module")
def wheel_files(distributions: Distributions) -> dict[str, bytes]:
    with zipfile.ZipFile(distributions.wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def metadata(wheel_files: dict[str, bytes]) -> Message:
    (name,) = [name for name in wheel_files if name.endswith(".dist-info/METADATA")]
    return email.message_from_bytes(wheel_files[name])


def kept(folder: Path) -> dict[str, bytes]:
    """The files below a folder by relative name, save what Python and editors leave behind."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if not path.name.startswith(".")}


@pytest.mark.parametrize("folder", RESOURCES)
def test_wheel_holds_each_resource_byte_for_byte(wheel_files: dict[str, bytes], folder: str) -> None:
    expected = {f"loader/resources/{folder}/{name}": text for name, text in kept(ROOT / folder).items()}
    assert expected
    found = {name: text for name, text in wheel_files.items() if name.startswith(f"loader/resources/{folder}/")}
    assert found == expected


@pytest.mark.parametrize("package", ["loader", "server"])
def test_wheel_holds_the_whole_package(wheel_files: dict[str, bytes], package: str) -> None:
    expected = {f"{package}/{name}" for name in kept(ROOT / package)}
    assert expected
    assert expected <= set(wheel_files)


def test_wheel_holds_nothing_else(wheel_files: dict[str, bytes]) -> None:
    tops = {name.partition("/")[0] for name in wheel_files}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"loader", "server"}


def test_metadata_names_licence_and_command(metadata: Message, wheel_files: dict[str, bytes]) -> None:
    assert metadata["Name"] == "registergraf"
    assert metadata["License-Expression"] == "EUPL-1.2"
    assert metadata.get_all("License-File") == ["LICENSE"]
    (entry_points,) = [text for name, text in wheel_files.items() if name.endswith("entry_points.txt")]
    assert b"registergraf = server.cli:main" in entry_points


def test_source_distribution_is_the_checkout(distributions: Distributions) -> None:
    with tarfile.open(distributions.source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "requirements.lock"} <= names
    assert not [name for name in names if name.startswith(("data/release", ".venv", "dist/"))]
