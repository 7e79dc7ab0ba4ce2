"""/sign-in and /sign-out: a token in a form becomes a session; the forms of a session prove where they come from."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any

from flask import Blueprint, Response, redirect, request

from server.handing_in.accounts.cookies import FORM, SESSION, forget, keep, kept
from server.handing_in.accounts.sessions import Session
from server.handing_in.accounts.tokens import read_token
from server.handing_in.submissions.service import submission_service
from server.pages.frame import HTML_TYPE, render
from server.pages.links import to
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.service import current_service
from server.web.access import client_address
from server.web.problem import Problem

blueprint = Blueprint("signing", __name__)
HOME = "/hand-in"
_OURS = re.compile(r"/hand-in(?:/[a-z0-9]+)?")
_FORM_SECONDS = 3600


@blueprint.get("/sign-in")
def form() -> Response:
    """The form; whoever is signed in already goes on."""
    if session() is not None:
        return see_other(_next(request.args.get("next", "")))
    return _page(200)


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Begin a session for a right token: 303. A wrong one is counted as one in a header: 401, 429."""
    site, service = current_service(), submission_service()
    given, own = request.form.get("proof", ""), kept(FORM, site.settings)
    if not own or not hmac.compare_digest(given.encode("utf-8", "replace"), own.encode()):
        return _page(400, _("The form had been open for too long. Try again."))
    text = request.form.get("token", "").strip()
    try:
        service.gatekeeper.account(f"Bearer {text}", client_address(site.settings.trusted_proxies))
    except Problem as problem:
        return _page(problem.status, _refused(problem), problem.headers)
    token = read_token(text)
    if token is None:
        return _page(401, _refused(None))
    response = see_other(_next(request.form.get("next", "")))
    keep(response, SESSION, service.sessions.begin(token), site.settings, service.sessions.seconds)
    forget(response, FORM, site.settings)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    site = current_service()
    if session() is not None:
        prove(must_be_signed_in())
        submission_service().sessions.end(kept(SESSION, site.settings))
    response = see_other(to("/sign-in"))
    forget(response, SESSION, site.settings)
    return response


def session() -> Session | None:
    """The session of the browser that asks."""
    return submission_service().sessions.find(kept(SESSION, current_service().settings))


def must_be_signed_in() -> Session:
    """The session; Problem unauthorized (401) when there is none."""
    found = session()
    if found is None:
        raise Problem("unauthorized", "Sign in first.", "Logga in först.")
    return found


def prove(found: Session) -> None:
    """Problem forbidden (403) for a form that was not made for who is signed in."""
    if not found.proven(request.form.get("proof", "")):
        raise Problem(
            "forbidden",
            "The form was not made for who is signed in. Go back, load the page anew, and try again.",
            "Formuläret gjordes inte för den som är inloggad. Gå tillbaka, ladda om sidan och försök igen.",
        )


def see_other(address: str) -> Response:
    """303, kept by no cache."""
    response = redirect(address, 303, Response=Response)
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # Flask types it as werkzeug's


def private_page(template: str, status: int, **values: Any) -> Response:
    """A page that no cache keeps, and that tells no other site where its reader came from."""
    body = render(template, current_service(), spoken=spoken(), **values)
    return Response(body, status, {"Cache-Control": "no-store"}, content_type=HTML_TYPE)


def _next(path: str) -> str:
    """Where to go on: a page of ours below /hand-in, nothing else."""
    return to(path if _OURS.fullmatch(path) else HOME)


def _refused(problem: Problem | None) -> str:
    if problem is not None and problem.status == 429:
        return problem.sv if spoken() == "sv" else problem.en
    return _("The token is not valid here, or no longer.")


def _page(status: int, wrong: str = "", headers: dict[str, str] | None = None) -> Response:
    """The form with a proof of its own, which a cookie holds too, so that no other site can sign somebody in."""
    site = current_service()
    proof = kept(FORM, site.settings) or secrets.token_urlsafe(32)
    onward = request.values.get("next", "")
    crumbs = [(_("Check"), to("/check")), (_("Sign in"), "")]
    given = {"proof": proof, "wrong": wrong, "next": onward if _OURS.fullmatch(onward) else "", "crumbs": crumbs}
    response = private_page("sign-in.html", status, **given)
    for name, value in (headers or {}).items():
        if name != "WWW-Authenticate":
            response.headers[name] = value
    keep(response, FORM, proof, site.settings, _FORM_SECONDS)
    return response
