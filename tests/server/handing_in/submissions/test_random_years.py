"""Random years: whatever is handed in, decided, taken back and built in any order, the release is what plain rules say.

The check and the build are stand-ins here: files are JSON that names its records, and a build is the join of the
sources' records with what is accepted, stopped when an indicator uses a variable that is not there. Intake, decisions,
the database and the join are the real ones. What the real check and build make of files is tested in test_year.py.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pyoxigraph import Literal, NamedNode, Triple

from loader.checked import CheckOptions, CheckResult
from loader.graph.accepted import AcceptedGraph
from loader.graph.joining import join
from loader.graph.triples import record_quads
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Severity
from loader.model.iris import ID, expand
from loader.model.layout import Column
from loader.release.manifest import Release
from loader.tables.cells import Subject, Text
from loader.tables.records import Cell, Record
from loader.tables.reportcells import Item
from server.handing_in.accounts.scopes import Account
from server.handing_in.accounts.verify import verify
from server.handing_in.state.kept import State, open_state
from server.handing_in.state.orphans import NAMED, sweep
from server.handing_in.submissions.deciding import Decision, decide
from server.handing_in.submissions.intake import Delivery, Intake
from server.handing_in.submissions.kept.accepted import accepted_graphs
from server.handing_in.submissions.kept.model import Action, Status, Submission
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.lookup import Lookup
from server.settings import Settings
from server.web.problem import Problem
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.handing_in.submissions.killing import POINTS, Killed, maybe_killed

OWNER = {"variable": "rg:variableOf", "indicator": "rg:indicatorOf"}
LABEL, USES = NamedNode(expand("skos:prefLabel")), NamedNode(expand("rg:usesVariable"))
HOLDERS = {"a-office": "a", "b-office": "b"}
SCOPES = {"a-office": "holder:a", "b-office": "holder:b", "s1": "steward", "s2": "steward"}
BASE = {"variable/a.v1": "variable", "variable/a.v2": "variable", "variable/b.v1": "variable"}
Content = tuple[str, tuple[str, ...]]


def node(path: str) -> NamedNode:
    return NamedNode(ID + path)


def register_of(path: str) -> str:
    return path.partition("/")[2][0]


def statements(path: str, content: Content) -> list[Triple]:
    label, uses = content
    owner = NamedNode(expand(OWNER[path.partition("/")[0]]))
    found = [
        Triple(node(path), owner, node(f"register/{register_of(path)}")),
        Triple(node(path), LABEL, Literal(label)),
    ]
    return found + [Triple(node(path), USES, node(variable)) for variable in uses]


def base_record(path: str) -> Record:
    register = Cell(
        Column("register", "ref", table="registers"),
        register_of(path),
        (Item("rg:variableOf", Subject(f"register/{register_of(path)}")),),
    )
    label = Cell(Column("label_sv", "text"), "source", (Item("skos:prefLabel", Text("source")),))
    return Record("variables", "s", "s", 1, 1, path, "rg:Variable", None, (register, label))


RECORDS = tuple(base_record(path) for path in BASE)


def built(graphs: Sequence[AcceptedGraph]) -> dict[str, Content]:
    """What a release says of each record: its one label, and what it uses."""
    joined = join(RECORDS, graphs)
    stand = [record for record in RECORDS if record.path not in joined.displaced]
    found: dict[str, tuple[list[str], list[str]]] = {}
    for quad in (*record_quads(stand), *joined.quads):
        path = getattr(quad.subject, "value", "").removeprefix(ID)
        if quad.predicate == LABEL and path.startswith(("variable/", "indicator/")):
            found.setdefault(path, ([], []))[0].append(getattr(quad.object, "value", ""))
        elif quad.predicate == USES:
            found.setdefault(path, ([], []))[1].append(getattr(quad.object, "value", "").removeprefix(ID))
    assert all(len(labels) == 1 for labels, _ in found.values()), found
    return {path: (labels[0], tuple(sorted(uses))) for path, (labels, uses) in found.items()}


def dangling(release: Mapping[str, Content]) -> list[str]:
    return sorted(path for path, (_, uses) in release.items() if not set(uses) <= set(release))


def rehearse(graphs: Sequence[AcceptedGraph]) -> list[Finding]:
    return [Finding("dangling", Severity.VIOLATION, Message(path, path)) for path in dangling(built(graphs))]


def check(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
    said = json.loads(uploads[0].data)
    triples = [triple for path, content in said["puts"].items() for triple in statements(path, tuple(content))]
    whole = frozenset(said["scopes"]) if options.whole else frozenset()
    return CheckResult(True, True, (), tuple(triples), frozenset(), (), removes=said["removes"], whole=whole)


class BaseLookup(Lookup):
    """What the sources say, without an engine."""

    def _each(self, query: str, things: Collection[NamedNode]) -> Iterator[Mapping[str, Any]]:
        for record in RECORDS:
            for quad in record_quads([record]):
                if quad.subject in things and "?g" in query:
                    yield {"s": quad.subject, "p": quad.predicate, "o": quad.object}


@dataclass
class Accepted:
    """One acceptance as the model remembers it."""

    key: str
    puts: dict[str, Content]
    removes: set[str]
    scopes: set[str]
    before: set[str]


@dataclass
class Model:
    """The plain rules: the sources, then each acceptance in order, record by record."""

    log: list[Accepted] = field(default_factory=list)

    def stands(self) -> dict[str, Content]:
        found: dict[str, Content] = dict.fromkeys(BASE, ("source", ()))
        for number, one in enumerate(self.log):
            if any(one.key in later.before for later in self.log[number + 1 :]):
                continue
            listed = {path for path in found if f"{path.partition('/')[0]}s:{register_of(path)}" in one.scopes}
            for path in (listed - set(one.puts)) | one.removes:
                found.pop(path, None)
            found.update(one.puts)
        return found

    def after(self, *, put: Accepted | None = None, take: str = "") -> dict[str, Content]:
        log = [one for one in self.log if one.key != take]
        return Model([*log, put] if put else log).stands()


paths = st.sampled_from([1, 2, 3])
kills = st.one_of(st.just(("", 0)), st.tuples(st.sampled_from(POINTS), st.integers(1, 8)))
contents = st.tuples(st.integers(0, 9), st.sets(paths, max_size=2))


@dataclass(frozen=True)
class Parcel:
    """What a holder sends: texts of variables, texts and variables of indicators, what is removed, and how."""

    label: str
    variables: dict[int, int]
    indicators: dict[int, tuple[int, set[int]]]
    removes: set[int]
    whole: bool
    revises: str

    @property
    def register(self) -> str:
        return HOLDERS[self.label]

    @property
    def data(self) -> bytes:
        """The file; empty when it would say nothing."""
        puts: dict[str, Content] = {
            f"variable/{self.register}.v{n}": (f"text {t}", ()) for n, t in self.variables.items()
        }
        for number, (text, uses) in self.indicators.items():
            used = tuple(sorted(f"variable/{self.register}.v{n}" for n in uses))
            puts[f"indicator/{self.register}-{number}"] = (f"text {text}", used)
        gone = {f"variable/{self.register}.v{n}": None for n in self.removes - set(self.variables)}
        if not puts and not gone:
            return b""
        scopes = sorted({f"{path.partition('/')[0]}s:{self.register}" for path in puts})
        return json.dumps({"puts": puts, "removes": gone, "scopes": scopes}, sort_keys=True).encode()


parcels = st.builds(
    Parcel,
    label=st.sampled_from(sorted(HOLDERS)),
    variables=st.dictionaries(paths, st.integers(0, 9), max_size=3),
    indicators=st.dictionaries(paths, contents, max_size=1),
    removes=st.sets(paths, max_size=1),
    whole=st.sampled_from([False, False, True]),
    revises=st.sampled_from(["", "", "last", "any"]),
)


class Years(RuleBasedStateMachine):
    """Two holders and two stewards at one intake."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.state: State = open_state(Settings(state=self.root / "state"))
        self.accounts: dict[str, Account] = {}
        for label, scope in {
            **{k: f"holder:{v}" for k, v in HOLDERS.items()},
            "s1": "steward",
            "s2": "steward",
        }.items():
            self.state.accounts.create(label, [scope], in_days(1), actor="console")
            found = self.state.accounts.find(label)
            assert found is not None
            self.accounts[label] = found
        self.submissions = Submissions(self.state.database)
        lookup = BaseLookup(None, 1.0)  # type: ignore[arg-type]
        release = Release("0.1.0-base", self.root, {})
        self.intake = Intake(self.submissions, self.state.blobs, check, lookup, release, rehearse)
        self.model = Model()
        self.names: dict[str, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "state"):
            self.swept()
        shutil.rmtree(self.root, ignore_errors=True)

    @rule(parcel=parcels, steward=st.sampled_from(["", "s1", "s2"]), killed=kills)
    def hand_in(self, parcel: Parcel, steward: str, killed: tuple[str, int]) -> None:
        """Hand in; now and then a steward accepts it at once."""
        if not parcel.data:
            return
        delivery, before = self.delivery(parcel), self.standing()
        try:
            with maybe_killed(killed):
                item, _ = self.intake.hand_in(delivery, self.accounts[parcel.label])
        except Killed:  # its sender asks again
            item, _ = self.intake.hand_in(delivery, self.accounts[parcel.label])
        assert self.standing() == before
        if steward and item.status is Status.RECEIVED:
            self.decide_on(item, steward, killed)

    @rule(
        outer=parcels,
        inner=st.one_of(st.none(), parcels, parcels),
        steward=st.sampled_from(["", "s2"]),
        place=st.integers(0, 8),
        takes=st.sampled_from([None, False, True]),
        killed=kills,
    )
    def within_each_other(
        self, outer: Parcel, inner: Parcel | None, steward: str, place: int, takes: bool | None, killed: tuple[str, int]
    ) -> None:
        """Between check and store of what one hands in, another does (None: the same again), and stewards decide."""
        if not outer.data:
            return
        delivery, between = self.delivery(outer), dict[str, Content]()

        with ExitStack() as stack:

            def checker(uploads: Sequence[Upload], release: Release, options: CheckOptions) -> CheckResult:
                result = check(uploads, release, options)
                self.hand_in(inner or outer, steward, ("", 0))
                if takes is not None:
                    (self.withdraw if takes else self.accept)(place, *(() if takes else ("s1",)), ("", 0))
                between.update(self.standing())
                stack.enter_context(maybe_killed(killed))
                return result

            try:
                item, _ = replace(self.intake, checker=checker).hand_in(delivery, self.accounts[outer.label])
            except Killed:
                between.clear()
        if not between:  # killed, or sent before; its sender asks again
            between.update(self.standing())
            item, _ = self.intake.hand_in(delivery, self.accounts[outer.label])
        assert self.standing() == between
        assert self.submissions.get(item.key).files[0].size == len(outer.data)

    def delivery(self, parcel: Parcel) -> Delivery:
        options = {"register": parcel.register, **({"list": "whole"} if parcel.whole else {})}
        if parcel.revises and (own := self.by_age(parcel.register)):
            options["supersedes"] = own[-1 if parcel.revises == "last" else 0]
        return Delivery((Upload("f.json", parcel.data),), options)

    @rule(place=st.integers(0, 8), steward=st.sampled_from(["s1", "s2"]), killed=kills)
    def accept(self, place: int, steward: str, killed: tuple[str, int]) -> None:
        item = self.pick(place, Status.RECEIVED)
        if item is not None:
            self.decide_on(item, steward, killed)

    def decide_on(self, item: Submission, steward: str, killed: tuple[str, int]) -> None:
        made = self.as_model(item)
        fits = not dangling(self.model.after(put=made))
        try:
            with maybe_killed(killed):
                decide(self.intake, item, Decision(Action.ACCEPT, steward))
        except Problem as problem:
            must_not_fit(problem, fits=fits)
            return
        except Killed:
            if self.submissions.get(item.key).status is Status.RECEIVED:
                return  # nothing of it happened
        assert fits, "accepted, though a build would be stopped"
        self.model.log.append(made)

    def accept_during(self, item: Submission, meanwhile: Callable[[Sequence[AcceptedGraph]], list[Finding]]) -> None:
        """A steward accepts; what happens while the build is rehearsed is to be seen by the decision."""
        made = self.as_model(item)
        try:
            decide(replace(self.intake, rehearsal=meanwhile), item, Decision(Action.ACCEPT, "s1"))
        except Problem as problem:
            now = self.submissions.get(item.key).status
            must_not_fit(problem, fits=now is Status.RECEIVED and not dangling(self.model.after(put=made)))
            return
        self.model.log.append(made)

    @rule(place=st.integers(0, 8), parcel=parcels)
    def while_accepted(self, place: int, parcel: Parcel) -> None:
        """While a steward accepts, a holder hands in, perhaps in the place of what is being accepted."""
        item = self.pick(place, Status.RECEIVED)
        if item is None or not parcel.data:
            return

        def meanwhile(graphs: Sequence[AcceptedGraph]) -> list[Finding]:
            self.hand_in(parcel, "", ("", 0))
            return rehearse(graphs)

        self.accept_during(item, meanwhile)

    @rule(place=st.integers(0, 8), other=st.integers(0, 8), takes=st.booleans())
    def at_once(self, place: int, other: int, takes: bool) -> None:
        """While one steward accepts, the other accepts or takes back something else: the first is to see it."""
        first = self.pick(place, Status.RECEIVED)
        second = self.pick(other, Status.ACCEPTED if takes else Status.RECEIVED)
        if first is None or second is None or first.key == second.key:
            return
        done: list[bool] = []

        def meanwhile(graphs: Sequence[AcceptedGraph]) -> list[Finding]:
            if not done:
                done.append(True)
                self.take_back(second, "s2") if takes else self.decide_on(second, "s2", ("", 0))
            return rehearse(graphs)

        self.accept_during(first, meanwhile)

    @rule(place=st.integers(0, 8), killed=kills)
    def withdraw(self, place: int, killed: tuple[str, int]) -> None:
        item = self.pick(place, Status.ACCEPTED, Status.RECEIVED, Status.RETURNED)
        if item is None:
            return
        self.take_back(item, item.account, killed)

    def take_back(self, item: Submission, by: str, killed: tuple[str, int] = ("", 0)) -> None:
        fits = item.status is not Status.ACCEPTED or not dangling(self.model.after(take=item.key))
        try:
            with maybe_killed(killed):
                decide(self.intake, item, Decision(Action.WITHDRAW, by))
        except Problem as problem:
            must_not_fit(problem, fits=fits)
            return
        except Killed:
            if self.submissions.get(item.key).status is not Status.WITHDRAWN:
                return  # nothing of it happened
        assert fits
        self.model.log = [one for one in self.model.log if one.key != item.key]

    @rule(place=st.integers(0, 8), killed=kills)
    def reopen(self, place: int, killed: tuple[str, int]) -> None:
        item = self.pick(place, Status.WITHDRAWN, Status.SUPERSEDED, Status.RETURNED)
        if item is not None:
            before = self.standing()
            try:
                with maybe_killed(killed):
                    decide(self.intake, item, Decision(Action.REOPEN, item.account))
            except Killed:
                if self.submissions.get(item.key).status is item.status:  # nothing of it happened: ask again
                    decide(self.intake, item, Decision(Action.REOPEN, item.account))
            self.model.log = [one for one in self.model.log if one.key != item.key]
            assert self.standing() == before

    @rule(place=st.integers(0, 8))
    def send_back(self, place: int) -> None:
        item = self.pick(place, Status.RECEIVED)
        if item is not None:
            decide(self.intake, item, Decision(Action.RETURN, "s1", "Vilket år?"))

    @invariant()
    def the_release_is_what_the_rules_say(self) -> None:
        if hasattr(self, "model"):
            release = self.standing()
            assert release == self.model.stands()
            assert dangling(release) == []

    def standing(self) -> dict[str, Content]:
        return built(accepted_graphs(self.state))

    def by_age(self, register: str) -> list[str]:
        """The keys of what was handed in about a register, in the order in which it was first accepted."""
        return [one.key for one in self.model.log if register_of(min((*one.puts, *one.removes))) == register]

    def pick(self, place: int, *statuses: Status) -> Submission | None:
        found = [item for item in self.submissions.listed(None) if item.status in statuses]
        return found[place % len(found)] if found else None

    def as_model(self, item: Submission) -> Accepted:
        said = json.loads(self.state.blobs.get(item.files[0].sha256))
        older, key = set[str](), item.options.get("supersedes", "")
        while key and key not in older and key != item.key:
            older.add(key)
            key = self.submissions.get(key).options.get("supersedes", "")
        return Accepted(
            item.key,
            {path: (label, tuple(uses)) for path, (label, uses) in said["puts"].items()},
            set(said["removes"]),
            set(said["scopes"]) if item.options.get("list") == "whole" else set(),
            older,
        )

    def swept(self) -> None:
        """What the kills left behind goes, and everything that is named is there, whole; the log is sound."""
        sweep(self.state.folder, self.state.database, older=-1)
        kept = {path.name for path in self.state.blobs.folder.glob("*/*")}
        with self.state.database.reading() as connection:
            assert kept == {row[0] for row in connection.execute(NAMED)}
        for digest in kept:
            self.state.blobs.get(digest)
        assert verify(self.state.database, self.state.witness, {}).wrong == ()


def must_not_fit(problem: Problem, *, fits: bool) -> None:
    assert (problem.slug, fits) == ("conflict", False)


TestYears = Years.TestCase
TestYears.settings = settings(
    max_examples=60,  # 500 by `make soak`
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_a_refusal_that_a_decision_overtakes_is_tried_again() -> None:
    """The indicator in force uses the variable whose removal is accepted; meanwhile another is, which uses none."""
    years = Years()
    years.begin()
    uses_it = Parcel("a-office", {}, {1: (0, {1})}, set(), whole=False, revises="")
    uses_none = replace(uses_it, indicators={1: (0, set())})
    years.hand_in(uses_it, "s1", ("", 0))
    for parcel in (uses_none, replace(uses_it, indicators={}, removes={1})):
        years.hand_in(parcel, "", ("", 0))
    waiting = [bool(item.reading.removes) for item in years.submissions.listed(None) if item.status is Status.RECEIVED]
    assert sorted(waiting) == [False, True]
    years.at_once(place=waiting.index(True), other=waiting.index(False), takes=False)
    years.the_release_is_what_the_rules_say()
    assert "variable/a.v1" not in years.standing()
    years.teardown()
