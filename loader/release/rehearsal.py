"""The build without its release: what would stop the next one, found out before a decision on a submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad

from loader.graph.accepted import AcceptedGraph
from loader.judging.checks import read_checks, run_checks
from loader.judging.results import Result
from loader.judging.screen import Facts
from loader.judging.validate import prepare, to_rdflib, validate_subjects
from loader.model.findings import Finding, blocks, ordered
from loader.release.build import Reading, Terms, conclude, located, opposed, read_all_terms, read_tables
from loader.resources import Resources


def rehearse(resources: Resources, submissions: Sequence[AcceptedGraph]) -> tuple[Finding, ...]:
    """What would stop a build of the sources with these submissions; nothing is written. LoaderError as of `build`."""
    terms = read_all_terms(resources)
    reading = read_tables(resources, terms).joined_by(submissions)
    findings = [*reading.findings]
    if not blocks(findings):
        knowledge = conclude(resources, terms, reading)
        checked = run_checks(knowledge.inference.store, read_checks(resources.checks))
        nearby = near(reading.stated, reading.submitted)
        results = [*screened(terms, reading, nearby), *checked, *opposed(terms, [*terms.schemes, *nearby])]
        findings += located(resources, terms, reading, results)
    return tuple(finding for finding in ordered(findings) if blocks([finding]))


def near(stated: Iterable[Quad], submitted: Iterable[Quad]) -> list[Quad]:
    """The statements on what submissions speak of or refer to, and on what refers to that: all that they can break."""
    spoken = {node for quad in submitted for node in (quad.subject, quad.object)}
    everything = list(stated)
    referring = {quad.subject for quad in everything if quad.object in spoken}
    return [quad for quad in everything if quad.subject in spoken or quad.subject in referring]


def screened(terms: Terms, reading: Reading, nearby: Iterable[Quad]) -> list[Result]:
    """What the shapes find near the submissions; pySHACL sees only what may not conform."""
    subjects = {quad.subject.value for quad in nearby if isinstance(quad.subject, NamedNode)}
    return validate_subjects(Facts((*terms.written, *reading.stated)), subjects, prepare(to_rdflib(terms.shapes)))
