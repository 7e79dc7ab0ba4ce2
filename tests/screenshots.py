"""`make screenshots`: the pictures of the README, of the pages as Chromium shows them over a release.

They are taken anew when the pages change; `docs/images` holds them. Chromium and chromedriver must be installed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from selenium import webdriver

from tests.server.pages.chromium import chromium, show
from tests.server.running import ROOT, running

IMAGES = ROOT / "docs" / "images"
PAGES = {
    "start": ("/?lang=sv", 1200, 800),
    "answers": ("/answers?group=older-people&area=elderly-care&municipality=0180&lang=sv", 1200, 900),
}


def main(releases: Path, folder: Path = IMAGES) -> list[Path]:
    """Take every picture over the current release of a folder; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, running(releases, Path(scratch) / "server.log") as server:
        browser = chromium(Path(scratch) / "profile")
        try:
            return [
                _taken(browser, server.url + path, size, folder / f"{name}.png")
                for name, (path, *size) in PAGES.items()
            ]
        finally:
            browser.quit()


def _taken(browser: webdriver.Chrome, address: str, size: list[int], file: Path) -> Path:
    width, height = size
    show(browser, width)
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(address)
    browser.save_screenshot(str(file))
    return file


if __name__ == "__main__":
    for written in main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "release"):
        print(written.relative_to(ROOT))
