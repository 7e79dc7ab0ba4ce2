"""What the matrix and the gaps say, as sentences: the numbers in them are the cells'."""

from __future__ import annotations

from server.pages.catalogue.things import Thing
from server.pages.compare.axes import AREAS, CONCEPTS, FOLLOW_UP, GROUPS
from server.pages.compare.gaps import Gaps
from server.pages.compare.matrix import Counting, Matrix
from server.pages.words.names import plain, within
from server.pages.words.wording import capital, in_words, listed, ngettext, small
from server.pages.words.wording import gettext as _

NEARLY = 0.9  # the share from which a sentence says “nearly all”
FEW = 2
NAMES = 4  # the most that a sentence lists


def title(counting: Counting, made: Matrix) -> str:
    """The heading: in which one or two columns the most stands."""
    if not made.known:
        return _("Nothing to compare")
    first, *more = made.columns
    if more and made.axes.columns.key in (GROUPS, AREAS) and counting.within(first, more[0]) >= NEARLY * made.known:
        return {
            GROUPS: _("Nearly all indicators concern two target groups"),
            AREAS: _("Nearly all indicators belong to two service areas"),
        }[made.axes.columns.key]
    return _most(made.axes.columns.key) % {"x": within(first)}


def _most(key: str) -> str:
    return {
        GROUPS: _("Most indicators concern %(x)s"),
        AREAS: _("Most indicators belong to %(x)s"),
        FOLLOW_UP: _("Most indicators belong to %(x)s"),
        CONCEPTS: _("What most variables measure is %(x)s"),
    }.get(key, _("%(x)s has the most"))


def lede(made: Matrix) -> list[str]:
    """How much stands in the largest columns, in the smallest ones, and in none."""
    if not made.known:
        return [_("Nothing is stated for this choice. Take the relevance away, or choose other rows and columns.")]
    pairs = [(thing, cell.number) for thing, cell in zip(made.columns, made.totals, strict=True)]
    key = made.axes.columns.key
    told = [_known(made) + " " + _stand(key, [pair for pair in pairs[:2] if pair[1]]) + "."]
    few = [pair for pair in pairs[2:] if 0 < pair[1] <= FEW]
    none = [within(thing) for thing, number in pairs if not number]
    if 0 < len(few) <= NAMES:
        told.append(capital(_stand(key, few, words=True)) + ".")
    if 0 < len(none) <= NAMES:
        told.append(_("None: %(names)s.", names=listed(none)))
    return told


def _known(made: Matrix) -> str:
    """Of how many things a source says where they stand."""
    if made.axes.variables:
        return ngettext(
            "A source states what one variable measures:",
            "A source states what %(num)s variables measure:",
            made.known,
        )
    what = small(made.axes.columns.one)
    return ngettext(
        "A source states the %(what)s of one indicator:",
        "A source states the %(what)s of %(num)s indicators:",
        made.known,
        what=what,
    )


def _stand(key: str, pairs: list[tuple[Thing, int]], *, words: bool = False) -> str:
    """`46 concern people with impairment and 30 older people`, the numbers in words when asked."""
    parts = [_rest(key) % {"n": in_words(number) if words else number, "x": within(thing)} for thing, number in pairs]
    thing, number = pairs[0]
    parts[0] = _verb(key, number) % {"n": in_words(number) if words else number, "x": within(thing)}
    return listed(parts)


def _rest(key: str) -> str:
    return "%(n)s %(x)s" if key in (GROUPS, CONCEPTS) else _("%(n)s to %(x)s", n="%(n)s", x="%(x)s")


def _verb(key: str, number: int) -> str:
    """What an indicator does to a column, `%(n)s` and `%(x)s` left open."""
    keep = {"n": "%(n)s", "x": "%(x)s"}
    if key == GROUPS:
        return ngettext("%(n)s concerns %(x)s", "%(n)s concern %(x)s", number, **keep)
    if key == CONCEPTS:
        return ngettext("%(n)s measures %(x)s", "%(n)s measure %(x)s", number, **keep)
    return ngettext("%(n)s belongs to %(x)s", "%(n)s belong to %(x)s", number, **keep)


def of_gaps(made: Gaps) -> list[str]:
    """How many combinations are gaps, and which groups have no indicator that shows results."""
    told = [
        ngettext(
            "One of %(all)s combinations has no indicator.",
            "%(num)s of %(all)s combinations have no indicator.",
            made.count.number,
            all=made.combinations,
        )
        if made.count.number
        else _("Every combination has an indicator.")
    ]
    if made.blind:
        told.append(
            ngettext(
                "One target group has no indicator that even possibly shows results: %(names)s.",
                "%(n)s target groups have no indicator that even possibly shows results: %(names)s.",
                len(made.blind),
                n=capital(in_words(len(made.blind))),
                names=listed([within(group) for group in made.blind]),
            )
        )
    return told


def hidden(made: Matrix) -> str:
    """Which rows are not shown, and why; empty when all are."""
    rows, count = made.axes.rows.key, len(made.hidden)
    if not count:
        return ""
    if rows == "registers":
        return ngettext(
            "One register is not shown: for none of its indicators or variables a source states it, so we do not know.",
            "%(num)s registers are not shown: for none of their indicators or variables a source states it, "
            "so we do not know.",
            count,
        )
    names = listed([plain(one) for one in made.hidden[:12]])
    return _("Without any: %(names)s.", names=names)
