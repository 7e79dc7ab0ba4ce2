"""Deciding on a submission: accepted only when it still conforms to the release that is current then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loader.checked import OWN_PROFILE
from server.handing_in.accounts.scopes import Account
from server.handing_in.submissions.intake import Delivery, Intake
from server.handing_in.submissions.kept.accepted import World
from server.handing_in.submissions.kept.model import Action, Status, Submission
from server.handing_in.submissions.kept.personal import refuse_in_comment
from server.handing_in.submissions.kept.store import Moved, SubmissionError, Submissions, UnknownSubmission
from server.handing_in.submissions.rehearsing import must_build
from server.web.problem import Problem

FEW = 3
"""So many records may go without being confirmed."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What an account decided on a submission: `removals` is how many records it confirms that go."""

    action: Action
    account: str
    comment: str = ""
    removals: int | None = None


def decide(intake: Intake, submission: Submission, decision: Decision) -> Submission:
    """Do what the account decided, and return the submission as it is then.

    Before acceptance the files are checked anew if what stands has changed meanwhile, and the next release is built on
    trial, as also before something accepted is withdrawn. Problem bad-request (400) for a return without a comment,
    conflict (409) when the status or the next release does not allow it.
    """
    action, comment = decision.action, decision.comment
    refuse_in_comment(comment)
    if action is Action.RETURN and not comment:
        raise Problem(
            "bad-request",
            "Say in a comment what is to be mended.",
            "Skriv i en kommentar vad som ska rättas.",
        )
    try:
        return _decide(intake, submission, decision)
    except SubmissionError as error:
        raise as_problem(error) from error


def take_in(intake: Intake, delivery: Delivery, account: Account) -> tuple[Submission, bool]:
    """`Intake.hand_in` for requests: by our own profile alone, and with what the store refuses as a Problem."""
    if delivery.options.get("profile", OWN_PROFILE) != OWN_PROFILE:
        raise Problem(
            "bad-request",
            "Submissions are checked by the profile registergraf; /validate checks by others.",
            "Inlämningar kontrolleras mot profilen registergraf; /validate kontrollerar mot andra.",
        )
    said = {name: value for name, value in delivery.options.items() if name != "profile"}
    try:
        return intake.hand_in(replace(delivery, options=said), account)
    except SubmissionError as error:
        raise as_problem(error) from error


def find(submissions: Submissions, key: str) -> Submission:
    """The submission; Problem not-found (404)."""
    try:
        return submissions.get(key)
    except UnknownSubmission as error:
        raise as_problem(error) from error


def as_problem(error: SubmissionError) -> Problem:
    """404 for an unknown submission, else 409."""
    slug = "not-found" if isinstance(error, UnknownSubmission) else "conflict"
    return Problem(slug, str(error), error.sv)


def _decide(intake: Intake, submission: Submission, decision: Decision) -> Submission:
    store, account = intake.submissions, decision.account
    if decision.action is Action.RETURN:
        return store.decide(submission.key, Action.RETURN, account, decision.comment)
    for _ in range(_TRIES):
        try:
            return _try_to_decide(intake, store.get(submission.key), decision)
        except Moved:
            continue
    raise Moved("Too much else is being decided; try again.", "För mycket annat avgörs just nu; försök igen.")


def _try_to_decide(intake: Intake, submission: Submission, decision: Decision) -> Submission:
    """Accept or withdraw after a build on trial, or reopen after a new check; Moved when another decision was first."""
    world = intake.world()
    if decision.action is Action.REOPEN:
        return _read_again(intake, submission, world, decision)
    if decision.action is Action.ACCEPT:
        submission = _as_it_is_now(intake, submission, world, decision.account)
        _confirmed(submission, decision.removals)
        _must_build(intake, world, world.with_accepted(submission))
    elif submission.status is Status.ACCEPTED:
        _must_build(intake, world, world.lacking(submission.key))
    return intake.submissions.decide(
        submission.key, decision.action, decision.account, decision.comment, expected=world.numbers
    )


def _must_build(intake: Intake, world: World, then: World) -> None:
    """Problem conflict (409) when no release could be built; Moved when something else was decided meanwhile."""
    found = intake.rehearsal(then.graphs(intake.blobs))
    if found and intake.world().numbers != world.numbers:
        raise Moved
    must_build(found)


def _as_it_is_now(intake: Intake, submission: Submission, world: World, account: str) -> Submission:
    """The submission, checked anew when what stands is not what it was checked against."""
    reading = submission.reading
    if submission.status is not Status.RECEIVED or (reading.release, reading.world) == (
        intake.release.version,
        world.mark,
    ):
        return submission
    again = _read_again(intake, submission, world, Decision(Action.ACCEPT, account))
    if again.status is not Status.RECEIVED:
        raise SubmissionError(
            "What stands has changed since, and the files no longer conform to it. See the new report.",
            "Det som gäller har ändrats sedan dess, och filerna stämmer inte längre med det. Se den nya rapporten.",
        )
    return again


def _read_again(intake: Intake, submission: Submission, world: World, decision: Decision) -> Submission:
    """The submission with a new check of its files; Moved when that check was overtaken by a decision."""
    reading, reopen = intake.read_again(submission), decision.action is Action.REOPEN
    return intake.submissions.reread(submission.key, reading, decision.account, reopen=reopen, expected=world.numbers)


def _confirmed(submission: Submission, removals: int | None) -> None:
    """Problem conflict (409) unless the records that go are few, or their number is given."""
    gone = submission.reading.effect.removed
    if submission.status is not Status.RECEIVED or len(gone) <= FEW or removals == len(gone):
        return
    raise Problem(
        "conflict",
        f"{len(gone)} records would go. Look at the preview, and accept with removals={len(gone)}.",
        f"{len(gone)} poster skulle utgå. Se förhandsvisningen, och godta med removals={len(gone)}.",
        members={"removals": len(gone), "removed": list(gone)},
    )
