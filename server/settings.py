"""The server's settings: one table of (name, default, help), read once from a TOML file and the environment."""

# The fields are made by one small function of dataclasses.field, which the linter cannot see.
# ruff: noqa: RUF009

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "REGISTERGRAF_"
CONFIG = PREFIX + "CONFIG"


class SettingsError(Exception):
    """A setting is unknown or cannot be read; the message names it, where it stands, and what is expected."""


def _setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the server; `SETTINGS` is the same as a table. Sizes are in bytes unless the name says
    otherwise.
    """

    releases: Path = _setting(Path("data/release"), "Folder with the releases and the link `current`.")
    state: Path = _setting(Path("data/state"), "Folder with the submissions, the accounts and the audit log.")
    audit_witness: str = _setting(
        "", "File that is given the hash of every audit entry; empty: audit.witness in the folder `state`."
    )
    auth_failures: int = _setting(
        10, "Wrong tokens that a client may send per minute before it has to wait; 0 turns the limit off."
    )
    session_minutes: int = _setting(480, "Minutes after which a browser that has signed in has to do so again.")
    host: str = _setting("127.0.0.1", "Address to listen on; 0.0.0.0 for every interface.")
    port: int = _setting(8000, "Port to listen on.")
    unix_socket: str = _setting(
        "",
        "Unix socket to listen on instead of host and port, for a proxy on the same machine: "
        "while a serving process is replaced, connections wait in it.",
    )
    engine: str = _setting("", "URL of a SPARQL 1.1 endpoint that answers instead of the embedded engine.")
    public_url: str = _setting(
        "", "The server's address as clients see it, without final slash; empty: from the request."
    )
    operator_name: str = _setting("", "The organisation that runs this server, for catalogue exports.")
    operator_type: str = _setting("", "Its kind, an IRI of http://purl.org/adms/publishertype/, for catalogue exports.")
    operator_email: str = _setting("", "Where it is reached, for catalogue exports: an address of the organisation.")
    metadata_licence: str = _setting(
        "", "Licence of the descriptions in catalogue exports, an IRI; DCAT-AP-SE proposes CC0."
    )
    submission_url: str = _setting(
        "", "Where new or corrected metadata is handed in; empty: /submissions of this server."
    )
    timeout: float = _setting(30.0, "Seconds a query may take when the client does not say.")
    timeout_cap: float = _setting(60.0, "Most seconds a client may ask for by `timeout=`.")
    query_bytes: int = _setting(65_536, "Longest query; longer ones are refused with 413.")
    connections: int = _setting(4096, "Connections that may be open at once; the next ones wait to be taken.")
    head_seconds: float = _setting(
        30.0,
        "Seconds (at most 60) within which a request's head must have come, else the connection is closed.",
    )
    idle_seconds: float = _setting(75.0, "Seconds after which a client is cut off that takes nothing of its answer.")
    body_bytes: int = _setting(262_144, "Longest request body or query string; longer ones are refused with 413.")
    upload_bytes: int = _setting(
        20_971_520,
        "Longest body with files (/submissions, /validate, /check, /hand-in); longer ones are refused with 413.",
    )
    profiles: str = _setting("", "Folder with a folder of SHACL shapes per further profile of /validate; empty: none.")
    account_megabytes: int = _setting(
        1000, "Megabytes of files that are kept for one account; more is refused with 413."
    )
    check_seconds: int = _setting(60, "Seconds that a check of submitted files may take.")
    check_memory_mb: int = _setting(1024, "MiB that a check of files handed in with a token may allocate.")
    stranger_check_memory_mb: int = _setting(
        160, "MiB that a check of somebody without a token may allocate (/validate, /check)."
    )
    checks_at_once: int = _setting(
        2,
        "Checks of submitted files that run at once, one of them kept for holders; others wait half of check_seconds.",
    )
    body_seconds: float = _setting(60.0, "Seconds within which a request's body must have come; later ones get 408.")
    workers: int = _setting(16, "Queries that run at once (embedded engine: one process each).")
    queue: int = _setting(64, "Queries that may wait for a worker; the next one gets 503 with Retry-After.")
    client_share: int = _setting(
        75, "Percent of the workers and of the queue that one client may hold at once; 100 turns the limit off."
    )
    memory_mb: int = _setting(
        128,
        "MiB that one query may allocate, and all queries of one client that run at once (embedded engine): "
        "the largest is stopped.",
    )
    retire_mb: int = _setting(
        64, "MiB that a worker may hold after its query, beside its copy of what it read of the graph."
    )
    disk_above_mb: int = _setting(2048, "MiB of graph.nq above which the release is served from disk, not from memory.")
    cache_dir: str = _setting("", "Folder for on-disk stores; empty: the user's cache folder.")
    cache_mb: int = _setting(64, "MiB of answers kept for repeated queries; 0 turns the cache off.")
    cache_entry_kb: int = _setting(1024, "KiB of the largest single answer that is kept.")
    max_age: int = _setting(300, "Seconds for which a client may use an answer without asking again (Cache-Control).")
    rate_per_minute: int = _setting(1200, "Requests per client and minute before 429; 0 turns the limit off.")
    rate_burst: int = _setting(200, "Requests a client may send at once before the rate counts.")
    rate_clients: int = _setting(10_000, "Clients remembered by the rate limit; the least recent is forgotten first.")
    trusted_proxies: int = _setting(0, "Reverse proxies in front whose X-Forwarded-For entry is believed.")
    access_log: str = _setting("-", "File for the JSON access log; `-` is standard output, empty turns it off.")
    slow_log: str = _setting("", "File for the slow-query log, the only place that holds query texts; empty: off.")
    slow_seconds: float = _setting(5.0, "Seconds above which a query is written to the slow-query log.")
    html_rows: int = _setting(200, "Rows shown of a result on the HTML page; the page links to the whole result.")
    watch_seconds: float = _setting(1.0, "Seconds between looks at the link `current`; 0: only SIGHUP switches.")
    hang_seconds: float = _setting(
        30.0, "Seconds after which a serving process that does not move any more is ended and replaced; 0: never."
    )
    stop_seconds: int = _setting(30, "Seconds that running answers are given to finish when the server stops.")


SETTINGS: tuple[tuple[str, Any, str], ...] = tuple(
    (item.name, item.default, item.metadata["help"]) for item in fields(Settings)
)
_DEFAULTS = {name: default for name, default, _ in SETTINGS}


def load_settings(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read the settings: the environment overrides the file (`file`, or the one named by REGISTERGRAF_CONFIG).

    Raises SettingsError for an unknown name or a value of the wrong kind.
    """
    path = file or (Path(environ[CONFIG]) if environ.get(CONFIG) else None)
    values = _from_file(path) if path else {}
    for name in environ:
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() in _DEFAULTS:
            key = name.removeprefix(PREFIX).lower()
            values[key] = _convert(key, environ[name], origin=name)
    return Settings(**values)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    unknown = sorted(set(table) - set(_DEFAULTS))
    if unknown:
        raise SettingsError(f"{path}: unknown setting {unknown[0]!r}; docs/settings.md lists them all.")
    return {name: _convert(name, value, origin=f"{path}: {name}") for name, value in table.items()}


def _convert(name: str, value: Any, *, origin: str) -> Any:
    kind = type(_DEFAULTS[name])
    try:
        return _as(kind, value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"{origin} = {value!r}: expected {_KINDS.get(kind, 'text')}.") from error


_KINDS = {int: "a whole number, 0 or more", float: "a number, 0 or more"}


def _as(kind: type, value: Any) -> Any:
    if kind in (int, float):
        if isinstance(value, bool) or (number := kind(value)) < 0 or number != number:
            raise ValueError(value)
        return number
    if not isinstance(value, str):
        raise TypeError(value)
    return Path(value) if issubclass(kind, Path) else value


def settings_document() -> str:
    """The settings as the Markdown of docs/settings.md."""
    rows = [f"| `{name}` | `{PREFIX}{name.upper()}` | {_shown(default)} | {text} |" for name, default, text in SETTINGS]
    return "\n".join([_INTRODUCTION, "| name | environment | default | what it does |", "|---|---|---|---|", *rows, ""])


def _shown(default: Any) -> str:
    return f"`{default}`" if default != "" else "(empty)"


_INTRODUCTION = """# Settings

Read once when the server starts: first the TOML file named by `REGISTERGRAF_CONFIG` (or `--config`), then the
environment, which wins. An unknown name in the file is an error. This page is written from `server/settings.py` by
`pytest tests/server/test_settings.py --update-golden`; it is not edited by hand.
"""
