"""The journeys of docs/journeys.md, with JavaScript and without."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.server.pages.chromium import chromium, complaints, hosts, overflow, show, violations
from tests.server.running import Running

SHEET = "/answers?group=older-people&area=elderly-care&municipality=0180"


@pytest.fixture(scope="session")
def plain_chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser without JavaScript."""
    browser = chromium(tmp_path_factory.mktemp("chromium"), scripts=False)
    yield browser
    browser.quit()


SCRIPTED, PLAIN = ("scripts-sv-1440", "scripts-en-375"), "plain-sv-375"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A journey without scripts, and with them in one of two views by turns; `make soak` goes it in the other, too."""
    if "visitor" in metafunc.fixturenames:
        turn = int(metafunc.function.__name__.split("_")[1]) % 2
        other = pytest.param(SCRIPTED[1 - turn], marks=pytest.mark.soak)
        metafunc.parametrize("visitor", [SCRIPTED[turn], PLAIN, other], indirect=True)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, served: Running) -> Visitor:
    scripts, lang, width = request.param.split("-")
    browser = request.getfixturevalue("browser" if scripts == "scripts" else "plain_chrome")
    show(browser, int(width))
    return Visitor(browser, served, lang, scripts == "scripts")


class Visitor:
    """Somebody with a browser and a language."""

    def __init__(self, browser: webdriver.Chrome, server: Running, lang: str, scripts: bool) -> None:
        self.browser, self.server, self.lang, self.scripts = browser, server, lang, scripts

    def go(self, path: str) -> None:
        self.browser.get(f"{self.server.url}{path}{'&' if '?' in path else '?'}lang={self.lang}")

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def follow(self, link: WebElement) -> None:
        """Go where a link leads, and see that all is well there."""
        address = link.get_attribute("href") or ""
        assert address.startswith(self.server.url)
        self.browser.get(address)
        self.well()

    def well(self) -> None:
        assert self.one("html").get_attribute("lang") == self.lang
        assert complaints(self.browser) == []
        assert hosts(self.browser) <= {"127.0.0.1"}

    @property
    def title(self) -> str:
        return self.one("h1").text

    def said(self, sv: str, en: str) -> str:
        return sv if self.lang == "sv" else en


def test_01_the_answer_sheet_in_one_click(visitor: Visitor) -> None:
    visitor.go("/")
    Select(visitor.one("#group")).select_by_value("older-people")
    Select(visitor.one("#area")).select_by_value("elderly-care")
    field = visitor.one("#municipality")
    field.clear()
    field.send_keys("Stockholm")
    visitor.one("form.ask button").click()
    WebDriverWait(visitor.browser, 10).until(lambda _browser: visitor.all(".figs dd"))
    visitor.well()
    assert "Stockholm" in visitor.title
    assert len(visitor.all(".figs dd")) == 5
    assert visitor.said("mått som rör äldre", "indicators that concern older people") in visitor.one(".lede").text


def test_02_the_sheet_as_a_file(visitor: Visitor) -> None:
    visitor.go(SHEET)
    rows = int(visitor.all(".figs dd")[1].text)
    links = [link.get_attribute("href") or "" for link in visitor.all("aside a")]
    path = next(link for link in links if "format=json" in link).removeprefix(visitor.server.url)
    status, _headers, body = visitor.server.get(path)
    told = json.loads(body)
    assert status == 200
    assert told["release"]
    assert len(told["tables"][0]["rows"]) == rows
    assert all("SELECT" in table["query"] for table in told["tables"])


def test_03_a_list_narrowed(visitor: Visitor) -> None:
    visitor.go("/explore")
    visitor.follow(next(link for link in visitor.all("th a") if "/indicators" in (link.get_attribute("href") or "")))
    for part in ("follow-up=results", "relevance=high"):
        visitor.follow(next(link for link in visitor.all(".facet a") if part in (link.get_attribute("href") or "")))
    count = int(visitor.title.split()[0])
    assert count == len(visitor.all("tbody tr"))
    assert len(visitor.all(".chips a")) == 3


def test_04_a_number_and_its_query(visitor: Visitor) -> None:
    visitor.go(SHEET)
    number = visitor.all(".figs dd a")[0]
    count = int(number.text)
    visitor.follow(number)
    assert len(visitor.all("main tbody tr")) == count
    assert "SELECT" in (visitor.one("textarea").get_attribute("value") or visitor.one("textarea").text)


def test_05_why(visitor: Visitor) -> None:
    visitor.go(SHEET)
    badge = visitor.one("button.badge")
    badge.click()
    box = visitor.one(f"#{badge.get_attribute('popovertarget')}")
    assert box.is_displayed()
    assert len(box.find_elements(By.TAG_NAME, "p")) > 1
    visitor.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not box.is_displayed()


def test_06_a_name_half_remembered(visitor: Visitor) -> None:
    visitor.go("/")
    visitor.one("#q").send_keys("rikstroke")
    if visitor.scripts:
        WebDriverWait(visitor.browser, 10).until(lambda _browser: visitor.all("#suggestions [role=option]"))
        assert visitor.all("#suggestions [role=option]")[0].text.startswith("Riksstroke")
        assert violations(visitor.browser) == []
    visitor.one("#q").send_keys(Keys.ENTER)
    WebDriverWait(visitor.browser, 10).until(lambda _browser: visitor.all(".hits .t a"))
    visitor.well()
    assert visitor.all(".hits .t a")[0].text == "Riksstroke"
    assert visitor.said("stavat lite annorlunda", "spelt a little differently") in visitor.all(".hits .src")[0].text


def test_07_how_a_register_is_described(visitor: Visitor) -> None:
    visitor.go("/search?q=senior+alert")
    visitor.follow(visitor.all(".hits .t a")[0])
    assert visitor.title == "Senior alert"
    assert [one.get_attribute("id") for one in visitor.all("main section h2")][:4] == ["what", "gives", "get", "sure"]
    assert visitor.all(".unknown")


def test_08_where_the_gaps_are(visitor: Visitor) -> None:
    visitor.go("/compare")
    visitor.well()
    assert visitor.all(".gap")
    assert overflow(visitor.browser) <= 0 if visitor.scripts else True


def test_09_what_became_of_a_section(visitor: Visitor) -> None:
    visitor.go("/id/provision/sol-2001.k5p4")
    visitor.well()
    assert "2025:400" in visitor.all(".pair h3")[0].text
    assert "2001:453" in visitor.all(".pair h3")[1].text
    assert visitor.all("button.badge.int")


def test_10_a_thing_as_rdf(visitor: Visitor) -> None:
    visitor.go("/id/register/riksstroke")
    link = next(link for link in visitor.all("aside a") if link.text == "Turtle")
    path = (link.get_attribute("href") or "").removeprefix(visitor.server.url)
    status, _headers, body = visitor.server.get(path)
    assert status == 200
    assert b"register/riksstroke" in body


def test_11_the_other_language(visitor: Visitor) -> None:
    visitor.go(SHEET)
    heading = visitor.title
    visitor.browser.get(visitor.one(".lang").get_attribute("href") or "")
    other = visitor.said("en", "sv")
    assert visitor.one("html").get_attribute("lang") == other
    assert visitor.title != heading
    assert "Stockholm" in visitor.title
    visitor.browser.get(visitor.one("tbody th a").get_attribute("href") or "")
    assert visitor.one("html").get_attribute("lang") == other


def test_12_a_way_on_from_a_dead_link(visitor: Visitor) -> None:
    visitor.go("/id/register/riksstrok")
    complaints(visitor.browser)
    assert "Riksstroke" in [link.text for link in visitor.all("main li a")]
    visitor.follow(next(link for link in visitor.all("main li a") if link.text == "Riksstroke"))
