"""The shipped release served by the production server, and a browser, each one for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from tests.server.pages.chromium import chromium, forget
from tests.server.running import Running, running


@pytest.fixture(scope="session")
def served(real_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The production server over the shipped release; what it holds is not to be changed."""
    with running(real_root, tmp_path_factory.mktemp("served") / "server.log", workers=2) as server:
        yield server


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser with JavaScript; use `browser`, which has forgotten what others left in it."""
    chrome = chromium(tmp_path_factory.mktemp("chromium"))
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(chrome: webdriver.Chrome) -> webdriver.Chrome:
    """The browser, with nothing kept and nothing noted of earlier pages."""
    forget(chrome)
    return chrome
