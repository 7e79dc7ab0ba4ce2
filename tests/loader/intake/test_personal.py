"""Identity numbers, telephone numbers and lists of persons are found wherever they stand, and nothing else is.

The numbers are made by Skatteverket's rule (SKV 704): a date, three digits, the check digit. They are no one's by
intention; days are of the 19th century or in the years around 2090, so that they can be no living person's.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.comments import Comment

from loader.check import CheckOptions, Upload, check
from loader.intake.grids.grid import Grid, GridRow
from loader.intake.personal import is_identity, is_telephone, personal_findings
from loader.release.manifest import Release
from loader.resources import find_resources


def check_digit(nine: str) -> int:
    total = 0
    for place, sign in enumerate(nine):
        value = (ord(sign) - 48) * (2 if place % 2 == 0 else 1)
        total += sum(map(int, str(value)))
    return -total % 10


def made(random_: random.Random, kind: str) -> str:
    """Twelve signs: a personal, coordination or reserve number."""
    century, year = random_.choice([("18", random_.randint(0, 99)), ("20", random_.randint(80, 99))])
    month, day = random_.randint(1, 12), random_.randint(1, 28)
    serial = f"{random_.randint(1, 999):03}"
    if kind == "coordination":
        day += 60
    if kind == "reserve":
        century = str(int(century) + 3)
        serial = (
            f"{random_.randint(0, 9)}{random_.choice('ABCDEFGHJKLMNPRSTUXYZ')}{random_.choice('ABCDEFGHJKLMNPRSTUXYZ')}"
        )
    nine = f"{year:02}{month:02}{day:02}{serial}"
    return f"{century}{nine}{check_digit(nine)}"


LAYOUTS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: f"{n[:8]}-{n[8:]}",
    lambda n: f"{n[:8]}+{n[8:]}",
    lambda n: f"{n[:8]} {n[8:]}",
    lambda n: f"{n[:8]} - {n[8:]}",
    lambda n: f"{n[:8]}–{n[8:]}",
    lambda n: f"{n[:8]}\u2011{n[8:]}",
    lambda n: f"{n[:8]}\u2212{n[8:]}",
    lambda n: f"{n[:4]}-{n[4:6]}-{n[6:8]}-{n[8:]}",
    lambda n: f"{n[:4]}.{n[4:6]}.{n[6:8]}-{n[8:]}",
    lambda n: f"{n[:4]} {n[4:6]} {n[6:8]} {n[8:]}",
    lambda n: f"Patienten {n} inkom",
    lambda n: f"pnr:{n[:8]}-{n[8:]};",
    lambda n: f"({n})",
    lambda n: f"id_{n}_x",
    lambda n: f"urn:pnr:{n}",
    lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda n: "\u200b".join(n),
    lambda n: f"{n[:8]}\u00a0{n[8:]}",
    lambda n: f"{n[:8].lower()}-{n[8:].lower()}",
)


@pytest.mark.parametrize("kind", ["personal", "coordination", "reserve"])
def test_two_hundred_numbers_in_twenty_layouts_are_all_found(kind: str) -> None:
    random_ = random.Random(f"{kind} 1")
    missed = [
        layout(n) for n in [made(random_, kind) for _ in range(200)] for layout in LAYOUTS if not is_identity(layout(n))
    ]
    assert len(LAYOUTS) == 20
    assert missed == []


@pytest.mark.parametrize("kind", ["personal", "coordination"])
def test_numbers_without_a_century_are_found(kind: str) -> None:
    random_ = random.Random(f"{kind} 2")
    numbers = [made(random_, kind)[2:] for _ in range(200)]
    assert [n for n in numbers if not (is_identity(n) and is_identity(f"{n[:6]}-{n[6:]}"))] == []


def test_a_wrong_check_digit_date_or_serial_is_no_number() -> None:
    random_ = random.Random(3)
    for _ in range(100):
        number = made(random_, "personal")
        assert not is_identity(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert not any(is_identity(text) for text in ("189913010000", "2024-02-30-1234", "0000000000", "1", ""))
    assert not is_identity(f"18991231000{check_digit('991231000')}")


@pytest.mark.parametrize(
    "text",
    [
        "070-174 06 05",
        "0701740605",
        "+46 70 174 06 05",
        "+46701740605",
        "08-465 004 00",
        "0046 8 465 004 00",
        "031-390 06 00",
    ],
)
def test_telephone_numbers_are_found(text: str) -> None:
    """Numbers that Post- och telestyrelsen keeps free for fiction."""
    assert is_telephone(f"Ring {text}.".replace(" .", "."))


def test_fewer_than_one_in_a_hundred_cells_of_real_tables_is_a_false_alarm() -> None:
    """Here: none of the cells of the sources."""
    cells = [
        (path.name, cell)
        for path in sorted(find_resources().sources.rglob("*.csv"))
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in row
    ]
    assert len(cells) > 20_000
    assert [place for place in cells if is_identity(place[1]) or is_telephone(place[1])] == []


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (("Personnummer", "Namn", "Diagnos"), True),
        (("PNR", "Kön", "Ålder"), True),
        (("Register", "Variabel", "Beskrivning"), False),
        (("Variabel", "Namn"), False),
    ],
)
def test_a_table_of_persons_is_told_by_its_columns(headers: tuple[str, ...], told: bool) -> None:
    rows = (GridRow(1, 1, headers), GridRow(2, 2, tuple("x" for _ in headers)))
    grid = Grid("f.csv", None, "s", rows)
    assert bool(personal_findings([Upload("f.csv", b"")], [grid])) is told
    assert personal_findings([Upload("f.csv", b"")], [Grid("f.csv", None, "s", rows[:1])]) == []


def hidden_in_workbook(where: str, number: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Register", "Variabel"])
    sheet.append(["riksstroke", "Hemkommun"])
    if where == "properties":
        book.properties.title = number
    elif where == "comment":
        sheet["A1"].comment = Comment(number, "x")
    elif where == "header":
        sheet.oddHeader.center.text = number  # type: ignore[union-attr]
    elif where == "sheet":
        book.create_sheet("Dolt").append([number])
        book.worksheets[-1].sheet_state = "veryHidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("where", ["properties", "comment", "header", "sheet"])
def test_hidden_parts_of_workbooks_are_looked_into(where: str) -> None:
    number = made(random.Random(4), "personal")
    upload = Upload("lista.xlsx", hidden_in_workbook(where, number))
    assert zipfile.is_zipfile(io.BytesIO(upload.data))
    assert personal_findings([upload], [])
    assert personal_findings([Upload("lista.xlsx", hidden_in_workbook("", number))], []) == []


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("lista.csv", "Register;Variabel;Okänd\r\nriksstroke;%s;x\r\n"),
        ("lista.csv", "Register;Variabel;Okänd\r\nriksstroke;x;%s\r\n"),
        ("lista.ttl", "# %s\n<http://a> <http://b> <http://c> ."),
        ("lista.json", '{"a": "%s"}'),
        ("%s.csv", "Register;Variabel\r\nriksstroke;x\r\n"),
        ("lista.csv", "Vad;Som;Helst\r\n%s;b;c\r\n"),
    ],
)
def test_no_report_repeats_the_number(real_release: Release, name: str, template: str) -> None:
    number = made(random.Random(5), "personal")
    upload = Upload(name.replace("%s", number), template.replace("%s", number).encode())
    result = check([upload], release=real_release, options=CheckOptions())
    assert {finding.rule for finding in result.findings} == {"personal-data"}
    assert (result.conforms, result.quads, result.columns) == (False, (), ())
    told = " ".join(f"{f.message.sv} {f.message.en} {f.value} {f.suggestion} {f.position}" for f in result.findings)
    assert number not in told
