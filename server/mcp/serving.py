"""The tools over the Model Context Protocol, by stdio and by HTTP; the only module that needs the package mcp."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from starlette.applications import Starlette

from server.engine.interface import EngineError
from server.mcp.answers import Answers, Hint, hint_of
from server.mcp.schema import schema
from server.mcp.shapes import Document, Questions, Register, Results, Rows, Sheet
from server.web.problem import Problem

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_BODY = 262_144
_ABOUT = (
    "Sweden's national quality registers for health and social care as a knowledge graph: registers, variables, "
    "indicators, target groups, service areas, law. Names are Swedish. Prefer the shipped questions (list_questions, "
    "run_question): their answers are tested. Cite `release` and `sources`, and say so when something is `inferred`."
)
_Answer = TypeVar("_Answer")


class Tools:
    """The tools: what a model reads of each is its name, its parameters and its first line."""

    def __init__(self, answers: Answers) -> None:
        """Over what answers."""
        self._answers = answers

    def search(self, query: str) -> Results:
        """Find registers, indicators, variables, groups, service areas, provisions and municipalities by words."""
        return _told(lambda: self._answers.search(query))

    def fetch(self, id: str) -> Document:
        """Everything that is known of one thing, by an id that search gave, such as register/riksstroke."""
        return _told(lambda: self._answers.fetch(id))

    def search_registers(self, query: str) -> Results:
        """Find registers by name, short name, old name or subject."""
        return _told(lambda: self._answers.search_registers(query))

    def get_register(self, id: str) -> Register:
        """The facts of one register, each marked when it is inferred; id as in search, or its key alone."""
        return _told(lambda: self._answers.get_register(id))

    def list_questions(self, query: str = "") -> Questions:
        """The shipped questions with their parameters; with a question in Swedish those that come near."""
        return _told(lambda: self._answers.list_questions(query))

    def run_question(self, id: str, params: dict[str, str] | None = None, limit: int = 50) -> Rows:
        """The rows of a shipped question, at most 50; params by name, values as keys such as older-people."""
        return _told(lambda: self._answers.run_question(id, params or {}, limit))

    def get_answer_sheet(self, group: str = "", area: str = "", municipality: str = "") -> Sheet:
        """What can be followed up for a group or an area: indicators, linkage, gaps, law; keys as in ids."""
        return _told(lambda: self._answers.get_answer_sheet(group, area, municipality))

    def execute_sparql(self, query: str, limit: int = 50) -> Rows:
        """The rows of a SPARQL 1.1 SELECT, at most 50; the terms are in the resource registergraf://schema."""
        return _told(lambda: self._answers.execute_sparql(query, limit))


def server(answers: Answers, version: str) -> MCPServer:
    """The server with its eight tools and the schema as a resource."""
    made: MCPServer = MCPServer("registergraf", title="Registergraf", instructions=_ABOUT, version=version)
    tools = Tools(answers)
    for tool in (
        tools.search,
        tools.fetch,
        tools.search_registers,
        tools.get_register,
        tools.list_questions,
        tools.run_question,
        tools.get_answer_sheet,
        tools.execute_sparql,
    ):
        made.add_tool(tool, annotations=_READS)

    @made.resource("registergraf://schema", name="schema", mime_type="text/plain")
    def terms() -> str:
        """The classes and properties of the graph, with prefixes and examples."""
        return schema(answers.site)

    return made


def _told(ask: Callable[[], _Answer]) -> _Answer:
    """An answer; what went wrong becomes a result that is an error, with a hint."""
    try:
        return ask()
    except (Hint, Problem, EngineError) as error:
        raise ToolError(hint_of(error)) from error


def http_app(made: MCPServer, url: str, host: str, port: int) -> Starlette:
    """The server at /mcp, stateless; only for the hosts of the public address and of the address it listens on."""
    names = [name for name in dict.fromkeys((urlsplit(url).hostname, host)) if name]
    hosts = [one for name in names for one in (name, f"{name}:*")]
    origins = [f"{scheme}://{one}" for scheme in ("http", "https") for one in hosts]
    security = TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
    return made.streamable_http_app(
        streamable_http_path="/mcp",
        json_response=True,
        stateless_http=True,
        max_request_body_size=_BODY,
        transport_security=security,
        host=host,
    )
