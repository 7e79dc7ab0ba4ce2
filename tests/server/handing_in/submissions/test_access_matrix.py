"""Who may do what: every route of the app × every role × own and other registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.handing_in.accounts.tokens import make_token
from tests.server.handing_in.submissions.conftest import Person, indicator

ROLES = ("nobody", "stranger", "revoked", "owner", "other", "both", "steward", "operator")

# Open to everyone: a token, good or bad, changes nothing. What they answer is tested where they are.
PUBLIC = {
    ("GET", "/"),
    ("GET", "/.well-known/void"),
    ("GET", "/.well-known/genid/<path:name>"),
    ("GET", "/about"),
    ("GET", "/answers"),
    ("GET", "/check"),
    ("GET", "/check/template"),
    ("POST", "/check"),
    ("GET", "/compare"),
    ("GET", "/exports"),
    ("GET", "/exports/gaps"),
    ("GET", "/exports/csvw/<key>"),
    ("GET", "/exports/void"),
    ("GET", "/catalog"),
    ("GET", "/catalog/se"),
    ("GET", "/dataset/registergraf"),
    ("GET", "/dataset/registergraf/sparql"),
    ("GET", "/service/sparql"),
    ("GET", "/id/not-stated/<name>"),
    ("GET", "/limits"),
    ("GET", "/limits/<key>"),
    ("GET", "/explore"),
    ("GET", "/figures"),
    ("GET", "/figures/<name>"),
    ("GET", "/figures/<name>.svg"),
    ("GET", "/plan"),
    ("GET", "/query"),
    ("GET", "/query/words"),
    ("GET", "/changes.atom"),
    ("GET", "/guides"),
    ("GET", "/guides/<reader>"),
    ("GET", "/api"),
    ("GET", "/question/<path:name>"),
    ("GET", "/releases"),
    ("GET", "/releases/<old>/diff/<new>"),
    ("GET", "/changes"),
    *((method, path) for method in ("GET", "POST") for path in ("/reconcile", "/reconcile/")),
    ("GET", "/reconcile/flyout/<what>"),
    ("GET", "/reconcile/preview"),
    ("GET", "/reconcile/properties"),
    ("GET", "/reconcile/suggest/entity"),
    ("GET", "/reconcile/suggest/property"),
    ("GET", "/reconcile/suggest/type"),
    ("GET", "/request"),
    ("GET", "/rule/<path:name>"),
    ("GET", "/search"),
    ("GET", "/search/suggest"),
    ("GET", "/shapes"),
    ("GET", "/graph/<path:name>"),
    ("GET", "/health"),
    ("GET", "/context.jsonld"),
    ("GET", "/id/<path:name>"),
    ("GET", "/id/scheme/<name>"),
    ("GET", "/metrics"),
    ("GET", "/ns"),
    ("GET", "/ns/<name>"),
    ("GET", "/accessibility"),
    ("GET", "/openapi.json"),
    ("GET", "/rdf-graph-store"),
    ("GET", "/ready"),
    ("GET", "/sparql"),
    ("POST", "/sparql"),
    ("GET", "/static/<path:filename>"),
    ("GET", "/validate"),
    ("POST", "/validate"),
    ("GET", "/validate/rules"),
    ("GET", "/validate/schema"),
}
# What writes to a graph is refused to everyone, with or without a token.
REFUSED = {
    (method, path)
    for method in ("DELETE", "PATCH", "POST", "PUT")
    for path in ("/graph/<path:name>", "/rdf-graph-store")
}


# Open to browsers that have signed in, whatever the header says: test_by_browser.py goes through them by role.
SESSIONS = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/hand-in"),
    ("POST", "/hand-in"),
    ("GET", "/hand-in/<key>"),
    ("GET", "/hand-in/<key>/files/<int:place>"),
    ("POST", "/hand-in/<key>/<any(accept, return, withdraw, reopen, comment):action>"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A route that needs a token: the status for each role in the order of ROLES; `status` the submission's before."""

    method: str
    rule: str
    expected: tuple[int, ...]
    status: str = "received"


#                                                          nobody strang revoke owner other both stewar operat
ROWS = (
    Row("GET", "/submissions", (401, 401, 401, 200, 200, 200, 200, 200)),
    Row("GET", "/submissions?register=swespine", (401, 401, 401, 200, 403, 200, 200, 200)),
    Row("POST", "/submissions", (401, 401, 401, 201, 403, 201, 403, 403)),
    Row("GET", "/submissions/<key>", (401, 401, 401, 200, 403, 200, 200, 200)),
    Row("GET", "/submissions/<key>/report", (401, 401, 401, 200, 403, 200, 200, 403)),
    Row("GET", "/submissions/<key>/preview", (401, 401, 401, 200, 403, 200, 200, 403)),
    Row("GET", "/submissions/<key>/files/<int:place>", (401, 401, 401, 200, 403, 200, 200, 403)),
    Row("POST", "/submissions/<key>/accept", (401, 401, 401, 403, 403, 403, 200, 403)),
    Row("POST", "/submissions/<key>/return", (401, 401, 401, 403, 403, 403, 200, 403)),
    Row("POST", "/submissions/<key>/withdraw", (401, 401, 401, 200, 403, 200, 200, 403)),
    Row("POST", "/submissions/<key>/reopen", (401, 401, 401, 200, 403, 200, 200, 403), status="withdrawn"),
    Row("POST", "/submissions/<key>/comment", (401, 401, 401, 200, 403, 200, 200, 403)),
    Row("GET", "/audit", (401, 401, 401, 403, 403, 403, 403, 200)),
)


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and path of the app; the actions on a submission are taken apart, lists of pages are one."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if "<any(" not in rule.rule or not rule.rule.startswith("/submissions"):
                yield method, rule.rule
                continue
            before, _, rest = rule.rule.partition("<any(")
            for action in rest.partition(")")[0].split(", "):
                yield method, before + action


def test_every_route_has_its_row(holders_app: Flask) -> None:
    tabled = {(row.method, row.rule.partition("?")[0]) for row in ROWS}
    found = set(routes(holders_app))
    lists = {(method, path) for method, path in found if method == "GET" and "<any(" in path}
    assert len(lists) == 7
    assert found - tabled - PUBLIC - REFUSED - SESSIONS - lists == set()
    assert SESSIONS - found == set()
    assert tabled - found == set()
    assert PUBLIC - found == set()


@pytest.fixture
def people(person: Callable[..., Person], holders_app: Flask) -> dict[str, Person]:
    revoked = person("gone", "holder:swespine", "steward", "operator")
    from server.handing_in.submissions.service import SubmissionService

    service: SubmissionService = holders_app.extensions["registergraf-submissions"]
    service.state.accounts.revoke("gone", actor="console")
    return {
        "nobody": person("nobody"),
        "stranger": Person(holders_app.test_client(), "stranger", make_token().text()),
        "revoked": revoked,
        "owner": person("owner", "holder:swespine"),
        "other": person("other", "holder:riksstroke"),
        "both": person("both", "holder:swespine", "holder:riksstroke"),
        "steward": person("steward", "steward"),
        "operator": person("operator", "operator"),
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.rule}")
def test_each_role(row: Row, people: dict[str, Person]) -> None:
    given = {}
    for number, role in enumerate(ROLES):
        key = people["owner"].key(indicator(f"i{number}", label=f"{row.rule}{number}"), supersedes="none")
        if row.status == "withdrawn":
            assert people["owner"].post(f"/submissions/{key}/withdraw").status_code == 200
        given[role] = ask(people[role], row, key, number)
    assert {role: answer.status_code for role, answer in given.items()} == dict(zip(ROLES, row.expected, strict=True))
    for answer in given.values():
        check_refusal(answer)


def ask(person: Person, row: Row, key: str, number: int) -> TestResponse:
    path = row.rule.replace("<key>", key).replace("<int:place>", "0")
    if row.method == "GET":
        return person.get(path)
    if path == "/submissions":
        return person.hand_in(indicator(f"new{number}"))
    return person.post(path, data={"comment": "Därför."})


def check_refusal(answer: TestResponse) -> None:
    """A refusal is a problem in both languages, says how to get in, and is kept by no cache."""
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code in (401, 403):
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["detail_sv"]
        assert ("WWW-Authenticate" in answer.headers) == (answer.status_code == 401)


def test_a_refusal_names_the_register(people: dict[str, Person]) -> None:
    answer = people["other"].hand_in(indicator("i9", "swespine"))
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["registers"] == ["swespine"]
    assert "swespine" in answer.json["detail"]


def test_what_belongs_to_another_cannot_be_claimed(people: dict[str, Person]) -> None:
    """i1 is Swespine's in the release: to say that it is Riksstroke's touches both."""
    answer = people["other"].hand_in(indicator("i1", "riksstroke"))
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["registers"] == ["swespine"]
    assert people["both"].hand_in(indicator("i1", "riksstroke")).status_code == 201


@pytest.mark.parametrize(
    "statement",
    [
        b'rg:Indicator skos:prefLabel "Annat"@sv .',
        b'<https://w3id.org/registergraf/shapes#Indicator> skos:prefLabel "Annat"@sv .',
        b'<https://w3id.org/registergraf/id/variable/boendeform> skos:prefLabel "Annat"@sv .',
        b'<https://w3id.org/registergraf/id/target-group/new> a skos:Concept ; skos:prefLabel "Ny"@sv .',
    ],
)
def test_what_everyone_shares_cannot_be_described_anew(people: dict[str, Person], statement: bytes) -> None:
    answer = people["owner"].hand_in(indicator("i9") + statement)
    assert answer.status_code == 403
    assert answer.json is not None
    assert len(answer.json["things"]) == 1


def test_another_register_may_be_referred_to(people: dict[str, Person]) -> None:
    about = b"indicator:i9 skos:related indicator:i1 ; skos:closeMatch register:riksstroke ."
    assert people["owner"].hand_in(indicator("i9") + about).status_code == 201


def test_a_register_that_is_declared_must_be_held(people: dict[str, Person]) -> None:
    assert people["owner"].hand_in(indicator("i9"), register="riksstroke").status_code == 403


def test_no_one_learns_of_a_submission_by_handing_in_the_same_file(people: dict[str, Person]) -> None:
    people["owner"].key(indicator("i9"))
    assert people["other"].hand_in(indicator("i9")).status_code == 403


def test_wrong_tokens_make_an_address_wait_and_a_right_one_is_let_in(people: dict[str, Person]) -> None:
    """A slow machine gives back a try every six seconds meanwhile, so that it may take some more."""
    answers = [people["stranger"].get("/submissions")]
    while answers[-1].status_code == 401 and len(answers) < 60:
        answers.append(people["stranger"].get("/submissions"))
    assert [answer.status_code for answer in answers[:11]] == [401] * 11
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert people["owner"].get("/submissions").status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Basic cmc6eA==", "Bearer a b", "rg_000000000000_" + "A" * 43])
def test_odd_headers_are_no_token(people: dict[str, Person], header: str) -> None:
    answer = people["nobody"].client.get("/submissions", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/submissions/none", "/submissions/none/report", "/submissions/none/files/0"])
def test_unknown_submissions(people: dict[str, Person], path: str) -> None:
    assert people["steward"].get(path).status_code == 404
    assert people["nobody"].get(path).status_code == 401
