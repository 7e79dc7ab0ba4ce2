"""The Flask application, put together from its blueprints."""

from __future__ import annotations

import logging
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, request

from loader.release.manifest import Release, current_release
from server.engine.interface import Engine
from server.engine.opened import open_engine
from server.handing_in import validation
from server.handing_in.checks.asking import init_checks
from server.handing_in.state.errors import StorageError
from server.handing_in.submissions import routes as submissions
from server.handing_in.submissions.service import init_submission_service
from server.operations import health
from server.pages import exported, finding, openapi, static_files
from server.pages import query_pages as pages
from server.pages.answers import routes as answers
from server.pages.checking import routes as checking
from server.pages.compare import routes as compare
from server.pages.editor import routes as editor
from server.pages.feeds import routes as feeds
from server.pages.figures import routes as figures
from server.pages.frame import init_frame
from server.pages.front import about, guides, start
from server.pages.handing import routes as handing
from server.pages.handing import signing, submission
from server.pages.limits import routes as limits
from server.pages.lists import routes as lists
from server.pages.plans import routes as plans
from server.pages.releases import routes as releases
from server.pages.requests import routes as requests
from server.pages.things import context, schemes, vocabulary
from server.pages.things import routes as things
from server.pages.things.graphs import graph_page
from server.query import graph_store, sparql, void
from server.query.answering import Answering, SlowLog
from server.query.browser_pages import Pages, init_pages
from server.reconcile import routes as reconcile
from server.service import Service, current_service, init_service
from server.settings import Settings
from server.web import access
from server.web.admission import RateLimit
from server.web.asgi.environ import REQUEST_ID
from server.web.cache import AnswerCache
from server.web.metrics import Metrics
from server.web.problem import as_problem, problem_response

BLUEPRINTS = (
    sparql.blueprint,
    graph_store.blueprint,
    things.blueprint,
    vocabulary.blueprint,
    context.blueprint,
    schemes.blueprint,
    void.blueprint,
    health.blueprint,
    openapi.blueprint,
    submissions.blueprint,
    validation.blueprint,
    pages.blueprint,
    editor.blueprint,
    start.blueprint,
    answers.blueprint,
    lists.blueprint,
    compare.blueprint,
    figures.blueprint,
    feeds.blueprint,
    finding.blueprint,
    plans.blueprint,
    requests.blueprint,
    releases.blueprint,
    limits.blueprint,
    checking.blueprint,
    signing.blueprint,
    handing.blueprint,
    submission.blueprint,
    exported.blueprint,
    about.blueprint,
    reconcile.blueprint,
    guides.blueprint,
    static_files.blueprint,
)
_log = logging.getLogger("registergraf")


def create_app(settings: Settings, engine: Engine | None = None, release: Release | None = None) -> Flask:
    """The site over a release; without `engine` and `release`, those that the settings name.

    Raises ReleaseError when there is no release, and what the engine raises when it cannot start.
    """
    release = release or current_release(settings.releases)
    engine = engine or open_engine(settings, release)
    app = Flask(__name__, template_folder="pages/templates", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_bytes
    service = _service(settings, engine, release)
    init_service(app, service)
    init_checks(app, settings)
    init_submission_service(app, settings)
    access.init_access(app, service)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(Exception, _handle)
    init_pages(app, Pages(pages.form_page, pages.result_page, graph_page))
    init_frame(app)
    return app


def _service(settings: Settings, engine: Engine, release: Release) -> Service:
    metrics = Metrics()
    cache = AnswerCache(settings.cache_mb * 1_048_576, settings.cache_entry_kb * 1024)
    metrics.watch(engine.status, cache.figures)
    answering = Answering(engine, metrics, SlowLog(settings.slow_log, settings.slow_seconds))
    limit = RateLimit(settings.rate_per_minute / 60, settings.rate_burst, settings.rate_clients)
    return Service(settings, engine, answering, metrics, cache, limit, release, _questions())


def _questions() -> Path:
    """The folder with the example queries: in the wheel's resources, or beside the packages in a working copy."""
    packed = Path(str(files("loader"))) / "resources" / "ontology" / "questions"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "ontology" / "questions"


def _handle(error: Exception) -> Response:
    """The one place where exceptions become responses; only bugs are logged with their trace."""
    problem = as_problem(error)
    name = request.environ.get(REQUEST_ID, "")
    if name:
        problem.members["request"] = name
    if problem.limit:
        current_service().metrics.refused.labels(problem.limit).inc()
    if problem.status == 500:
        _log.error("%s %s failed (request %s)", request.method, request.path, name, exc_info=error)
    if isinstance(error, StorageError):
        _log.error("%s %s (request %s): %s", request.method, request.path, name, error)
    if pages.wants_page():
        return pages.problem_page(problem)
    return problem_response(problem)
