"""Handing in and deciding by a browser: sessions, their cookies and forms, and who sees and does what."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.handing_in.submissions.service import submission_service_of
from server.service import service_of
from tests.server.handing_in.submissions.conftest import Person, faulty, indicator
from tests.server.pages.messages import catalogue
from tests.server.pages.reading import HTML, Page

PROOF = re.compile(r'name="proof" value="([^"]+)"')
FORM = re.compile(r'<form [^>]*action="([^"]+)"[^>]*method="post"')
WRONG = "rg_000000000000_" + "A" * 43


@dataclass(slots=True)
class Browser:
    """Somebody's browser, which keeps cookies and fills in forms."""

    client: FlaskClient
    token: str = ""
    proof: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, headers=HTML, **options)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with the session's proof."""
        data = {"proof": self.proof, **fields}
        return self.client.post(path, data=data, headers=HTML, content_type="multipart/form-data")

    def sign_in(self, token: str | None = None, **options: Any) -> TestResponse:
        proof = PROOF.findall(self.get("/sign-in", **options).text)[0]
        data = {"proof": proof, "token": self.token if token is None else token}
        answer = self.client.post("/sign-in", data=data, headers=HTML, **options)
        if answer.status_code == 303:
            self.proof = PROOF.findall(self.get("/hand-in", **options).text)[0]
        return answer

    def key(self, data: bytes, **fields: Any) -> str:
        """Hand in, and return the key."""
        answer = self.post("/hand-in", file=(io.BytesIO(data), fields.pop("name", "x.ttl")), **fields)
        assert answer.status_code == 303, Page(answer.text).text
        return urlsplit(answer.location).path.rpartition("/")[2]


@pytest.fixture
def browser(holders_app: Flask, person: Callable[..., Person]) -> Callable[..., Browser]:
    def make(label: str, *scopes: str) -> Browser:
        made = Browser(holders_app.test_client(), person(label, *scopes).token)
        assert made.sign_in().status_code == 303
        return made

    return make


@pytest.fixture
def office(browser: Callable[..., Browser]) -> Browser:
    return browser("swespine-office", "holder:swespine")


@pytest.fixture
def reviewer(browser: Callable[..., Browser]) -> Browser:
    return browser("stewards", "steward")


def cookies(answer: TestResponse) -> dict[str, str]:
    """Each cookie that is set, with its attributes."""
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_the_cookie_is_for_the_server_alone_and_holds_no_token(holders_app: Flask, holder: Person) -> None:
    answer = Browser(holders_app.test_client(), holder.token).sign_in()
    cookie = cookies(answer)["registergraf-session"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert not any(part in cookie for part in holder.token.split("_") if len(part) > 2)
    assert holder.label not in cookie


def test_under_tls_the_cookie_is_secure_and_bound_to_the_host(holders_app: Flask, holder: Person) -> None:
    answer = Browser(holders_app.test_client(), holder.token).sign_in(base_url="https://example.org")
    assert "Secure" in cookies(answer)["__Host-registergraf-session"].split("; ")


def test_a_trusted_proxy_says_that_it_speaks_tls(holders_app: Flask, holder: Person) -> None:
    site = service_of(holders_app)
    ahead = {"X-Forwarded-Proto": "https", **HTML}
    assert "__Host-registergraf-form" not in cookies(holders_app.test_client().get("/sign-in", headers=ahead))
    site.settings = replace(site.settings, trusted_proxies=1)
    assert "__Host-registergraf-form" in cookies(holders_app.test_client().get("/sign-in", headers=ahead))


def test_wrong_tokens_are_counted_with_those_in_headers_and_a_right_one_is_let_in(
    holders_app: Flask, holder: Person
) -> None:
    stranger = Browser(holders_app.test_client())
    for _ in range(6):
        assert stranger.sign_in(WRONG).status_code == 401
    in_header = {"Authorization": f"Bearer {WRONG}"}
    codes = [holders_app.test_client().get("/submissions", headers=in_header).status_code for _ in range(5)]
    assert codes == [401] * 5
    waiting = stranger.sign_in(WRONG)
    assert waiting.status_code == 429
    assert int(waiting.headers["Retry-After"]) > 0
    assert WRONG not in waiting.text
    assert stranger.sign_in(holder.token).status_code == 303


@pytest.mark.parametrize("token", ["", "rg_", "x y", "ä" * 30, "rg_000000000000_" + "A" * 43 + "\n"])
def test_what_is_no_token_is_told_so(holders_app: Flask, token: str) -> None:
    answer = Browser(holders_app.test_client()).sign_in(token)
    assert answer.status_code == 401
    assert "WWW-Authenticate" not in answer.headers
    assert 'role="alert"' in answer.text


def test_no_other_site_can_sign_somebody_in(holders_app: Flask, holder: Person) -> None:
    for proof in ("", "guessed"):
        client = holders_app.test_client()
        client.get("/sign-in", headers=HTML)
        answer = client.post("/sign-in", data={"token": holder.token, "proof": proof}, headers=HTML)
        assert answer.status_code == 400
        assert "registergraf-session" not in cookies(answer)


def test_every_form_needs_its_proof(office: Browser, reviewer: Browser) -> None:
    key = office.key(indicator("i7"))
    for who in (office, reviewer):
        every = {path for page in ("/hand-in", f"/hand-in/{key}") for path in FORM.findall(who.get(page).text)}
        assert len(every) >= 3
        for path in every - {"/check"}:
            for proof in ("", "x" * 43, (reviewer if who is office else office).proof):
                answer = who.post(path, proof=proof, comment="x", sure="yes")
                assert answer.status_code == 403, path
    assert len(history_of(office, key)) == 1


def history_of(browser: Browser, key: str) -> list[Any]:
    return submission_service_of(browser.client.application).submissions.history(key)


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(office: Browser) -> None:
    cookie = office.client.get_cookie("registergraf-session")
    assert cookie is not None
    assert office.post("/sign-out").status_code == 303
    assert office.get("/hand-in").location.startswith("/sign-in")
    office.client.set_cookie("registergraf-session", cookie.value)
    assert office.get("/hand-in").location.startswith("/sign-in")


def test_a_session_ends_with_its_time_and_with_its_token(
    browser: Callable[..., Browser], holders_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked, renewed, waited = (browser(name, "holder:swespine") for name in ("one", "two", "three"))
    accounts = submission_service_of(holders_app).state.accounts
    accounts.revoke("one", actor="console")
    accounts.renew("two", "2999-01-01T00:00:00Z", actor="console")
    assert revoked.get("/hand-in").status_code == renewed.get("/hand-in").status_code == 303
    assert waited.get("/hand-in").status_code == 200
    later = time.monotonic() + 480 * 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert waited.get("/hand-in").status_code == 303
    assert waited.post("/hand-in", file=(io.BytesIO(indicator("i9")), "x.ttl")).location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/hand-in/abc", "/hand-in/abc"),
        ("https://example.org/", "/hand-in"),
        ("//example.org", "/hand-in"),
        ("/hand-in/../../x", "/hand-in"),
        ("/hand-in\\@example.org", "/hand-in"),
    ],
)
def test_signing_in_leads_to_pages_of_ours_alone(holders_app: Flask, holder: Person, asked: str, led: str) -> None:
    client = holders_app.test_client()
    proof = PROOF.findall(client.get("/sign-in", headers=HTML).text)[0]
    data = {"proof": proof, "token": holder.token, "next": asked}
    assert client.post("/sign-in", data=data, headers=HTML).location == led


def test_browsers_are_led_from_the_clients_addresses_and_clients_are_not(holders_app: Flask, holder: Person) -> None:
    client = holders_app.test_client()
    assert client.get("/submissions?lang=en", headers=HTML).location == "/hand-in?lang=en"
    key = holder.key(indicator("i7"))
    for path in (f"/submissions/{key}", f"/submissions/{key}/report", f"/submissions/{key}/preview"):
        assert client.get(path, headers=HTML).location == f"/hand-in/{key}"
    assert client.get("/submissions").status_code == 401
    assert client.get("/submissions", headers={"Accept": "*/*"}).status_code == 401
    assert client.get("/submissions", headers={**HTML, **holder.headers}).content_type == "application/json"


def test_what_the_steward_said_stands_before_what_changes_and_in_the_list(office: Browser, reviewer: Browser) -> None:
    key = office.key(indicator("i7"), comment="Från registret.")
    assert 'class="note"' not in office.get(f"/hand-in/{key}").text
    reviewer.post(f"/hand-in/{key}/return", comment="Vilket år? " + "Mer. " * 60)
    office.post(f"/hand-in/{key}/comment", comment="2025.")
    page = office.get(f"/hand-in/{key}?lang=sv").text
    note = page[page.index('class="note"') : page.index('id="changes"')]
    assert "Vilket år?" in note
    assert "Från registret." not in note
    assert "2025." not in note
    assert "svensk tid" in page
    rows = office.get("/hand-in?lang=sv").text
    said = re.findall(r'<p class="said small">(.*?)</p>', rows)
    assert [(text[:10], len(text)) for text in said] == [("Vilket år?", 200)]
    assert "svensk tid" in rows


def test_a_holder_hands_in_answers_withdraws_and_takes_up_again(office: Browser, reviewer: Browser) -> None:
    key = office.key(indicator("i7", label="Andel <b>fria</b>"), comment="Årets mått.")
    page = office.get(f"/hand-in/{key}").text
    assert "Andel &lt;b&gt;fria&lt;/b&gt;" in page
    assert "Årets mått." in page
    assert f'href="/hand-in/{key}"' in office.get("/hand-in").text
    assert reviewer.post(f"/hand-in/{key}/return", comment="").status_code == 400
    assert reviewer.post(f"/hand-in/{key}/return", comment="Vilket år?").status_code == 303
    assert office.post(f"/hand-in/{key}/comment", comment="2025.").status_code == 303
    assert office.post(f"/hand-in/{key}/withdraw", comment="").status_code == 400
    assert office.post(f"/hand-in/{key}/withdraw", sure="yes").status_code == 303
    assert office.post(f"/hand-in/{key}/reopen").status_code == 303
    steps = [(step.action, step.comment) for step in history_of(office, key)]
    assert steps == [
        ("received", ""),
        ("commented", "Årets mått."),
        ("return", "Vilket år?"),
        ("commented", "2025."),
        ("withdraw", ""),
        ("reopened", ""),
    ]
    text = Page(office.get(f"/hand-in/{key}?lang=sv").text).text
    for word in ("Återlämnad", "Kommentar", "Tillbakadragen", "Återupptagen", "Vilket år?", "2025."):
        assert word in text


def test_the_same_file_again_leads_to_the_same_submission(office: Browser) -> None:
    assert office.key(indicator("i7")) == office.key(indicator("i7"))


def test_a_file_with_errors_is_kept_and_can_be_taken_to_the_check(office: Browser) -> None:
    key = office.key(faulty("i8"))
    page = office.get(f"/hand-in/{key}?lang=sv").text
    assert "Behöver rättas" in page
    assert "Namn saknas." in page
    assert 'name="again-data"' in page


def test_a_steward_sees_the_queue_and_accepts(office: Browser, reviewer: Browser) -> None:
    key = office.key(indicator("i1", label="Nytt namn"))
    assert "One submission waits for you" in reviewer.get("/hand-in?lang=en").text
    page = Page(reviewer.get(f"/hand-in/{key}?lang=sv").text).text
    assert "”Andel med smärta efter 1 år” (på svenska)" in page
    assert "”Nytt namn” (på svenska)" in page
    assert office.post(f"/hand-in/{key}/accept").status_code == 403
    assert reviewer.post(f"/hand-in/{key}/accept", comment="Tack").status_code == 303
    assert "Nothing waits for you" in reviewer.get("/hand-in?lang=en").text
    assert reviewer.post(f"/hand-in/{key}/accept").status_code == 409


def test_nobody_decides_on_what_the_own_account_handed_in(browser: Callable[..., Browser]) -> None:
    both = browser("both", "holder:swespine", "steward")
    key = both.key(indicator("i7"))
    page = both.get(f"/hand-in/{key}").text
    assert "/accept" not in page
    assert "Nothing waits for you" in both.get("/hand-in?lang=en").text
    assert both.post(f"/hand-in/{key}/accept").status_code == 403


def test_others_see_nothing_of_it(office: Browser, browser: Callable[..., Browser]) -> None:
    key = office.key(indicator("i7"), comment="Hemligt")
    other, operator = browser("other", "holder:riksstroke"), browser("op", "operator")
    assert key not in other.get("/hand-in").text
    for path in (f"/hand-in/{key}", f"/hand-in/{key}/files/0"):
        assert other.get(path).status_code == 403
    assert operator.get(f"/hand-in/{key}").status_code == 200
    assert operator.get(f"/hand-in/{key}/files/0").status_code == 403
    assert "Andel" not in operator.get(f"/hand-in/{key}").text
    for action in ("withdraw", "reopen", "comment", "accept", "return"):
        for who in (other, operator):
            assert who.post(f"/hand-in/{key}/{action}", comment="x", sure="yes").status_code == 403
    assert other.post("/hand-in", file=(io.BytesIO(indicator("i9")), "x.ttl")).status_code == 403
    assert office.get("/hand-in/nothing").status_code == 404


def test_a_file_comes_back_as_it_was_always_as_a_download(office: Browser) -> None:
    name = "<img src=x onerror=alert(1)>.ttl"
    key = office.key(indicator("i7"), name=name)
    for path in ("/hand-in", f"/hand-in/{key}"):
        page = office.get(path).text
        assert "<img" not in page
        assert name in Page(page).text
    answer = office.get(f"/hand-in/{key}/files/0")
    assert answer.data == indicator("i7")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert office.get(f"/hand-in/{key}/files/7").status_code == 404


def test_nothing_personal_and_no_token_stands_in_a_page(office: Browser) -> None:
    number = "19121212-1212"
    for fields in ({"comment": number}, {"comment": "Ring 070-174 06 05"}):
        answer = office.post("/hand-in", file=(io.BytesIO(indicator("i7")), "x.ttl"), **fields)
        assert answer.status_code == 422
        assert fields["comment"] not in answer.text
    key = office.key(indicator("i7"))
    assert office.post(f"/hand-in/{key}/comment", comment=number).status_code == 422
    for path in ("/hand-in", f"/hand-in/{key}"):
        page = office.get(path).text
        assert number not in page
        assert not any(part in page for part in office.token.split("_") if len(part) > 2)
    assert not any(number in step.comment for step in history_of(office, key))


def test_what_stands_against_a_form_is_told_on_its_page(office: Browser) -> None:
    answer = office.post("/hand-in?lang=sv")
    assert answer.status_code == 400
    assert "Skicka minst en fil" in answer.text
    assert 'id="file"' in answer.text
    wrong = office.post("/hand-in", file=(io.BytesIO(indicator("i7")), "x.ttl"), supersedes="unknown")
    assert wrong.status_code == 404
    assert office.get("/hand-in?status=lost").status_code == 400
    assert office.get("/hand-in?page=2").status_code == 400


def test_columns_are_named_line_by_line(office: Browser) -> None:
    key = office.key(indicator("i7"), mapping="Etikett = label_sv\n\nA=B = notation")
    kept = submission_service_of(office.client.application).submissions.get(key).options
    assert kept["mapping"] == '{"A=B": "notation", "Etikett": "label_sv"}'
    assert office.post("/hand-in", file=(io.BytesIO(b"x"), "x.ttl"), mapping="nothing").status_code == 400


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_chosen_language_survives_every_link_form_and_step(office: Browser, reviewer: Browser, lang: str) -> None:
    key = office.key(indicator("i7"))
    for who in (office, reviewer):
        for path in ("/hand-in", f"/hand-in/{key}"):
            text = who.get(f"{path}?lang={lang}").text
            assert f'<html lang="{lang}">' in text
            links = [link for link in Page(text).links if link.startswith("/")] + FORM.findall(text)
            assert [link for link in links if f"lang={lang}" not in link and "lang=" not in link] == []
    assert f"lang={lang}" in office.post(f"/hand-in/{key}/comment?lang={lang}", comment="x").location
    assert f"lang={lang}" in office.post(f"/sign-out?lang={lang}").location
    assert f"lang={lang}" in office.get(f"/hand-in?lang={lang}").location


def test_no_page_of_a_session_has_english_left_or_a_name_twice(office: Browser, reviewer: Browser) -> None:
    english = {one.id for one in catalogue() if isinstance(one.id, str) and one.id and one.id != one.string}
    held, wrong = office.key(indicator("i7"), comment="Kommentar"), office.key(faulty("i8"), list="whole")
    reviewer.post(f"/hand-in/{held}/return", comment="Åter")
    pages = [who.get(f"/hand-in{key}?lang=sv") for who in (office, reviewer) for key in ("", f"/{held}", f"/{wrong}")]
    for answer in (*pages, office.client.application.test_client().get("/sign-in?lang=sv", headers=HTML)):
        page = Page(answer.text)
        assert {word for _, word in page.words if word.strip(" .:;,·") in english} == set()
        assert len(page.ids) == len(set(page.ids))
        assert len(page.words) > 20


def test_files_are_read_from_a_signed_in_browser_alone(holders_app: Flask, office: Browser) -> None:
    service, scope = submission_service_of(holders_app), {"path": "/hand-in", "method": "POST"}
    cookie = office.client.get_cookie("registergraf-session")
    assert cookie is not None
    signed = {"cookie": f"a=b; registergraf-session={cookie.value}", "content-length": "9000000"}
    assert service.judge_head(scope, signed, "10.0.0.1") is None
    for headers in ({"content-length": "9000000"}, {}, {**signed, "cookie": "registergraf-session=x"}):
        refused = service.judge_head(scope, headers, "10.0.0.1")
        assert refused is not None
        assert refused.status == 401
    assert service.judge_head(scope, {"content-length": "400"}, "10.0.0.1") is None


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "What was changed since it was returned"), ("sv", "sedan den återlämnades")]
)
def test_a_steward_sees_what_was_changed_since_the_return(
    office: Browser, reviewer: Browser, lang: str, words: str
) -> None:
    first = office.key(indicator("i1", label="Andel ett"))
    reviewer.post(f"/hand-in/{first}/return", comment="Vilken andel?")
    assert words not in Page(reviewer.get(f"/hand-in/{first}?lang={lang}").text).text
    second = office.key(indicator("i1", label="Andel två"), supersedes=first)
    page = reviewer.get(f"/hand-in/{second}?lang={lang}").text
    assert words in Page(page).text
    section = page.partition('id="since"')[2].partition("</section>")[0]
    assert f"/hand-in/{first}" in section
    assert "Andel ett" in section.partition("<del>")[2].partition("</del>")[0]
    assert "Andel två" in section.partition("<ins>")[2].partition("</ins>")[0]
