"""The page that checks: findings beside the rows, repetitions folded, files and pasted rows, the workbook again."""

from __future__ import annotations

import base64
import io
import re

from flask.testing import FlaskClient

from server.pages.checking.sheet import sheets
from tests.server.pages.reading import HTML, Page

ROWS = """Register;Variabel;Begreppslig variabel
Riksstroke;Boende;Boendefrom
Rikstroke;Ålder;Ålder
Rikstroke;Kön;Kön
"""
HIDDEN = re.compile(r'name="(again-[a-z]+)" value="([^"]*)"')


def finding(
    rule: str, row: int, value: str | None, severity: str = "Violation", column: str | None = "A"
) -> dict[str, object]:
    message = {"sv": f"{rule} {row}", "en": f"{rule} {row}"}
    place = {"file": "x.csv", "sheet": None, "row": row, "line": None, "column": column, "cell": f"A{row}"}
    return {"rule": rule, "severity": severity, "message": message, **place, "value": value, "suggestion": None}


def test_the_same_fault_is_told_once_and_what_follows_goes_with_it() -> None:
    found = [
        finding("unknown", 2, "Rikstroke"),
        finding("iri", 3, "x", column=None),
        finding("unknown", 3, "Rikstroke"),
        finding("key", 2, "x", "Warning"),
        finding("unknown", 4, "Annat"),
        finding("alone", 5, None, column=None),
    ]
    data = b"A;B\nRikstroke;1\nRikstroke;2\nAnnat\nFem;5\n"
    (sheet,) = sheets({"findings": found}, {"x.csv": data})
    assert sheet.header == ("A", "B")
    told = [(row.number, row.cells, [(one.rule, one.also, one.follows) for one in row.findings]) for row in sheet.rows]
    assert told == [
        ("2", ("Rikstroke", "1"), [("unknown", ("3",), ("key 2", "iri 3"))]),
        ("4", ("Annat", ""), [("unknown", (), ())]),
        ("5", ("Fem", "5"), [("alone", (), ())]),
    ]
    assert sheet.marked(sheet.rows[1], 0) == "err"
    assert sheet.marked(sheet.rows[1], 1) == ""


def test_a_workbook_is_not_opened_here() -> None:
    (sheet,) = sheets({"findings": [finding("unknown", 2, "x")]}, {"x.csv": b"PK\x03\x04 ; \n"})
    assert sheet.header == ()
    assert sheet.rows[0].cells == ()


def test_pasted_rows_come_back_with_what_is_wrong_in_them(real_client: FlaskClient) -> None:
    response = real_client.post("/check?lang=sv", data={"text": ROWS}, headers=HTML)
    page = Page(response.text)
    assert response.status_code == 200
    assert "att rätta innan ni kan lämna in" in page.text
    assert "Boendefrom" in page.text
    assert "Menade du" in page.text
    assert '<td class="err">' in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert all(link.startswith("/validate/rules?lang=sv#") for link in page.links if "/validate/rules" in link)


def test_a_file_and_its_marked_workbook(real_client: FlaskClient) -> None:
    sent = {"file": (io.BytesIO(ROWS.encode()), "lista.csv")}
    text = real_client.post("/check?lang=en", data=sent, content_type="multipart/form-data", headers=HTML).text
    held = dict(HIDDEN.findall(text))
    assert held["again-name"] == "lista.csv"
    assert base64.b64decode(held["again-data"]).decode() == ROWS
    book = real_client.post("/check?format=xlsx", data=held, headers=HTML)
    assert book.data[:2] == b"PK"
    assert real_client.post("/check", data={**held, "again-data": "?"}, headers=HTML).status_code == 400


def test_nothing_sent_and_nothing_readable_are_said(real_client: FlaskClient) -> None:
    assert real_client.post("/check", data={}, headers=HTML).status_code == 400
    sent = {"file": (io.BytesIO(b"\x00\x01\x02"), "x.bin")}
    response = real_client.post("/check?lang=en", data=sent, content_type="multipart/form-data", headers=HTML)
    assert response.status_code == 422
    assert "Nothing of what was sent can be read" in response.text
    assert real_client.get("/check", headers=HTML).status_code == 200


def test_what_is_sent_is_shown_as_text(real_client: FlaskClient) -> None:
    evil = ROWS.replace("Boendefrom", "<script>alert(1)</script>")
    assert "<script>alert" not in real_client.post("/check", data={"text": evil}, headers=HTML).text
