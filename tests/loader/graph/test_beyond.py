"""What no column can say of a variable or an indicator outlives the row that describes it anew; the rest does not."""

from __future__ import annotations

from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from loader.graph.beyond import outlives, remainder
from loader.graph.joining import Joined
from loader.graph.triples import record_quads
from loader.model import iris
from loader.model.layout import default_layouts
from loader.tables.cells import Subject, Text
from loader.tables.records import Cell, Record
from loader.tables.reportcells import Item

COLUMNS = default_layouts()["public_variables"].by_name
SAID = {"notation": "B3", "label_sv": "Boende", "unit": "dagar", "form": "Blankett 2019", "printed": "3. Boende"}


def printed(path: str = "variable/alfa.b3") -> Record:
    cells = [
        Cell(COLUMNS[name], text, (Item(COLUMNS[name].property or "", Text(text)),)) for name, text in SAID.items()
    ]
    page = Cell(COLUMNS["document"], "page", (Item("dcterms:source", Subject("document/page")),))
    return Record("public_variables", "public", "f", 1, 1, path, "rg:Variable", None, (*cells, page))


def names(record: Record | None) -> list[str]:
    return [] if record is None else [cell.column.name for cell in record.cells]


def test_form_and_words_of_the_page_stay_with_where_they_were_read() -> None:
    assert names(remainder(printed())) == ["form", "printed", "document"]


def test_nothing_is_left_of_what_a_row_says_whole() -> None:
    plain = replace(
        printed(), cells=tuple(cell for cell in printed().cells if cell.column.name in ("unit", "document"))
    )
    assert remainder(plain) is None


def test_only_what_is_described_anew_leaves_a_remainder() -> None:
    anew, gone, own = (f"variable/alfa.{key}" for key in ("anew", "gone", "own"))
    joined = Joined((), frozenset((anew, gone)), (), {anew: "rg:Variable"})
    left = {record.path: names(record) for record in joined.left(map(printed, (anew, gone, own)))}
    assert left == {anew: ["form", "printed", "document"], own: [*SAID, "document"]}


def measured(*without: str) -> Record:
    columns = default_layouts()["public_indicators"].by_name
    said = {"label_sv": "Andel", "numerator_sv": "De som fått vård", "target_from": "80", "groups": "children"}
    cells = [
        Cell(columns[name], text, (Item(columns[name].property or "", Text(text)),))
        for name, text in said.items()
        if name not in without
    ]
    page = Cell(columns["document"], "page", (Item("dcterms:source", Subject("document/page")),))
    path = "indicator/alfa-andel"
    return Record("public_indicators", "public", "f", 1, 1, path, "rg:PublishedIndicator", None, (*cells, page))


def test_who_are_counted_the_target_the_group_and_the_page_of_an_indicator_stay() -> None:
    assert names(remainder(measured())) == ["numerator_sv", "target_from", "groups", "document"]
    assert names(remainder(measured("numerator_sv", "target_from", "groups"))) == ["document"]


def test_the_graph_keeps_the_same_of_an_indicator_as_the_sources_do() -> None:
    left = remainder(measured())
    assert left is not None
    row = NamedNode(iris.passage("submitted-1", "1", "2"))  # of an earlier row, which the next one takes the place of
    node = NamedNode(iris.thing(left.path))
    said = [quad.triple for quad in record_quads([measured()])]
    said.append(Triple(node, NamedNode(iris.expand("dcterms:source")), row))
    kept = {quad.triple for quad in record_quads([left]) if not quad.predicate.value.endswith("#type")}
    assert set(outlives(left.path, said)) == kept


def test_an_indicator_that_its_holder_tabulates_is_no_longer_only_published() -> None:
    path = measured().path
    joined = Joined((), frozenset((path,)), (), {path: "rg:TabulatedIndicator"})
    assert [record.class_name for record in joined.left([measured()])] == ["rg:TabulatedIndicator"]
