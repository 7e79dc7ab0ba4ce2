"""The service where submissions are handed in: what its routes need, built once per app."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app

from server.handing_in.accounts.cookies import in_head
from server.handing_in.accounts.identify import Gatekeeper
from server.handing_in.accounts.sessions import Sessions
from server.handing_in.checks.asking import checks_of
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import State, open_state
from server.handing_in.state.orphans import sweep
from server.handing_in.submissions.checking import Checker, checked_by, rehearsed_by
from server.handing_in.submissions.intake import Intake, not_held
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.lookup import site_lookup
from server.handing_in.submissions.rehearsing import Rehearsal
from server.service import current_service
from server.settings import Settings
from server.web.problem import Problem

_KEY = "registergraf-submissions"
UPLOADS, PAGE = "/submissions", "/hand-in"
_SMALL = 65_536  # bytes of a form without files, which a page of its own answers


@dataclass(frozen=True, slots=True)
class SubmissionService:
    """The state behind the routes, who may come to them, and what checks the files."""

    state: State
    submissions: Submissions
    gatekeeper: Gatekeeper
    checker: Checker
    rehearsal: Rehearsal
    sessions: Sessions

    def judge_head(self, scope: Mapping[str, Any], headers: Mapping[str, str], client: str) -> Problem | None:
        """The Problem of a request before its body is read, None to let it in: files come only with the token of an
        account that holds a register, or from a browser that is signed in.
        """
        if scope["path"] == PAGE and scope["method"] == "POST":
            return None if self._may_bring(headers) else not_signed_in()
        if scope["path"] != UPLOADS or scope["method"] != "POST":
            return None
        try:
            account = self.gatekeeper.account(headers.get("authorization", ""), client)
        except Problem as problem:
            return problem
        return None if account.registers else not_held(())

    def _may_bring(self, headers: Mapping[str, str]) -> bool:
        length = headers.get("content-length", "")
        small = length.isdecimal() and int(length) <= _SMALL
        return small or self.sessions.find(in_head(headers)) is not None

    def intake(self) -> Intake:
        """The intake of submissions against the release that is served now."""
        site = current_service()
        return Intake(
            self.submissions,
            self.state.blobs,
            self.checker,
            site_lookup(site),
            site.release,
            self.rehearsal,
            site.settings.account_megabytes * 1_000_000,
        )


def init_submission_service(
    app: Flask, settings: Settings, checker: Checker | None = None, rehearsal: Rehearsal | None = None
) -> None:
    """Give an app that has its checks its service; nothing is made on disk before something is stored.

    Kept files that nothing names are removed.
    """
    state = open_state(settings)
    gatekeeper = Gatekeeper(
        state.accounts, failures_per_minute=settings.auth_failures, trusted_proxies=settings.trusted_proxies
    )
    service = SubmissionService(
        state,
        Submissions(state.database),
        gatekeeper,
        checker or checked_by(checks_of(app)),
        rehearsal or rehearsed_by(checks_of(app)),
        Sessions(state.accounts.authenticate, settings.session_minutes),
    )
    app.extensions[_KEY] = service
    with suppress(StorageError):  # a state that cannot be read is told where it is asked
        sweep(state.folder, state.database)


def submission_service_of(app: Flask) -> SubmissionService:
    """The service of an app, outside of a request."""
    return cast(SubmissionService, app.extensions[_KEY])


def submission_service() -> SubmissionService:
    """The service of the app that handles this request."""
    return cast(SubmissionService, current_app.extensions[_KEY])


def not_signed_in() -> Problem:
    """401 for a browser whose session has ended."""
    return Problem(
        "unauthorized",
        "Sign in first, at /sign-in: the session has ended.",
        "Logga in först, på /sign-in: passet är slut.",
    )
