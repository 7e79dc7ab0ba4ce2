"""Submissions made by a seed: clean ones, as tables by header, and written in every tabular format."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import openpyxl

from loader.check import Upload

Row = dict[str, str]
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
GROUPS = (
    "Äldre/äldreomsorg",
    "Barn och unga/social barn- och ungdomsvård",
    "Personer med missbruk eller beroende/missbruks- och beroendevård",
)
AREAS = (
    "Info om målgruppen",
    "Information om målgruppen",
    "Arbetssätt och processer",
    "Ev. resultat",
    "Förutsättningar i verksamheten",
)
PURPOSES = ("Förstå omfattning", "Följa utveckling över tid", "Planera förebyggande insatser")
LEVELS = ("Sjukhus / region", "Sjukhus/verksamhet inom regionen")
CONCEPTS = ("housing-type", "assistive-devices", "support-satisfaction", "Boendeform")


@dataclass
class Book:
    """Tables by sheet, each a list of rows by header; all rows of a sheet have the same headers."""

    key: str
    sheets: dict[str, list[Row]] = field(default_factory=dict)

    def copy(self) -> Book:
        return deepcopy(self)


def clean(seed: int) -> Book:
    """A submission without faults: a register, its variables, indicators, and a coverage rate."""
    chance = random.Random(seed)
    key = f"provregistret-{seed}"
    names = [f"Variabel {number} å" for number in range(chance.randint(2, 5))]
    book = Book(key)
    book.sheets["Register"] = [
        {
            "Registernyckel": key,
            "Namn (svenska)": f"Provregistret {seed}",
            "Namn (engelska)": f"Swedish Test Register {seed}",
            "Kortnamn": f"PR{seed}",
            "Samfinansieras av kommunerna": chance.choice(("ja", "nej")),
        }
    ]
    book.sheets["Variabler"] = [
        {
            "Register": key,
            "Variabel": name,
            "Fråga eller benämning (svenska)": f"Frågan om {name}?",
            "Fråga eller benämning (engelska)": f"The question on {name}?",
            "Begreppsvariabel": chance.choice(CONCEPTS),
        }
        for name in names
    ]
    book.sheets["Variabler"][0]["Begreppsvariabel"] = "home-municipality"
    book.sheets["Indikatorer"] = [_indicator(key, number, names, chance) for number in range(chance.randint(2, 6))]
    book.sheets["Täckningsgrad"] = [
        {
            "Register": key,
            "Täckningsgrad (%)": str(chance.randint(50, 98)),
            "Procent till": "99",
            "År": "2024",
            "Uppgiftslämnare": "socialstyrelsen",
        }
    ]
    return book


def _indicator(key: str, number: int, names: list[str], chance: random.Random) -> Row:
    share = chance.random() < 0.5
    return {
        "Register": key,
        "Variabel": "|".join(sorted({names[0], chance.choice(names)})),
        "Möjligt mått/möjlig indikator": f"{'Andel' if share else 'Antal'} patienter i grupp {number}",
        "Möjligt mått/möjlig indikator (engelska)": f"{'Share' if share else 'Number'} of patients in group {number}",
        "Måttyp": "share" if share else "count",
        "Ålder från": "",
        "Ålder till": "",
        "Uppföljningsområde": "|".join(sorted({chance.choice(AREAS), AREAS[0]})),
        "Geografisk analysnivå": chance.choice(("Kommun", *LEVELS)),
        "Tänkbar målgrupp/tänkbart verksamhetsområde": chance.choice(GROUPS),
        "Skulle exempelvis kunna ge stöd för att": chance.choice(PURPOSES),
        "Patientrapporterat": chance.choice(("ja", "nej")),
        "Variant av": "",
    }


def as_xlsx(book: Book) -> list[Upload]:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in book.sheets.items():
        sheet = made.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([row[header] or None for header in rows[0]])
        for cell in (cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"):
            cell.data_type = "s"
    output = io.BytesIO()
    made.save(output)
    return [Upload("prov.xlsx", output.getvalue())]


def as_ods(book: Book) -> list[Upload]:
    """A minimal OpenDocument spreadsheet."""
    tables = []
    for name, rows in book.sheets.items():
        lines = [list(rows[0]), *([row[header] for header in rows[0]] for row in rows)]
        body = "".join(f"<table:table-row>{''.join(map(_ods_cell, line))}</table:table-row>" for line in lines)
        tables.append(f'<table:table table:name="{escape(name)}">{body}</table:table>')
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'{_XML}<office:document-content{spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/></manifest:manifest>'
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("mimetype", _ODS)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return [Upload("prov.ods", output.getvalue())]


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def as_text(book: Book, *, delimiter: str, encoding: str, suffix: str) -> list[Upload]:
    uploads = []
    for name, rows in book.sheets.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        uploads.append(Upload(f"{name}.{suffix}", text.getvalue().encode(encoding)))
    return uploads


WRITERS: Mapping[str, object] = {
    "xlsx": as_xlsx,
    "ods": as_ods,
    "csv-semicolon-cp1252": lambda book: as_text(book, delimiter=";", encoding="cp1252", suffix="csv"),
    "csv-comma-bom": lambda book: as_text(book, delimiter=",", encoding="utf-8-sig", suffix="csv"),
    "tsv": lambda book: as_text(book, delimiter="\t", encoding="utf-8", suffix="tsv"),
}


def write(book: Book, form: str) -> list[Upload]:
    """The book in a format of WRITERS."""
    writer = WRITERS[form]
    assert callable(writer)
    made: list[Upload] = writer(book)
    return made
