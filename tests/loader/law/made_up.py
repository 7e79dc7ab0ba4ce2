"""A made-up act in the three forms that are read, and the smallest tables that speak of it."""

from __future__ import annotations

from pathlib import Path

from tests.loader.tree import read_rows, write_rows

PLAIN = """SFS nr: 2030:1

1 kap. Lagens mål

1 § Denna lag är påhittad. Den hänvisar till
2 kap. 3 § i samma lag.

2 kap. Boende för
äldre

1 § Kommunen ska erbjuda boende
åt äldre personer.

Avgifter för boendet

2 § /Upphör att gälla U:2031-01-01/
Avgiften är högst 10 kronor.

2 § /Träder i kraft I:2031-01-01/
Avgiften är högst 20 kronor. Lag (2030:9).

2 a § /Träder i kraft I:2031-01-01/
Avgiften får jämkas.

Övergångsbestämmelser

1. Äldre bestämmelser gäller fortfarande i vissa fall.
"""

HEADED = """---
beteckning: 2030:1
---
# Påhittad lag

## 1 kap. Lagens mål

### 1 §

Denna lag är [påhittad](https://example.org/x). Den hänvisar till [2 kap. 3 §](#k2) i samma lag.

## 2 kap. Boende för äldre

#### 1 §

Kommunen ska erbjuda boende åt äldre personer.
"""

LISTED = """# Påhittad lag (2030:1) (by section)

## 1:1 Mål

Denna lag är påhittad. Boende regleras i 2 kap.

## 2:7

och i andra lagar. 2 § Den som bor får råd. Lag (2030:2). 1 a kap. Särskilda regler Först 1 § Här börjar ett kapitel.

## 1:2

Det andra stycket av det nya kapitlet.

## 2:1 a Boende

Kommunen ska erbjuda boende åt äldre personer.
"""


def set_cell(folder: Path, place: str, text: str) -> None:
    """Write the text into the cell `table:key:column` of the law tables; the key is that of the first column."""
    table, key, column = place.split("|")
    path = folder / "law" / f"{table}.csv"
    rows = read_rows(path)
    changed = next(row for row in rows if key in {row[0], f"{row[0]}.{row[1]}"})
    changed[rows[0].index(column)] = text
    write_rows(path, rows)
