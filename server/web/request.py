"""What a request says, as plain data: the parts that the protocol reads, and the headers that choose its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from server.web.language import language
from server.web.problem import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is empty unless it is a POST, a header that was not sent is empty, and `language` is called
    only where a page is wanted: it gives sv or en.
    """

    method: str
    query_string: str
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    language: Callable[[], str] = str


def read_request() -> Asked:
    """The request that Flask handles now; Problem bad-request when its query string is not UTF-8."""
    try:
        query_string = request.environ.get("QUERY_STRING", "").encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("bad-request", "The query string is not UTF-8.", "Frågesträngen är inte UTF-8.") from error
    header = request.headers.get
    return Asked(
        request.method,
        query_string,
        header("Content-Type", ""),
        request.get_data() if request.method == "POST" else b"",
        header("Accept", ""),
        header("Accept-Encoding", ""),
        header("If-None-Match", ""),
        language,
    )
