"""The command `registergraf ask`: a question in Swedish, answered by a question of the release."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import click

from loader.release.manifest import ReleaseError, current_release
from server.asking.answer import Answer, answered
from server.asking.asked import Candidate
from server.asking.mentions import STRONG
from server.engine.interface import EngineError
from server.pages.catalogue.read import catalogue
from server.pages.editor.fields import words
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext, spoken
from server.service import Service, service_of
from server.settings import Settings
from server.web.problem import Problem

_FINDING, _USAGE = 1, 2


@click.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="As JSON: question, slots, sure, rows, and what else is known.")
@click.option("--limit", type=click.IntRange(1, 5000), default=50, show_default=True, help="Most rows.")
@click.option("--choose", type=click.IntRange(1, 3), help="Answer by that candidate, though it is not sure.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Language of the words.")
@click.pass_obj
def ask(settings: Settings, /, question: str, **options: Any) -> None:
    """Ask the current release a QUESTION in Swedish.

    Exit code 1 when it is not known or not sure what is meant, 2 when there is no release.
    """
    from server.app import create_app
    from server.engine.opened import open_engine

    try:
        release = current_release(settings.releases)
    except ReleaseError as error:
        raise _stop(str(error), _USAGE) from error
    small = replace(settings, workers=1, queue=1, rate_per_minute=0, access_log="")
    engine = open_engine(small, release)
    try:
        app = create_app(small, engine, release)
        with app.test_request_context(f"/?lang={options['lang']}"):
            site = service_of(app)
            answer = answered(site, question, limit=options["limit"], choice=options["choose"] or 0)
            told = json.dumps(as_data(site, answer), ensure_ascii=False, indent=2) if options["as_json"] else None
            click.echo(told or in_words(site, answer))
    except (Problem, EngineError) as error:
        raise _stop(str(error), _FINDING) from error
    finally:
        engine.close()
    raise SystemExit(0 if answer.chosen else _FINDING)


def _stop(message: str, code: int) -> SystemExit:
    click.echo(f"registergraf: {message}", err=True)
    return SystemExit(code)


def as_data(site: Service, answer: Answer) -> dict[str, Any]:
    """The answer as JSON: `question` (key, null when it is not known), `slots`, `sure`, `rows`; then title, what the
    rows were narrowed to, candidates, whether rows were left out, and the release.
    """
    first = answer.chosen or next(iter(answer.understanding.candidates), None)
    rows = [dict(zip(answer.table.variables, (cell.text for cell in row), strict=True)) for row in answer.table.rows]
    return {
        "question": first.example.key if first else None,
        "title": _title(first) if first else None,
        "slots": first.slots if first else {},
        "given": list(first.given) if first else [],
        "sure": answer.sure,
        "rows": rows,
        "truncated": answer.table.more,
        "about": [f"{one.kind}/{one.key}" for one in answer.about],
        "candidates": [
            {"question": one.example.key, "title": _title(one), "slots": one.slots, "score": one.score}
            for one in answer.understanding.candidates
        ],
        "release": site.release.version,
    }


def _title(candidate: Candidate) -> str:
    return candidate.example.sv if spoken() == "sv" else candidate.example.en


def in_words(site: Service, answer: Answer) -> str:
    """The answer as text: what was understood and the rows, or the candidates, or that it is not known."""
    if answer.chosen is None:
        return "\n".join(_unsure(site, answer))
    lines = [_("Understood as: %(question)s", question=_title(answer.chosen)), *_slots(site, answer.chosen)]
    lines += [_("Only rows that name: %(name)s", name=one.name) for one in answer.about]
    missed = [one for one in answer.understanding.beside if one.kind in STRONG and one not in answer.about]
    lines += [_("No row names: %(name)s", name=one.name) for one in missed]
    if not answer.sure:
        lines.append(_("That this is what was meant is not sure."))
    count = len(answer.table.rows)
    lines += ["", "\t".join(answer.table.variables)]
    lines += ["\t".join(" ".join(cell.text.split()) for cell in row) for row in answer.table.rows]
    lines += ["", ngettext("One row.", "%(num)s rows.", count) if not answer.table.more else _more(count)]
    lines.append(
        _("Release %(release)s, question %(key)s.", release=site.release.version, key=answer.chosen.example.key)
    )
    return "\n".join(lines)


def _more(count: int) -> str:
    return _("The first %(num)s rows; there are more, see --limit.", num=count)


def _unsure(site: Service, answer: Answer) -> list[str]:
    candidates = answer.understanding.candidates
    if not candidates:
        return [_("I do not know that: no question of the graph is near enough. What it answers: docs/questions.md.")]
    lines = [_("I am not sure what is meant. Choose with --choose:")]
    for number, one in enumerate(candidates, start=1):
        lines += [f"{number}. {_title(one)}", *(f"   {line}" for line in _slots(site, one))]
    return lines


def _slots(site: Service, candidate: Candidate) -> list[str]:
    """The slots in words, those that the text filled and those that the question has by itself."""
    named = {**words(), "provision": _("Provision"), "date": _("Date"), "number": _("Number"), "words": _("Words")}
    named.update({"part-number": _("Table"), "row-number": _("Row"), "chapter-number": _("Chapter")})
    lines = []
    for name, value in candidate.slots.items():
        word = named.get(name.rstrip("-0123456789"), name)
        thing = catalogue(site).get(name.rstrip("-0123456789"), value)
        origin = _("from what was asked") if name in candidate.given else _("as the question has it")
        lines.append(f"- {word}: {plain(thing) if thing else value} ({origin})")
    return lines
