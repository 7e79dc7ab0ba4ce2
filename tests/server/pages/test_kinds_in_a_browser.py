"""Every kind of page over the shipped release: accessible, quiet, closed, and not wider than the screen."""

from __future__ import annotations

import base64
import re
from urllib.parse import urlencode

import pytest
from _pytest.mark import ParameterSet
from selenium import webdriver

from tests.pairs import pairs
from tests.server.pages.chromium import complaints, hosts, overflow, show, violations
from tests.server.running import Running

PAGES = (
    *(
        "/",
        "/answers",
        "/answers?group=older-people&area=elderly-care&municipality=0180",
        "/answers?group=other-groups",
        "/answers?group=people-with-impairment",
    ),
    *(
        "/explore",
        "/registers",
        "/indicators?group=older-people&follow-up=results",
        "/provisions",
        "/municipalities?page=3",
    ),
    *(
        "/kpis",
        "/discrepancies",
        "/search?q=rikstroke",
        "/search?q=zzqqxx",
        "/about",
        "/ns",
        "/ns/core",
        "/shapes",
        "/accessibility",
        "/plan?register=riksstroke&with=patientregistret",
        "/releases",
        "/compare?registers=riksstroke,rikshoft",
        "/id/kpi/kolada.N20415",
        "/sign-in",
    ),
    *("/guides", "/guides/analyst", "/guides/holder", "/guides/linker", "/guides/operator", "/api"),
    *("/id/register/riksstroke", "/id/register/senior-alert", "/id/register/patientregistret"),
    *("/id/indicator/skr-2022-t04-r1", "/id/variable/hakir.ort", "/id/conceptual-variable/housing-type"),
    *("/id/target-group/older-people", "/id/service-area/elderly-care", "/id/provision/sol-2025.k8p2"),
    *("/id/legal-act/sol-2025", "/id/service/coverage-analysis", "/id/channel/kolada", "/id/municipality/0180"),
    *("/id/document/skr-2022", "/id/part/skr-2022.table-9", "/id/passage/skr-2022.table-9.1", "/rule/comparable"),
    *("/question/q07-registers-by-municipality-without-linkage", "/graph/law"),
)


LONG = "Funktionsnedsättningsklassifikation"


def asked(query: str, **more: str) -> str:
    """The page of a query's answer."""
    return "/sparql?" + urlencode({"query": query, "format": "html", **more})


OF_THE_FORM = (
    *("/compare", "/figures", "/check", "/limits", "/limits/riksstroke", "/exports", "/exports/gaps", "/query"),
    *(
        "/request?items=indicator/skr-2022-t04-r1&register=riksstroke",
        "/query?example=q01-indicators-of-a-target-group",
    ),
    asked(f"SELECT * {{ VALUES (?a ?b ?c ?d ?e) {{ ('{LONG}' '{LONG}' 1 2 <urn:x>) }} }}"),
    asked("SELECT * { ?s a <https://w3id.org/registergraf/ns#Regster> }", **{"explain-empty": "true"}),
    asked("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 40"),
    asked("ASK {}"),
)
REFUSED = ("/indicators?group=none", "/nowhere", asked("SELECT ?x { ?x skos:prefLabel ?y"))
WIDE, NARROW = 1440, 375
OTHERS = (1280, 1024, 720, NARROW, 320)
VIEWS = [(WIDE, "sv", "dark"), (NARROW, "en", "light"), (WIDE, "en", "light"), (NARROW, "sv", "dark")]


# Of the same form as a neighbour above: `make soak` looks at them, too.
ALIKE = {
    *("/answers?group=people-with-impairment", "/query?example=q01-indicators-of-a-target-group"),
    *("/answers?group=other-groups", "/search?q=zzqqxx", "/guides/analyst", "/guides/linker", "/guides/operator"),
    *("/id/register/senior-alert", "/id/register/patientregistret", "/limits/riksstroke", "/exports/gaps"),
    *("/id/service-area/elderly-care", "/id/channel/kolada", "/id/passage/skr-2022.table-9.1"),
}


def cases() -> list[ParameterSet]:
    """Every kind of page in some view."""
    pages = (*PAGES, *OF_THE_FORM, *REFUSED)
    few, alike = ([path for path in pages if (path in ALIKE) == wanted] for wanted in (False, True))
    return [*pairs(few, VIEWS), *(pytest.param(path, VIEWS[0], marks=pytest.mark.soak) for path in alike)]


@pytest.mark.parametrize(("path", "view"), cases())
def test_a_kind_of_page(browser: webdriver.Chrome, served: Running, path: str, view: tuple[int, str, str]) -> None:
    width, lang, scheme = view
    show(browser, width, scheme)
    browser.get(f"{served.url}{path}{'&' if '?' in path else '?'}lang={lang}")
    assert browser.find_element("tag name", "html").get_attribute("lang") == lang
    assert violations(browser) == []
    said = complaints(browser)
    assert len(said) == 1 if path in REFUSED else said == [], said
    assert hosts(browser) <= {"127.0.0.1"}
    for other in OTHERS:
        show(browser, other, scheme)
        assert overflow(browser) <= 0, other


DRAWN = "older-people&area=elderly-care&municipality=0180"


@pytest.mark.parametrize(("lang", "about"), [("sv", DRAWN), ("en", "older-people")])
def test_a_sheet_is_two_printed_pages(browser: webdriver.Chrome, served: Running, lang: str, about: str) -> None:
    browser.get(f"{served.url}/answers?group={about}&lang={lang}")
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed))) == 2


def test_no_word_is_broken_on_a_narrow_screen(browser: webdriver.Chrome, served: Running) -> None:
    show(browser, NARROW)
    browser.get(f"{served.url}{OF_THE_FORM[10]}&lang=sv")
    cell = browser.find_elements("tag name", "td")[0]
    assert cell.text.strip('"') == LONG
    assert browser.execute_script("return arguments[0].getClientRects()[0].height", cell) < 60
