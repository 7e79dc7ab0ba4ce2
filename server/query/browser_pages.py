"""What a browser gets at the query room's addresses: pages that the room above makes, and `create_app` names here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app

from server.query.answering import Question
from server.service import Service
from server.web.validity import Validity

_KEY = "registergraf-query-pages"


@dataclass(frozen=True, slots=True)
class Pages:
    """The query form, the page of an answer (`explained` tells why an empty one is empty), and that of a graph."""

    form: Callable[[Service], Response]
    answer: Callable[[Service, Question, Validity, bool], Response]
    graph: Callable[[Service, str], Response]


def init_pages(app: Flask, made: Pages) -> None:
    """Give an app the pages."""
    app.extensions[_KEY] = made


def pages() -> Pages:
    """The pages of the app that handles this request."""
    return cast(Pages, current_app.extensions[_KEY])
