"""The same query from elsewhere: curl, Python, R and Power Query, each whole and ready to run."""

from __future__ import annotations

import json


def snippets(address: str, query: str) -> list[tuple[str, str]]:
    """Pairs of name and code that ask `address`, the SPARQL endpoint, and read CSV."""
    return [
        ("curl", _curl(address, query)),
        ("Python", _python(address, query)),
        ("R", _r(address, query)),
        ("Power Query", _power_query(address, query)),
    ]


def _curl(address: str, query: str) -> str:
    quoted = query.replace("'", "'\\''")
    return f"curl --get '{address}' --data format=csv \\\n  --data-urlencode 'query={quoted}'"


def _python(address: str, query: str) -> str:
    return f"""import csv, io, urllib.parse, urllib.request

query = {json.dumps(query, ensure_ascii=False)}
address = {json.dumps(address)} + "?" + urllib.parse.urlencode({{"query": query, "format": "csv"}})
with urllib.request.urlopen(address) as answer:
    rows = list(csv.DictReader(io.StringIO(answer.read().decode("utf-8"))))
print(len(rows))"""


def _r(address: str, query: str) -> str:
    return f"""query <- {json.dumps(query, ensure_ascii=False)}
address <- paste0({json.dumps(address)}, "?format=csv&query=", URLencode(query, reserved = TRUE))
rows <- read.csv(address, encoding = "UTF-8")"""


def _power_query(address: str, query: str) -> str:
    text = (
        query.replace("#(", "#(#)(").replace('"', '""').replace("\r", "").replace("\n", "#(lf)").replace("\t", "#(tab)")
    )
    return f"""let
  Query = "{text}",
  Answer = Web.Contents("{address}", [Query = [query = Query, format = "csv"]]),
  Table = Csv.Document(Answer, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv])
in
  Table.PromoteHeaders(Table, [PromoteAllScalars = true])"""
