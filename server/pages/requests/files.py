"""A request pack as tables: items, the empty result table, who decides, the law, the form's fields."""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.queries import ref, select
from server.pages.requests.pack import Holder, Pack, Row
from server.pages.tables import Cell, Table
from server.pages.words.names import plain
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext


def tables(found: Catalogue, made: Pack) -> list[Table]:
    """The parts of a pack, each a table."""
    return [_items(found, made), _result(made), _deciders(made), _law(made), _form(made)]


def form(made: Pack) -> list[tuple[str, str]]:
    """The fields that a request form asks for, with what is filled in; empty where the applicant has to write."""
    texts = made.request.texts
    registers = ", ".join(plain(holder.register) for holder in made.holders)
    return [
        (_("Applicant"), texts.get("applicant", "")),
        (_("Purpose"), texts.get("purpose", "")),
        (_("Registers"), registers),
        (_("Population and selection"), texts.get("population", "")),
        (_("Period"), texts.get("period", "")),
        (_("Variables and indicators"), ", ".join(plain(row.item.thing) for row in made.rows)),
        (
            _("Reason for each"),
            "; ".join(f"{plain(row.item.thing)}: {row.item.why}" for row in made.rows if row.item.why),
        ),
        (_("Delivered as: persons, or sums without persons"), ""),
        (_("Who is to use the data, and how long they are kept"), ""),
        (_("Decision of an ethical review, if it is research"), ""),
    ]


def _reasons(made: Pack) -> str:
    return "; ".join(f"{plain(row.item.thing)}: {row.item.why}" for row in made.rows if row.item.why)


def _items(found: Catalogue, made: Pack) -> Table:
    keys = (
        "kind",
        "name",
        "register",
        "measures",
        "codes",
        "unit",
        "form",
        "collected",
        "needs",
        "reason",
        "source",
        "iri",
    )
    words = (
        *(_("Kind"), _("Name"), _("Register"), _("Measures"), _("Codes"), _("Unit"), _("Form")),
        *(_("Collected"), _("Computed from"), _("Reason"), _("Source"), "IRI"),
    )
    return Table(_("Items"), keys, words, [_item(found, row) for row in made.rows], items_query(made))


def _item(found: Catalogue, row: Row) -> list[Cell]:
    unknown = _("we do not know")
    thing = row.item.thing
    indicator = thing.kind == "indicator"
    return [
        ngettext("indicator", "indicators", 1) if indicator else ngettext("variable", "variables", 1),
        plain(thing),
        plain(row.register) if row.register else unknown,
        _names(row.measures) or unknown,
        row.codes or unknown,
        row.unit or unknown,
        row.form or unknown,
        row.period or unknown,
        (_names(row.needs) or unknown) if indicator else None,
        row.item.why,
        "; ".join(in_words(found, source) for source in row.sources) or unknown,
        thing.iri,
    ]


def _names(things: tuple[Thing, ...]) -> str:
    return ", ".join(plain(one) for one in things)


def _result(made: Pack) -> Table:
    """The table that is to come back: a column for each item, its row left empty."""
    names = tuple(row.item.thing.key for row in made.rows)
    words = tuple(plain(row.item.thing) for row in made.rows)
    keys = ("municipality", "period", *names)
    return Table(
        _("Empty result table"), keys, (_("Municipality"), _("Period"), *words), [[None] * len(keys)], items_query(made)
    )


def _deciders(made: Pack) -> Table:
    keys = ("register", "decides", "where", "conditions", "legal_ground", "time", "iri")
    words = (
        *(_("Register"), _("Decides"), _("Where to ask"), _("Conditions"), _("Legal ground")),
        *(_("Time it takes"), "IRI"),
    )
    return Table(_("Who decides"), keys, words, [_decider(holder) for holder in made.holders], items_query(made))


def _decider(holder: Holder) -> list[Cell]:
    unknown = _("we do not know")
    values = (holder.ways, holder.conditions, holder.grounds, holder.time)
    return [
        plain(holder.register),
        _names(holder.deciders) or unknown,
        *(_said(value) or unknown for value in values),
        holder.register.iri,
    ]


def _said(values: tuple[Value, ...]) -> str:
    return "; ".join(value.text for value in values)


def _law(made: Pack) -> Table:
    rows: list[list[Cell]] = [
        [plain(basis.provision), _("yes") if basis.verified else _("no"), basis.provision.iri] for basis in made.bases
    ]
    words = (_("Provision"), _("Checked"), "IRI")
    return Table(_("Legal basis"), ("provision", "checked", "iri"), words, rows, items_query(made))


def _form(made: Pack) -> Table:
    rows: list[list[Cell]] = [[word, value] for word, value in form(made)]
    return Table(_("Form"), ("field", "value"), (_("Field"), _("Value")), rows, items_query(made))


def items_query(made: Pack) -> str:
    """Everything that is said of the items."""
    values = " ".join(ref(row.item.thing.iri) for row in made.rows)
    return select("?item ?property ?value", f"VALUES ?item {{ {values} }}", "?item ?property ?value .")
