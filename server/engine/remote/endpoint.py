"""The remote engine: any SPARQL 1.1 endpoint, given by its URL. See docs/engines.md.

Every query names the release's graphs as its dataset (server/engine/remote/dataset.py), so that whatever else the store
holds, and whatever it takes for its default graph, the answer is over the release and its union default graph.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import (
    Answer,
    Crashed,
    EngineError,
    EngineStatus,
    Job,
    Left,
    QueryFailed,
    QueryRequest,
    QuerySyntax,
    TimedOut,
    Unreachable,
)
from server.engine.limits import EngineLimits
from server.engine.remote.connections import Connections, Endpoint, parse_endpoint
from server.engine.remote.dataset import placed
from server.engine.remote.published import COUNTS, VERSION, counts_of, version_of
from server.engine.remote.refusal import refusal
from server.engine.remote.transfer import Transfer
from server.engine.source import EngineSource, perform

JSON = "application/sparql-results+json"
PROBE_SECONDS = 5.0
PROBE_WAIT = 0.5  # seconds for which status() waits on a probe
PROBE_EVERY = 5.0  # seconds for which the outcome of a probe is believed
EXPLANATION = 4096  # bytes of an error's body that are read


class RemoteEngine:
    """Sends each query to an endpoint and streams its answer; safe for use by many threads."""

    def __init__(self, url: str, release: Release, limits: EngineLimits | None = None) -> None:
        """Nothing is sent yet; ValueError when `url` is not one. At most `limits.workers` queries run at once."""
        limits = limits or EngineLimits()
        self._connections = Connections(parse_endpoint(url), limits.workers, limits.share(limits.workers))
        self._probes = Connections(parse_endpoint(url), 2, 2)
        self._release = release
        self._memory: dict[str, Any] = {}
        self._probe_lock = threading.Lock()
        self._prober: threading.Thread | None = None
        self._probed: tuple[float, str, bool] = (float("-inf"), release.version, False)

    @property
    def release(self) -> str:
        """The version of the release that answers now."""
        return self._release.version

    def query(self, request: QueryRequest) -> Answer:
        """Begin an answer, or raise an EngineError; the first chunk has been received when this returns."""
        default, named = request.default_graphs, request.named_graphs
        if default or named or request.has_dataset:
            return Answer(request.media_type, self._ask(self._connections, request, _parameters(default, named)))
        graphs = tuple(self._release.manifest["graphs"])
        over = placed(request.text, graphs)
        if over is None:
            return Answer(request.media_type, self._ask(self._connections, request, _parameters(graphs, graphs)))
        try:
            return Answer(request.media_type, self._ask(self._connections, replace(request, text=over.text), []))
        except QuerySyntax as error:
            raise over.error(error) from error

    def run(self, job: Job) -> Any:
        """What a function makes of its arguments, here, over what the endpoint answers within the job's time."""
        deadline = time.monotonic() + job.timeout
        return perform(job, EngineSource(self.query, job, lambda: deadline - time.monotonic(), self._memory))

    def switch(self, release: Release) -> None:
        """Answer for another release, which has been published to the endpoint; EngineError when it has not."""
        self._verify(release)
        self._release, self._memory = release, {}

    def status(self) -> EngineStatus:
        """What the engine is doing now; `ready` is at most some seconds old, and False while it is not yet known."""
        return EngineStatus(
            release=self.release,
            storage="remote",
            ready=self._ready(),
            workers=self._connections.limit,
            busy=self._connections.taken,
            queued=0,
            restarts={},
            sandbox="remote: the endpoint decides what its queries may reach",
        )

    def close(self) -> None:
        """Close the kept connections; running answers end by themselves."""
        if self._prober is not None:
            self._prober.join()
        self._connections.close()
        self._probes.close()

    def _ask(self, connections: Connections, request: QueryRequest, dataset: list[tuple[str, str]]) -> Transfer:
        """Send a query and wait for the first bytes of its answer."""
        deadline = time.monotonic() + request.timeout
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": request.media_type}
        body = urlencode([("query", request.text), *dataset]).encode()
        try:
            connection, response = connections.post(body, headers, deadline, request.caller)
        except TimeoutError as error:
            raise TimedOut("The endpoint did not begin an answer before the deadline.") from error
        except (OSError, http.client.HTTPException) as error:
            raise _unreachable(connections.endpoint, error, request.caller) from error
        transfer = Transfer(connections, connection, response, deadline)
        try:
            self._check(response, request.media_type)
            transfer.begin(request.media_type)
        except BaseException as error:
            transfer.close()
            if request.caller.left and isinstance(error, Crashed):
                raise Left(_LEFT) from error
            raise
        return transfer

    def _check(self, response: http.client.HTTPResponse, media_type: str) -> None:
        """Refuse what is no answer, what is one of another kind, and what could be cut off unseen."""
        if response.status != http.client.OK:
            raise refusal(response, response.read(EXPLANATION).decode(errors="replace"))
        answered = response.headers.get_content_type()
        if answered != media_type:
            raise QueryFailed(f"The endpoint answers {answered} when it is asked for {media_type}.")
        if response.headers.get("X-SPARQL-MaxRows"):
            raise QueryFailed(
                "The endpoint cuts off long results (ResultSetMaxRows in virtuoso.ini); remove its limit."
            )
        if response.length is None and not response.chunked:
            raise QueryFailed("The endpoint marks neither the length nor the end of its answer: a cut would go unseen.")

    def _ready(self) -> bool:
        """Whether the endpoint had the release when it was last asked; a slow endpoint does not hold up who asks us."""
        moment, version, ready = self._probed
        if version == self.release and time.monotonic() - moment < PROBE_EVERY:
            return ready
        with self._probe_lock:
            if self._prober is None or not self._prober.is_alive():
                self._prober = threading.Thread(target=self._probe_release, name="endpoint probe", daemon=True)
                self._prober.start()
            prober = self._prober
        prober.join(PROBE_WAIT)
        _, version, ready = self._probed
        return ready and version == self.release

    def _probe_release(self) -> None:
        release = self._release
        try:
            self._verify(release)
            ready = True
        except EngineError:
            ready = False
        self._probed = (time.monotonic(), release.version, ready)

    def _verify(self, release: Release) -> None:
        """See that the endpoint holds this release: by the mark that publishing leaves, or else by its counts."""
        published = version_of(self._probe(VERSION))
        if published == release.version:
            return
        if published is not None or counts_of(self._probe(COUNTS)) != release.manifest["graphs"]:
            raise EngineError(
                f"The endpoint {self._connections.endpoint} holds {published or 'another release or none'}, not "
                f"{release.version}. Run 'registergraf publish --to URL' first."
            )

    def _probe(self, text: str) -> list[dict[str, str]]:
        """The rows of a query over the whole store."""
        answer = b"".join(self._ask(self._probes, QueryRequest(text, JSON, PROBE_SECONDS), []))
        try:
            bindings = json.loads(answer)["results"]["bindings"]
            return [{name: term["value"] for name, term in row.items()} for row in bindings]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QueryFailed("The endpoint does not answer in SPARQL 1.1 results JSON.") from error


_LEFT = "The client left before the answer began."


def _parameters(default: Sequence[str], named: Sequence[str]) -> list[tuple[str, str]]:
    return [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in named]


def _unreachable(endpoint: Endpoint, error: Exception, caller: Caller) -> EngineError:
    if caller.left:
        return Left(_LEFT)
    return Unreachable(
        f"The endpoint {endpoint} cannot be reached: {error or type(error).__name__}. "
        "See that it runs and that --engine names it."
    )
