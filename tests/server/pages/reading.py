"""Reading pages: their links, their text, and the queries behind their numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_CODE = frozenset({"code", "pre", "textarea", "script"})  # what stands there is in no language
_VOID = frozenset(["meta", "link", "input", "br", "img", "hr", "line", "rect", "path", "option", "circle"])


class Page(HTMLParser):
    """What the tests ask of a page: links, text, and `counted` as pairs of number and query."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.counted: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.words: list[tuple[str, str]] = []
        self._langs: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            usual = "code" if tag in _CODE else self._langs[-1] if self._langs else ""
            self._langs.append(given.get("lang", usual))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if "data-rows" in given:
            query = parse_qs(urlsplit(given["href"]).query)["query"][0]
            self.counted.append((int(given["data-rows"]), query))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._langs:
            self._langs.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self._langs[-1] if self._langs else "", data.strip()))

    @property
    def text(self) -> str:
        """All words in a row."""
        return re.sub(r"\s+", " ", " ".join(word for _lang, word in self.words))
