"""The commands `registergraf submission …`, for stewards on the machine that runs the server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from loader.commands import lang_option
from loader.model.findings import Language
from loader.model.shown import shown
from loader.release.manifest import ReleaseError
from loader.release.words import counts
from server.engine.interface import EngineError
from server.handing_in.accounts.scopes import Account
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import State, open_state
from server.handing_in.state.moments import now
from server.handing_in.submissions import rights
from server.handing_in.submissions.deciding import Decision, decide, find
from server.handing_in.submissions.kept.model import Action, Status
from server.handing_in.submissions.kept.shown import full
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.offline import local_intake
from server.handing_in.submissions.preview import as_text
from server.handing_in.submissions.preview import preview as compare
from server.settings import Settings
from server.web.problem import Problem

_REFUSED, _USAGE = 1, 2
_PAGE = 500


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        click.echo(f"registergraf: {problem.en}", err=True)
        raise SystemExit(_REFUSED) from problem
    except (StorageError, ReleaseError, EngineError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(_USAGE) from error


def _as_option(command: Callable[..., None]) -> Callable[..., None]:
    option = click.option("--as", "label", required=True, help="The account of the steward who decides.")
    return option(command)


def _comment_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--comment", default="", help="What the holder is told; needed to return.")(command)


@click.group()
def submission() -> None:
    """Look at what register holders handed in, and decide on it."""


@submission.command("list")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only those with this status.")
@click.pass_obj
def list_submissions(settings: Settings, status: str | None) -> None:
    """Every submission: key, status, registers, kind, account, when it was received."""
    with _plain_errors():
        for item in Submissions(open_state(settings).database).listed(None, status or "", most=sys.maxsize):
            registers = ",".join(sorted(item.registers))
            click.echo(f"{item.key}\t{item.status}\t{registers}\t{item.kind}\t{item.account}\t{item.received}")


@submission.command()
@click.argument("key")
@click.pass_obj
def show(settings: Settings, key: str) -> None:
    """A submission and its history as JSON."""
    with _plain_errors():
        submissions = Submissions(open_state(settings).database)
        found = full(find(submissions, key), submissions.history(key))
    _echo_json(found)


@submission.command()
@click.argument("key")
@click.pass_obj
def report(settings: Settings, key: str) -> None:
    """The stored report of a submission as JSON."""
    with _plain_errors():
        state = open_state(settings)
        data = state.blobs.get(find(Submissions(state.database), key).reading.report)
    _echo_json(json.loads(data))


@submission.command()
@click.argument("key")
@click.option("--start", type=click.IntRange(0), default=0, help="How many changes to leave out.")
@lang_option
@click.pass_obj
def preview(settings: Settings, key: str, start: int, lang: Language) -> None:
    """What a submission would change in the next release, record by record in words; those that go first."""
    with _plain_errors(), local_intake(settings) as intake:
        submission = find(intake.submissions, key)
        found = compare(intake, submission, start=start, most=_PAGE)
        for line in as_text(found, lang):
            click.echo(line)


@submission.command()
@click.argument("key")
@_as_option
@_comment_option
@click.option("--removals", type=click.IntRange(0), help="How many records go; needed when they are more than a few.")
@click.pass_obj
def accept(settings: Settings, key: str, label: str, comment: str, removals: int | None) -> None:
    """Accept a submission; it is in the next release that is built."""
    _act(settings, key, Decision(Action.ACCEPT, label, comment, removals))


@submission.command("return")
@click.argument("key")
@_as_option
@_comment_option
@click.pass_obj
def return_submission(settings: Settings, key: str, label: str, comment: str) -> None:
    """Return a submission to its holder with a comment."""
    _act(settings, key, Decision(Action.RETURN, label, comment))


@submission.command()
@click.argument("key")
@_as_option
@_comment_option
@click.pass_obj
def withdraw(settings: Settings, key: str, label: str, comment: str) -> None:
    """Take a submission out of the next release; it and its history stay."""
    _act(settings, key, Decision(Action.WITHDRAW, label, comment))


@submission.command()
@click.argument("key")
@_as_option
@click.pass_obj
def reopen(settings: Settings, key: str, label: str) -> None:
    """Check a submission anew and take it up again."""
    _act(settings, key, Decision(Action.REOPEN, label))


def _echo_json(found: object) -> None:
    """JSON line by line, with nothing in it that a terminal would obey."""
    for line in json.dumps(found, ensure_ascii=False, indent=2).splitlines():
        click.echo(shown(line))


def _act(settings: Settings, key: str, decision: Decision) -> None:
    with _plain_errors():
        account = _account(open_state(settings), decision.account)
        with local_intake(settings) as intake:
            submission = find(intake.submissions, key)
            rights.may_do(account, decision.action, submission)
            done = decide(intake, submission, replace(decision, comment=decision.comment.strip()))
    effect = done.reading.effect
    click.echo(f"{done.key} is {done.status}.")
    if decision.action is Action.ACCEPT:
        click.echo(f"{counts(len(effect.removed), effect.new, effect.changed, effect.same, 'en')}.")


def _account(state: State, label: str) -> Account:
    account = state.accounts.find(label)
    if account is None or not account.usable(now()):
        raise Problem(
            "forbidden", f"There is no usable account {label!r}.", f"Det finns inget giltigt konto {label!r}."
        )
    return account
