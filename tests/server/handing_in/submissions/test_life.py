"""The life of a submission: handed in, decided on, superseded, withdrawn, taken up again."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from loader.model import iris
from server.handing_in.checks.runner import (
    CheckCrashed,
    CheckFailed,
    CheckRunner,
    CheckTimedOut,
    CheckTooLarge,
)
from server.handing_in.state.kept import State
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.service import init_submission_service
from server.handing_in.validation import OFFERS
from server.service import service_of
from server.settings import Settings
from tests.server.conftest import LABEL, write_release
from tests.server.handing_in.submissions.conftest import Person, faulty, indicator, plain_check, plain_rehearsal


def statuses(person: Person) -> dict[str, str]:
    found: Any = person.get("/submissions").json
    return {item["id"]: item["status"] for item in found["submissions"]}


def history(person: Person, key: str) -> list[tuple[str, str]]:
    found: Any = person.get(f"/submissions/{key}").json
    return [(step["action"], step["status"]) for step in found["history"]]


def test_what_was_sent_is_kept_byte_for_byte(holder: Person, state: State) -> None:
    data = indicator("i9") + b"# \xc3\xa5\r\n"
    answer = holder.hand_in(data, name="../../etc/pass wd.ttl")
    assert answer.status_code == 201
    body: Any = answer.json
    assert answer.headers["Location"] == f"/submissions/{body['id']}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (body["status"], body["registers"], body["kind"]) == ("received", ["swespine"], "indicators")
    file = holder.get(body["files"][0]["href"])
    assert file.data == data
    assert body["files"][0]["name"] == "pass wd.ttl"
    assert file.headers["Content-Disposition"] == 'attachment; filename="pass wd.ttl"'
    assert holder.get(body["report"]).json["findings"] == []  # type: ignore[index]
    assert {path.name for path in state.folder.iterdir()} == {"registergraf.sqlite3", "audit.witness", "blobs"}


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("dated-statement/{}.start-year.1", "rdf:subject"),
        ("volume/{}.1", "dqv:computedOn"),
        ("register-event/{}.1", "rg:eventOf"),
    ],
)
def test_what_is_stated_of_a_register_is_its_holders(holder: Person, path: str, owner: str) -> None:
    """Its profile, its volumes and what happened to it: of its own register, and of no other."""

    def stated(register: str) -> bytes:
        thing, name = iris.thing(path.format(register)), iris.expand(owner)
        return f'<{thing}> <{name}> <{iris.thing(f"register/{register}")}> ; <{LABEL}> "x"@sv .'.encode()

    assert holder.hand_in(stated("swespine"), name="one.ttl").status_code == 201
    assert holder.hand_in(stated("rikshoft"), name="one.ttl").status_code == 403


def test_a_form_with_several_files(holder: Person) -> None:
    files = [(io.BytesIO(indicator(name)), f"{name}.ttl") for name in ("a", "b")]
    answer = holder.post(
        "/submissions", data={"file": files, "register": "swespine"}, content_type="multipart/form-data"
    )
    assert answer.status_code == 201
    body: Any = answer.json
    assert [file["name"] for file in body["files"]] == ["a.ttl", "b.ttl"]
    assert body["options"] == {"register": "swespine"}


def test_the_same_file_twice_is_the_same_submission(holder: Person, state: State) -> None:
    first = holder.hand_in(indicator("i9"), name="one.ttl")
    second = holder.hand_in(indicator("i9"), name="one.ttl", profile="registergraf", list="part")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(Submissions(state.database).listed(None)) == 1
    assert history(holder, first.json["id"]) == [("received", "received")]  # type: ignore[index]


def test_another_name_or_option_is_another_submission(holder: Person) -> None:
    first = holder.key(indicator("i9"), name="one.ttl")
    second = holder.key(indicator("i9"), name="two.ttl")
    third = holder.key(indicator("i9"), name="two.ttl", supersedes=first)
    fourth = holder.key(indicator("i9"), name="two.ttl", list="whole")
    assert len({first, second, third, fourth}) == 4
    assert statuses(holder)[first] == "superseded"


def test_the_same_file_at_the_same_time_is_the_same_submission(holder: Person, state: State) -> None:
    codes: list[int] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        codes.append(holder.hand_in(indicator("i9")).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] * 7 + [201]
    assert len(Submissions(state.database).listed(None)) == 1


def test_another_option_makes_another_submission(holder: Person) -> None:
    mapping = json.dumps({"Namn": "label_sv"})
    assert holder.key(indicator("i9")) != holder.key(indicator("i9"), mapping=mapping)


def test_a_faulty_file_is_kept_with_its_report_and_cannot_be_accepted(holder: Person, steward: Person) -> None:
    key = holder.key(faulty("i9"))
    body: Any = holder.get(f"/submissions/{key}").json
    assert (body["status"], body["conforms"]) == ("needs-correction", False)
    report: Any = holder.get(f"/submissions/{key}/report").json
    assert [finding["rule"] for finding in report["findings"]] == ["name"]
    refused = steward.post(f"/submissions/{key}/accept")
    assert refused.status_code == 409
    assert "needs-correction" in refused.json["detail"]  # type: ignore[index]


def test_an_unreadable_file_is_kept_for_the_only_register(holder: Person) -> None:
    body: Any = holder.hand_in(b"this is no Turtle").json
    assert (body["status"], body["registers"], body["kind"]) == ("needs-correction", ["swespine"], "other")


def test_with_two_registers_an_unreadable_file_must_say_which(person: Callable[..., Person]) -> None:
    both = person("both", "holder:swespine", "holder:riksstroke")
    asked = both.hand_in(b"this is no Turtle")
    assert asked.status_code == 422
    assert asked.json["registers"] == ["riksstroke", "swespine"]  # type: ignore[index]
    assert both.hand_in(b"this is no Turtle", register="riksstroke").status_code == 201


def test_a_steward_accepts(holder: Person, steward: Person, state: State) -> None:
    key = holder.key(indicator("i9"))
    done: Any = steward.post(f"/submissions/{key}/accept", json={"comment": "Bra."}).json
    assert (done["status"], done["decided_by"]) == ("accepted", "stewards")
    accepted = Submissions(state.database).accepted()
    assert [item.key for item in accepted] == [key]
    with state.database.reading() as connection:
        proof = connection.execute("SELECT hash FROM audit WHERE action = 'submission-accept'").fetchone()[0]
    assert accepted[0].proof == proof


def test_nobody_accepts_what_the_own_account_handed_in(person: Callable[..., Person]) -> None:
    both = person("both", "holder:swespine", "steward")
    key = both.key(indicator("i9"))
    assert both.post(f"/submissions/{key}/accept").status_code == 403
    assert person("other", "steward").post(f"/submissions/{key}/accept").status_code == 200


def test_a_steward_returns_with_a_comment(holder: Person, steward: Person) -> None:
    key = holder.key(indicator("i9"))
    assert steward.post(f"/submissions/{key}/return").status_code == 400
    assert steward.post(f"/submissions/{key}/return", data={"comment": "Vilket år?"}).status_code == 200
    body: Any = holder.get(f"/submissions/{key}").json
    assert body["status"] == "returned"
    assert body["history"][-1]["comment"] == "Vilket år?"


def test_what_is_said_beside_the_files_is_kept_once(holder: Person) -> None:
    """In a form or behind the address; a repeated request says nothing twice, and a telephone number stops it."""
    key = holder.key(indicator("i9"), comment="Årets mått.")
    for _ in range(2):
        assert holder.hand_in(indicator("i9"), comment="Rättat.").status_code == 200
    body: Any = holder.get(f"/submissions/{key}").json
    steps = [(step["action"], step["comment"]) for step in body["history"]]
    assert steps == [("received", ""), ("commented", "Årets mått."), ("commented", "Rättat.")]
    assert holder.hand_in(indicator("i8"), comment="Ring 070-174 06 05").status_code == 422
    files = {"file": (io.BytesIO(indicator("i8")), "x.ttl"), "comment": "I ett formulär."}
    sent: Any = holder.post("/submissions", data=files, content_type="multipart/form-data")
    assert (sent.status_code, sent.json["history"][-1]["comment"]) == (201, "I ett formulär.")


def test_a_new_version_takes_the_place_of_a_waiting_one_at_once(holder: Person) -> None:
    old = holder.key(indicator("i9", label="Gammal"))
    new = holder.key(indicator("i9", label="Ny"))
    assert statuses(holder) == {old: "superseded", new: "received"}
    body: Any = holder.get(f"/submissions/{new}").json
    assert body["supersedes"] == old


def test_an_accepted_version_stays_until_the_new_one_is_accepted(holder: Person, steward: Person) -> None:
    first = holder.key(indicator("i9", label="Ett"))
    steward.post(f"/submissions/{first}/accept")
    second, third = holder.key(indicator("i9", label="Två")), holder.key(indicator("i9", label="Tre"))
    assert statuses(holder) == {first: "accepted", second: "superseded", third: "received"}
    steward.post(f"/submissions/{third}/accept")
    assert statuses(holder) == {first: "superseded", second: "superseded", third: "accepted"}
    assert history(holder, first) == [("received", "received"), ("accept", "accepted"), ("superseded", "superseded")]


def test_a_faulty_version_leaves_the_waiting_one_in_place(holder: Person) -> None:
    good, bad = holder.key(indicator("i9")), holder.key(faulty("i9"))
    assert statuses(holder) == {good: "received", bad: "needs-correction"}


def test_other_registers_and_kinds_are_left_alone(person: Callable[..., Person]) -> None:
    both = person("both", "holder:swespine", "holder:riksstroke")
    one, two = both.key(indicator("i9")), both.key(indicator("i8", "riksstroke"))
    assert statuses(both) == {one: "received", two: "received"}


def test_it_can_be_said_what_is_superseded(holder: Person) -> None:
    first = holder.key(indicator("i8"))
    beside = holder.key(indicator("i9"), supersedes="none")
    assert statuses(holder) == {first: "received", beside: "received"}
    last = holder.key(indicator("i8", label="Ny"), supersedes=first)
    assert statuses(holder) == {first: "superseded", beside: "received", last: "received"}
    assert holder.hand_in(indicator("i7"), supersedes="no-such").status_code == 404


def test_nobody_supersedes_what_is_about_other_registers(person: Callable[..., Person], holder: Person) -> None:
    key = holder.key(indicator("i9"))
    other = person("riksstroke-office", "holder:riksstroke")
    assert other.hand_in(indicator("i8", "riksstroke"), supersedes=key).status_code == 409
    assert statuses(holder) == {key: "received"}


def test_a_holder_withdraws_and_takes_up_again(holder: Person, steward: Person, state: State) -> None:
    key = holder.key(indicator("i9"))
    steward.post(f"/submissions/{key}/accept")
    assert holder.post(f"/submissions/{key}/withdraw", data={"comment": "Fel fil"}).status_code == 200
    assert Submissions(state.database).accepted() == []
    assert holder.get(f"/submissions/{key}/report").status_code == 200
    assert holder.hand_in(indicator("i9")).status_code == 200
    assert statuses(holder) == {key: "withdrawn"}
    assert holder.post(f"/submissions/{key}/reopen").status_code == 200
    assert [action for action, _ in history(holder, key)] == ["received", "accept", "withdraw", "reopened"]
    assert statuses(holder) == {key: "received"}


def test_one_that_is_taken_up_again_supersedes_what_came_after_it(holder: Person, steward: Person) -> None:
    old = holder.key(indicator("i9", label="Gammal"))
    new = holder.key(indicator("i9", label="Ny"))
    steward.post(f"/submissions/{new}/accept")
    assert holder.post(f"/submissions/{old}/reopen").status_code == 200
    assert statuses(holder) == {old: "received", new: "accepted"}
    steward.post(f"/submissions/{old}/accept")
    assert statuses(holder) == {old: "accepted", new: "superseded"}


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ([], "reopen"),
        (["accept"], "accept"),
        (["accept"], "return"),
        (["accept"], "reopen"),
        (["withdraw"], "accept"),
        (["withdraw"], "withdraw"),
        (["return"], "accept"),
    ],
)
def test_what_a_status_does_not_allow_is_a_conflict(
    holder: Person, person: Callable[..., Person], done: list[str], asked: str
) -> None:
    both = person("stewards", "steward", "holder:swespine")
    key = holder.key(indicator("i9"))
    for action in done:
        assert both.post(f"/submissions/{key}/{action}", data={"comment": "."}).status_code == 200
    refused = both.post(f"/submissions/{key}/{asked}", data={"comment": "."})
    assert refused.status_code == 409
    assert refused.json["type"].endswith("/problem/conflict")  # type: ignore[index]


@pytest.fixture
def next_release(holders_app: Flask, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Have the site answer from another release."""
    site = service_of(holders_app)
    first = site.release

    def switch() -> None:
        site.switch(write_release(tmp_path / "next", "0.1.0-bbbbbbbbbbbb", extra=1))

    yield switch
    site.switch(first)


def test_what_was_checked_against_an_older_release_is_checked_again(
    holder: Person, steward: Person, next_release: Callable[[], None]
) -> None:
    key = holder.key(indicator("i9"))
    next_release()
    done: Any = steward.post(f"/submissions/{key}/accept").json
    assert (done["status"], done["checked_against"]) == ("accepted", "0.1.0-bbbbbbbbbbbb")
    assert [action for action, _ in history(holder, key)] == ["received", "rechecked", "accept"]


def test_what_no_longer_conforms_is_not_accepted(
    holder: Person, steward: Person, next_release: Callable[[], None], holders_app: Flask, kept_settings: Settings
) -> None:
    key = holder.key(indicator("i9"))
    next_release()
    init_submission_service(
        holders_app,
        kept_settings,
        lambda uploads, release, how: replace(plain_check(uploads, release, how), conforms=False),
        plain_rehearsal,
    )
    refused = steward.post(f"/submissions/{key}/accept")
    assert refused.status_code == 409
    assert "no longer conform" in refused.json["detail"]  # type: ignore[index]
    assert statuses(holder) == {key: "needs-correction"}


def test_lists_are_narrowed_and_paged(holder: Person) -> None:
    keys = sorted(holder.key(indicator(f"i{number}"), supersedes="none") for number in range(4))
    withdrawn = keys[1]
    holder.post(f"/submissions/{withdrawn}/withdraw")
    found: Any = holder.get("/submissions?status=withdrawn").json
    assert [item["id"] for item in found["submissions"]] == [withdrawn]
    found = holder.get(f"/submissions?after={keys[2]}&register=swespine").json
    assert [item["id"] for item in found["submissions"]] == keys[3:]
    assert holder.get("/submissions?status=lost").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"register": "../x"},
        {"mapping": "[]"},
        {"mapping": '{"a": 1}'},
        {"mapping": "{"},
        {"profile": "A B"},
        {"profile": "dcat-ap"},
    ],
)
def test_fields_that_are_not_in_form_are_refused(holder: Person, fields: dict[str, str]) -> None:
    assert holder.hand_in(indicator("i9"), **fields).status_code == 400


def test_nothing_and_too_much_are_refused(holder: Person, state: State) -> None:
    assert holder.hand_in(b"").status_code == 400
    assert holder.hand_in(b"#" * 20_971_521).status_code == 413
    many = {"file": [(io.BytesIO(indicator(f"i{number}")), "f.ttl") for number in range(21)]}
    assert holder.post("/submissions", data=many, content_type="multipart/form-data").status_code == 400
    beside = {"file": (io.BytesIO(indicator("i9")), "f.ttl"), "files": (io.BytesIO(indicator("i8")), "g.ttl")}
    lost = holder.post("/submissions", data=beside, content_type="multipart/form-data")
    assert (lost.status_code, lost.get_json()["detail"]) == (
        400,
        "Files are sent in the field file; 'files' is another.",
    )
    assert Submissions(state.database).listed(None) == []


@pytest.mark.parametrize(("failure", "status"), [(CheckTimedOut, 503), (CheckTooLarge, 413), (CheckCrashed, 503)])
def test_a_check_that_comes_to_no_result_stores_nothing(
    holder: Person,
    state: State,
    holders_app: Flask,
    kept_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[CheckFailed],
    status: int,
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure("No result.")

    monkeypatch.setattr(CheckRunner, "check", fail)
    init_submission_service(holders_app, kept_settings)
    refused = holder.hand_in(indicator("i9"))
    assert refused.status_code == status
    assert refused.content_type == "application/problem+json"
    assert Submissions(state.database).listed(None) == []


def test_the_kept_report_comes_in_every_form_of_a_check(holder: Person) -> None:
    key = holder.key(faulty("i9"))
    found = {offer: holder.get(f"/submissions/{key}/report?format={offer.name}") for offer in OFFERS}
    for offer, answer in found.items():
        types = (offer.content_type, offer.media_type)
        assert (answer.status_code, answer.content_type in types, bool(answer.data)) == (200, True, True), offer.name
    stored: Any = holder.get(f"/submissions/{key}/report").json
    rows = next(answer for offer, answer in found.items() if offer.name == "csv").get_data(as_text=True)
    assert rows.count("\n") == 1 + len(stored["findings"]) + 1  # the heading before, the counts after
