"""The pages in Chromium: WCAG 2.2 AA by axe, on wide and narrow screens, in light and dark, with nothing cut off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.server.running import ROOT, Running, running

AXE = ROOT / "tests" / "clients" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-dev-shm-usage"""
LONG = "Funktionsnedsättningsklassifikation"
PAGES = {
    "start": {"path": "/"},
    "compare": {"path": "/compare"},
    "figures": {"path": "/figures"},
    "check": {"path": "/check"},
    "limits": {"path": "/limits"},
    "limits of one": {"path": "/limits/swespine"},
    "exports": {"path": "/exports"},
    "export gaps": {"path": "/exports/gaps"},
    "request": {"path": "/request", "items": "indicator/i1", "register": "swespine"},
    "query": {"path": "/query"},
    "example": {"path": "/query", "example": "q01-indicators-of-a-target-group"},
    "rows": {
        "path": "/sparql",
        "query": f"SELECT * {{ VALUES (?a ?b ?c ?d ?e) {{ ('{LONG}' '{LONG}' 1 2 <urn:x>) }} }}",
    },
    "empty": {
        "path": "/sparql",
        "query": "SELECT * { ?s a <https://w3id.org/registergraf/ns#Regster> }",
        "explain-empty": "true",
    },
    "graph": {"path": "/sparql", "query": "CONSTRUCT WHERE { ?s ?p ?o }"},
    "yes": {"path": "/sparql", "query": "ASK {}"},
    "error": {"path": "/sparql", "query": "SELECT ?x { ?x skos:prefLabel ?y"},
    "thing": {"path": "/id/register/swespine"},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(done, e => done(String(e)))"


@pytest.fixture(scope="module")
def server(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(release_root, tmp_path_factory.mktemp("browser") / "server.log") as server:
        yield server


@pytest.fixture(scope="module", params=["light", "dark"])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    assert all(programs), "Install Debian's chromium and chromium-driver; .ci/run does."
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0] or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(programs[1]))
    scheme = {"features": [{"name": "prefers-color-scheme", "value": request.param}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    yield browser
    browser.quit()


def visit(browser: webdriver.Chrome, server: Running, page: str, width: int, lang: str) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    given = PAGES[page]
    parameters = {name: value for name, value in given.items() if name != "path"}
    html = {"format": "html"} if "query" in given else {}
    browser.get(f"{server.url}{given['path']}?{urlencode({**parameters, **html, 'lang': lang})}")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible(browser: webdriver.Chrome, server: Running, page: str) -> None:
    for width, lang in ((1280, "sv"), (360, "en")):
        visit(browser, server, page, width, lang)
        browser.execute_script(AXE.read_text(encoding="utf-8"))
        found = browser.execute_async_script(RUN, RULES)
        said = [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert said == [], json.dumps(said, indent=1)
        assert len(found["passes"]) > 15


@pytest.mark.parametrize("page", PAGES)
def test_a_narrow_screen_cuts_nothing_off(browser: webdriver.Chrome, server: Running, page: str) -> None:
    """The page itself does not scroll sideways (what is wide has its own scroll bar), and no word is broken."""
    visit(browser, server, page, 360, "sv")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
    if page == "rows":
        cell = browser.find_elements(By.TAG_NAME, "td")[0]
        assert cell.text.strip('"') == LONG
        assert browser.execute_script("return arguments[0].getClientRects()[0].height", cell) < 60
