"""Chromium for the tests: one of a width, a colour scheme, with or without JavaScript; it notes what it asks for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver

from tests.server.running import ROOT

AXE = ROOT / "tests" / "clients" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-dev-shm-usage"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(done, e => done(String(e)))"


def chromium(profile: Path, *, scripts: bool = True) -> webdriver.Chrome:
    """A browser whose performance log tells its requests."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    assert all(programs), "Install Debian's chromium and chromium-driver; .ci/run does."
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0] or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(programs[1]))


def show(browser: webdriver.Chrome, width: int, scheme: str = "light") -> None:
    """Make the window so wide, and prefer a colour scheme."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def complaints(browser: webdriver.Chrome) -> list[str]:
    """What the console says: errors and blocked resources."""
    return [entry["message"] for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def hosts(browser: webdriver.Chrome) -> set[str]:
    """The hosts that were asked for anything since the last time."""
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]  # type: ignore[no-untyped-call]
    addresses = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    return {urlsplit(address).hostname or "" for address in addresses if address.startswith("http")}


def violations(browser: webdriver.Chrome) -> list[tuple[str, list[str]]]:
    """What axe finds on the page at hand."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(_RUN, RULES)
    assert len(found["passes"]) > 15
    return [(one["id"], [node["html"][:300] for node in one["nodes"]]) for one in found["violations"]]


def overflow(browser: webdriver.Chrome) -> int:
    """By how many pixels the page is wider than the window."""
    return int(browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth"))


def forget(browser: webdriver.Chrome) -> None:
    """Leave the page at hand, and forget what pages have stored and what was noted of them."""
    browser.get("about:blank")
    browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    complaints(browser)
    hosts(browser)
