"""Taking in a submission: seen before? checked; allowed? then stored, all of it before anyone is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from loader.checked import CheckResult
from loader.graph.accepted import to_statements
from loader.intake.upload import Upload
from loader.judging.findings import to_dict
from loader.release.manifest import Release
from loader.resources import project_version
from server.handing_in.accounts.scopes import Account
from server.handing_in.state.blobs import Blobs
from server.handing_in.submissions.checking import Checker, check_options
from server.handing_in.submissions.lookup import Lookup
from server.handing_in.submissions.model import Draft, File, Reading, Submission
from server.handing_in.submissions.ownership import touched
from server.handing_in.submissions.store import Submissions
from server.service import BASE
from server.web.problem import Problem

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# What a submission is mainly about: the first of these of which it describes any.
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("indicators", frozenset(BASE + "ns#" + name for name in ("Indicator", "TabulatedIndicator", "QuotedIndicator"))),
    ("variables", frozenset({BASE + "ns#Variable"})),
    (
        "register",
        frozenset(
            BASE + "ns#" + name
            for name in ("DataCollection", "Register", "QualityRegister", "HealthDataRegister", "QualityDataSystem")
        ),
    ),
)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sheaf:
    """What was sent: the files; `register` when it was said which; `profile`; `mapping` of columns; `supersedes`."""

    uploads: tuple[Upload, ...]
    options: Mapping[str, str]
    mapping: Mapping[str, str] | None = None
    supersedes: str = ""

    @property
    def digest(self) -> str:
        """The same files with the same options have the same digest, whatever they are called, in whatever order."""
        files = sorted(hashlib.sha256(upload.data).hexdigest() for upload in self.uploads)
        said = [files, sorted(self.options.items()), sorted((self.mapping or {}).items())]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Intake:
    """Hands in for an account; `lookup` asks the release that `release` is."""

    submissions: Submissions
    blobs: Blobs
    checker: Checker
    lookup: Lookup
    release: Release

    def hand_in(self, sheaf: Sheaf, account: Account) -> tuple[Submission, bool]:
        """Store what was sent; the submission that is there already, and False, when it was sent before.

        Problem forbidden (403) when it touches what the account does not hold, register-unknown (422).
        """
        known = self.submissions.with_digest(sheaf.digest)
        if known is not None:
            may_touch(account, known.registers)
            return known, False
        result = self.checker(sheaf.uploads, self.release, check_options(sheaf.mapping))
        registers = self._registers(result, sheaf, account)
        key = sheaf.digest[:20]
        draft = Draft(
            digest=sheaf.digest,
            account=account.label,
            registers=registers,
            kind=kind_of(result.quads),
            options={**sheaf.options, "mapping": json.dumps(sheaf.mapping, sort_keys=True)}
            if sheaf.mapping
            else sheaf.options,
            files=self._keep_files(sheaf.uploads),
            reading=self.keep_reading(key, result),
            supersedes=sheaf.supersedes,
        )
        return self.submissions.add(draft)

    def read_again(self, submission: Submission) -> Reading:
        """Check a stored submission against the present release; its files are the ones that were handed in."""
        uploads = [Upload(file.name, self.blobs.get(file.sha256)) for file in submission.files]
        mapping = json.loads(submission.options.get("mapping", "null"))
        result = self.checker(uploads, self.release, check_options(mapping))
        reading = self.keep_reading(submission.key, result)
        if self._touched(result) - submission.registers:
            return Reading(False, reading.report, reading.statements, reading.release, reading.tool)
        return reading

    def keep_reading(self, key: str, result: CheckResult) -> Reading:
        """Keep the report and the statements; blank nodes get names that belong to the submission."""
        conforms = result.readable and result.conforms
        report = {
            "conforms": conforms,
            "readable": result.readable,
            "release": self.release.version,
            "findings": [to_dict(finding) for finding in result.findings],
        }
        data = json.dumps(report, ensure_ascii=False, sort_keys=True).encode()
        statements = self.blobs.put(to_statements(key, result.quads))
        return Reading(conforms, self.blobs.put(data), statements, self.release.version, project_version())

    def _keep_files(self, uploads: Iterable[Upload]) -> tuple[File, ...]:
        return tuple(File(item.shown, self.blobs.put(item.data), len(item.data)) for item in uploads)

    def _registers(self, result: CheckResult, sheaf: Sheaf, account: Account) -> frozenset[str]:
        """The registers that are touched, all of them held by the account; the declared one where none can be seen."""
        declared = sheaf.options.get("register", "")
        if declared:
            may_touch(account, {declared})
        found = self._touched(result)
        may_touch(account, found)
        if found or declared:
            return found | ({declared} if declared else frozenset())
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

    def _touched(self, result: CheckResult) -> frozenset[str]:
        found = touched(result.quads, self.lookup)
        if found.common:
            names = self.lookup.labels([NamedNode(iri) for iri in sorted(found.common)[:5]])
            raise _shared(sorted(found.common), names)
        return found.registers | result.registers


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
        f"The files describe anew what belongs to no register: {named('en')}. Leave it out.",
        f"Filerna beskriver på nytt det som inte hör till något register: {named('sv')}. Utelämna det.",
        members={"things": list(things)},
    )
