"""Every kind of page over the shipped release: accessible, quiet, closed, and not wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.server.pages.chromium import chromium, complaints, hosts, overflow, show, violations
from tests.server.running import Running, running

PAGES = (
    *(
        "/",
        "/answers",
        "/answers?group=older-people&area=elderly-care&municipality=0180",
        "/answers?group=other-groups",
    ),
    *(
        "/explore",
        "/registers",
        "/indicators?group=older-people&follow-up=results",
        "/provisions",
        "/municipalities?page=3",
    ),
    *("/kpis", "/discrepancies", "/search?q=rikstroke", "/search?q=zzqqxx", "/about", "/ns", "/shapes"),
    *("/guides", "/guides/analyst", "/guides/holder", "/guides/linker", "/guides/operator", "/api"),
    *("/id/register/riksstroke", "/id/register/senior-alert", "/id/register/patientregistret"),
    *("/id/indicator/skr-2022-t04-r1", "/id/variable/hakir.ort", "/id/conceptual-variable/housing-type"),
    *("/id/target-group/older-people", "/id/service-area/elderly-care", "/id/provision/sol-2025.k8p2"),
    *("/id/legal-act/sol-2025", "/id/service/coverage-analysis", "/id/channel/kolada", "/id/municipality/0180"),
    *("/id/document/skr-2022", "/id/part/skr-2022.table-9", "/id/passage/skr-2022.table-9.1", "/rule/comparable"),
    *("/question/q07-registers-by-municipality-without-linkage", "/graph/law", "/indicators?group=none", "/nowhere"),
)


@pytest.fixture(scope="module")
def server(real_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(real_root, tmp_path_factory.mktemp("kinds") / "server.log") as server:
        yield server


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    browser = chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


@pytest.mark.parametrize("path", PAGES)
def test_a_kind_of_page(browser: webdriver.Chrome, server: Running, path: str) -> None:
    wanted_error = path in ("/indicators?group=none", "/nowhere")
    for width, lang, scheme in ((1440, "sv", "dark"), (375, "en", "light")):
        show(browser, width, scheme)
        browser.get(f"{server.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert browser.find_element("tag name", "html").get_attribute("lang") == lang
        assert violations(browser) == []
        assert overflow(browser) <= 0
        said = complaints(browser)
        assert said == [] or (wanted_error and len(said) == 1), said
        assert hosts(browser) <= {"127.0.0.1"}
