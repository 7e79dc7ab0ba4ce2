"""The shapes of answers, from which the output schemas of the tools are made."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Told(BaseModel):
    """What every answer says of itself."""

    release: str = Field(description="Version of the data; cite it.")
    sources: list[str] = Field(description="Where the answer comes from: documents, pages or source graphs, as IRIs.")
    inferred: list[str] = Field(description="What in the answer rests on rules or readings, not on a source's words.")


class Result(BaseModel):
    """A thing that was found."""

    id: str
    title: str
    url: str
    text: str = ""


class Results(Told):
    """What a search found, best first."""

    results: list[Result]
    truncated: bool = False


class Document(Told):
    """A thing in words, with its facts as text."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Fact(BaseModel):
    """A value of a property of a thing; `inferred` when only a rule says so."""

    property: str
    label: str
    value: str
    id: str = ""
    inferred: bool = False


class Register(Told):
    """A register with what is said of it."""

    id: str
    title: str
    url: str
    facts: list[Fact]
    truncated: bool


class Slot(BaseModel):
    """A parameter of a question: what it holds, and its value when none is given."""

    name: str
    holds: str
    default: str


class Question(BaseModel):
    """A shipped question in Swedish and English, with its parameters."""

    id: str
    sv: str
    en: str
    params: list[Slot]


class Questions(Told):
    """Shipped questions."""

    questions: list[Question]
    truncated: bool


class Rows(Told):
    """Rows of an answer, one text for each variable; `query` is the SPARQL that gave them."""

    columns: list[str]
    rows: list[dict[str, str]]
    truncated: bool
    query: str


class Sheet(Told):
    """The answer sheet of a choice: a summary, and tables with their rows."""

    url: str
    summary: str
    tables: list[dict[str, Any]]
    truncated: bool
