"""The eight tools by the package's own client, over stdio and over HTTP, on the real release."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from flask import Flask
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from server.mcp.answers import Answers
from server.mcp.serving import http_app, server
from server.service import service_of

ROOT = Path(__file__).parents[3]
TOOLS = {
    *("search", "fetch", "search_registers", "get_register", "list_questions", "run_question", "get_answer_sheet"),
    "execute_sparql",
}
PROGRAM = "from server.cli import main; main()"
RELATIVES = {"target-group": "relatives"}


def told(app: Flask, ask: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a client in this process is told."""
    made = server(Answers(app, "https://example.org"), service_of(app).release.version)

    async def run() -> Any:
        async with Client(made) as client:
            return await ask(client)

    return asyncio.run(run())


def call(app: Flask, name: str, **given: Any) -> dict[str, Any]:
    result = told(app, lambda client: client.call_tool(name, given))
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content
    assert json.loads(result.content[0].text) == found
    assert found["release"] == service_of(app).release.version
    return found


def hint(app: Flask, name: str, **given: Any) -> str:
    result = told(app, lambda client: client.call_tool(name, given))
    assert result.is_error
    return str(result.content[0].text)


def test_eight_tools_that_read_and_one_resource(real_app: Flask) -> None:
    listed = told(real_app, lambda client: client.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS
    assert all(tool.output_schema and tool.annotations.read_only_hint for tool in listed)
    resources = told(real_app, lambda client: client.list_resources()).resources
    assert [str(one.uri) for one in resources] == ["registergraf://schema"]
    text = told(real_app, lambda client: client.read_resource("registergraf://schema")).contents[0].text
    assert len(text.encode("utf-8")) <= 6_000
    assert "rg:indicatorOf" in text


def test_search_and_fetch(real_app: Flask) -> None:
    found = call(real_app, "search", query="strokeregistret")
    assert {"id", "title", "url"} <= set(found["results"][0])
    assert "register/riksstroke" in [one["id"] for one in found["results"][:3]]
    document = call(real_app, "fetch", id="register/riksstroke")
    assert {"id", "title", "text", "url", "metadata"} <= set(document)
    assert document["url"] == "https://example.org/id/register/riksstroke"
    assert "(inferred)" in document["text"]
    assert document["sources"]
    registers = call(real_app, "search_registers", query="smärta")
    assert {one["id"].partition("/")[0] for one in registers["results"]} == {"register"}


def test_a_register_marks_what_is_inferred(real_app: Flask) -> None:
    found = call(real_app, "get_register", id="riksstroke")
    assert len(found["facts"]) <= 50
    assert {one["property"] for one in found["facts"] if one["inferred"]} == set(found["inferred"]) != set()
    assert any(one["property"] == "rg:startYear" and not one["id"] for one in found["facts"])


def test_questions(real_app: Flask) -> None:
    every = call(real_app, "list_questions")["questions"]
    assert len(every) == len(list((ROOT / "ontology" / "questions").glob("*.rq")))
    near = call(real_app, "list_questions", query="Vilka indikatorer finns för barn?")["questions"]
    assert near[0]["id"] == "q01-indicators-of-a-target-group"
    assert near[0]["params"] == [{"name": "target-group", "holds": "target-group", "default": "older-people"}]
    rows = call(real_app, "run_question", id="q01", params=RELATIVES)
    assert rows["rows"]
    assert {row["register"] for row in rows["rows"]} == {"Nationella kvalitetsregistret för stroke"}
    assert "rg:concernsTargetGroup" in rows["query"]
    assert rows["sources"]


def test_rows_are_bounded(real_app: Flask) -> None:
    query = "SELECT ?s WHERE { ?s a <https://w3id.org/registergraf/ns#Register> }"
    found = call(real_app, "execute_sparql", query=query, limit=1000)
    assert (len(found["rows"]), found["truncated"]) == (50, True)
    found = call(real_app, "execute_sparql", query=query + " LIMIT 3")
    assert (len(found["rows"]), found["truncated"]) == (3, False)
    inferred = "PREFIX rg: <https://w3id.org/registergraf/ns#> SELECT ?s WHERE { ?s rg:linkableWith ?o }"
    assert "rg:linkableWith" in call(real_app, "execute_sparql", query=inferred)["inferred"]


def test_the_answer_sheet(real_app: Flask) -> None:
    found = call(real_app, "get_answer_sheet", group="older-people", municipality="0180")
    assert found["url"].startswith("https://example.org/answers?group=older-people&municipality=0180")
    assert sum(len(table["rows"]) for table in found["tables"]) <= 50
    assert found["truncated"] == any(table["left_out"] for table in found["tables"])
    assert "äldre" in found["summary"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("search", {"query": " "}, "empty"),
        ("fetch", {"id": "register/riksstrok"}, "register/riksstroke"),
        ("get_register", {"id": "indicator/x"}, "Use search"),
        ("run_question", {"id": "q999"}, "list_questions"),
        ("run_question", {"id": "q01", "params": {"colour": "red"}}, "target-group"),
        ("run_question", {"id": "q01", "params": {"target-group": "elephants"}}, "does not fit"),
        ("get_answer_sheet", {}, "older-people"),
        ("get_answer_sheet", {"group": "elephants"}, "elephants"),
        ("execute_sparql", {"query": "SELEKT"}, "expected one of"),
        ("execute_sparql", {"query": "ASK {}"}, "SELECT"),
        ("execute_sparql", {"query": "DROP ALL"}, "read-only"),
        ("execute_sparql", {"query": "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"}, "SERVICE"),
        ("execute_sparql", {"query": "SELECT * {}" + " " * 70_000}, "bytes"),
    ],
)
def test_errors_are_results_with_a_hint(real_app: Flask, name: str, given: dict[str, Any], said: str) -> None:
    assert said in hint(real_app, name, **given)


def test_over_stdio(real_root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "REGISTERGRAF_RELEASES": str(real_root)}
    program = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM, "mcp"], env=environment)

    async def run() -> Any:
        async with Client(stdio_client(program)) as client:
            return await client.call_tool("run_question", {"id": "q01", "params": RELATIVES})

    result = asyncio.run(run())
    assert result.structured_content["release"] == (real_root / "current").resolve().name
    assert result.structured_content["rows"]


@pytest.fixture(scope="module")
def served(real_app: Flask) -> Iterator[str]:
    """The tools over HTTP at a free port, for a site that is called registergraf.example."""
    made = server(Answers(real_app, "https://registergraf.example"), "1")
    app = http_app(made, "https://registergraf.example", "127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}/mcp"
    running.should_exit = True
    thread.join(10)


def test_over_http(served: str) -> None:
    async def run() -> Any:
        async with Client(served) as client:
            return await client.call_tool("search_registers", {"query": "Riksstroke"})

    assert asyncio.run(run()).structured_content["results"][0]["id"] == "register/riksstroke"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("registergraf.example", 200),
        ("registergraf.example:443", 200),
        ("evil.example", 421),
        ("registergraf.example.evil.example", 421),
    ],
)
def test_only_for_its_hosts(served: str, host: str, status: int) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    accept = {"Host": host, "Accept": "application/json, text/event-stream"}
    reply = httpx.post(served, json=body, headers=accept)
    assert reply.status_code == status
    assert "mcp-session-id" not in reply.headers  # stateless


def test_serving_does_not_import_it() -> None:
    code = "import sys, server.app, server.cli; print({'mcp', 'server.mcp.serving'} & {*sys.modules})"
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "set()"
