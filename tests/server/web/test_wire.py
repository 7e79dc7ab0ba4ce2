"""Hot requests are known by their bytes: the same answers, never another's, never an old one, each in the log."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from server.query.slow_log import query_hash
from server.web.cache import HotCache, Key, make_stored
from tests.server.conftest import make_current
from tests.server.web.connecting import ASK, BODY_BYTES, LARGE, SECOND, Client, Served, connected, get, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("wire")) as served:
        yield served


def logged(served: Served, text: str, number: int) -> list[dict[str, Any]]:
    """The lines of the access log on a query, once there are so many."""
    deadline = time.monotonic() + 10
    while True:
        lines = [json.loads(line) for line in served.log.read_text(encoding="utf-8").split("\n")[:-1]]
        if len(found := [line for line in lines if line["query"] == query_hash(text)]) >= number:
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


# --- hot requests ---


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (ASK, ()),
        (ASK + "&format=xml", ("User-Agent: one", "Connection: keep-alive")),
        (LARGE, ()),
        (LARGE + "&a=1", ("Accept-Encoding: gzip",)),
        ("/id/register/swespine?%61=%C3%A5", ("Accept: text/turtle", "Accept-Language: sv")),
    ],
    ids=["small", "keep-alive", "large", "gzip", "thing"],
)
def test_a_request_seen_before_is_answered_as_before_without_the_application(
    served: Served, path: str, fields: tuple[str, ...]
) -> None:
    with connected(served) as client:
        request = get(path, *fields)
        before = served.calls
        answers = [client.ask(request)[0] for _ in range(5)]
        assert answers[0].status == 200
        assert served.calls == before + 2  # the application's answer, and the one from the cache that names the bytes
        assert [answer.body for answer in answers] == [answers[0].body] * 5
        assert [answer.undated for answer in answers[1:]] == [answers[1].undated] * 4
        assert answers[0]["transfer-encoding"] or answers[0].undated == answers[1].undated
        assert all(re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", answer["date"]) for answer in answers)
        assert [name for name, *_ in answers[4].headers].count("date") == 1


def test_others_with_other_bytes_have_the_same_answer(served: Served) -> None:
    with connected(served) as one, connected(served) as other:
        answers = [
            client.ask(get(ASK, f"User-Agent: {name}"))[0]
            for _ in range(4)
            for client, name in ((one, "a"), (other, "b"))
        ]
        assert [answer.undated for answer in answers] == [answers[0].undated] * 8


def test_each_hot_request_is_in_the_access_log(served: Served) -> None:
    text = "ASK {} # logged"
    with connected(served) as client:
        before = served.calls
        for _ in range(6):
            client.ask(get("/sparql?query=" + quote(text), "User-Agent: x"))
        assert served.calls == before + 2
    found = logged(served, text, 6)
    assert [line["cache"] for line in found] == ["miss"] + ["hit"] * 5
    varying = {"time", "ms", "cache"}
    assert len({tuple((k, v) for k, v in line.items() if k not in varying) for line in found}) == 1
    assert (found[-1]["method"], found[-1]["path"], found[-1]["bytes"] > 0) == ("GET", "/sparql", True)


def test_hot_requests_are_counted_as_hits(served: Served) -> None:
    def hits(client: Client) -> float:
        text = client.ask(get("/metrics"))[0].body.decode()
        return float(re.findall(r"^registergraf_cache_hits_total (\S+)", text, flags=re.MULTILINE)[0])

    with connected(served) as client:
        client.ask(get(ASK + "&a=counted"))
        before, requests = hits(client), served.server.server_state.total_requests
        for _ in range(5):
            client.ask(get(ASK + "&a=counted"))
        assert hits(client) == before + 5
        assert served.server.server_state.total_requests == requests + 6


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        (("Connection: close",), "1.1"),
        (("Connection: Upgrade", "Upgrade: h2c"), "1.1"),
        (("Content-Length: 0",), "1.1"),
        (('If-None-Match: "other"',), "1.1"),
        (("Expect: 200-ok",), "1.1"),
        ((), "1.0"),
    ],
    ids=str,
)
def test_what_is_peculiar_is_never_answered_by_its_bytes(served: Served, fields: tuple[str, ...], version: str) -> None:
    before = served.calls
    for _ in range(4):
        with connected(served) as client:
            assert client.ask(get(ASK, *fields, version=version))[0].status == 200
            assert (version == "1.1" and "close" not in str(fields)) or client.closed()
    assert served.calls == before + 4


def test_conditions_and_heads_between_hot_requests(served: Served) -> None:
    with connected(served) as client:
        first = [client.ask(get(ASK))[0] for _ in range(3)][-1]
        assert client.ask(get(ASK, f"If-None-Match: {first['etag']}"))[0].status == 304
        assert client.ask(get(ASK))[0].undated == first.undated
        client.sock.sendall(get(ASK, method="HEAD"))
        head = client.read(bodiless=True)
        assert (head.status, head["etag"], head["content-length"]) == (200, first["etag"], first["content-length"])
        assert client.ask(get(ASK))[0].undated == first.undated


def test_hot_requests_in_one_packet_and_in_pieces(served: Served) -> None:
    with connected(served) as client:
        first = [client.ask(get(ASK))[0] for _ in range(3)][-1]
        for _ in range(4):
            assert [item.undated for item in client.ask(*[get(ASK)] * 3)] == [first.undated] * 3
        other, same = client.ask(get("/health"), get(ASK))
        assert (json.loads(other.body), same.undated) == ({"status": "ok"}, first.undated)
        for cut in (1, 3, 30, len(get(ASK)) - 1):
            client.sock.sendall(get(ASK)[:cut])
            time.sleep(0.05)
            client.sock.sendall(get(ASK)[cut:])
            assert client.read().undated == first.undated
        client.sock.sendall(get(ASK) + b"GET ")
        assert client.read().undated == first.undated
        assert client.ask(get("/health")[4:])[0].status == 200


def test_a_hot_request_inside_a_body_is_no_request(served: Served) -> None:
    with connected(served) as client:
        for _ in range(3):
            client.ask(get(ASK))
        rest = get(ASK)
        fields = ("Content-Type: application/sparql-query", f"Content-Length: {2 * BODY_BYTES + len(rest)}")
        client.sock.sendall(get("/sparql", *fields, method="POST") + b"x" * 2 * BODY_BYTES)
        assert client.read().problem() == "too-large"
        client.sock.sendall(rest)
        time.sleep(0.2)
        assert json.loads(client.ask(get("/health"))[0].body) == {"status": "ok"}


def test_a_new_release_makes_every_request_forgotten(tmp_path: Path) -> None:
    with serving(tmp_path) as served, connected(served) as client:
        old = [client.ask(get(ASK))[0] for _ in range(3)][-1]
        large = [client.ask(get(LARGE))[0] for _ in range(3)][-1]
        make_current(served.root, SECOND)
        deadline = time.monotonic() + 20
        while (new := client.ask(get(ASK))[0])["etag"] == old["etag"]:
            assert time.monotonic() < deadline
        before = served.calls
        assert client.ask(get(LARGE))[0].body.count(b"\n") < large.body.count(b"\n")
        again = [client.ask(get(ASK))[0] for _ in range(4)]
        assert new["etag"]
        assert [answer.undated for answer in again] == [new.undated] * 4
        assert served.calls <= before + 3


# --- the index ---

KEY: Key = ("host", "/sparql", "q", "", "", "")


def full_cache() -> HotCache:
    cache = HotCache(100_000, 100_000)
    cache.put(KEY, make_stored([("ETag", '"a"'), ("Content-Length", "1")], b"x", "hash"), 0)
    cache.know(b"GET", KEY)
    return cache


def test_the_index_finds_what_is_kept_and_nothing_else() -> None:
    cache = full_cache()
    found = cache.by_head(b"GET")
    assert found is not None
    assert (found[0], found[1].block) == (KEY, b'etag: "a"\r\ncontent-length: 1\r\n\r\n')
    assert cache.by_head(b"other") is None
    assert cache.figures()[:2] == (1, 0)


def test_an_answer_pushed_out_is_not_found_by_its_bytes() -> None:
    cache = full_cache()
    for number in range(200):
        key: Key = ("host", "/", str(number), "", "", "")
        cache.put(key, make_stored([("ETag", '"b"')], b"y" * 1000, "hash"), 0)
    assert cache.get(KEY) is None
    assert cache.by_head(b"GET") is None
    cache.know(b"GET", KEY)
    cache.put(KEY, make_stored([("ETag", '"c"')], b"z", "hash"), 0)
    assert cache.by_head(b"GET") is None


def test_a_cleared_cache_knows_no_bytes_even_when_the_entry_comes_again() -> None:
    cache = full_cache()
    cache.clear()
    cache.put(KEY, make_stored([("ETag", '"c"')], b"z", "hash"), 1)
    assert cache.by_head(b"GET") is None


def test_the_index_is_bounded() -> None:
    cache = full_cache()
    for number in range(10_000):
        cache.know(b"GET %d" % number, KEY)
    known = [number for number in range(10_000) if cache.by_head(b"GET %d" % number)]
    assert 0 < len(known) <= 4096
    assert known[-1] == 9999
    for number in range(1000):
        cache.know(b"%d" % number + b"x" * 8000, KEY)
    assert 100 < sum(cache.by_head(b"%d" % number + b"x" * 8000) is not None for number in range(1000)) < 600
