"""The commands `registergraf account …` and `registergraf audit …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click

from loader.model.nearest import nearest
from loader.model.shown import shown
from loader.release.manifest import ReleaseError, current_release
from server.handing_in.accounts.audit import entries
from server.handing_in.accounts.published import published_entries, register_keys
from server.handing_in.accounts.scopes import CONSOLE, HOLDER, AccountError
from server.handing_in.accounts.verify import verify as verify_log
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import State, open_state
from server.handing_in.state.moments import now, written
from server.settings import Settings

_FINDING, _USAGE = 1, 2
DAYS = 365


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print what went wrong, and end with 2."""
    try:
        yield
    except (AccountError, StorageError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(_USAGE) from error


@click.group()
def account() -> None:
    """Make, list, renew and revoke the accounts of register holders, stewards and operators."""


_days = click.option(
    "--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True, help="For how long the token is valid."
)


@account.command()
@click.argument("label")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="steward, operator or holder:REGISTER; repeatable."
)
@_days
@click.pass_obj
def create(settings: Settings, label: str, scopes: tuple[str, ...], days: int) -> None:
    """Make the account LABEL and print its token, which is shown this once.

    The label is published with what the account hands in: name a team or a system, never a person.
    It is kept in the folder REGISTERGRAF_STATE (data/state), which has to be that of the server.
    """
    with plain_errors():
        token = open_state(settings).accounts.create(label, scopes, _in(days), actor=CONSOLE)
    _tell_unknown(settings, scopes)
    click.echo(token.text())


@account.command()
@click.argument("label")
@click.option("--grant", multiple=True, help="A scope that the account is to have as well; repeatable.")
@click.option("--take", multiple=True, help="A scope that the account is to lose; repeatable.")
@click.pass_obj
def scopes(settings: Settings, label: str, grant: tuple[str, ...], take: tuple[str, ...]) -> None:
    """Widen or narrow what the account LABEL may do; its token stays the same."""
    with plain_errors():
        changed = open_state(settings).accounts.change_scopes(label, grant, take, actor=CONSOLE)
    _tell_unknown(settings, grant)
    click.echo(f"{label}\t{','.join(sorted(changed.scopes))}")


def _tell_unknown(settings: Settings, scopes: tuple[str, ...]) -> None:
    """Say which registers the current release does not have, and which key is near."""
    try:
        registers = register_keys(current_release(settings.releases))
    except ReleaseError as error:
        click.echo(f"Whether the registers are there cannot be said: {error}", err=True)
        return
    for scope in scopes:
        kind, _, key = scope.partition(":")
        if kind == HOLDER and key not in registers:
            near = nearest(key, registers)
            hint = f" Did you mean {near}?" if near else ""
            click.echo(f"There is no register {key!r} in the current release; the scope is kept.{hint}", err=True)


@account.command()
@click.argument("label")
@_days
@click.pass_obj
def renew(settings: Settings, label: str, days: int) -> None:
    """Print a new token for the account LABEL; the old one ends at once."""
    with plain_errors():
        token = open_state(settings).accounts.renew(label, _in(days), actor=CONSOLE)
    click.echo(token.text())


@account.command()
@click.argument("label")
@click.pass_obj
def revoke(settings: Settings, label: str) -> None:
    """End the account LABEL at once and for good; what it handed in stays."""
    with plain_errors():
        open_state(settings).accounts.revoke(label, actor=CONSOLE)
    click.echo(f"{label} is revoked.")


@account.command("list")
@click.pass_obj
def list_accounts(settings: Settings) -> None:
    """Every account with its scopes and its end; tokens cannot be shown."""
    with plain_errors():
        for item in open_state(settings).accounts.all():
            state = f"revoked {item.revoked}" if item.revoked else f"until {item.expires}"
            expired = "" if item.revoked or item.usable(now()) else " (expired)"
            click.echo(f"{item.label}\t{','.join(sorted(item.scopes))}\t{state}{expired}")


@click.group()
def audit() -> None:
    """Show the audit log, and verify that nobody has rewritten it."""


@audit.command()
@click.option("--after", type=int, default=0, help="Only entries behind this number.")
@click.pass_obj
def show(settings: Settings, after: int) -> None:
    """The entries in order: number, time, who, what, about what, details."""
    with plain_errors(), open_state(settings).database.reading() as connection:
        for item in entries(connection, after):
            texts = (str(item.seq), item.at, item.actor, item.action, item.subject, item.details)
            click.echo("\t".join(map(shown, texts)))


@audit.command()
@click.option("--head", "expected", default="", help="SEQ:HASH that was noted down before; the log must hold it.")
@click.pass_obj
def verify(settings: Settings, expected: str) -> None:
    """Check the chain of hashes, the witness file, and what the releases name.

    Exit code 0 when all agree, 1 when something was changed. Note the last line down elsewhere for --head.
    """
    with plain_errors():
        state: State = open_state(settings)
        verdict = verify_log(state.database, state.witness, published_entries(settings.releases), expected)
    for sentence in verdict.wrong:
        click.echo(sentence, err=True)
    if verdict.behind:
        click.echo(f"The witness lacks the last {verdict.behind} entries; the next entry brings it up.", err=True)
    click.echo(f"{verdict.length}:{verdict.head}")
    if verdict.wrong:
        raise SystemExit(_FINDING)


def _in(days: int) -> str:
    return written(datetime.now(UTC) + timedelta(days=days))
