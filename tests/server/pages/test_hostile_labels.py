"""Labels from data are text on every page, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, LABEL, RG, TYPE, make_current, write_graphs
from tests.server.pages.reading import HTML, Page

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>' {{ 7*7 }} %(x)s ${x}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root: Path = tmp_path_factory.mktemp("hostile")
    lines = [
        f"<{ID}register/evil> <{TYPE}> <{RG}QualityRegister>",
        f"<{ID}register/evil> <{TYPE}> <{RG}DataCollection>",
        f'<{ID}register/evil> <{LABEL}> "{EVIL}"@sv',
        f"<{ID}indicator/evil> <{TYPE}> <{RG}Indicator>",
        f'<{ID}indicator/evil> <{LABEL}> "{EVIL}"@sv',
        f"<{ID}indicator/evil> <{RG}indicatorOf> <{ID}register/evil>",
        f"<{ID}target-group/evil> <{TYPE}> <{RG}TargetGroup>",
        f'<{ID}target-group/evil> <{LABEL}> "{EVIL}"@sv',
        f"<{ID}indicator/evil> <{RG}concernsTargetGroup> <{ID}target-group/evil>",
    ]
    release = write_graphs(root, "0.1.0-eeeeeeeeeeee", {GRAPHS + "skr-2022": lines})
    make_current(root, "0.1.0-eeeeeeeeeeee")
    settings = Settings(releases=root, workers=1, queue=8, rate_per_minute=0, access_log="")
    engine = open_engine(settings, release)
    app = create_app(settings, engine, release)
    yield app
    checks_of(app).close()
    engine.close()


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/answers", "/answers?group=evil", "/registers", "/indicators", "/search?q=alert", "/id/register/evil"),
        *("/id/indicator/evil", "/id/target-group/evil", "/id/register/evi"),
    ],
)
def test_a_hostile_label_is_text(hostile: Flask, path: str) -> None:
    response = hostile.test_client().get(path, headers=HTML)
    assert response.status_code in (200, 404)
    assert "<script>alert" not in response.text
    assert "<img" not in response.text
    if path != "/":
        assert "alert(1)" in Page(response.text).text
        assert "{{ 7*7 }}" in Page(response.text).text


def test_a_hostile_label_is_kept_in_a_file(hostile: Flask) -> None:
    text = hostile.test_client().get("/indicators?format=csv").text
    assert EVIL in text
