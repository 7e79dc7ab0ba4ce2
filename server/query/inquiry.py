"""What a request to /sparql asks: read by the protocol, permitted, negotiated. Needs no web framework and no engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.query.answering import Question
from server.query.nesting import check_nesting
from server.query.protocol import Operation, RawRequest, read_only, read_operation
from server.query.service_policy import check_services, service_calls
from server.query.text import QUERY_FORMS, QueryText, read_query
from server.service import Site
from server.settings import Settings
from server.web.media import CSV, HTML, OF_FORM, Format
from server.web.negotiation import choose
from server.web.stream import BOM
from server.web.validity import Validity, validity


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A query operation, what kind of query it is, in which format it is answered, and how long that answer holds.

    `form` is SELECT, ASK, CONSTRUCT or DESCRIBE.
    """

    operation: Operation
    form: str
    format: Format
    validity: Validity

    @property
    def prefix(self) -> bytes:
        """What stands before the answer's first byte."""
        return BOM if self.operation.bom and self.format is CSV else b""

    def question(self, text: str, seconds: float) -> Question:
        """What the engine is asked; `text` is the query with its SERVICE clauses resolved."""
        graphs = (self.operation.default_graphs, self.operation.named_graphs)
        return Question(text, self.form, self.format, seconds, *graphs)


def read_inquiry(site: Site, request: RawRequest, *, accept: str, language: Callable[[], str]) -> Inquiry | None:
    """The inquiry of a request, or None when it is a bare GET, which asks for the service description.

    `language` tells that of a page (sv or en), and is asked only for one.

    Raises Problem when it breaks the protocol, would write or reach the network, or accepts no format that there is.
    """
    operation = read_operation(request, site.settings)
    if operation is None:
        return None
    text = read_query(operation.query)
    form = permitted_form(site.settings, operation.query, text)
    chosen = choose(accept, (*OF_FORM[form], HTML), wanted=operation.format)
    return Inquiry(
        operation, form, chosen, _validity(site, operation, text, chosen, language() if chosen is HTML else "")
    )


def permitted_form(settings: Settings, query: str, text: QueryText) -> str:
    """The query's form, once it is sure that the query neither writes nor reaches the network unasked.

    A text that begins like no query at all passes as a SELECT, so that the engine's parser can say what is wrong with
    it.
    """
    if text.form and text.form not in QUERY_FORMS:
        raise read_only(settings, f"an Update ({text.form})", f"en uppdatering ({text.form})")
    check_nesting(query)
    check_services(query, settings.service_allow)
    return text.form or "SELECT"


def _validity(site: Site, operation: Operation, text: QueryText, chosen: Format, language: str) -> Validity:
    parts = [operation.query, chosen.name, str(operation.bom and chosen is CSV), str(operation.explain_empty)]
    parts += ["default", *operation.default_graphs, "named", *operation.named_graphs]
    steady = text.repeatable and not service_calls(operation.query)
    if chosen is not HTML:
        return validity(site, *parts, text=operation.query, repeatable=steady)
    parts += ["lang", language]
    return validity(site, *parts, vary=("Accept-Language",), text=operation.query, repeatable=steady)
