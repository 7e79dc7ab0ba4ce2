"""The journeys of holders and stewards (docs/journeys.md), in Chromium, over few sources and a state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

from loader.release.manifest import Release
from loader.resources import Resources
from server.handing_in.state.kept import open_state
from server.handing_in.submissions.kept.model import Action
from server.handing_in.submissions.kept.store import Submissions
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.pages.chromium import chromium, overflow, show, violations
from tests.server.pages.test_journeys import Visitor
from tests.server.running import Running, running

HEAD = "Register;Variabel;Fråga eller benämning (svenska);Begreppslig variabel;Utgår\r\n"
NAMES = ("enhetskod", "dodsplats", "brytpunkt", "smarta", "kommun", "ensam")
HOSTILE = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def tokens(state: Path) -> dict[str, str]:
    accounts = open_state(Settings(state=state)).accounts
    scopes = {"office": ("holder:riksfot", "holder:tyreoidcancer"), "reviewers": ("steward",)}
    return {label: accounts.create(label, own, in_days(1), actor="console").text() for label, own in scopes.items()}


@pytest.fixture(scope="module")
def server(
    holders: Resources,
    holders_release: Release,
    state: Path,
    tokens: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    root, log = holders_release.directory.parent, tmp_path_factory.mktemp("handing") / "server.log"
    with running(root, log, state=state, sources=holders.sources) as server:
        yield server


@pytest.fixture(scope="module", params=["scripts-sv-1440", "plain-en-375"])
def person(
    request: pytest.FixtureRequest, server: Running, tokens: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Person]:
    scripts, lang, width = request.param.split("-")
    browser = chromium(tmp_path_factory.mktemp("chromium"), scripts=scripts == "scripts")
    show(browser, int(width), "dark" if lang == "en" else "light")
    yield Person(Visitor(browser, server, lang, scripts == "scripts"), tokens, tmp_path_factory.mktemp("files"))
    browser.quit()


class Person:
    """Somebody with a browser, files and tokens."""

    def __init__(self, visitor: Visitor, tokens: dict[str, str], files: Path) -> None:
        self.visitor, self.tokens, self.files = visitor, tokens, files
        self.one, self.all, self.said = visitor.one, visitor.all, visitor.said

    def press(self, button: str) -> None:
        """Press a button, await the page that comes, and see that all is well there."""
        old: WebElement = self.one("html")
        self.one(button).click()
        # While pages change, the driver may answer by an error of its own before it knows that the old one has gone.
        changing = WebDriverWait(self.visitor.browser, 90, ignored_exceptions=[WebDriverException])
        changing.until(staleness_of(old))
        WebDriverWait(self.visitor.browser, 90).until(lambda _browser: self.all("footer"))
        self.well()

    def well(self) -> None:
        self.visitor.well()
        if self.visitor.scripts:
            assert violations(self.visitor.browser) == []
            assert overflow(self.visitor.browser) <= 0

    def write(self, field: str, text: str) -> None:
        self.one(field).send_keys(text)

    def choose(self, text: str, name: str = "variabler.csv") -> None:
        path = self.files / name
        path.write_bytes(text.encode())
        self.write("#file", str(path))

    def sign_in(self, label: str) -> None:
        """Sign in, out of whatever session there was."""
        self.visitor.go("/sign-in")
        if self.all("form.who button"):
            self.press("form.who button")
            self.visitor.go("/sign-in")
        self.write("#token", self.tokens[label])
        self.press("main form.ask button")

    @property
    def text(self) -> str:
        return self.one("main").text

    @property
    def key(self) -> str:
        """The key of the submission at hand."""
        return urlsplit(self.visitor.browser.current_url).path.rpartition("/")[2]

    @property
    def own(self) -> str:
        """What makes this person's files differ from the others'."""
        return self.visitor.lang


def test_13_a_sheet_is_mended_and_handed_in(person: Person) -> None:
    person.sign_in("office")
    person.visitor.go("/check")
    wrong = (
        f"{HEAD}Riksfot;{person.own}-bo;Hur bor du?;Boendefrom;\r\nRiksfott;{person.own}-ort;Var bor du?;Hemkommun;\r\n"
    )
    person.choose(wrong, "egen lista.csv")
    person.press("main form.ask button")
    assert person.visitor.title.startswith("2 ")
    assert [box.is_selected() for box in person.all("input[name=fix]")] == [True, True]
    assert person.all("td.err")
    person.press("button[value=mend]")
    assert person.said("2 celler är rättade", "2 cells are mended") in person.text
    assert person.visitor.title == person.said(
        "Ingenting hindrar att ni lämnar in", "Nothing stands in the way of handing in"
    )
    person.press('form[action*="/hand-in"] button')
    assert person.one(".status").get_attribute("class") == "status received"
    assert person.said("rättad.csv", "corrected.csv") in person.one("aside").text
    assert person.said("Två poster är nya", "Two records are new") in person.one(".lede").text


def test_14_a_holder_hands_in_and_is_told_what_to_mend(person: Person) -> None:
    person.sign_in("office")
    person.choose(f"{HEAD}tyreoidcancer;{person.own}-tumor;{HOSTILE};Boendefrom;\r\n", "tumör.csv")
    person.write("#comment", HOSTILE)
    person.press("#form + p + form button")
    assert person.one(".status").get_attribute("class") == "status needs-correction"
    assert HOSTILE in person.one(".said").text
    assert person.visitor.browser.title.endswith("registergraf")
    person.press('form[action^="/check"] button')
    assert person.all("input[name=fix]")


def test_15_a_steward_returns_and_the_holder_answers_and_withdraws(person: Person) -> None:
    person.sign_in("office")
    person.choose(f"{HEAD}tyreoidcancer;{person.own}-svar;Svar på behandling;;\r\n", "svar.csv")
    person.press("#form + p + form button")
    address = person.visitor.browser.current_url
    person.sign_in("reviewers")
    assert person.all("#queue")
    person.visitor.browser.get(address)
    person.write("#comment-return", "Vilket år gäller det?")
    person.press('form[action*="/return"] button')
    person.sign_in("office")
    person.visitor.browser.get(address)
    assert "Vilket år gäller det?" in person.text
    person.write("#comment-comment", "2025.")
    person.press('form[action*="/comment"] button')
    asked = "Vilket år gäller det?"  # under the status, and in the history
    assert [one.text for one in person.all(".said")] == [asked, asked, "2025."]
    person.one("details summary").click()
    person.one("#sure").click()
    person.press('form[action*="/withdraw"] button')
    assert person.one(".status").get_attribute("class") == "status withdrawn"


def test_16_a_steward_sees_the_difference_confirms_removals_and_accepts(person: Person, state: Path) -> None:
    register = person.said("riksfot", "tyreoidcancer")
    person.sign_in("office")
    person.choose(HEAD + "".join(f"{register};{name};Fråga om {name};;\r\n" for name in NAMES))
    person.press("#form + p + form button")
    Submissions(open_state(Settings(state=state)).database).decide(person.key, Action.ACCEPT, "reviewers", "")
    person.visitor.go("/hand-in")
    person.choose(f"{HEAD}{register};ensam;Var någon närvarande i dödsögonblicket?;;\r\n", "hela.csv")
    person.one("#list").click()
    person.press("#form + p + form button")
    whole = person.visitor.browser.current_url
    person.sign_in("reviewers")
    person.visitor.browser.get(whole)
    assert [one.text for one in person.all(".figs dd")][:2] == ["5", "1"]
    told = person.said("”%s” (på svenska)", "“%s” (in Swedish)")
    assert [one.text for one in person.all(".diff del")] == [told % "Fråga om ensam"]
    assert [one.text for one in person.all(".diff ins")] == [told % "Var någon närvarande i dödsögonblicket?"]
    person.one("#removals").click()
    if person.visitor.scripts:  # the build before an acceptance takes long, and is the same without scripts
        person.press('form[action*="/accept"] button')
        assert person.one(".status").get_attribute("class") == "status accepted"


def test_a_file_is_dropped_on_the_form(person: Person) -> None:
    person.visitor.go("/check")
    if not person.visitor.scripts:
        assert not person.one("[data-hint]").is_displayed()
        return
    assert person.one("[data-hint]").is_displayed()
    person.visitor.browser.execute_script(
        """const carried = new DataTransfer();
        carried.items.add(new File([arguments[0]], "släppt.csv"));
        const form = document.querySelector("form[data-drop]");
        for (const kind of ["dragenter", "dragover", "drop"])
          form.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried}));""",
        f"{HEAD}Riksfot;bo;Hur bor du?;Boendefrom;\r\n",
    )
    person.press("main form.ask button")
    assert "släppt.csv" in person.one(".lede").text


def test_17_who_is_not_signed_in_is_led_there_and_back(person: Person) -> None:
    person.sign_in("office")
    address = person.all('main tbody th a[href*="/hand-in/"]')[0].get_attribute("href") or ""
    person.press("form.who button")
    person.visitor.browser.get(address.replace("/hand-in/", "/submissions/"))
    person.well()
    assert "/sign-in" in person.visitor.browser.current_url
    person.write("#token", person.tokens["office"])
    person.press("main form.ask button")
    assert person.visitor.browser.current_url == address
    assert not person.visitor.browser.find_elements(By.CSS_SELECTOR, "[style]")
