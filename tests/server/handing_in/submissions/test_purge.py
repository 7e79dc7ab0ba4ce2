"""What slipped in is struck out of state and backup, and the audit log stays sound; personal data is not let in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask

from loader.checked import CheckResult
from loader.model.findings import Finding, Message, Position, Severity
from server.cli import main
from server.handing_in.accounts.verify import verify
from server.handing_in.state.backup import back_up, restore
from server.handing_in.state.kept import State
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.service import init_submission_service
from server.settings import Settings
from tests.server.handing_in.submissions.conftest import Person, indicator, plain_rehearsal

SECRET = "hemligt-som-aldrig-skulle-ha-sparats"


def run(settings: Settings, *arguments: str) -> Result:
    environ = {"REGISTERGRAF_STATE": str(settings.state), "REGISTERGRAF_RELEASES": str(settings.releases)}
    return CliRunner().invoke(main, arguments, env=environ)


def kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_slipped_in_is_struck_out(
    holder: Person, steward: Person, state: State, kept_settings: Settings, tmp_path: Path
) -> None:
    other = holder.key(indicator("i8"))
    key = holder.key(indicator("i9", label=SECRET), name=f"{SECRET}.ttl")
    steward.post(f"/submissions/{key}/return", data={"comment": f"Ta bort {SECRET}"})
    back_up(state, tmp_path / "backup")
    assert SECRET.encode() in kept(state.folder)
    assert SECRET.encode() in kept(tmp_path / "backup")
    done = run(kept_settings, "state", "purge", key, "--backup", str(tmp_path / "backup"))
    assert done.exit_code == 0, done.output
    assert SECRET.encode() not in kept(state.folder)
    assert SECRET.encode() not in kept(tmp_path / "backup")
    assert verify(state.database, state.witness, {}).wrong == ()
    assert run(kept_settings, "audit", "verify").exit_code == 0
    assert run(kept_settings, "audit", "show").stdout.splitlines()[-1].split("\t")[3] == "state-purged"
    struck = Submissions(state.database).get(key)
    assert (struck.status, struck.files, struck.options) == ("withdrawn", (), {})
    assert holder.get(f"/submissions/{other}/files/0").data == indicator("i8")
    restore(tmp_path / "backup", tmp_path / "again", tmp_path / "witness")
    back_up(state, tmp_path / "later")


def test_only_the_entry_that_tells_of_it_excuses_a_struck_entry(holder: Person, state: State) -> None:
    holder.key(indicator("i9"))
    with state.database.writing() as connection:
        connection.execute("UPDATE audit SET details = ? WHERE seq = 1", (json.dumps({"purged": True}),))
    assert any("Entry 1 was changed" in sentence for sentence in verify(state.database, state.witness, {}).wrong)


def test_what_is_accepted_is_withdrawn_first(holder: Person, steward: Person, kept_settings: Settings) -> None:
    key = holder.key(indicator("i9"))
    steward.post(f"/submissions/{key}/accept")
    refused = run(kept_settings, "state", "purge", key)
    assert refused.exit_code == 2
    assert "Withdraw it" in refused.output
    assert run(kept_settings, "state", "purge", "0" * 20).exit_code == 2


def test_personal_data_are_refused_before_anything_is_stored(
    holder: Person, state: State, holders_app: Flask, kept_settings: Settings
) -> None:
    message = Message("Personuppgifter i cellen.", "Personal data in the cell.")
    found = (Finding("personal-data", Severity.VIOLATION, message, Position("f.csv", row=2, column="Namn")),)
    none = CheckResult(True, False, found, (), frozenset(), ())
    init_submission_service(holders_app, kept_settings, lambda uploads, release, options: none, plain_rehearsal)
    before = kept(state.folder)
    refused = holder.hand_in(SECRET.encode())
    body: Any = refused.json
    assert (refused.status_code, body["type"].rpartition("/")[2]) == (422, "personal-data")
    assert [(place["row"], place["column"]) for place in body["places"]] == [(2, "Namn")]
    assert kept(state.folder) == before
    assert not (state.folder / "blobs").exists()


def test_a_comment_with_a_number_is_refused(holder: Person, steward: Person, state: State) -> None:
    key = holder.key(indicator("i9"))
    number = "18900101" + "-" + "0017"
    refused = steward.post(f"/submissions/{key}/return", json={"comment": f"Se {number}"})
    assert refused.status_code == 422
    assert number.encode() not in kept(state.folder)


def test_half_a_character_is_no_comment(holder: Person, steward: Person) -> None:
    key = holder.key(indicator("i9"))
    for data in (b'{"comment": "\\ud800"}', b"[]", b"{"):
        answer = steward.post(f"/submissions/{key}/return", data=data, content_type="application/json")
        assert answer.status_code == 400


def test_any_file_name_comes_back(holder: Person) -> None:
    names = {
        "kön å.ttl": "attachment; filename=\"kon a.ttl\"; filename*=UTF-8''k%C3%B6n%20%C3%A5.ttl",
        "a;b.ttl": 'attachment; filename="a;b.ttl"',
        'a"b.ttl': "attachment; filename=\"a_b.ttl\"; filename*=UTF-8''a%22b.ttl",
    }
    for number, (name, wanted) in enumerate(names.items()):
        key = holder.key(indicator(f"i{number}"), name=name)
        assert holder.get(f"/submissions/{key}/files/0").headers["Content-Disposition"] == wanted


def test_an_account_has_a_quota(holder: Person, holders_app: Flask) -> None:
    from dataclasses import replace

    from server.service import service_of

    site = service_of(holders_app)
    plain = site.settings
    site.settings = replace(plain, account_megabytes=0)
    try:
        refused = holder.hand_in(indicator("i9"))
    finally:
        site.settings = plain
    assert refused.status_code == 413
    assert refused.json["quota"] == 0  # type: ignore[index]


def test_kept_files_that_nothing_names_are_removed(holder: Person, state: State, kept_settings: Settings) -> None:
    """A kill between file and transaction leaves them; what is written now may be named in a moment."""
    key = holder.key(indicator("i9"))
    old, new, wanted = (state.blobs.put(data) for data in (b"old", b"new", b"wanted"))
    paths = {digest: state.blobs.folder / digest[:2] / digest for digest in (old, new, wanted)}
    half = paths[new].parent / ".unfinished-1"
    half.write_bytes(b"ne")
    for path in (*state.blobs.folder.glob("*/*"), half):
        if path != paths[new]:
            os.utime(path, (1, 1))
    state.blobs.put(b"wanted")
    assert run(kept_settings, "state", "sweep").stdout == "2 files removed\n"
    assert [digest for digest in paths if paths[digest].is_file()] == [new, wanted]
    assert not half.exists()
    assert holder.get(f"/submissions/{key}/files/0").data == indicator("i9")


def test_the_report_of_an_earlier_check_is_struck_out_too(
    holder: Person, state: State, kept_settings: Settings
) -> None:
    key = holder.key(indicator("i9", label=SECRET))
    report = Submissions(state.database).get(key).reading.report
    holder.post(f"/submissions/{key}/withdraw")
    holder.post(f"/submissions/{key}/reopen")
    assert run(kept_settings, "state", "purge", key).exit_code == 0
    assert not (state.blobs.folder / report[:2] / report).exists()
