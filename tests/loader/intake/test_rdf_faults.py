"""Every fault in RDF is found on its line, in every syntax, for shapes as for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from loader.check import Upload
from loader.model.findings import Severity
from tests.loader.conftest import Ask
from tests.loader.intake.rdftext import FORMS, ID, RG, SKOS, TYPE, XSD, Line, Text, clean, write
from tests.pairs import pairs

REGISTER, LABEL_SV, LABEL_EN, FUNDED, VARIABLE, OF, NOTATION, QUESTION, MEASURES = range(9)


@dataclass(frozen=True)
class Fault:
    """`put` changes the statements and returns the index of the one at fault."""

    name: str
    rules: tuple[str, ...]
    put: Callable[[list[Line]], int]
    suggestion: str | None = None


def _value(index: int, value: str | Text) -> Callable[[list[Line]], int]:
    def put(lines: list[Line]) -> int:
        lines[index] = replace(lines[index], value=value)
        return index

    return put


def _predicate(index: int, predicate: str) -> Callable[[list[Line]], int]:
    def put(lines: list[Line]) -> int:
        lines[index] = replace(lines[index], predicate=predicate)
        return index

    return put


def _more(after: int, predicate: str, value: str | Text) -> Callable[[list[Line]], int]:
    """One more statement about the same subject."""

    def put(lines: list[Line]) -> int:
        lines.insert(after + 1, Line(lines[after].subject, predicate, value))
        return after + 1

    return put


def _less(index: int, blamed: int) -> Callable[[list[Line]], int]:
    """A statement left out; what is left of its subject is to blame."""

    def put(lines: list[Line]) -> int:
        del lines[index]
        return blamed

    return put


def _other(subject: str, *statements: tuple[str, str | Text], blamed: int = 0) -> Callable[[list[Line]], int]:
    """Statements on another subject."""

    def put(lines: list[Line]) -> int:
        first = len(lines)
        lines += [Line(subject, predicate, value) for predicate, value in statements]
        return first + blamed

    return put


FAULTS = (
    Fault(
        "property-misspelt",
        ("unknown-property",),
        _predicate(FUNDED, RG + "coFundedByMunicipality"),
        "rg:coFundedByMunicipalities",
    ),
    Fault("class-misspelt", ("unknown-class",), _value(VARIABLE, RG + "Variabel"), "rg:Variable"),
    Fault(
        "concept-misspelt",
        ("unknown-code",),
        _value(MEASURES, ID + "conceptual-variable/housing-typ"),
        ID + "conceptual-variable/housing-type",
    ),
    Fault(
        "register-unknown", ("dangling-reference",), _value(OF, ID + "register/riksstrok"), ID + "register/riksstroke"
    ),
    Fault("boolean-neither", ("ill-typed-literal",), _value(FUNDED, Text("kanske", datatype=XSD + "boolean")), "true"),
    Fault("boolean-as-text", ("co-funded-by-municipalities-boolean",), _value(FUNDED, Text("false"))),
    Fault(
        "label-in-french",
        ("pref-label-languages",),
        _more(LABEL_EN, SKOS + "prefLabel", Text("Registre", language="fr")),
    ),
    Fault(
        "label-twice",
        ("pref-label-once-per-language",),
        _more(LABEL_SV, SKOS + "prefLabel", Text("Annat namn", language="sv")),
    ),
    Fault("swedish-label-missing", ("pref-label-swedish",), _less(LABEL_SV, 1)),
    Fault("two-notations", ("notation-once",), _more(NOTATION, SKOS + "notation", Text("En till"))),
    Fault("notation-missing", ("notation-once",), _less(NOTATION, VARIABLE)),
    Fault("wrong-class-referred-to", ("variable-of-refers",), _value(OF, ID + "target-group/older-people")),
    Fault("two-registers", ("variable-of-once",), _more(OF, RG + "variableOf", ID + "register/riksstroke")),
    Fault("blank-node", ("blank-node",), _other("_:b1", (SKOS + "notation", Text("utan namn")))),
    Fault(
        "vocabulary-described",
        ("reserved-subject",),
        _other(ID + "target-group/older-people", (SKOS + "altLabel", Text("Gamla", language="sv"))),
    ),
    Fault(
        "key-in-capitals",
        ("Variable",),
        _other(
            ID + "variable/Prov.X",
            (TYPE, RG + "Variable"),
            (SKOS + "notation", Text("X")),
            (RG + "variableOf", ID + "register/riksstroke"),
        ),
    ),
    Fault(
        "integer-in-words",
        ("ill-typed-literal",),
        _other(ID + "indicator/prov-x", (RG + "ageFrom", Text("arton", datatype=XSD + "integer"))),
    ),
    Fault(
        "date-out-of-calendar",
        ("ill-typed-literal",),
        _other(ID + "act/prov", (RG + "validFrom", Text("2023-13-01", datatype=XSD + "date"))),
    ),
    Fault(
        "age-over-120",
        ("age-from-number",),
        _other(
            ID + "indicator/prov-y",
            (TYPE, RG + "TabulatedIndicator"),
            (RG + "ageFrom", Text("130", datatype=XSD + "integer")),
            blamed=1,
        ),
    ),
    Fault(
        "key-of-another-register",
        ("key-used-elsewhere",),
        _other(
            ID + "indicator/skr-2022-t04-r1",
            (TYPE, RG + "TabulatedIndicator"),
            (RG + "indicatorOf", ID + "register/boris"),
            blamed=1,
        ),
    ),
)


# What is wrong with these is the subject, which has a line of its own in some syntaxes.
OF_SUBJECTS = ("blank-node", "vocabulary-described", "key-in-capitals", "notation-missing")


@pytest.mark.parametrize(("fault", "form"), pairs(FAULTS, FORMS))
def test_a_fault_is_found_on_its_line(ask: Ask, fault: Fault, form: str) -> None:
    lines = clean(len(fault.name))
    index = fault.put(lines)
    upload, places = write(lines, form)
    result = ask(upload)
    # In these two forms a thing begins on the line above; one without a name is placed at its first statement.
    begins_above = form in ("rdf-xml", "json-ld") and fault.name in OF_SUBJECTS and fault.name != "blank-node"
    line = places[index] - begins_above
    there = {(finding.rule, finding.suggestion) for finding in result.findings if finding.position.line == line}
    assert {rule for rule, _ in there} & set(fault.rules), (
        line,
        [(f.rule, str(f.position)) for f in result.findings],
    )
    if fault.suggestion is not None:
        assert (fault.rules[0], fault.suggestion) in there


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_file_has_no_errors(ask: Ask, form: str) -> None:
    upload, _ = write(clean(1), form)
    result = ask(upload)
    assert [finding.rule for finding in result.findings if finding.severity is not Severity.INFO] == []
    assert result.conforms
    assert result.registers == {"prov-1"}


BROKEN = {
    "turtle": ("@prefix rg: <https://w3id.org/registergraf/ns#> .\n\n<http://a/> rg:b [ .\n", 3),
    "trig": ("<http://g/> {\n<http://a/> <http://b/> \n}\n", 3),
    "n-triples": ("<http://a/> <http://b/> <http://c/> .\n<http://a/> <http://b> <http://c/>\n", 2),
    "n-quads": ('<http://a/> <http://b/> <http://c/> <http://d/> .\n<http://a/> "b" <http://c/> .\n', 2),
    "rdf-xml": (
        '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>\n</rdf:RDF>\n',
        4,
    ),
    "json-ld": ('{"@id": "http://a/",\n "http://b/": [1, 2\n}\n', 3),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_error_of_syntax_has_its_line(ask: Ask, form: str) -> None:
    name = write(clean(1), form)[0].name
    text, line = BROKEN[form]
    result = ask(Upload(name, text.encode()))
    assert [finding.rule for finding in result.findings] == ["syntax-error"]
    found = result.findings[0].position.line
    assert found is not None
    assert abs(found - line) <= 1
    assert not result.readable
