"""The query editor: its words, its chart, its faults, and in Chromium under the pages' own policy."""

from __future__ import annotations

import gzip
import json
import shutil
from urllib.parse import quote

import pytest
from flask import Flask
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from server.pages.static_files import FOLDER, has_editor
from tests.programs import in_ci
from tests.server.pages.chromium import complaints, hosts, overflow, show, violations
from tests.server.pages.reading import HTML
from tests.server.running import ROOT, Running

BROKEN = "SELECT ?x WHERE {\n  ?x a rg:Register \n}"
RG = "PREFIX rg: <https://w3id.org/registergraf/ns#>\n"
EMPTY = RG + "SELECT * {\n  ?x a rg:QualityRegister .\n  ?x rg:variableOf ?y\n}"
COUNTS = 'SELECT ?word ?n { VALUES (?word ?n) { ("a" 1) ("b" 2.5) } }'


def ask(app: Flask, query: str, lang: str = "sv") -> str:
    return app.test_client().get(f"/query?lang={lang}&query={quote(query)}", headers=HTML).text


def test_the_words_are_those_of_the_release_in_both_languages(real_app: Flask) -> None:
    client = real_app.test_client()
    sv, en = (client.get(f"/query/words?lang={lang}").get_json() for lang in ("sv", "en"))
    by_name = {term["name"]: term for term in sv["properties"]}
    assert by_name["rg:heldBy"] == {**by_name["rg:heldBy"], "label": "hålls av", "other": "is held by"}
    assert {term["name"]: term["label"] for term in en["properties"]}["rg:heldBy"] == "is held by"
    used = [sv["properties"][place]["name"] for place in sv["of"]["rg:QualityRegister"]]
    assert "rg:coFundedByMunicipalities" in used
    assert "rg:usesVariable" not in used
    assert sv["prefixes"]["register"] == "https://w3id.org/registergraf/id/register/"
    registers = next(term["count"] for term in sv["classes"] if term["name"] == "rg:QualityRegister")
    rows = client.get(
        "/sparql",
        query_string={
            "query": "SELECT ?r { ?r a <https://w3id.org/registergraf/ns#QualityRegister> }",
            "format": "json",
        },
    ).get_json()
    assert registers == len(rows["results"]["bindings"])


def test_a_number_and_a_category_make_a_chart(real_app: Flask) -> None:
    assert "2,5</text>" in ask(real_app, COUNTS)
    assert "2.5</text>" in ask(real_app, COUNTS, "en")
    for without in (
        'SELECT ?word ?n { VALUES (?word ?n) { ("a" 1) } }',
        'SELECT ?word ?n { VALUES (?word ?n) { ("a" 1) ("a" 2) } }',
        'SELECT ?word ?n { VALUES (?word ?n) { ("a" 1) ("b" UNDEF) } }',
        'SELECT ?word ?n { VALUES (?word ?n) { ("a" -1) ("b" 2) } }',
        "SELECT ?m ?n { VALUES (?m ?n) { (1 1) (2 2) } }",
    ):
        assert "<svg" not in ask(real_app, without)


def test_faults_are_named_to_the_editor_by_line_column_and_token(real_app: Flask) -> None:
    broken, empty = ask(real_app, BROKEN), ask(real_app, EMPTY)
    assert 'data-line="2" data-severity="error" data-column="8" data-token="rg:Register"' in broken
    assert 'data-fault="0 kvar: här tar svaret slut" data-line="4" data-severity="warning"' in empty
    assert "data-fault" not in ask(real_app, COUNTS)


def test_static_files_are_compressed_and_nothing_else_is_served(real_app: Flask) -> None:
    client = real_app.test_client()
    reply = client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(reply.data) == (FOLDER / "site.css").read_bytes()
    assert client.get("/static/site.css", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304
    for path in ("/static/../frame.py", "/static/nothing.js", "/static/", "/static/%2e%2e/app.py"):
        assert client.get(path).status_code == 404


def test_the_lock_names_every_package_with_its_hash() -> None:
    lock = json.loads((ROOT / "server/pages/editor/script/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())


@pytest.fixture
def editor(browser: webdriver.Chrome, served: Running) -> tuple[webdriver.Chrome, Running]:
    if not has_editor():
        assert not (in_ci() and shutil.which("npm")), "make editor has made no editor"
        pytest.skip("the editor is not made (`make editor` needs npm); test_pages.py has the form without it")
    show(browser, 1440)
    return browser, served


def inside(browser: webdriver.Chrome, selector: str) -> list[WebElement]:
    root = browser.find_element(By.CSS_SELECTOR, ".editor").shadow_root
    return root.find_elements(By.CSS_SELECTOR, selector)


def typed(browser: webdriver.Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def options(browser: webdriver.Chrome, wanted: str) -> list[str]:
    """What is suggested, once the first suggestion is `wanted`."""

    def shown(_browser: webdriver.Chrome) -> list[str]:
        found = [one.text for one in inside(browser, ".cm-tooltip-autocomplete .cm-completionLabel")]
        return found if found[:1] == [wanted] else []

    return WebDriverWait(browser, 10, ignored_exceptions=(Exception,)).until(shown)


def test_the_bundle_is_small_and_evaluates_nothing(editor: tuple[webdriver.Chrome, Running]) -> None:
    body = (FOLDER / "editor.js").read_bytes()
    scripts = [(FOLDER / name).read_bytes() for name in ("search.js", "query.js")]
    assert sum(len(gzip.compress(one)) for one in (body, *scripts)) < 200_000
    assert sum(len(gzip.compress(one)) for one in scripts) < 30_000
    assert b"new Function" not in body
    assert b"eval(" not in body


def test_writing_a_query_with_suggestions(editor: tuple[webdriver.Chrome, Running]) -> None:
    browser, server = editor
    browser.get(f"{server.url}/query?lang=sv")
    inside(browser, ".cm-content")[0].click()
    ActionChains(browser).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
    typed(browser, "SELECT * { ?r a QualityR")
    options(browser, "rg:QualityRegister")
    assert violations(browser) == []
    typed(browser, Keys.ENTER)
    assert browser.find_element(By.ID, "query").get_attribute("value") == (
        "PREFIX rg: <https://w3id.org/registergraf/ns#>\nSELECT * { ?r a rg:QualityRegister}"
    )
    typed(browser, " ; delfin")
    options(browser, "rg:coFundedByMunicipalities")
    typed(browser, Keys.ENTER, " ?who ")
    typed(browser, Keys.ESCAPE)
    ActionChains(browser).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    WebDriverWait(browser, 10).until(lambda one: "query=" in one.current_url and one.find_elements(By.TAG_NAME, "td"))
    assert violations(browser) == []
    assert complaints(browser) == []
    assert hosts(browser) <= {"127.0.0.1"}
    browser.get(f"{server.url}/query?lang=sv")
    inside(browser, ".cm-content")[0].click()
    typed(browser, Keys.TAB)
    assert browser.switch_to.active_element.tag_name == "button"
    history = browser.find_element(By.ID, "history")
    assert "rg:coFundedByMunicipalities ?who" in history.text
    history.find_element(By.TAG_NAME, "button").click()
    assert not history.is_displayed()


def test_a_fault_is_underlined_and_a_narrow_screen_holds_it(editor: tuple[webdriver.Chrome, Running]) -> None:
    browser, server = editor
    browser.get(f"{server.url}/query?lang=sv&query={quote(BROKEN)}")
    marked = WebDriverWait(browser, 10, ignored_exceptions=(Exception,)).until(
        lambda _one: inside(browser, ".cm-lintRange-error")
    )
    assert [one.text for one in marked] == ["rg:Register"]
    assert violations(browser) == []
    show(browser, 375)
    assert overflow(browser) <= 0
    show(browser, 1440)
    complaints(browser)
