"""A year of handing in over a folder of sources: real check, real rehearsal, real build, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from click.testing import CliRunner

from loader.graph.accepted import AcceptedGraph
from loader.intake.upload import Upload
from loader.release.build import Reading, build, read_all_terms, read_tables
from loader.release.manifest import Release
from loader.resources import Resources
from server.cli import main
from server.handing_in.accounts.scopes import Account
from server.handing_in.state.kept import State, open_state
from server.handing_in.submissions.deciding import Decision, decide
from server.handing_in.submissions.intake import Delivery, Intake
from server.handing_in.submissions.kept.accepted import accepted_graphs
from server.handing_in.submissions.kept.model import Action, Submission
from server.handing_in.submissions.kept.withdrawn import withdrawn_graphs
from server.handing_in.submissions.offline import local_intake
from server.handing_in.submissions.preview import as_text, preview
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.shipped import copied

ID = "https://w3id.org/registergraf/id/"


@dataclass
class Year:
    """One holder of svedem and rikshoft, one of riksstroke, one steward, over a state and a folder of releases."""

    settings: Settings
    state: State
    resources: Resources

    @contextmanager
    def intake(self, *, rehearsing: bool = False) -> Iterator[Intake]:
        """An intake; one that does not rehearse is quicker, for what the rehearsal has no part in."""
        with local_intake(self.settings) as intake:
            yield intake if rehearsing else replace(intake, rehearsal=lambda graphs: ())

    def account(self, label: str, *registers: str) -> Account:
        scopes = [f"holder:{register}" for register in registers] or ["steward"]
        self.state.accounts.create(label, scopes, in_days(1), actor="console")
        found = self.state.accounts.find(label)
        assert found is not None
        return found

    def build(self) -> Release:
        outcome = build(self.resources, self.settings.releases, submissions=self.graphs())
        assert outcome.release is not None, [finding.message.en for finding in outcome.findings[:5]]
        return outcome.release

    def run(self, *arguments: str) -> str:
        environ = {"REGISTERGRAF_RELEASES": str(self.settings.releases), "REGISTERGRAF_STATE": str(self.settings.state)}
        done = CliRunner().invoke(main, arguments, env=environ)
        assert done.exit_code == 0, done.output
        return done.stdout

    @property
    def lines(self) -> list[str]:
        """What the next release would state, as lines of N-Quads."""
        return [f"{quad} ." for quad in _read(self.resources).joined_by(self.graphs()).stated]

    def graphs(self) -> tuple[AcceptedGraph, ...]:
        """What a build takes in."""
        return (*accepted_graphs(self.state), *withdrawn_graphs(self.state))

    def said(self, path: str, predicate: str) -> set[str]:
        """The values that a release states of a record for a property (the end of its IRI)."""
        begin = f"<{ID}{path}> <"
        found = set()
        for line in self.lines:
            if line.startswith(begin):
                name, _, rest = line[len(begin) :].partition("> ")
                if name.endswith(predicate):
                    found.add(rest.rpartition(" <")[0])
        return found

    def variables(self, register: str) -> set[str]:
        owner = f"<https://w3id.org/registergraf/ns#variableOf> <{ID}register/{register}> <"
        return {line.split(" ")[0].rpartition("/")[2].rstrip(">") for line in self.lines if owner in line}


@lru_cache(1)
def _read(resources: Resources) -> Reading:
    """The tables as read; they are the same for every year."""
    return read_tables(resources, read_all_terms(resources))


@contextmanager
def new_year(root: Path, resources: Resources, release: Release | None = None) -> Iterator[Year]:
    """A year over a copy of a release of the resources; without one it is built."""
    settings = Settings(releases=root / "releases", state=root / "state", workers=1, queue=4, rate_per_minute=0)
    year = Year(settings, open_state(settings), resources)
    if release is None:
        year.build()
    else:
        copied(release, settings.releases)
    yield year


def delivery(text: str, name: str = "list.csv", **options: str) -> Delivery:
    return Delivery((Upload(name, text.encode()),), options)


def hand_in(intake: Intake, account: Account, text: str, name: str = "list.csv", **options: str) -> Submission:
    submission, _ = intake.hand_in(delivery(text, name, **options), account)
    return submission


def accept(intake: Intake, submission: Submission, removals: int | None = None) -> Submission:
    return decide(intake, submission, Decision(Action.ACCEPT, "stewards", "", removals))


def withdraw(intake: Intake, submission: Submission) -> Submission:
    return decide(intake, submission, Decision(Action.WITHDRAW, "stewards", ""))


def shown(intake: Intake, submission: Submission, language: str = "en") -> list[str]:
    return list(as_text(preview(intake, submission), language))
