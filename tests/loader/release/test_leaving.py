"""No accepted submission stops a build: what no longer conforms is left out by name, and the rest is there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from loader.graph.accepted import AcceptedGraph, Provenance
from loader.model.findings import Severity
from loader.release.leaving import RULE, build_with_what_conforms
from loader.resources import Resources

RG, ID = "https://w3id.org/registergraf/ns#", "https://w3id.org/registergraf/id/"
NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
TYPE, LABEL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2004/02/skos/core#prefLabel"


def submitted(key: str, number: int, *, named: bool) -> AcceptedGraph:
    """A variable of the register alfa, called by the submission's key, or without a name, which no shape allows."""
    node = f"<{ID}variable/alfa.{key}>"
    lines = [f"{node} <{TYPE}> <{RG}Variable> .", f"{node} <{RG}variableOf> <{ID}register/alfa> ."]
    if named:
        lines += [
            f'{node} <{NOTATION}> "{key}" .',
            *(f'{node} <{LABEL}> "Fråga {key}"@{language} .' for language in ("sv", "en")),
        ]
    facts = Provenance("office", "stewards", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z", (), "0.1.0", "0" * 64)
    return AcceptedGraph(key, "\n".join(sorted(lines)).encode() + b"\n", facts, number)


def test_the_one_that_no_longer_conforms_is_left_out_by_name(
    resources: Resources, sources: Path, tmp_path: Path
) -> None:
    both = [submitted("good", 1, named=True), submitted("bad", 2, named=False)]
    small = dataclasses.replace(resources, sources=sources)
    outcome = build_with_what_conforms(small, tmp_path / "out", submissions=both)
    assert outcome.release is not None
    assert set(outcome.release.manifest["submissions"]) == {"good"}
    [told] = [finding for finding in outcome.findings if finding.rule == RULE]
    assert (told.severity, told.position.file) == (Severity.WARNING, "submission/bad")
    assert "bad" in told.message.sv
    assert f"{ID}variable/alfa.good>".encode() in outcome.release.graph.read_bytes()
    assert f"{ID}variable/alfa.bad>".encode() not in outcome.release.graph.read_bytes()


def test_sources_that_are_at_fault_themselves_are_told_of(resources: Resources, sources: Path, tmp_path: Path) -> None:
    table = sources / "demo" / "registers.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("quality-register", "no-such-kind", 1), encoding="utf-8")
    small = dataclasses.replace(resources, sources=sources)
    outcome = build_with_what_conforms(small, tmp_path / "out", submissions=[submitted("good", 1, named=True)])
    assert outcome.release is None
    assert any(finding.position.file == "demo/registers.csv" for finding in outcome.findings)
    assert not (tmp_path / "out" / "current").exists()
