"""Numbers against the text beside them, units against labels, periods, and years that have not come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from loader.intake.across import Remark
from loader.intake.truth.claims import LABEL, Claims, every, remark, rg
from loader.intake.world.names import text_of
from loader.model import iris
from loader.model.findings import Message, Severity
from loader.model.nearest import fold

Starts = Mapping[str, frozenset[str]]
_NUMBERS = ("percentFrom", "percentTo", "percentUnder", "figureValue")
_OBJECT = iris.expand("rdf:object")
_YEARS = ("measurementYear", "startYear")
_DATES = tuple(
    iris.expand(name) for name in ("rg:asOf", "rg:eventDate", "dcterms:issued", "rg:retrievedOn", "rg:validFrom")
)
_PERIODS = tuple(
    (iris.expand(first), iris.expand(last))
    for first, last in (
        ("rg:holdsFrom", "rg:holdsUntil"),
        ("rg:validFrom", "rg:validUntil"),
        ("prov:startedAtTime", "prov:endedAtTime"),
        ("dcat:startDate", "dcat:endDate"),
    )
)
_NUMBER = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?")
_SPAN = re.compile(r"\b((?:19|20)[0-9]{2})\s*[-–]\s*((?:19|20)[0-9]{2})\b")
_COUNT = re.compile(r"antal(?:et)?\b(?!\s*/)|(?:the )?(?:number|count)\b(?!\s*/)")
_SHARE = re.compile(r"andel(?:en)?\b(?!\s*/)|(?:the )?(?:share|proportion|percentage)\b(?!\s*/)|procent\b")
_PERCENT = re.compile(r"%|procent|per ?cent")


def number_remarks(claims: Claims) -> Iterator[Remark]:
    """What the numbers of each subject give away."""
    starts = claims.context.start_years
    for subject in every(claims):
        yield from _printed(claims, subject)
        yield from _unit(claims, subject)
        yield from _measure_type(claims, subject)
        yield from _years(claims, subject, starts)
        yield from _periods(claims, subject)


def numbers_in(text: str) -> set[Decimal]:
    """The numbers of a text, with decimal comma or point and spaces between thousands.

    >>> sorted(numbers_in("mellan 92,5 och 1 200 %"))
    [Decimal('92.5'), Decimal('1200')]
    """
    bare = (re.sub(r"\s", "", match[0]).replace(",", ".") for match in _NUMBER.finditer(text))
    return {Decimal(number) for number in bare}


def _printed(claims: Claims, subject: str) -> Iterator[Remark]:
    text = next(iter(claims.of(subject, rg("printedAs"))), "")
    told = numbers_in(text)
    for name in _NUMBERS if told else ():
        for value in claims.of(subject, rg(name)):
            if (number := _decimal(value)) is not None and number not in told:
                message = Message(
                    sv=f"Talet är {value}, men texten bredvid säger «{text}». Skriv samma tal på båda ställena.",
                    en=f"The number is {value}, but the text beside it says “{text}”. Write the same number in both.",
                )
                yield remark("printed-differs", Severity.VIOLATION, message, (subject, rg(name), value))


def _unit(claims: Claims, subject: str) -> Iterator[Remark]:
    text = fold(next(iter(claims.of(subject, rg("printedAs"))), ""))
    for unit in claims.of(subject, rg("unit")):
        percent = unit.endswith("/unit/percent")
        if text and numbers_in(text) and percent != (_PERCENT.search(text) is not None):
            message = Message(
                sv=f"Enheten stämmer inte med texten «{text}». Välj procent bara där texten säger procent.",
                en=f"The unit does not agree with the text “{text}”. Choose per cent only where the text says so.",
            )
            yield remark("unit-differs", Severity.VIOLATION, message, (subject, rg("unit"), unit))


def _measure_type(claims: Claims, subject: str) -> Iterator[Remark]:
    kinds = {language: _kind(claims.label(subject, language)) for language in ("sv", "en")}
    if None not in kinds.values() and kinds["sv"] != kinds["en"]:
        message = Message(
            sv=f"Det svenska och det engelska måttet är olika: «{claims.label(subject, 'sv')}» och "
            f"«{claims.label(subject, 'en')}». Det ena är ett antal, det andra en andel.",
            en=f"The Swedish and the English measure differ: “{claims.label(subject, 'sv')}” and "
            f"“{claims.label(subject, 'en')}”. One is a count, the other a share.",
        )
        yield remark("labels-differ", Severity.VIOLATION, message, (subject, LABEL, claims.label(subject, "en")))
        return
    for value in claims.of(subject, rg("measureType")):
        key = value.rpartition("/")[2]
        for language, kind in kinds.items():
            if kind is not None and key in ("count", "share") and key != kind:
                label = claims.label(subject, language)
                message = Message(
                    sv=f"Måttypen är {_WORDS[key][0]}, men måttet heter «{label}». Ändra den ena.",
                    en=f"The measure type is {_WORDS[key][1]}, but the measure is called “{label}”. Change either.",
                )
                yield remark("measure-type-differs", Severity.VIOLATION, message, (subject, rg("measureType"), value))
                return


_WORDS = {"count": ("antal", "count"), "share": ("andel", "share")}


def _kind(label: str) -> str | None:
    plain = fold(label)
    return "count" if _COUNT.match(plain) else "share" if _SHARE.match(plain) else None


def _years(claims: Claims, subject: str, starts: Starts) -> Iterator[Remark]:
    this = claims.today.year
    for name in _YEARS:
        for value in claims.of(subject, rg(name)):
            if not value.isdigit():
                continue
            if int(value) > this:
                message = Message(sv=f"Året {value} har inte varit än.", en=f"The year {value} has not been yet.")
                yield remark("year-in-future", Severity.VIOLATION, message, (subject, rg(name), value))
            elif name == "measurementYear":
                yield from _before_start(claims, subject, value, starts)
    for value in _stated_starts(claims, subject):
        if value.isdigit() and int(value) > this:
            message = Message(sv=f"Året {value} har inte varit än.", en=f"The year {value} has not been yet.")
            yield remark("year-in-future", Severity.VIOLATION, message, (subject, _OBJECT, value))
    for name in _DATES:
        for value in claims.of(subject, name):
            if re.match(r"[0-9]{4}", value) and value > claims.today.isoformat()[: len(value)]:
                message = Message(sv=f"Dagen {value} har inte varit än.", en=f"The day {value} has not been yet.")
                yield remark("date-in-future", Severity.VIOLATION, message, (subject, name, value))


def _stated_starts(claims: Claims, subject: str) -> Iterable[str]:
    """The years that a dated statement gives as the start of a register."""
    named = any(name.endswith("/register-property/start-year") for name in claims.of(subject, rg("ofProperty")))
    return claims.of(subject, _OBJECT) if named else ()


def _before_start(claims: Claims, subject: str, year: str, starts: Starts) -> Iterator[Remark]:
    for register in claims.of(subject, iris.expand("dqv:computedOn")):
        own = [value for value in claims.of(register, rg("startYear")) if value.isdigit()]
        began = min((int(value) for value in (*starts.get(register, ()), *own) if value.isdigit()), default=0)
        if int(year) < began:
            message = Message(
                sv=f"Registret började {began} enligt de uppgifter som finns, men mätningen gäller {year}. Kontrollera "
                "året; stämmer det: bekräfta raden.",
                en=f"The register began in {began} as far as is known, but the measurement is of {year}. Check the "
                "year; if it is right: confirm the row.",
            )
            yield remark("year-before-register", Severity.WARNING, message, (subject, rg("measurementYear"), year))


def _periods(claims: Claims, subject: str) -> Iterator[Remark]:
    for first, last in _PERIODS:
        for begin in claims.of(subject, first):
            for end in claims.of(subject, last):
                if end[: len(begin)] < begin[: len(end)]:
                    yield _reversed((subject, last, end), begin, end)
    for triple in claims.by_subject[subject]:
        text = text_of(triple)
        span = None if iris.is_absolute(text) else _SPAN.search(text)
        if span is not None and span[2] < span[1]:
            yield _reversed((subject, triple.predicate.value, text), span[1], span[2])


def _reversed(at: tuple[str, str, str], begin: str, end: str) -> Remark:
    message = Message(
        sv=f"Perioden slutar ({end}) innan den börjar ({begin}). Byt plats på dem.",
        en=f"The period ends ({end}) before it begins ({begin}). Change them about.",
    )
    return remark("period-reversed", Severity.VIOLATION, message, at)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
