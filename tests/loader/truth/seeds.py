"""Faults with known truth: kinds of rows that cannot be true, each made from a valid sheet by a stated rule.

A kind changes or adds one row of a valid sheet; the rules that may tell of it, and the column at which, are stated with
it. Twenty valid sheets (another register each) carry every kind of their table at once, each in a row of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.loader.intake.submission import Book, Row, clean

V, I, C = "Variabler", "Indikatorer", "Täckningsgrad"  # noqa: E741
LABEL, ENGLISH = "Möjligt mått/möjlig indikator", "Möjligt mått/möjlig indikator (engelska)"
GROUP = "Tänkbar målgrupp/tänkbart verksamhetsområde"
QUESTION, QUESTION_EN = "Fråga eller benämning (svenska)", "Fråga eller benämning (engelska)"
Change = Callable[[random.Random], Mapping[str, str]]


@dataclass(frozen=True)
class Kind:
    """One kind of fault: the cells that it changes in a copy of a valid row, and the column at which it is told."""

    name: str
    sheet: str
    column: str
    rules: tuple[str, ...]
    cells: Change


@dataclass(frozen=True)
class Truth:
    """One seeded fault: where it stands, and the rules of which one must name it there."""

    kind: str
    sheet: str
    row: int
    column: str
    rules: tuple[str, ...]


def _same(**cells: str) -> Change:
    named = {_HEADERS.get(name, name): value for name, value in cells.items()}
    return lambda _: named


_HEADERS = {
    "label": LABEL,
    "english": ENGLISH,
    "question": QUESTION,
    "question_en": QUESTION_EN,
    "measures": "Begreppsvariabel",
    "kind": "Måttyp",
    "reported": "Patientrapporterat",
    "age_from": "Ålder från",
    "age_to": "Ålder till",
    "age_over": "Ålder över",
    "age_under": "Ålder under",
    "percent": "Täckningsgrad (%)",
    "printed": "Som det står i källan",
    "year": "År",
    "to": "Procent till",
    "under": "Procent under",
    "population": "Jämförd population",
    "method": "Metod",
    "cites": "Hänvisning",
    "name": "Variabel",
    "group": GROUP,
    "note": "Anmärkning om matchningen",
    "other": "Andra beteckningar",
    "unit": "Måttenhet",
}


def _pick(*choices: Mapping[str, str]) -> Change:
    made = [{_HEADERS.get(name, name): value for name, value in choice.items()} for choice in choices]
    return lambda chance: chance.choice(made)


def _year(chance: random.Random) -> Mapping[str, str]:
    return {"År": str(chance.randint(2027, 2099))}


MEASURES = "Begreppsvariabel"
KINDS = (
    Kind("future-year", C, "År", ("year-in-future",), _year),
    Kind(
        "printed-other-number",
        C,
        "Täckningsgrad (%)",
        ("printed-differs",),
        _pick({"percent": "74", "printed": "47 %"}, {"percent": "92.5", "printed": "92,8 procent"}),
    ),
    Kind(
        "printed-other-bound", C, "Procent till", ("printed-differs",), _same(percent="60", to="70", printed="60–65 %")
    ),
    Kind(
        "percent-above-100",
        C,
        "Täckningsgrad (%)",
        ("percent-from-number", "percent-range"),
        _pick({"percent": "104", "to": ""}, {"percent": "925", "to": ""}),
    ),
    Kind(
        "percent-fraction",
        C,
        "Täckningsgrad (%)",
        ("percent-as-fraction",),
        _pick({"percent": "0.58", "to": ""}, {"percent": "0.9", "to": ""}),
    ),
    Kind("bounds-reversed", C, "Täckningsgrad (%)", ("coverage-bounds-out-of-order",), _same(percent="99.5", to="90")),
    Kind(
        "period-reversed",
        C,
        "Jämförd population",
        ("period-reversed",),
        _pick({"population": "Patienter 2022–2019"}, {"population": "Vårdtillfällen 2020-2018"}),
    ),
    Kind("period-reversed-in-method", C, "Metod", ("period-reversed",), _same(method="Samkörning 2021–2017")),
    Kind(
        "organisation-number",
        C,
        "Hänvisning",
        ("bad-organisation-number",),
        _pick({"cites": "Region X, org.nr 232100-0017"}, {"cites": "organisationsnummer 2021005480"}),
    ),
    Kind(
        "orcid",
        C,
        "Hänvisning",
        ("bad-orcid",),
        _pick({"cites": "https://orcid.org/0000-0002-1825-0098"}, {"cites": "ORCID: 0000-0001-5109-370"}),
    ),
    Kind(
        "ror",
        C,
        "Hänvisning",
        ("bad-ror",),
        _pick({"cites": "https://ror.org/056d84692"}, {"cites": "https://ror.org/156d84691"}),
    ),
    Kind(
        "english-as-swedish-method",
        C,
        "Metod",
        ("other-language",),
        _same(method="Share of the patients in the other register"),
    ),
    Kind(
        "count-as-share",
        I,
        "Måttyp",
        ("measure-type-differs",),
        _pick(
            {"label": "Antal vårdtillfällen", "english": "Number of episodes", "kind": "andel"},
            {"label": "Antal personer med fall", "english": "Number of persons with falls", "kind": "share"},
        ),
    ),
    Kind(
        "share-as-count",
        I,
        "Måttyp",
        ("measure-type-differs",),
        _same(label="Andel med bedömd smärta", english="Share with assessed pain", kind="antal"),
    ),
    Kind(
        "labels-of-two-measures",
        I,
        ENGLISH,
        ("labels-differ",),
        _same(label="Antal med vårdplan", english="Share with a care plan", kind=""),
    ),
    Kind(
        "prom-for-scale",
        I,
        "Patientrapporterat",
        ("not-patient-reported",),
        _pick(
            {"label": "Andel med ECOG 0–1", "english": "Share with ECOG 0–1", "kind": "andel", "reported": "ja"},
            {"label": "Andel med mRS under 3", "english": "Share with mRS below 3", "kind": "andel", "reported": "ja"},
        ),
    ),
    Kind(
        "prom-for-lab-value",
        I,
        "Patientrapporterat",
        ("not-patient-reported",),
        _same(
            label="Andel med HbA1c över målet", english="Share with HbA1c above the target", kind="andel", reported="ja"
        ),
    ),
    Kind(
        "prom-denied",
        I,
        "Patientrapporterat",
        ("patient-reported-denied",),
        _pick(
            {
                "label": "Andel med självskattad god hälsa",
                "english": "Share with good self-rated health",
                "kind": "andel",
                "reported": "nej",
            },
            {
                "label": "Andel med förbättring i EQ-5D",
                "english": "Share improved in EQ-5D",
                "kind": "andel",
                "reported": "nej",
            },
        ),
    ),
    Kind(
        "age-from-differs",
        I,
        "Ålder från",
        ("age-differs-from-label",),
        _pick(
            {"label": "Andel 65 år och äldre med vårdplan", "english": "Share with plan A", "age_from": "75"},
            {"label": "Andel över 80 år med vårdplan", "english": "Share with plan B", "age_from": "80"},
        ),
    ),
    Kind(
        "age-to-differs",
        I,
        "Ålder till",
        ("age-differs-from-label",),
        _same(label="Andel under 18 år med stödkontakt", english="Share with contact person", age_to="18"),
    ),
    Kind(
        "ages-contradict",
        I,
        "Ålder från",
        ("age-limits-contradict",),
        _same(label="Andel med samordnad plan", english="Share with joint plan", age_from="70", age_to="60"),
    ),
    Kind(
        "age-against-group",
        I,
        "Ålder från",
        ("age-limit-contradicts-target-group",),
        _same(
            label="Andel barn med åtgärd",
            english="Share of children with procedure",
            age_from="19",
            group="Barn och unga/social barn- och ungdomsvård",
        ),
    ),
    Kind(
        "age-below-group",
        I,
        "Ålder till",
        ("age-limit-contradicts-target-group",),
        _same(
            label="Andel äldre med åtgärd",
            english="Share of the old with procedure",
            age_to="65",
            group="Äldre/äldreomsorg",
        ),
    ),
    Kind(
        "area-of-another-group",
        I,
        GROUP,
        ("area-of-another-group",),
        _pick(
            {
                "label": "Andel med insats A",
                "english": "Share with service A",
                "group": "Äldre/social barn- och ungdomsvård",
            },
            {"label": "Andel med insats B", "english": "Share with service B", "group": "Barn och unga/äldreomsorg"},
        ),
    ),
    Kind(
        "english-as-swedish",
        I,
        LABEL,
        ("other-language",),
        _same(label="Share of patients with the plan", english="Share of patients with plan C", kind="andel"),
    ),
    Kind(
        "swedish-as-english",
        I,
        ENGLISH,
        ("other-language",),
        _same(label="Andel med genomförd plan", english="Andel med genomförd plan D", kind="andel"),
    ),
    Kind(
        "icd-form",
        I,
        LABEL,
        ("bad-code",),
        _pick(
            {"label": "Andel med ICD-10: 163.9", "english": "Share with infarction", "kind": "andel"},
            {"label": "Andel med ICD-10: I6", "english": "Share with stroke code", "kind": "andel"},
        ),
    ),
    Kind(
        "atc-form",
        I,
        LABEL,
        ("bad-code",),
        _same(label="Andel med ATC: N05A1", english="Share with antipsychotics", kind="andel"),
    ),
    Kind(
        "kva-form",
        I,
        LABEL,
        ("bad-code",),
        _same(label="Andel med KVÅ: NF49", english="Share with hip replacement", kind="andel"),
    ),
    Kind(
        "key-measures-alcohol",
        V,
        MEASURES,
        ("measures-implausible",),
        _pick(
            {
                "name": "person_nr",
                "question": "Personnummer vid inskrivning",
                "question_en": "",
                "measures": "alcohol-use",
            },
            {"name": "pnr_in", "question": "Löpnummer", "question_en": "", "measures": "Boendeform"},
        ),
    ),
    Kind(
        "lab-value-on-housing",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="hba1c_in", question="HbA1c vid inskrivning", question_en="", measures="housing-type"),
    ),
    Kind(
        "unit-of-another",
        V,
        MEASURES,
        ("measures-implausible",),
        _pick(
            {"name": "syst", "question": "Systoliskt värde (mmHg)", "question_en": "", "measures": "pain"},
            {"name": "b_glukos", "question": "Långtidssocker (mmol/mol)", "question_en": "", "measures": "care-form"},
        ),
    ),
    Kind(
        "unit-cell-of-another",
        V,
        MEASURES,
        ("measures-implausible",),
        _pick(
            {"name": "syst_v", "question": "Systoliskt värde", "question_en": "", "measures": "pain", "unit": "mmHg"},
            {"name": "vikt", "question": "Kroppsvikt", "question_en": "", "measures": "alcohol-use", "unit": "kg"},
        ),
    ),
    Kind(
        "unit-differs-from-label",
        V,
        "Måttenhet",
        ("unit-differs-from-label",),
        _pick(
            {"name": "vikt_kg", "question": "Kroppsvikt i kg", "measures": "clinical-finding", "unit": "cm"},
            {"name": "krea", "question": "Kreatinin (µmol/l)", "measures": "clinical-finding", "unit": "mg/l"},
        ),
    ),
    Kind(
        "date-of-birth-measures-place",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="fodd", question="Födelsedatum", question_en="", measures="home-municipality"),
    ),
    Kind(
        "municipality-measures-diagnosis",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="kkod", question="Kommunkod", question_en="", measures="diagnosis"),
    ),
    Kind(
        "death-date-measures-pain",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="avliden", question="Dödsdatum", question_en="", measures="pain"),
    ),
    Kind(
        "sex-measures-age",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="patkon", question="Patientens kön", question_en="", measures="pain"),
    ),
    Kind(
        "drug-code-measures-procedure",
        V,
        MEASURES,
        ("measures-implausible",),
        _same(name="lmkod", question="Läkemedelskod vid utskrivning", question_en="", measures="procedure"),
    ),
    Kind(
        "swedish-question-as-english",
        V,
        QUESTION_EN,
        ("other-language",),
        _same(name="fall12", question="Antal fall", question_en="Hur många fall har patienten haft"),
    ),
    Kind(
        "english-question-as-swedish",
        V,
        QUESTION,
        ("other-language",),
        _same(name="falls12", question="How many falls has the patient had", question_en=""),
    ),
    Kind(
        "variable-again",
        V,
        "Variabel",
        ("same-variable-again",),
        lambda chance: {"Variabel": chance.choice(("hb-a1c", "HBA1C ")), "Variabelnyckel": "egen-nyckel"},
    ),
    Kind(
        "question-again",
        V,
        QUESTION,
        ("same-variable-again",),
        _same(name="bts2", question="Systoliskt blodtryck (mm Hg)", measures="blood-pressure"),
    ),
    Kind(
        "indicator-again",
        I,
        LABEL,
        ("same-indicator-again",),
        lambda _: {
            LABEL: "Andel  patienter, i provgrupp.",
            ENGLISH: "Share in group two",
            "Måttyp": "andel",
            "Indikatornyckel": "egen-nyckel-igen",
        },
    ),
    Kind(
        "code-became-date",
        V,
        "Variabel",
        ("code-became-date",),
        _pick(
            {"name": "2026-03-01", "question": "Mars 1", "question_en": ""},
            {"name": "01-mar", "question": "Första mars", "question_en": ""},
        ),
    ),
    Kind(
        "encoded-twice",
        V,
        QUESTION,
        ("encoded-twice",),
        _same(name="lakare", question="LÃ¤kare nÃ¤rvarande", question_en=""),
    ),
)


def valid(seed: int) -> Book:
    """A valid sheet: real kinds of rows under made-up names, several ages, types and groups."""
    book = clean(seed)
    for sheet, extra in (
        (V, ("Andra beteckningar", "Anmärkning om matchningen", "Variabelnyckel", "Måttenhet")),
        (I, ("Ålder över", "Ålder under", "Indikatornyckel")),
        (C, ("Som det står i källan", "Jämförd population", "Metod", "Hänvisning")),
    ):
        book.sheets[sheet] = [{**row, **dict.fromkeys(extra, "")} for row in book.sheets[sheet]]
    key, first = book.key, book.sheets[V][0]["Variabel"]
    template = {**book.sheets[I][0], "Variabel": first}
    for label, english, cells in (
        ("Andel patienter i provgrupp", "Share in test group", {"Måttyp": "andel"}),
        (
            "Antal patienter 65 år och äldre",
            "Number of patients aged 65 and over",
            {"Måttyp": "antal", "Ålder från": "65", GROUP: "Äldre/äldreomsorg"},
        ),
        (
            "Andel under 18 år med stöd",
            "Share under 18 years with support",
            {"Måttyp": "andel", "Ålder till": "17", GROUP: "Barn och unga"},
        ),
        (
            "Andel med självskattad smärta",
            "Share with self-rated pain",
            {"Måttyp": "andel", "Patientrapporterat": "ja"},
        ),
        ("Andel med mRS 0–2", "Share with mRS 0–2", {"Måttyp": "andel", "Patientrapporterat": "nej"}),
        ("Antal per 100 000 invånare", "Number per 100 000 inhabitants", {"Måttyp": "antal"}),
        ("Andel med ICD-10: I63.9 eller I61", "Share with ICD-10: I63.9", {"Måttyp": "andel"}),
    ):
        book.sheets[I].append({**template, LABEL: label, ENGLISH: english, **cells})
    for name, question, concept in (
        ("pnr", "Personnummer", "person-identifier"),
        ("HbA1c", "Senaste HbA1c (mmol/mol)", "blood-glucose-control"),
        ("alder", "Ålder vid inskrivning", "age"),
        ("kommun", "Kommunkod", "home-municipality"),
        ("bt_syst", "Systoliskt blodtryck (mmHg)", "blood-pressure"),
    ):
        book.sheets[V].append(
            {
                **dict.fromkeys(book.sheets[V][0], ""),
                "Register": key,
                "Variabel": name,
                QUESTION: question,
                MEASURES: concept,
            }
        )
    row = {**dict.fromkeys(book.sheets[C][0], ""), "Register": key, "Uppgiftslämnare": "socialstyrelsen"}
    book.sheets[C] += [
        {
            **row,
            "Täckningsgrad (%)": "91.5",
            "År": "2021",
            "Som det står i källan": "91,5 procent",
            "Jämförd population": "Patienter 2019–2021",
        },
        {
            **row,
            "Täckningsgrad (%)": "88",
            "År": "2020",
            "Hänvisning": "Socialstyrelsen, org.nr 202100-0555, https://ror.org/056d84691",
        },
    ]
    return book


def faulty(seed: int) -> tuple[Book, list[Truth]]:
    """A valid sheet with faults: every other kind, each in a row of its own after the valid ones."""
    book, chance = valid(seed), random.Random(seed)
    truths = []
    for number, kind in enumerate(KINDS):
        if number % 4 == seed % 4:
            continue
        rows = book.sheets[kind.sheet]
        rows.append(_row(book, kind, kind.cells(chance), number))
        truths.append(Truth(kind.name, kind.sheet, len(rows) + 1, kind.column, kind.rules))
    return book, truths


def _row(book: Book, kind: Kind, cells: Mapping[str, str], number: int) -> Row:
    blank = dict.fromkeys(book.sheets[kind.sheet][0], "")
    base = {"Register": book.key}
    if kind.sheet == I:
        plain = {
            name: book.sheets[I][0][name]
            for name in (
                "Geografisk analysnivå",
                "Skulle exempelvis kunna ge stöd för att",
                "Patientrapporterat",
                GROUP,
                "Uppföljningsområde",
            )
        }
        base |= {
            **plain,
            "Variabel": book.sheets[V][0]["Variabel"],
            LABEL: f"Andel i slag {number}",
            ENGLISH: f"Share in kind {number}",
            "Patientrapporterat": "nej",
        }
    elif kind.sheet == V:
        base |= {"Variabel": f"fel_{number}", QUESTION: f"Fråga {number}", MEASURES: "pain"}
    else:
        base |= {"Täckningsgrad (%)": "90", "År": str(1985 + number), "Uppgiftslämnare": "socialstyrelsen"}
    return {**blank, **base, **cells}
