"""What the commands say of their input: findings on rows, and why a run stops; never with a value of the input."""

from __future__ import annotations

from dataclasses import dataclass

from loader.model.findings import Language


@dataclass(frozen=True)
class Said:
    """One message in both languages."""

    sv: str
    en: str

    def text(self, lang: Language) -> str:
        """The message in one of the languages."""
        return self.sv if lang == "sv" else self.en


class StopError(Exception):
    """The run cannot go on; nothing has been written. The message names file, column and remedy, never a value."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(en)
        self.said = Said(sv, en)


@dataclass(frozen=True, order=True)
class Finding:
    """A bad row: file name, row (the header is row 1), column, and the key of REASONS; never the value itself."""

    file: str
    row: int
    column: str
    reason: str

    def text(self, lang: Language) -> str:
        """One line for the person who runs the command."""
        word = "rad" if lang == "sv" else "row"
        return f"{self.file}, {word} {self.row}, {self.column}: {REASONS[self.reason].text(lang)}"


REASONS = {
    "missing": Said("numret saknas", "the number is missing"),
    "form": Said("inte skrivet som ett personnummer", "not written as an identity number"),
    "date": Said("numrets datum finns inte", "the date in the number does not exist"),
    "unknown-parts": Said(
        "samordningsnummer med okänd månad eller dag kan inte prövas",
        "a coordination number with an unknown month or day cannot be checked",
    ),
    "serial": Said("löpnumret är 000", "the serial number is 000"),
    "check-digit": Said("kontrollsiffran stämmer inte", "the check digit is wrong"),
    "century": Said(
        "seklet är öppet: skriv tolv siffror, eller ge skiljetecken och radens datum",
        "the century is open: write twelve digits, or give the separator and the row's date",
    ),
    "reused": Said(
        "numret har haft två innehavare och raden säger inte vilken",
        "the number has had two holders and the row does not say which",
    ),
    "bad-date": Said("inget datum som går att läsa", "no date that can be read"),
    "date-order": Said("slutar före början", "ends before it begins"),
    "cells": Said("fel antal celler, eller citattecken som inte stängs", "wrong number of cells, or an unclosed quote"),
    "encoding": Said("tecken som inte går att läsa i filens kodning", "characters that the encoding cannot hold"),
    "cycle": Said("numret byts i en cirkel; bytet följs inte", "the number changes in a circle; it is not followed"),
    "two-successors": Said(
        "numret byts till två olika; det senaste gäller", "the number changes to two others; the latest holds"
    ),
}
