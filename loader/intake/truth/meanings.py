"""What a variable or indicator says that it measures, against what its name gives away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loader.intake.across import Remark
from loader.intake.language import language_of
from loader.intake.truth.claims import LABEL, NOTATION, Claims, every, remark, rg
from loader.intake.world.names import text_of
from loader.model import iris
from loader.model.findings import Message, Severity
from loader.model.nearest import fold

_CLINICIAN = re.compile(
    r"\b(?:ecog|mrs|modified rankin|nihss|asa[- ]?klass|asa class|asa|gcs|glasgow coma|nyha|katz|barthel|child[- ]pugh|"
    r"gleason|tnm|hba1c|crp|kreatinin|creatinine|egfr|gfr|ldl|hemoglobin|haemoglobin|blodtryck|blood pressure|"
    r"ejektionsfraktion|ejection fraction|das28|p-glukos|albumin)\b"
)
_PATIENT = re.compile(
    r"\b(?:prom|prem|eq-?5d\w*|sf-?36|rand-?36|promis\w*|haq|vas|hads|phq-?9|gad-?7|oxford knee|koos|hoos|"
    r"självskattad\w*|självrapporterad\w*|patientrapporterad\w*|patientenkät\w*|upplevelse\w*|nöjdhet\w*|nöjda|"
    r"self-?rated|self-?reported|patient-?reported|satisfaction|satisfied)\b"
)
_PLACE = {"place-of-residence", "home-municipality", "home-county", "address", "home-locality"}


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words or units in a variable's name, the concepts that they can belong to, and whether that is certain."""

    words: re.Pattern[str]
    concepts: frozenset[str]
    certain: bool = False


def _sign(words: str, *concepts: str, certain: bool = False) -> _Sign:
    return _Sign(re.compile(words), frozenset(concepts), certain)


_VALUES = ("clinical-finding", "blood-glucose-control", "blood-pressure", "viral-load")
_SIGNS = (
    _sign(
        r"\b(?:personnummer|personnr|pnr|person-?id|löpnummer|lopnr|reservnummer|personal identity number)\b",
        "person-identifier",
        "birth-date",
        "age",
        "sex",
        certain=True,
    ),
    _sign(r"\b(?:födelsedatum|födelsedag|date of birth|birth ?date)\b", "birth-date", "age", certain=True),
    _sign(r"\bhba1c\b|\bmmol/mol\b", "blood-glucose-control", "clinical-finding", certain=True),
    _sign(r"\bmmhg\b|\b(?:blodtryck|blood pressure)\b", "blood-pressure", "clinical-finding", certain=True),
    _sign(r"\b(?:hemkommun|home municipality|kommunkod|folkbokföringskommun)\b", *_PLACE, certain=True),
    _sign(r"\b(?:dödsdatum|date of death)\b", "date-of-death", "cause-of-death", certain=True),
    _sign(r"\b(?:kön|sex)\b", "sex", "person-identifier"),
    _sign(r"\b(?:ålder|age)\b(?! at| vid)", "age", "birth-date", "person-identifier"),
    _sign(
        r"\b(?:diagnoskod|icd-?10\w*|icd code)\b",
        "diagnosis",
        "diagnosis-code",
        "comorbidity",
        "dementia",
        "complication",
        "cause-of-death",
        "injury-cause",
        "injury-intention",
        "injury-mechanism",
    ),
    _sign(r"\b(?:kvå|åtgärdskod|procedure code)\b", "procedure", "procedure-code"),
    _sign(r"\b(?:atc|läkemedelskod|drug code)\b", "drug-code", "drug-treatment", "drug-dispensing"),
    _sign(r"\b(?:alkohol\w*|alcohol|audit-c)\b", "alcohol-use", "clinical-finding", "comorbidity", "diagnosis"),
    _sign(
        r"\b(?:boendeform|housing|typ av boende)\b",
        "housing-type",
        "housing-before-admission",
        "discharge-destination",
        "group-home",
        "municipal-support",
        "home-care-support",
    ),
    _sign(r"\b(?:kroppsvikt|body weight|kroppslängd|body height)\b", "clinical-finding"),
    _sign(r"\bg/l\b|\bµmol/l\b|\bmmol/l\b|\bkg/m2\b|\bkg/m²\b", *_VALUES),
)


def meaning_remarks(claims: Claims) -> Iterator[Remark]:
    """What the words of each variable and indicator give away."""
    for subject in every(claims):
        yield from _measures(claims, subject)
        yield from _patient_reported(claims, subject)
        yield from _languages(claims, subject)


def _words(claims: Claims, subject: str) -> str:
    texts = [*claims.of(subject, NOTATION), claims.label(subject, "sv"), claims.label(subject, "en")]
    return fold(" | ".join(text.replace("_", " ") for text in texts))


def _measures(claims: Claims, subject: str) -> Iterator[Remark]:
    path = rg("measures")
    measured = {value.rpartition("/")[2]: value for value in claims.of(subject, path)}
    words = " | ".join([_words(claims, subject), *map(fold, claims.of(subject, rg("unitOfMeasure")))])
    for sign in _SIGNS if measured else ():
        match = sign.words.search(words)
        if match is None or sign.concepts & set(measured):
            continue
        concept, value = next(iter(measured.items()))
        shown = {language: _label(claims, value, language) or concept for language in ("sv", "en")}
        ask = (" Stämmer det ändå: bekräfta raden.", " If it is right all the same: confirm the row.")
        message = Message(
            sv=f"Variabeln handlar om «{match[0]}» och kan inte mäta «{shown['sv']}». Byt begreppslig variabel."
            + ("" if sign.certain else ask[0]),
            en=f"The variable is about “{match[0]}” and cannot measure “{shown['en']}”. Choose another conceptual "
            "variable." + ("" if sign.certain else ask[1]),
        )
        severity = Severity.VIOLATION if sign.certain else Severity.WARNING
        yield remark("measures-implausible", severity, message, (subject, path, value), min(sign.concepts))
        return


def _label(claims: Claims, concept: str, language: str) -> str:
    return next(
        (
            text_of(item)
            for item in claims.before(concept)
            if item.predicate.value == LABEL and getattr(item.object, "language", None) == language
        ),
        "",
    )


def _patient_reported(claims: Claims, subject: str) -> Iterator[Remark]:
    path = rg("patientReported")
    for value in claims.of(subject, path):
        own = _words(claims, subject)
        used = " | ".join(_words(claims, variable) for variable in claims.of(subject, rg("usesVariable")))
        words = f"{own} | {used}"
        clinician, patient = _CLINICIAN.search(words), _PATIENT.search(words)
        if value == "true" and clinician is not None and patient is None:
            message = Message(
                sv=f"«{clinician[0].upper()}» mäts eller bedöms av vården, inte av patienten. Skriv nej, eller "
                "bekräfta raden om patienten själv har svarat.",
                en=f"“{clinician[0].upper()}” is measured or judged by care, not by the patient. Write no, or confirm "
                "the row if the patients themselves have answered.",
            )
            yield remark("not-patient-reported", Severity.WARNING, message, (subject, path, value), "nej")
        if value == "false" and patient is not None and clinician is None:
            message = Message(
                sv=f"«{patient[0]}» är patienternas egna svar. Skriv ja, eller bekräfta raden.",
                en=f"“{patient[0]}” is what patients themselves answer. Write yes, or confirm the row.",
            )
            yield remark("patient-reported-denied", Severity.WARNING, message, (subject, path, value), "ja")


def _languages(claims: Claims, subject: str) -> Iterator[Remark]:
    for triple in claims.by_subject[subject]:
        tag = getattr(triple.object, "language", None)
        text = text_of(triple)
        guess = language_of(text, least=2) if tag in ("sv", "en") else None
        if guess is None or guess == tag or iris.is_absolute(text):
            continue
        names = {"sv": ("svenska", "Swedish"), "en": ("engelska", "English")}
        message = Message(
            sv=f"«{text[:80]}» är på {names[guess][0]}, men står som {names[str(tag)][0]}. Flytta eller översätt "
            "texten; stämmer det: bekräfta raden.",
            en=f"“{text[:80]}” is in {names[guess][1]}, but stands as {names[str(tag)][1]}. Move or translate the "
            "text; if it is right: confirm the row.",
        )
        yield remark("other-language", Severity.WARNING, message, (subject, triple.predicate.value, text))
