"""The words of the pages in Swedish and English."""

from __future__ import annotations

_PAIRS: dict[str, tuple[str, str]] = {
    "title": ("Registergraf", "Registergraf"),
    "tagline": (
        "Kvalitetsregistren för socialtjänsten, som öppna data att fråga i",
        "Sweden's quality registers for social services, as open data to query",
    ),
    "intro": (
        "Här finns Sveriges nationella kvalitetsregister beskrivna efter vad de kan ge socialtjänsten: "
        "indikatorer, variabler, målgrupper och lagrum.",
        "Sweden's national quality registers, described by what they can give social services: indicators, "
        "variables, target groups and provisions.",
    ),
    "skip": ("Hoppa till innehållet", "Skip to the content"),
    "language": ("English", "Svenska"),
    "home": ("Start", "Home"),
    "registers": ("kvalitetsregister", "quality registers"),
    "indicators": ("indikatorer", "indicators"),
    "variables": ("variabler", "variables"),
    "triples": ("påståenden (tripplar)", "statements (triples)"),
    "in_figures": ("Innehållet i siffror", "The content in figures"),
    "ask": ("Ställ en fråga", "Ask a question"),
    "query": ("Fråga i SPARQL", "Query in SPARQL"),
    "format": ("Svarets format", "Format of the answer"),
    "format_html": ("Tabell på sidan", "Table on the page"),
    "format_csv": ("CSV (tabell att ladda ner)", "CSV (table to download)"),
    "format_json": ("JSON", "JSON"),
    "format_turtle": ("Turtle (för CONSTRUCT och DESCRIBE)", "Turtle (for CONSTRUCT and DESCRIBE)"),
    "bom": (
        "CSV för Excel (med teckenmärke, så att å, ä och ö blir rätt)",
        "CSV for Excel (with a byte order mark, so that å, ä and ö come out right)",
    ),
    "run": ("Kör frågan", "Run the query"),
    "examples": ("Frågor att börja med", "Questions to start from"),
    "machines": ("För program", "For programs"),
    "answer": ("Svar", "Answer"),
    "rows": ("rader", "rows"),
    "no_rows": ("Frågan gav inga rader.", "The query has no rows."),
    "why_empty": ("Varför är svaret tomt?", "Why is the answer empty?"),
    "only_first": ("Bara de första visas här. Hela svaret:", "Only the first are shown here. The whole answer:"),
    "cut": ("förkortat; hela värdet finns i hela svaret", "shortened; the whole value is in the whole answer"),
    "whole": ("Hela svaret:", "The whole answer:"),
    "true": ("Ja (true)", "Yes (true)"),
    "false": ("Nej (false)", "No (false)"),
    "release": ("Version", "Release"),
    "error": ("Det gick inte", "That did not work"),
    "endpoint": (
        "SPARQL-tjänsten; utan fråga ger den sin beskrivning",
        "the SPARQL endpoint; without a query it describes itself",
    ),
    "void": ("beskrivning av datamängden (VoID)", "description of the dataset (VoID)"),
    "openapi": ("beskrivning av gränssnittet (OpenAPI)", "description of the interface (OpenAPI)"),
    "statements": ("Uppgifter", "Statements"),
    "property": ("Egenskap", "Property"),
    "value": ("Värde", "Value"),
    "referred": ("Hänvisas till från", "Referred to by"),
    "subject": ("Resurs", "Resource"),
    "downloads": ("Samma uppgifter som RDF:", "The same statements as RDF:"),
}

TEXTS: dict[str, dict[str, str]] = {
    "sv": {name: pair[0] for name, pair in _PAIRS.items()},
    "en": {name: pair[1] for name, pair in _PAIRS.items()},
}
