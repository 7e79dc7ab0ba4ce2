"""Faults with known truth: each is put into a clean submission at a known cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.loader.intake.submission import Book, Row

INDICATORS, VARIABLES, REGISTER, COVERAGE = "Indikatorer", "Variabler", "Register", "Täckningsgrad"
MEASURE = "Möjligt mått/möjlig indikator"
GROUP = "Tänkbar målgrupp/tänkbart verksamhetsområde"
PURPOSE = "Skulle exempelvis kunna ge stöd för att"


@dataclass(frozen=True)
class Truth:
    """Where the fault stands, and the rules of which one at least must name it."""

    sheet: str
    row: int
    column: str | None
    rules: tuple[str, ...]
    suggestion: str | None = None


@dataclass(frozen=True)
class Fault:
    """One kind of fault: `put` changes the book and tells the truth."""

    name: str
    put: Callable[[Book], Truth]


def _cell(
    sheet: str, column: str, value: str, *rules: str, index: int = -1, suggestion: str | None = None
) -> Callable[[Book], Truth]:
    """A fault that is a wrong value in one cell."""

    def put(book: Book) -> Truth:
        rows = book.sheets[sheet]
        row = rows[index]
        assert column in row
        row[column] = value
        return Truth(sheet, rows.index(row) + 2, column, rules, suggestion)

    return put


def _several(sheet: str, column: str, rules: tuple[str, ...], **cells: str) -> Callable[[Book], Truth]:
    """A fault that needs several cells of the last row; `column` is where it is told."""

    def put(book: Book) -> Truth:
        row = book.sheets[sheet][-1]
        for header, value in cells.items():
            row[header.replace("_", " ")] = value
        return Truth(sheet, len(book.sheets[sheet]) + 1, column, rules)

    return put


def _repeat(sheet: str, column: str, *rules: str, **changes: str) -> Callable[[Book], Truth]:
    """The last row once more, with changes."""

    def put(book: Book) -> Truth:
        rows = book.sheets[sheet]
        rows.append({**rows[-1], **changes})
        return Truth(sheet, len(rows) + 1, column, rules)

    return put


def _header(
    sheet: str, change: Callable[[Row], Row], *rules: str, column: str | None = None
) -> Callable[[Book], Truth]:
    """The header changed in all rows."""

    def put(book: Book) -> Truth:
        book.sheets[sheet] = [change(row) for row in book.sheets[sheet]]
        return Truth(sheet, 1, column, rules)

    return put


def _without(name: str) -> Callable[[Row], Row]:
    return lambda row: {header: value for header, value in row.items() if header != name}


def _with(name: str, value: str) -> Callable[[Row], Row]:
    return lambda row: {**row, name: value}


FAULTS = (
    Fault("level-misspelt", _cell(INDICATORS, "Geografisk analysnivå", "Komun", "unknown-code", suggestion="Kommun")),
    Fault(
        "area-misspelt",
        _cell(INDICATORS, "Uppföljningsområde", "Info om målgrupen", "unknown-code", suggestion="Info om målgruppen"),
    ),
    Fault("second-area-misspelt", _cell(INDICATORS, "Uppföljningsområde", "Resultat|Ev. arbetsät", "unknown-code")),
    Fault("group-misspelt", _cell(INDICATORS, GROUP, "Äldre/äldreomsorgg", "unknown-group", suggestion="Äldreomsorg")),
    Fault("group-without-meaning", _cell(INDICATORS, GROUP, "Alla invånare", "unknown-group")),
    Fault(
        "purpose-unknown",
        _cell(INDICATORS, PURPOSE, "Förstå omfattningn", "unknown-code", suggestion="Förstå omfattning"),
    ),
    Fault("measure-type-unknown", _cell(INDICATORS, "Måttyp", "procenttal", "unknown-code")),
    Fault(
        "concept-misspelt",
        _cell(VARIABLES, "Begreppsvariabel", "housing-typ", "unknown-code", suggestion="housing-type"),
    ),
    Fault(
        "variable-not-in-list",
        _cell(INDICATORS, "Variabel", "Variabel 0 a", "unknown-variable", suggestion="Variabel 0 å"),
    ),
    Fault("patient-reported-neither", _cell(INDICATORS, "Patientrapporterat", "kanske", "bad-boolean")),
    Fault("co-funding-neither", _cell(REGISTER, "Samfinansieras av kommunerna", "delvis", "bad-boolean")),
    Fault("age-no-number", _cell(INDICATORS, "Ålder från", "arton", "bad-integer")),
    Fault("age-with-zero", _cell(INDICATORS, "Ålder från", "018", "bad-integer", suggestion="18")),
    Fault("age-negative", _cell(INDICATORS, "Ålder från", "-5", "age-from-number")),
    Fault(
        "ages-contradict",
        _several(INDICATORS, "Ålder från", ("age-limits-contradict",), Ålder_från="40", Ålder_till="20"),
    ),
    Fault("notation-empty", _cell(VARIABLES, "Variabel", "", "empty-cell")),
    Fault("measure-empty", _cell(INDICATORS, MEASURE, "", "empty-cell")),
    Fault("level-empty", _cell(INDICATORS, "Geografisk analysnivå", "", "analysis-level-some")),
    Fault("areas-empty", _cell(INDICATORS, "Uppföljningsområde", "", "follow-up-area-some")),
    Fault("groups-empty", _cell(INDICATORS, GROUP, "", "group-or-area-some")),
    Fault("purposes-empty", _cell(INDICATORS, PURPOSE, "", "could-support-some")),
    Fault("variables-empty", _cell(INDICATORS, "Variabel", "", "uses-variable-some")),
    Fault("indicator-twice", _repeat(INDICATORS, MEASURE, "duplicate-key")),
    Fault("variable-twice", _repeat(VARIABLES, "Variabel", "duplicate-key")),
    Fault("register-unknown", _cell(INDICATORS, "Register", "provregistrett", "dangling-reference")),
    Fault(
        "register-of-variable-unknown",
        _cell(VARIABLES, "Register", "riksstrok", "dangling-reference", suggestion="riksstroke"),
    ),
    Fault("coverage-over-100", _cell(COVERAGE, "Täckningsgrad (%)", "108", "percent-from-number")),
    Fault("coverage-negative", _cell(COVERAGE, "Täckningsgrad (%)", "-3", "percent-from-number")),
    Fault("coverage-in-words", _cell(COVERAGE, "Täckningsgrad (%)", "hög", "bad-decimal")),
    Fault(
        "coverage-as-fraction",
        _several(COVERAGE, "Täckningsgrad (%)", ("percent-as-fraction",), **{"Täckningsgrad (%)": "0.95"}),
    ),
    Fault(
        "coverage-bounds-swapped",
        _several(
            COVERAGE,
            "Täckningsgrad (%)",
            ("coverage-bounds-out-of-order",),
            **{"Täckningsgrad (%)": "80", "Procent_till": "70"},
        ),
    ),
    Fault("coverage-year-no-number", _cell(COVERAGE, "År", "i fjol", "bad-integer")),
    Fault(
        "agent-unknown",
        _cell(COVERAGE, "Uppgiftslämnare", "socialstyrelse", "dangling-reference", suggestion="socialstyrelsen"),
    ),
    Fault("variant-unknown", _cell(INDICATORS, "Variant av", "finns-inte", "dangling-reference")),
    Fault("empty-item", _cell(INDICATORS, "Uppföljningsområde", "Resultat||", "empty-item")),
    Fault("register-key-illegal", _cell(REGISTER, "Registernyckel", "Prov registret!", "bad-key")),
    Fault("column-missing", _header(VARIABLES, _without("Variabel"), "missing-column", "unknown-table")),
    Fault("column-twice", _header(INDICATORS, _with("Analysnivå", "Kommun"), "duplicate-column", column="Analysnivå")),
    Fault(
        "column-of-nothing",
        _header(VARIABLES, _with("Intern anteckning", "x"), "column-not-read", column="Intern anteckning"),
    ),
    Fault(
        "level-finer",
        _several(
            INDICATORS,
            "Geografisk analysnivå",
            ("level-finer-than-variables",),
            Geografisk_analysnivå="Kommun",
            Variabel="Variabel 1 å",
        ),
    ),
    Fault("key-of-another-register", _header(INDICATORS, _with("Indikatornyckel", ""), "key-used-elsewhere")),
)


def put(fault: Fault, book: Book) -> Truth:
    """Put the fault into the book."""
    if fault.name == "level-finer":
        book.sheets[VARIABLES][1]["Begreppsvariabel"] = "housing-type"
    truth = fault.put(book)
    if fault.name == "key-of-another-register":
        book.sheets[INDICATORS][-1]["Indikatornyckel"] = "skr-2022-t04-r1"
        return Truth(INDICATORS, len(book.sheets[INDICATORS]) + 1, "Register", truth.rules)
    return truth
