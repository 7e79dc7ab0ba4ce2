"""Source folders: sources.toml says where each comes from, and which tables stand in it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.model.findings import Finding, Message, Position, Severity, blocks
from loader.model.layout import Layouts
from loader.model.nearest import nearest
from loader.tables.files import read_text
from loader.tables.table import Table, TableFile, read_table

FILE = "sources.toml"
_REQUIRED: Mapping[str, type] = {
    "title_sv": str,
    "title_en": str,
    "publisher": str,
    "licence_sv": str,
    "licence_en": str,
    "document": str,
    "sha256": str,
    "synthetic": bool,
}
_OPTIONAL = ("issued", "identifier", "homepage", "retrieved")
_FORMS: Mapping[str, re.Pattern[str]] = {
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "issued": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"),
    "retrieved": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    "homepage": re.compile(r"https?://[^\s<>\"{}|\\^`]+"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of sources.toml: `key` is the folder's name, `fields` its settings, all texts but `synthetic`."""

    key: str
    line: int
    fields: Mapping[str, str]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything read from a folder of sources: `unread` names the tables of which not every row was read."""

    sources: tuple[Source, ...]
    tables: tuple[Table, ...]
    unread: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def synthetic(self) -> bool:
        """Whether these are synthetic sources."""
        return any(source.synthetic for source in self.sources)


def read_sources(folder: Path, layouts: Layouts) -> Sources:
    """Read sources.toml and every table that stands in the folders it names."""
    entries, findings = _read_entries(folder)
    findings += _check_kinds(entries)
    findings += _check_folders(folder, entries)
    tables: list[Table] = []
    unread: set[str] = set()
    for entry in entries:
        for place in _table_files(folder / entry.key, entry.key, layouts):
            if isinstance(place, Finding):
                findings.append(place)
                continue
            read = read_table(place, [column.name for column in layouts[place.name].columns])
            findings += read.findings
            if blocks(read.findings):
                unread.add(place.name)
            if read.table is not None:
                tables.append(read.table)
    return Sources(tuple(entries), tuple(tables), frozenset(unread), tuple(findings))


def table_digests(folder: Path, sources: Sources) -> dict[str, str]:
    """The sha256 over the names and bytes of each source's files, in order, by source."""
    digests = {}
    for source in sources.sources:
        digest = hashlib.sha256()
        for path in sorted((folder / source.key).glob("*.csv")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        digests[source.key] = digest.hexdigest()
    return digests


def _read_entries(folder: Path) -> tuple[list[Source], list[Finding]]:
    text = read_text(folder / FILE, FILE)
    if isinstance(text, Finding):
        return [], [text]
    try:
        raw = tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as error:
        message = Message(sv=f"Filen är inte TOML: {error}.", en=f"The file is not TOML: {error}.")
        broken = re.search(r"line (\d+)", str(error))
        return [], [_finding("broken-toml", message, line=int(broken[1]) if broken else None)]
    if not raw:
        message = Message(sv="Filen nämner ingen källa.", en="The file names no source.")
        return [], [_finding("no-source", message)]
    entries, findings = [], []
    for key, fields in raw.items():
        line = next((n for n, row in enumerate(text.text.splitlines(), 1) if row.strip() == f"[{key}]"), 1)
        problems = list(_check_entry(key, fields, line))
        findings += problems
        if not problems:
            texts = {name: str(value) for name, value in fields.items() if name != "synthetic"}
            entries.append(Source(key, line, texts, bool(fields["synthetic"])))
    return entries, findings


def _check_entry(key: str, fields: Any, line: int) -> Iterator[Finding]:
    if not isinstance(fields, dict) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        message = Message(
            sv=f"«{key}» är ingen källa: skriv en tabell [nyckel] med gemena ASCII-bokstäver.",
            en=f"“{key}” is no source: write a table [key] in lower-case ASCII.",
        )
        yield _finding("bad-source", message, line=line, value=key)
        return
    for name in sorted(set(fields) - set(_REQUIRED) - set(_OPTIONAL)):
        message = Message(sv=f"Okänd uppgift «{name}» om {key}.", en=f"Unknown setting “{name}” of {key}.")
        guess = nearest(name, [*_REQUIRED, *_OPTIONAL])
        yield _finding("unknown-setting", message, line=line, value=name, suggestion=guess)
    for name, kind in _REQUIRED.items():
        if not isinstance(fields.get(name), kind) or fields[name] == "":
            message = Message(
                sv=f"Uppgiften «{name}» om {key} saknas.", en=f"The setting “{name}” of {key} is missing."
            )
            yield _finding("missing-setting", message, line=line, value=name)
    for name, form in _FORMS.items():
        if name in fields and not form.fullmatch(str(fields[name])):
            message = Message(
                sv=f"«{fields[name]}» är ingen giltig uppgift {name} om {key}.",
                en=f"“{fields[name]}” is no legal {name} of {key}.",
            )
            yield _finding("bad-setting", message, line=line, value=str(fields[name]))


def _check_kinds(entries: list[Source]) -> list[Finding]:
    if len({entry.synthetic for entry in entries}) < 2:
        return []
    made = next(entry for entry in entries if entry.synthetic)
    message = Message(
        sv=f"Källan {made.key} är syntetisk, men andra är verkliga. Håll dem i skilda mappar.",
        en=f"The source {made.key} is synthetic, but others are real. Keep them in separate folders.",
    )
    return [_finding("synthetic-mixed", message, line=made.line, value=made.key)]


def _check_folders(folder: Path, entries: list[Source]) -> list[Finding]:
    findings = []
    named = {entry.key: entry.line for entry in entries}
    there = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    for key in sorted(set(named) - there):
        message = Message(sv=f"Det finns ingen mapp {key}.", en=f"There is no folder {key}.")
        findings.append(
            _finding("missing-folder", message, line=named[key], value=key, suggestion=nearest(key, there - set(named)))
        )
    for key in sorted(there - set(named)) if entries else ():
        message = Message(
            sv=f"Mappen {key} nämns inte i {FILE}, så inget i den läses.",
            en=f"The folder {key} is not named in {FILE}, so nothing in it is read.",
        )
        findings.append(Finding("unknown-folder", Severity.VIOLATION, message, Position(key), key))
    return findings


def _table_files(folder: Path, source: str, layouts: Layouts) -> Iterator[TableFile | Finding]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = f"{source}/{path.name}"
        if path.suffix == ".csv" and path.stem in layouts:
            yield TableFile(path, name, path.stem, source)
        elif not path.name.startswith("."):
            message = Message(
                sv=f"Det finns ingen tabell «{path.name}»; tabeller heter <tabell>.csv.",
                en=f"There is no table “{path.name}”; tables are called <table>.csv.",
            )
            guess = nearest(path.stem, layouts)
            suggestion = None if guess is None else f"{guess}.csv"
            yield Finding("unknown-table", Severity.VIOLATION, message, Position(name), path.name, suggestion)


def _finding(
    rule: str, message: Message, *, line: int | None = None, value: str | None = None, suggestion: str | None = None
) -> Finding:
    return Finding(rule, Severity.VIOLATION, message, Position(FILE, line=line), value, suggestion)


def agent_findings(sources: Iterable[Source], agents: Mapping[str, object]) -> list[Finding]:
    """A finding for each source whose publisher is no agent."""
    findings = []
    for source in sources:
        publisher = source.fields["publisher"]
        if publisher not in agents:
            message = Message(
                sv=f"Utgivaren «{publisher}» till {source.key} finns inte i tabellen agents.",
                en=f"The publisher “{publisher}” of {source.key} is not in the table agents.",
            )
            near = nearest(publisher, agents)
            findings.append(_finding("dangling-reference", message, line=source.line, value=publisher, suggestion=near))
    return findings
