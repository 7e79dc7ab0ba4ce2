"""Reconciliation as a page of another site uses it: asked across origins, flyouts shown, previews framed."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from tests.server.running import Running

_ASK = """const done = arguments[arguments.length - 1];
fetch(arguments[0], arguments[1] ? {method: 'POST', body: new URLSearchParams(arguments[1])} : {})
  .then(reply => reply.json()).then(done, error => done(String(error)));"""


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>another site</title><body></body>")

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser on an empty page of another site: another port is another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Blank) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        browser.get(f"http://127.0.0.1:{site.server_port}/")
        yield browser
        site.shutdown()


def asked(browser: webdriver.Chrome, address: str, form: dict[str, str] | None = None) -> Any:
    """The JSON that a page of another site gets; the text of the error when the browser keeps it from it."""
    return browser.execute_async_script(_ASK, address, form)


def test_a_page_of_another_site_reads_every_part(elsewhere: webdriver.Chrome, served: Running) -> None:
    manifest = asked(elsewhere, f"{served.url}/reconcile")
    assert "0.2" in manifest["versions"]
    for kind, prefix, first in (
        ("entity", "riksstr", "register/riksstroke"),
        ("type", "regis", "Register"),
        ("property", "start", "rg:startYear"),
    ):
        found = asked(elsewhere, f"{served.url}/reconcile/suggest/{kind}?prefix={prefix}")
        assert first in [one["id"] for one in found["result"]], (kind, found)
        flyout = asked(elsewhere, f"{served.url}/reconcile/flyout/{kind}?id={first}")
        elsewhere.execute_script("document.body.innerHTML = arguments[0]", flyout["html"])
        shown = elsewhere.find_element("tag name", "body").text
        assert flyout["id"] == first
        assert len(shown) > 10, kind
    batch = asked(
        elsewhere, f"{served.url}/reconcile", {"queries": '{"q0": {"query": "Riksstroke", "type": "Register"}}'}
    )
    assert batch["q0"]["result"][0]["id"] == "register/riksstroke"


def test_a_page_of_another_site_frames_a_preview_and_no_other_page(
    elsewhere: webdriver.Chrome, served: Running
) -> None:
    for path, framed in (("/reconcile/preview?id=register/riksstroke", True), ("/about", False)):
        elsewhere.execute_script(
            "document.body.innerHTML = ''; const frame = document.createElement('iframe');"
            "frame.onload = () => { frame.id = 'loaded'; }; frame.src = arguments[0]; document.body.append(frame);",
            served.url + path,
        )
        frame = WebDriverWait(elsewhere, 20).until(lambda page: page.find_element("id", "loaded"))
        elsewhere.switch_to.frame(frame)
        assert ("stroke" in elsewhere.find_element("tag name", "body").text) == framed, path
        elsewhere.switch_to.default_content()
