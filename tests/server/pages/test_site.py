"""The site as a whole: no dead link, the chosen language everywhere, nothing left in the other one, small pages."""

from __future__ import annotations

import gzip
import re
from collections import Counter, deque
from functools import lru_cache
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.pages.catalogue.read import catalogue
from server.pages.things.terms import label_in
from server.service import BASE, service_of
from tests.pairs import examples
from tests.server.pages.messages import catalogue as swedish
from tests.server.pages.messages import missing
from tests.server.pages.reading import HTML, Page

EACH = examples(1, 2)  # pages of one pattern that are visited
# made in a process of their own, and tested on their own
_EXPORTS = ("/exports/", "/catalog", "/dataset/", "/service/sparql", "/id/not-stated/")
_ALIKE = ("format=ntriples", "format=rdfxml", "format=jsonld")  # as Turtle, which is visited


read = lru_cache(1000)(Page)


def pattern(address: str) -> str:
    """What two pages of one kind have in common."""
    parts = urlsplit(address)
    path = re.sub(r"^/(id/[^/]+|rule|question|graph|\.well-known/genid)/.*", r"/\1/…", parts.path)
    given = [(name, value) for name, value in parse_qsl(parts.query) if name != "lang"]
    names = [name if name != "format" else f"format={value}" for name, value in given]
    return f"{path}?{names[0] if len(names) == 1 else min(len(names), 2)}"


def crawl(client: FlaskClient, lang: str, each: int) -> dict[str, str]:
    """The pages reached from the start, a few of each pattern, by address."""
    queue, seen, visits, pages = deque([f"/?lang={lang}"]), set(), Counter[str](), dict[str, str]()
    while queue:
        address = queue.popleft()
        kind = pattern(address)
        if address in seen or visits[kind] >= each:
            continue
        seen.add(address)
        visits[kind] += 1
        response = client.get(address, headers=HTML, follow_redirects=True)
        assert response.status_code == 200, (address, response.text[:400])
        response.close()
        if response.mimetype != "text/html":
            continue
        pages[address] = response.text
        for link in read(response.text).links:
            target = urljoin(address, link).partition("#")[0]
            if target.startswith("/") and not target.startswith(_EXPORTS) and not target.endswith(_ALIKE):
                queue.append(target)
    return pages


@pytest.fixture(scope="module", params=["sv", "en"])
def site(request: pytest.FixtureRequest, real_app: Flask) -> tuple[str, dict[str, str]]:
    return request.param, crawl(real_app.test_client(), request.param, EACH)


def in_language(address: str, lang: str) -> bool:
    """Whether an address asks for a language; the language switch asks for the other one."""
    return ("lang", lang) in parse_qsl(urlsplit(address).query)


@pytest.mark.soak_too
def test_every_page_keeps_the_language(site: tuple[str, dict[str, str]]) -> None:
    lang, pages = site
    mine = {address: text for address, text in pages.items() if in_language(address, lang)}
    assert len(mine) > 80
    assert [address for address, text in mine.items() if f'<html lang="{lang}">' not in text] == []
    for address, text in mine.items():
        lost = [link for link in read(text).links if link.startswith("/") and not urlsplit(link).query.count("lang=")]
        machine = (
            *("/sparql", "/.well-known/void", "/openapi.json", "/rdf-graph-store", "/validate/schema", *_EXPORTS),
            *("/health", "/ready", "/metrics", "/context.jsonld", "/graph/", "/ns?", "/shapes?"),
        )
        assert [link for link in lost if not link.startswith(machine)] == [], address
        forms = re.findall(r"<form\b.*?</form>", text, re.S)
        assert forms
        assert [
            form for form in forms if f'name="lang" value="{lang}"' not in form and f"lang={lang}" not in form
        ] == []


@pytest.mark.soak_too
def test_no_text_is_left_in_english(site: tuple[str, dict[str, str]]) -> None:
    lang, pages = site
    if lang == "en":
        return
    english = {one.id for one in swedish() if isinstance(one.id, str) and one.id and one.id != one.string}
    for address, text in pages.items():
        if in_language(address, "sv") and not address.startswith(("/graph/", "/query", "/sparql")):  # rows of data
            left = {word for spoken, word in read(text).words if spoken == "sv" and word.strip(" .:;,·") in english}
            assert left == set(), address


@pytest.mark.soak_too
def test_anchors_lead_somewhere(site: tuple[str, dict[str, str]]) -> None:
    _lang, pages = site
    ids = {address: set(read(text).ids) for address, text in pages.items()}
    for address, text in pages.items():
        assert len(ids[address]) == len(read(text).ids), address
        for link in dict.fromkeys(read(text).links):
            path, _hash, anchor = urljoin(address, link).partition("#")
            if anchor and path in ids:
                assert anchor in ids[path], (address, link)


@pytest.mark.soak_too
def test_pages_are_small(site: tuple[str, dict[str, str]]) -> None:
    _lang, pages = site
    sizes = {address: len(gzip.compress(text.encode())) for address, text in pages.items()}
    assert {address: size for address, size in sizes.items() if size > 60_000} == {}


def test_every_message_has_its_swedish() -> None:
    assert missing() == []


@pytest.mark.soak_too
def test_every_iri_of_ours_resolves(real_app: Flask) -> None:
    """A few of each kind that the release mentions, and every module and version, as a page and as RDF."""
    client = real_app.test_client()
    mentioned = Counter[str]()
    text = service_of(real_app).release.graph.read_text(encoding="utf-8")
    for iri in dict.fromkeys(re.findall(rf"<({re.escape(BASE)}[^>#]*)", text)):
        path = "/" + iri.removeprefix(BASE)
        kind = re.sub(r"^/((?:id|graph)/[^/]+|[^/]+)(/.*)?$", r"\1", path)
        mentioned[kind] += 1
        several = re.match("/(id|graph|rule|question|.well-known)/", path) and mentioned[kind] > EACH
        if several or path.endswith("/"):  # a namespace, in the text of a query
            continue
        for accept in (HTML["Accept"], "text/turtle"):
            response = client.get(path, headers={"Accept": accept})
            assert response.get_data(), (iri, accept)
            assert response.status_code == 200, (iri, accept)
    assert len(mentioned) > 60


def test_every_kind_of_thing_has_a_page_in_both_languages(real_app: Flask) -> None:
    client = real_app.test_client()
    found = catalogue(service_of(real_app))
    kinds = {thing.kind: thing for thing in found.things.values()}
    for thing in kinds.values():
        for lang in ("sv", "en"):
            response = client.get("/" + thing.iri.removeprefix(BASE), query_string={"lang": lang}, headers=HTML)
            assert response.status_code == 200, thing.iri
            assert ">None<" not in response.text, thing.iri


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_property_of_a_thing_has_a_word(real_app: Flask, lang: str) -> None:
    site = service_of(real_app)
    names = {name for thing in catalogue(site).things.values() for name in thing.said}
    with real_app.test_request_context(f"/?lang={lang}"):
        assert sorted(name for name in names if not label_in(site, name)) == []


def test_numbers_of_things_are_those_of_their_queries(real_app: Flask) -> None:
    from tests.server.pages.test_counts import rows

    client = real_app.test_client()
    for path in (
        *(
            "/id/register/riksstroke",
            "/id/register/senior-alert",
            "/id/target-group/older-people",
            "/id/service-area/elderly-care",
        ),
        *(
            "/id/provision/sol-2025.k8p4",
            "/id/legal-act/sol-2025",
            "/id/conceptual-variable/housing-type",
            "/id/channel/kolada",
        ),
        "/id/follow-up-area/results",
    ):
        page = Page(client.get(path, headers=HTML).text)
        assert page.counted, path
        assert [(number, query) for number, query in page.counted if rows(real_app, query) != number] == []
