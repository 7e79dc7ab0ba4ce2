"""For those who run the server: /health (it lives), /ready (it answers), /metrics (Prometheus)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.service import current_service
from server.web.metrics import CONTENT_TYPE
from server.web.problem import Problem

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 as long as the web process runs; says nothing of the engine."""
    return _fresh(jsonify(status="ok"))


@blueprint.get("/ready")
def ready() -> Response:
    """200 with the release when the engine answers queries, else 503."""
    status = current_service().engine.status()
    if not status.ready:
        raise Problem(
            "not-ready", "The engine does not answer yet.", "Frågemotorn svarar inte än.", headers={"Retry-After": "1"}
        )
    return _fresh(jsonify(status="ready", release=status.release, storage=status.storage, sandbox=status.sandbox))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters in Prometheus' text format."""
    return _fresh(Response(current_service().metrics.text(), content_type=CONTENT_TYPE))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
