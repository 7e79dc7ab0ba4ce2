"""What accepting a submission would change in the next release, record by record, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from loader.graph.beyond import stays
from loader.graph.scopes import record_path
from loader.release.records import RecordChange, as_lines, by_record
from loader.release.words import Words, counts, labels_in
from server.handing_in.state.purge import NAME as PURGED
from server.handing_in.submissions.intake import Intake
from server.handing_in.submissions.kept.accepted import World, held_by, statements
from server.handing_in.submissions.kept.model import Action, Submission
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.lookup import Lookup
from server.service import BASE

_ID = BASE + "id/"
_DECISIONS = frozenset((*Action, "reopened"))


SHORT = 20
"""So many of the records that differ from a returned version are shown."""


@dataclass(frozen=True, slots=True)
class Since:
    """What would stand otherwise than by the returned submission `key`: how many records, and the first of them."""

    key: str
    removed: int
    new: int
    changed: int
    changes: tuple[RecordChange, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """How many records go, come and change, and one page of them: those that go first.

    `since_return` compares with the version that a steward returned last, when this one was handed in for it.
    """

    removed: int
    new: int
    changed: int
    unchanged: int
    changes: tuple[RecordChange, ...]
    since_return: Since | None = None


def preview(intake: Intake, submission: Submission, *, start: int = 0, most: int = 200) -> Preview:
    """Compare what would stand without the submission with what would with it. What is inferred is not shown."""
    world = intake.world()
    without, within = world.lacking(submission.key), world.with_accepted(submission)
    lookup = intake.over(without)
    own = statements(submission, intake.blobs)
    paths = _concerned(submission, own, world, lookup)
    before = _said(paths, lookup)
    after = _after(paths, before, within, intake)
    triples = [triple for said in (*before.values(), *after.values()) for triple in said]
    words = _words(triples, lookup)
    changes = by_record(before, after, words, _reasons(submission, before, after))
    counts = Counter(item.change for item in changes)
    return Preview(
        removed=counts["removed"],
        new=counts["new"],
        changed=counts["changed"],
        unchanged=sum(1 for path in after if after[path]) - counts["new"] - counts["changed"],
        changes=tuple(changes[start : start + most]),
        since_return=_since_return(intake, submission, after),
    )


def _since_return(intake: Intake, submission: Submission, after: Mapping[str, set[Triple]]) -> Since | None:
    """The records that would stand otherwise; `after` is what would stand by the submission of what it may change."""
    older = _returned_before(intake.submissions, submission)
    if older is None:
        return None
    world = intake.world().lacking(submission.key)
    lookup = intake.over(world)
    paths = {*after, *_concerned(older, statements(older, intake.blobs), world, lookup)}
    before = _said(sorted(paths), lookup)
    then = _after(paths, before, world.with_accepted(older), intake)
    now = {**before, **after}
    words = _words([triple for said in (*then.values(), *now.values()) for triple in said], lookup)
    changes = by_record(then, now, words, {})
    counts = Counter(item.change for item in changes)
    return Since(older.key, counts["removed"], counts["new"], counts["changed"], tuple(changes[:SHORT]))


def _returned_before(submissions: Submissions, submission: Submission) -> Submission | None:
    """The nearest earlier version of which the last decision was to return it; none whose contents were struck out."""
    seen, key = {submission.key}, submission.supersedes
    while key and key not in seen:
        older = submissions.get(key)
        decisions = [step.action for step in submissions.history(key) if step.action in _DECISIONS]
        if decisions and decisions[-1] == Action.RETURN:
            return older if older.kind != PURGED else None
        seen.add(key)
        key = older.supersedes
    return None


def _words(triples: Iterable[Triple], lookup: Lookup) -> Words:
    """Words for the statements: the labels that they give themselves, else those of the release."""
    nodes = {node for triple in triples for node in (triple.subject, triple.predicate, triple.object)}
    labels = dict(lookup.labels([node for node in nodes if isinstance(node, NamedNode)]))
    return Words({**labels, **labels_in(triples)})


def _concerned(submission: Submission, own: Iterable[Triple], world: World, lookup: Lookup) -> list[str]:
    """Every record that the submission may change: its own, those it takes away, those of versions that it revises."""
    paths = {path for triple in own if (path := record_path(triple.subject)) is not None}
    paths |= set(submission.reading.removes)
    if submission.reading.whole:
        paths |= set(lookup.records_in(submission.reading.whole))
    chain, older = set[str](), submission.named
    while older and older not in chain:
        chain.add(older)
        older = world.named.get(older, "")
    for item in world.submissions:
        if item.key in chain:
            paths |= set(item.reading.puts)
    return sorted(paths)


def _said(paths: Sequence[str], lookup: Lookup) -> dict[str, set[Triple]]:
    nodes = {path: NamedNode(_ID + path) for path in paths}
    said = lookup.said(list(nodes.values()))
    return {path: said.get(node, set()) for path, node in nodes.items()}


def _after(
    paths: Iterable[str], before: Mapping[str, set[Triple]], world: World, intake: Intake
) -> dict[str, set[Triple]]:
    """What would stand: by an accepted submission where one holds the record, nothing where it is gone, as before."""
    standing = world.standing()
    held: dict[str, set[Triple]] = defaultdict(set)
    for item in world.submissions:
        for triple in held_by(item.key, standing, statements(item, intake.blobs)):
            held[record_path(triple.subject) or ""].add(triple)
    whole = {scope for item in world.submissions if item.key not in standing.idle for scope in item.reading.whole}
    scopes = intake.lookup.records_in(whole)
    lost = {path for path, scope in scopes.items() if scope in whole} | set(standing.gone)
    others = {path: set() if path in lost else before[path] for path in paths if path not in held}
    return {path: others[path] if path in others else held[path] | _kept(path, before[path]) for path in paths}


def _kept(path: str, before: set[Triple]) -> set[Triple]:
    """What no row can say of the record, and none takes away."""
    return {triple for triple in before if stays(path, triple.predicate.value)}


def _reasons(
    submission: Submission, before: Mapping[str, set[Triple]], after: Mapping[str, set[Triple]]
) -> dict[str, tuple[str, str]]:
    """Why each record goes."""
    found = {}
    for path in before:
        if after.get(path) or not before[path]:
            continue
        successor = submission.reading.removes.get(path)
        if path in submission.reading.removes:
            by = f" Ersätts av {successor}." if successor else ""
            by_en = f" Replaced by {successor}." if successor else ""
            found[path] = (f"En rad säger att den utgår.{by}", f"A row says that it is removed.{by_en}")
        elif submission.reading.whole:
            found[path] = ("Filen är hela listan och har den inte.", "The file is the whole list and does not have it.")
        else:
            found[path] = (
                f"Inlämningen {submission.named} ersätts, och den nya har den inte.",
                f"The submission {submission.named} is superseded, and the new one does not have it.",
            )
    return found


def as_text(found: Preview, language: str) -> Iterator[str]:
    """The preview as lines for a terminal."""
    yield f"{counts(found.removed, found.new, found.changed, found.unchanged, language)}."
    yield from as_lines(found.changes, language)
    rest = found.removed + found.new + found.changed - len(found.changes)
    if rest:
        yield f"… {rest} till." if language == "sv" else f"… {rest} more."
    if found.since_return is not None:
        yield from _since_lines(found.since_return, language)


def _since_lines(since: Since, language: str) -> Iterator[str]:
    """A heading, and the records that differ from the returned version."""
    number = since.removed + since.new + since.changed
    if language == "sv":
        yield f"Sedan {since.key} återlämnades: {number} {'post' if number == 1 else 'poster'} är annorlunda."
    else:
        yield f"Since {since.key} was returned: {number} {'record is' if number == 1 else 'records are'} otherwise."
    yield from (f"  {line}" for line in as_lines(since.changes, language))
    if number > len(since.changes):
        yield f"  … {number - len(since.changes)} {'till' if language == 'sv' else 'more'}."
