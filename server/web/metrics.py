"""What the server counts for Prometheus: queries by form and outcome, their latency, the engine's state, the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.engine.interface import EngineStatus

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


# What a Problem may name as the limit that was reached; docs/operations.md says what each means.
LIMITS = ("rate", "failures", "connections", "requests", "bodies", "texts", "body-size", "workers", "checks", "quota")


class Metrics:
    """One server's counters, in a registry of its own, so that several apps in one process do not mix."""

    def __init__(self) -> None:
        """Make the counters that the web tier raises itself."""
        self.registry = CollectorRegistry()
        self.queries = Counter(
            "registergraf_queries", "Queries by form and outcome.", ["form", "outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "registergraf_query_seconds",
            "Seconds from question to last byte.",
            ["form"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.refused = Counter(
            "registergraf_refused",
            "Requests refused, by the limit that was reached.",
            ["limit"],
            registry=self.registry,
        )
        for limit in LIMITS:
            self.refused.labels(limit)
        self.switches = Counter("registergraf_release_switches", "Switches to another release.", registry=self.registry)

        self._children: dict[tuple[str, str], tuple[Counter, Histogram]] = {}

    def note(self, form: str, outcome: str, seconds: float) -> None:
        """Count a query that has ended."""
        children = self._children.get((form, outcome))
        if children is None:
            children = self.queries.labels(form, outcome), self.seconds.labels(form)
            self._children[form, outcome] = children
        children[0].inc()
        children[1].observe(seconds)

    def watch(self, status: Callable[[], EngineStatus], cache: Callable[[], tuple[int, int, int, int]]) -> None:
        """Also report an engine's status and a cache's (hits, misses, entries, bytes), read at each scrape."""
        self.registry.register(_Watched(status, cache))

    def count_waiting_checks(self, waiting: Callable[[], int]) -> None:
        """Also report how many requests wait for a place to check files, read at each scrape."""
        gauge = Gauge("registergraf_checks_waiting", "Requests that wait for a check.", registry=self.registry)
        gauge.set_function(waiting)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Watched(Collector):
    """Reads engine and cache when Prometheus asks."""

    def __init__(self, status: Callable[[], EngineStatus], cache: Callable[[], tuple[int, int, int, int]]) -> None:
        self._status = status
        self._cache = cache

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        status = self._status()
        yield GaugeMetricFamily("registergraf_engine_ready", "1 when the engine answers.", value=float(status.ready))
        yield GaugeMetricFamily("registergraf_engine_workers", "Query workers alive.", value=status.workers)
        yield GaugeMetricFamily("registergraf_engine_busy", "Queries that run now.", value=status.busy)
        yield GaugeMetricFamily("registergraf_engine_queued", "Queries that wait for a worker.", value=status.queued)
        restarts = CounterMetricFamily(
            "registergraf_worker_restarts", "Ended query workers by reason.", labels=["reason"]
        )
        for reason, count in sorted(status.restarts.items()):
            restarts.add_metric([reason], count)
        yield restarts
        info = GaugeMetricFamily(
            "registergraf_release", "The release that answers.", labels=["version", "storage", "sandbox"]
        )
        info.add_metric([status.release, status.storage, status.sandbox], 1)
        yield info
        hits, misses, entries, size = self._cache()
        yield CounterMetricFamily("registergraf_cache_hits", "Answers from the cache.", value=hits)
        yield CounterMetricFamily(
            "registergraf_cache_misses", "Look-ups in the cache that found nothing.", value=misses
        )
        yield GaugeMetricFamily("registergraf_cache_entries", "Answers in the cache.", value=entries)
        yield GaugeMetricFamily("registergraf_cache_bytes", "Bytes in the cache.", value=size)
