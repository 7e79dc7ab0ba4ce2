"""A plan as text and as tables: the plan, and, where nothing is missing, the order with its list of variables."""

from __future__ import annotations

from collections.abc import Iterator

from server.pages.catalogue.things import Catalogue
from server.pages.plans.plan import Line, Plan, mark_word, standing
from server.pages.plans.words import notation, notations
from server.pages.tables import Cell, Table
from server.pages.words.names import plain
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _

TEXT = "text/plain; charset=utf-8"


def said(line: Line) -> str:
    """A line with the things that it names, as text."""
    names = ", ".join(plain(one) for one in line.things) if line.text.endswith(":") else ""
    return " ".join(part for part in (line.text, names, line.link) if part)


def sources(found: Catalogue, line: Line) -> str:
    """The sources of a line in words."""
    return "; ".join(in_words(found, one) for one in line.sources)


def as_text(found: Catalogue, made: Plan) -> str:
    """The plan for a terminal: each line with its mark, and its source in brackets."""
    return "\n".join(_text_lines(found, made)) + "\n"


def _text_lines(found: Catalogue, made: Plan) -> Iterator[str]:
    yield made.title
    yield "=" * len(made.title)
    yield ""
    yield standing(made)
    yield from (f"  - {one}" for one in made.missing)
    for section in made.sections:
        yield ""
        yield section.title
        for line in section.lines:
            source = sources(found, line)
            yield f"  [{mark_word(line.mark)}] {said(line)}" + (f" ({source})" if source else "")


def tables(found: Catalogue, made: Plan) -> list[Table]:
    """The plan; then the order's fields and its variables, or what is missing."""
    every = "\n\n".join(query.query for section in made.sections for query in section.queries)
    rows: list[list[Cell]] = [
        [section.title, said(line), mark_word(line.mark), sources(found, line)]
        for section in made.sections
        for line in section.lines
    ]
    words = (_("Part"), _("Line"), _("Said by"), _("Source"))
    plan = Table(_("Plan"), ("part", "line", "said_by", "source"), words, rows, every)
    if made.missing:
        missing: list[list[Cell]] = [[one] for one in made.missing]
        return [plan, Table(_("Missing"), ("missing",), (_("Missing"),), missing, every)]
    return [plan, *([_order(made, every), _variables(found, made, every)] if made.ready else [])]


def _order(made: Plan, query: str) -> Table:
    """The fields of the order: what the page asks for, filled in where the plan knows it."""
    rows: list[list[Cell]] = [[plain(one), _filled(made, one.keys("rg:conveys"), one.key)] for one in made.orders]
    if made.service is not None:
        rows.insert(0, [_("Service"), plain(made.service)])
    rows.append([_("Variables to send"), "; ".join(notations(one.variables) or one.line.text for one in made.sent)])
    return Table(_("Order"), ("field", "value"), (_("Field"), _("Value")), rows, query)


def _filled(made: Plan, _conveys: list[str], key: str) -> str:
    if key.endswith(".register"):
        return plain(made.register)
    return made.title.partition(":")[0] if key.rpartition(".")[2].startswith("wanted") else ""


def _variables(found: Catalogue, made: Plan, query: str) -> Table:
    """The variables to send, one a row: names alone, never data."""
    keys = ("what", "variable", "codes", "unit", "said_by", "source")
    words = (_("What is sent"), _("Variable"), _("Codes"), _("Unit"), _("Said by"), _("Source"))
    rows: list[list[Cell]] = []
    for one in made.sent:
        told = (mark_word(one.line.mark), sources(found, one.line))
        for variable in one.variables:
            named = (notation(variable), variable.first("rg:valueSet"), variable.first("rg:unitOfMeasure"))
            rows.append([one.line.text, *named, *told])
        if not one.variables:
            rows.append([one.line.text, _("we do not know"), "", "", *told])
    return Table(_("Variables to send"), keys, words, rows, query)
