"""The command `registergraf mcp`: the tools, by stdio or at /mcp; needs the extra `mcp`."""

from __future__ import annotations

from dataclasses import replace

import click

from loader.release.manifest import ReleaseError, current_release
from server.settings import Settings

_USAGE = 2


@click.command()
@click.option(
    "--transport", type=click.Choice(["stdio", "streamable-http"]), default="stdio", show_default=True, help="How."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on (streamable-http).")
@click.option("--port", type=int, default=8001, show_default=True, help="Port to listen on (streamable-http).")
@click.pass_obj
def mcp(settings: Settings, transport: str, host: str, port: int) -> None:
    """Answer from the current release over the Model Context Protocol, by eight tools that read.

    Exit code 2 without a release or without the package mcp.
    """
    try:
        from server.mcp import serving
    except ImportError as error:
        raise _stop("the package mcp is not installed: pip install 'registergraf[mcp]'") from error
    from server.app import create_app
    from server.engine.opened import open_engine
    from server.mcp.answers import Answers

    try:
        release = current_release(settings.releases)
    except ReleaseError as error:
        raise _stop(str(error)) from error
    small = replace(settings, workers=min(settings.workers, 4), rate_per_minute=0, access_log="")
    url = settings.public_url.rstrip("/") or f"http://{host}:{port}"
    engine = open_engine(small, release)
    try:
        made = serving.server(Answers(create_app(small, engine, release), url), release.version)
        if transport == "stdio":
            made.run("stdio")
        else:
            import uvicorn

            app = serving.http_app(made, settings.public_url, host, port)
            uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=settings.stop_seconds)
    finally:
        engine.close()


def _stop(message: str) -> SystemExit:
    click.echo(f"registergraf: {message}", err=True)
    return SystemExit(_USAGE)
