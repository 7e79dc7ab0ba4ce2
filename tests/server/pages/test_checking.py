"""The page that checks: findings beside the rows, repetitions folded, files and pasted rows, the workbook again."""

from __future__ import annotations

import base64
import csv
import html
import io
import re

import openpyxl
from flask.testing import FlaskClient

from server.pages.checking.sheet import sheets
from tests.server.pages.reading import HTML, Page

ROWS = """Register;Variabel;Begreppslig variabel
Riksstroke;Boende;Boendefrom
Rikstroke;Ålder;Ålder
Rikstroke;Kön;Kön
"""
FIX = re.compile(r'name="fix" value="([^"]*)" checked')
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
    cells = {"2": ["Rikstroke", "1"], "3": ["Rikstroke", "2"], "4": ["Annat"], "5": ["Fem", "5"]}
    own = {"file": "x.csv", "sheet": None, "header": ["A", "B"], "rows": cells}
    (sheet,) = sheets({"findings": found, "sheets": [own]})
    assert sheet.header == ("A", "B")
    told = [(row.number, row.cells, [(one.rule, one.also, one.follows) for one in row.findings]) for row in sheet.rows]
    assert told == [
        ("2", ("Rikstroke", "1"), [("unknown", ("3",), ("key 2", "iri 3"))]),
        ("4", ("Annat", ""), [("unknown", (), ())]),
        ("5", ("Fem", "5"), [("alone", (), ())]),
    ]
    assert sheet.marked(sheet.rows[1], 0) == "err"
    assert sheet.marked(sheet.rows[1], 1) == ""


def test_a_file_without_rows_of_its_own_is_told_by_place() -> None:
    (sheet,) = sheets({"findings": [finding("unknown", 2, "x")], "sheets": []})
    assert sheet.header == ()
    assert sheet.rows[0].cells == ()


def test_pasted_rows_come_back_with_what_is_wrong_in_them(real_client: FlaskClient) -> None:
    response = real_client.post("/check?lang=sv", data={"text": ROWS}, headers=HTML)
    page = Page(response.text)
    assert response.status_code == 200
    assert "att rätta innan ni kan lämna in" in page.text
    assert "Boendefrom" in page.text
    assert "Byt till Boendeform" in page.text
    assert 'data-h="Begreppslig variabel" class="err">Boendefrom</td>' in response.text
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


def test_what_handing_in_would_do_is_counted(real_client: FlaskClient) -> None:
    new = "Register;Variabel;Fråga eller benämning (svenska)\nRiksstroke;Egen ny;Egen fråga\n"
    part = Page(real_client.post("/check?lang=sv", data={"text": new}, headers=HTML).text)
    assert "0 poster utgår, 1 ny, 0 ändras, 0 oförändrade." in part.text
    answer = real_client.post("/check?lang=sv", data={"text": new, "list": "whole"}, headers=HTML).text
    whole = Page(answer)
    assert "poster utgår, 1 ny, 0 ändras, 0 oförändrade." in whole.text
    assert "Vad som skulle utgå" in whole.text
    assert "variable/riksstroke." in whole.text
    held = {**dict(HIDDEN.findall(answer)), "then": "mend", "list": "whole"}
    assert 'name="list" value="whole"' in answer.partition('id="mend"')[2].partition("</form>")[0]
    assert "Vad som skulle utgå" in real_client.post("/check?lang=sv", data=held, headers=HTML).text
    over_http = real_client.post("/validate?list=whole&name=a.csv", data=new.encode(), content_type="text/csv").json
    assert over_http is not None
    assert over_http["effect"]["kinds"][0]["removed"] == len(over_http["effect"]["removes"]) > 10


def test_a_question_is_offered_and_not_ticked(real_client: FlaskClient) -> None:
    header = "Register;Variabel;Fråga eller benämning (svenska);Andra beteckningar"
    text = f"{header}\nRiksstroke;2b. Ensamboende;Bor du ensam?;"
    page = real_client.post("/check?lang=sv", data={"text": text}, headers=HTML).text
    assert "som har bytt namn" in Page(page).text
    assert "Skriv 2. Bor Du ensam?" in Page(page).text
    assert FIX.findall(page) == []
    (tick,) = re.findall(r'name="fix" value="([^"]*)">', page)
    held = {**dict(HIDDEN.findall(page)), "fix": html.unescape(tick), "then": "mend"}
    mended = real_client.post("/check?lang=sv", data=held, headers=HTML).text
    assert "0 poster utgår, 0 nya, 1 ändras, 0 oförändrade." in Page(mended).text


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


def test_ticked_mends_come_back_in_a_file_of_the_same_kind(real_client: FlaskClient) -> None:
    data = ROWS.replace("\n", "\r\n").encode("cp1252")
    sent = {"file": (io.BytesIO(data), "kön.csv")}
    first = real_client.post("/check?lang=sv", data=sent, content_type="multipart/form-data", headers=HTML).text
    ticks = [html.unescape(value) for value in FIX.findall(first)]
    held = dict(HIDDEN.findall(first))
    assert len(ticks) == 2
    whole = real_client.post("/check?lang=sv", data={**held, "fix": ticks, "then": "file"}, headers=HTML)
    right = ROWS.replace("Boendefrom", "Boendeform").replace("Rikstroke", "riksstroke")
    assert whole.data == right.replace("\n", "\r\n").encode("cp1252")
    assert whole.headers["Content-Disposition"].startswith('attachment; filename="kon-rattad.csv"')
    assert whole.mimetype == "text/csv"
    one = real_client.post("/check?lang=sv", data={**held, "fix": ticks[:1], "then": "mend"}, headers=HTML).text
    assert "är rättad" in Page(one).text or "är rättade" in Page(one).text
    assert len(FIX.findall(one)) == 1
    again = dict(HIDDEN.findall(one))
    assert again["again-name"] == "kön-rättad.csv"
    assert real_client.post("/check", data={**again, "then": "held"}).data == base64.b64decode(again["again-data"])


def test_nothing_ticked_gives_back_the_file_as_it_was(real_client: FlaskClient) -> None:
    sent = {"file": (io.BytesIO(ROWS.encode()), "lista.csv"), "then": "file"}
    assert real_client.post("/check", data=sent, content_type="multipart/form-data").data == ROWS.encode()
    assert real_client.post("/check", data={"text": ROWS, "then": "file", "fix": "[1]"}).status_code == 400


def test_a_workbook_is_shown_with_its_own_rows_and_mended(real_client: FlaskClient) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO("Lista från registret\n\n" + ROWS), delimiter=";"):
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    sent = {"file": (io.BytesIO(out.getvalue()), "lista.xlsx")}
    text = real_client.post("/check?lang=sv", data=sent, content_type="multipart/form-data", headers=HTML).text
    assert '<th scope="col">Begreppslig variabel</th>' in text
    assert 'class="err">Boendefrom</td>' in text
    ticks = [html.unescape(value) for value in FIX.findall(text)]
    asked = {**dict(HIDDEN.findall(text)), "fix": ticks, "then": "file"}
    mended = openpyxl.load_workbook(io.BytesIO(real_client.post("/check", data=asked).data)).active
    assert mended is not None
    assert [cell.value for cell in mended["C"]][2:] == ["Begreppslig variabel", "Boendeform", "Ålder", "Kön"]


def test_a_large_file_is_read_and_chosen_again(real_client: FlaskClient) -> None:
    filler = "Riksstroke;Fyllnad {};\n"
    data = (ROWS + "".join(filler.format(number) for number in range(18_000))).encode()
    assert len(data) > 400_000
    sent = {
        "file": (io.BytesIO(data), "lista.csv"),
        "then": "file",
        "fix": '["lista.csv","Boendefrom","x",[[null,2,3]]]',
    }
    mended = real_client.post("/check", data=sent, content_type="multipart/form-data").data
    assert mended == data.replace(b"Boendefrom", b"x")


def test_lines_of_rdf_stand_with_what_is_wrong_in_them(real_client: FlaskClient) -> None:
    turtle = b"@prefix rg: <https://w3id.org/registergraf/ns#> .\n<https://example.org/x> rg:Indikator 1 .\n"
    sent = {"file": (io.BytesIO(turtle), "x.ttl")}
    text = real_client.post("/check?lang=en", data=sent, content_type="multipart/form-data", headers=HTML).text
    assert "<code>&lt;https://example.org/x&gt; rg:Indikator 1 .</code>" in text


def test_the_template_is_filled_with_what_is_known(real_client: FlaskClient) -> None:
    answer = real_client.get("/check/template?register=riksstroke&lang=sv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="registergraf-mall-riksstroke.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert "Riksstroke" in cells
    empty = openpyxl.load_workbook(io.BytesIO(real_client.get("/check/template?lang=en").data))
    assert "Riksstroke" not in [cell.value for cell in empty["Registers"]["B"]]
    assert real_client.get("/check/template?register=nowhere", headers=HTML).status_code == 400


def test_no_number_of_a_person_is_shown_or_held(real_client: FlaskClient) -> None:
    number, telephone = "19121212-1212", "070-174 06 05"
    rows = f"Riksstroke;Boende;{number}\nriksstroke;{telephone};Kön\nrikstroke;19121212;1212\n"
    text = real_client.post("/check?lang=sv", data={"text": ROWS + rows}, headers=HTML).text
    assert "identitetsnummer" in text
    assert number not in text
    assert "19121212" not in text
    assert telephone not in text
    assert "again-data" not in text


def test_columns_are_told_in_the_words_of_the_template(real_client: FlaskClient) -> None:
    rows = "Register;Variabelnamn;Begreppslig variabel;Egen anteckning\nRiksstroke;Boende;Boendeform;x\n"
    text = Page(real_client.post("/check?lang=sv", data={"text": rows}, headers=HTML).text).text
    assert "Variabelnamn: läst som Variabel" in text
    assert "Egen anteckning: läses inte" in text
    assert "notation" not in text
