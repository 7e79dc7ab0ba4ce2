"""Traffic as an open endpoint meets it: questions, runaways, memory hogs, mistakes, and readers who leave."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, urlsplit

from tests.bench.client import Client, NoAnswer
from tests.bench.isolation import CROSS_JOIN
from tests.bench.queries import competency_questions

HOG = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"
STREAM = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
MISTAKE = "SELECT * WHERE { ?a ?b }"


class Traffic:
    """One thread per kind of client; `counts` tells what each met, `unexpected` what no client should meet."""

    def __init__(self, endpoint: str, seed: int) -> None:
        """Nothing is sent before `start`."""
        self._endpoint = endpoint
        self._seed = seed
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.unexpected: list[str] = []
        questions = [query.text for query in competency_questions()]
        self._kinds: dict[str, tuple[Callable[[random.Random], str], frozenset[int]]] = {
            "question": (lambda chance: chance.choice(questions), frozenset({200, 503})),
            "other question": (lambda chance: chance.choice(questions), frozenset({200, 503})),
            "runaway": (lambda chance: CROSS_JOIN, frozenset({503})),
            "other runaway": (lambda chance: CROSS_JOIN, frozenset({503})),
            "memory hog": (lambda chance: HOG, frozenset({503})),
            "mistake": (lambda chance: MISTAKE, frozenset({400, 503})),
        }

    def start(self) -> None:
        """Send until `stop`."""
        targets = [threading.Thread(target=self._ask, args=(kind,)) for kind in self._kinds]
        self._threads = [*targets, threading.Thread(target=self._leave)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the running requests end."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, kind: str) -> None:
        make, expected = self._kinds[kind]
        chance = random.Random(f"{self._seed} {kind}")
        client = Client(self._endpoint)
        while not self._stopping.is_set():
            try:
                client.ask(make(chance), extra="&timeout=2")
                status = 200
            except NoAnswer as error:
                status = error.status
            self._count(kind, status, expected)
            self._stopping.wait(chance.random() * 0.05)
        client.close()

    def _leave(self) -> None:
        """Begin to read a large answer, and go."""
        chance = random.Random(f"{self._seed} leave")
        parts = urlsplit(self._endpoint)
        while not self._stopping.is_set():
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
            connection.request("GET", f"{parts.path}?query={quote(STREAM)}&timeout=10")
            response = connection.getresponse()
            with suppress(http.client.IncompleteRead):  # stopped with what else this one client asks for
                response.read(chance.randrange(1, 1 << 20))
            self._count("reader who leaves", response.status, frozenset({200, 503}))
            connection.close()
            self._stopping.wait(chance.random() * 0.2)

    def _count(self, kind: str, status: int, expected: frozenset[int]) -> None:
        with self._lock:
            self.counts[f"{kind}: {status}"] += 1
            if status not in expected:
                self.unexpected.append(f"{kind}: {status}")
