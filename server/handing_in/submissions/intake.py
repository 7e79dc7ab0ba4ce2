"""Taking in a submission: it is checked, held to what the account may do, and stored before it is acknowledged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pyoxigraph import NamedNode, Triple

from loader.checked import CheckResult
from loader.checked import Effect as Compared
from loader.graph.accepted import to_statements
from loader.graph.scopes import records_of
from loader.intake.upload import Upload
from loader.model.findings import to_dict
from loader.release.manifest import Release
from loader.report.effect import as_data, counted
from loader.resources import project_version
from server.handing_in.accounts.scopes import Account
from server.handing_in.state.blobs import Blobs
from server.handing_in.submissions.checking import Checker, check_options
from server.handing_in.submissions.kept.accepted import World, world_of
from server.handing_in.submissions.kept.model import Draft, Effect, File, Reading, Submission
from server.handing_in.submissions.kept.personal import refuse_personal
from server.handing_in.submissions.kept.store import NONE, Submissions
from server.handing_in.submissions.lookup import Lookup
from server.handing_in.submissions.ownership import Claim, touched
from server.handing_in.submissions.rehearsing import Rehearsal, rehearse_here
from server.service import BASE
from server.web.problem import Problem

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# What a submission is mainly about: the first of these of which it describes any.
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "indicators",
        frozenset(
            BASE + "ns#" + name for name in ("Indicator", "TabulatedIndicator", "QuotedIndicator", "PublishedIndicator")
        ),
    ),
    ("variables", frozenset({BASE + "ns#Variable"})),
    (
        "register",
        frozenset(
            BASE + "ns#" + name
            for name in ("DataCollection", "Register", "QualityRegister", "HealthDataRegister", "QualityDataSystem")
        ),
    ),
)
OTHER, WHOLE = "other", "whole"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent: the files, the options that were given (register, profile, supersedes, list), and the mapping of
    columns, if any.
    """

    uploads: tuple[Upload, ...]
    options: Mapping[str, str]
    mapping: Mapping[str, str] | None = None

    @property
    def digest(self) -> str:
        """A digest of files, names and options, in whatever order: what is sent twice has the same one."""
        files = sorted((upload.shown, hashlib.sha256(upload.data).hexdigest()) for upload in self.uploads)
        said = [files, sorted(self.options.items()), sorted((self.mapping or {}).items())]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @property
    def whole(self) -> bool:
        """Whether the tables are whole lists: what they lack goes."""
        return self.options.get("list") == WHOLE


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes submissions in against `release`, which `lookup` asks; `quota` is the most bytes kept for an account."""

    submissions: Submissions
    blobs: Blobs
    checker: Checker
    lookup: Lookup
    release: Release
    rehearsal: Rehearsal = rehearse_here
    quota: int = 1 << 40

    def hand_in(self, delivery: Delivery, account: Account) -> tuple[Submission, bool]:
        """Store what was sent. Returns the submission, and whether it is new: the same files again give the stored one.

        Problem forbidden (403) when it touches what the account does not hold, register-unknown (422), quota (413).
        Nothing is kept of what is refused.
        """
        digest = delivery.digest
        known = self.submissions.with_digest(digest)
        if known is not None:
            may_touch(account, known.registers)
            return known, False
        self._within_quota(delivery, account)
        delivery = self._with_mapping(delivery, account)
        world, result = self._checked(delivery)
        refuse_personal(result.findings)
        registers = self._registers(result, delivery, account, world)
        named = delivery.options.get("supersedes", "")
        if named not in ("", NONE):
            self.submissions.check_named(registers, named)
        draft = Draft(
            digest=digest,
            account=account.label,
            registers=registers,
            kind=kind_of(result.quads),
            options={**delivery.options, "mapping": json.dumps(delivery.mapping, sort_keys=True)}
            if delivery.mapping
            else delivery.options,
            files=self._keep_files(delivery.uploads),
            reading=self.keep_reading(digest[:20], result, world),
        )
        return self.submissions.add(draft)

    def read_again(self, submission: Submission) -> Reading:
        """Check a stored submission against what stands now; its files are the ones that were handed in."""
        uploads = [Upload(file.name, self.blobs.get(file.sha256)) for file in submission.files]
        mapping = json.loads(submission.options.get("mapping", "null"))
        world = world_of(self.submissions).lacking(submission.key)
        result = self._check(uploads, mapping, submission.options.get("list") == WHOLE, world)
        reading = self.keep_reading(submission.key, result, world)
        if self._touched(result, uploads, submission.registers, world) - submission.registers:
            return replace(reading, conforms=False)
        return reading

    def world(self) -> World:
        """What is accepted now."""
        return world_of(self.submissions)

    def over(self, world: World) -> Lookup:
        """The lookup over the release and what was accepted since."""
        return self.lookup.over(world.beside(self.release, self.blobs))

    def keep_reading(self, key: str, result: CheckResult, world: World) -> Reading:
        """Keep the report and the statements; blank nodes get names that belong to the submission."""
        conforms = result.readable and result.conforms
        report = {
            "conforms": conforms,
            "readable": result.readable,
            "release": self.release.version,
            "findings": [to_dict(finding) for finding in result.findings],
            "registers": sorted(result.registers),
            "effect": as_data(counted(result.effect), self.release.version),
            "columns": [{**asdict(column), "how": column.how.value} for column in result.columns],
        }
        data = json.dumps(report, ensure_ascii=False, sort_keys=True).encode()
        effect = result.effect or Compared()
        return Reading(
            conforms=conforms,
            report=self.blobs.put(data),
            statements=self.blobs.put(to_statements(key, result.quads)),
            release=self.release.version,
            tool=project_version(),
            puts=records_of(result.quads),
            removes=result.removes,
            whole=result.whole,
            effect=Effect(effect.removed, len(effect.new), len(effect.changed), len(effect.same)),
            world=world.mark,
        )

    def _checked(self, delivery: Delivery) -> tuple[World, CheckResult]:
        """The check and the world that it was made in: made again when what it finds wrong was overtaken meanwhile."""
        for _ in range(_TRIES):
            world = self.world()
            result = self._check(delivery.uploads, delivery.mapping, delivery.whole, world)
            if result.conforms or self.world().mark == world.mark:
                break
        return world, result

    def _check(
        self, uploads: Sequence[Upload], mapping: Mapping[str, str] | None, whole: bool, world: World
    ) -> CheckResult:
        accepted = world.beside(self.release, self.blobs)
        return self.checker(uploads, self.release, check_options(mapping, accepted, whole=whole))

    def _with_mapping(self, delivery: Delivery, account: Account) -> Delivery:
        """The delivery with the mapping last given for the one register it is about, where it brings none."""
        declared = delivery.options.get("register", "")
        registers = frozenset((declared,)) if declared else account.registers
        if delivery.mapping is not None or len(registers) != 1 or not registers <= account.registers:
            return delivery
        return replace(delivery, mapping=self.submissions.mapping_for(next(iter(registers))))

    def _within_quota(self, delivery: Delivery, account: Account) -> None:
        new = sum(len(upload.data) for upload in delivery.uploads)
        if self.submissions.kept_bytes(account.label) + new > self.quota:
            raise Problem(
                "too-large",
                f"The account may keep {self.quota} bytes of files, and these would go over it.",
                f"Kontot får ha {self.quota} byte filer sparade, och de här skulle gå över det.",
                members={"quota": self.quota, "limit": "quota"},
            )

    def _keep_files(self, uploads: Iterable[Upload]) -> tuple[File, ...]:
        return tuple(File(item.shown, self.blobs.put(item.data), len(item.data)) for item in uploads)

    def _registers(self, result: CheckResult, delivery: Delivery, account: Account, world: World) -> frozenset[str]:
        """The registers that are touched, all of them held by the account; the declared one where none can be seen."""
        declared = delivery.options.get("register", "")
        if declared:
            may_touch(account, {declared})
        found = self._touched(result, delivery.uploads, account.registers, world)
        may_touch(account, found)
        own = found | ({declared} if declared else _spoken_of(result, account))
        if own:
            return own
        if len(account.registers) == 1:
            return account.registers
        if not account.registers:
            raise not_held(())
        raise Problem(
            "register-unknown",
            "Say by register=KEY which register the files are about.",
            "Ange med register=NYCKEL vilket register filerna gäller.",
            members={"registers": sorted(account.registers)},
        )

    def _touched(
        self, result: CheckResult, uploads: Iterable[Upload], held: frozenset[str], world: World
    ) -> frozenset[str]:
        """The registers that change; Problem forbidden (403) when something is described that is no register's."""
        lookup = self.over(world)
        files = frozenset(upload.source for upload in uploads)
        removed = frozenset((*result.removes, *(result.effect.removed if result.effect else ())))
        found = touched(Claim(result.quads, removed, files), held, lookup)
        if found.common and (result.conforms or found.known):
            shown = sorted(found.common)
            raise _shared(shown, self.lookup.labels([NamedNode(iri) for iri in shown[:5]]))
        return found.registers


def _spoken_of(result: CheckResult, account: Account) -> frozenset[str]:
    """The account's registers whose records the files repeat."""
    scopes = records_of(result.quads).values()
    return frozenset(scope.partition(":")[2] for scope in scopes) & account.registers


def may_touch(account: Account, registers: Iterable[str]) -> None:
    """Problem forbidden (403) that names the registers which the account does not hold."""
    foreign = sorted(set(registers) - account.registers)
    if foreign:
        raise not_held(foreign)


def not_held(registers: Sequence[str]) -> Problem:
    """403 with the registers' names."""
    names = ", ".join(registers) or "–"
    return Problem(
        "forbidden",
        f"The token does not hold: {names}. Only the holder of a register may hand in metadata about it.",
        f"Nyckeln gäller inte för: {names}. Bara den som håller ett register får lämna in metadata om det.",
        members={"registers": list(registers)},
    )


def kind_of(triples: Iterable[Triple]) -> str:
    """What the statements mainly describe: indicators, variables, register or other."""
    classes = {
        triple.object.value
        for triple in triples
        if triple.predicate.value == _TYPE and isinstance(triple.object, NamedNode)
    }
    return next((name for name, known in _KINDS if classes & known), OTHER)


def _shared(things: Sequence[str], labels: Mapping[str, Mapping[str, str]]) -> Problem:
    def named(language: str) -> str:
        found = [labels.get(iri, {}) for iri in things[:5]]
        return ", ".join(
            names.get(language) or next(iter(names.values()), iri) for names, iri in zip(found, things, strict=False)
        )

    return Problem(
        "forbidden",
        f"The files describe anew what belongs to no register: {named('en')}. "
        "Leave it out, or say which of your registers it belongs to.",
        f"Filerna beskriver på nytt det som inte hör till något register: {named('sv')}. "
        "Utelämna det, eller ange vilket av dina register det hör till.",
        members={"things": list(things)},
    )
