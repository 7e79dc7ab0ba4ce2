"""The one place where IRIs are minted, and where short forms of them are read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping

BASE = "https://w3id.org/registergraf/"
ID = BASE + "id/"
GRAPH = BASE + "graph/"
GENID = BASE + ".well-known/genid/"

PREFIXES: Mapping[str, str] = {
    "rg": BASE + "ns#",
    "rgs": BASE + "shapes#",
    "dcterms": "http://purl.org/dc/terms/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "disco": "http://rdf-vocabulary.ddialliance.org/discovery#",
    "dpv": "https://w3id.org/dpv#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

INFERRED = GRAPH + "inferred"
RULES = GRAPH + "rules"
QUESTIONS = GRAPH + "questions"
SHAPES = GRAPH + "shapes"

_SAFE = re.compile(r"[A-Za-z0-9._-]+")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.ASCII | re.IGNORECASE)


def thing(path: str) -> str:
    """The IRI of the thing with the path `<type>/<key>`; every segment must be ASCII letters, digits, . _ or -.

    >>> thing("register/riksstroke")
    'https://w3id.org/registergraf/id/register/riksstroke'
    """
    if not all(_SAFE.fullmatch(segment) for segment in path.split("/")):
        raise ValueError(f"{path!r} cannot be part of an IRI")
    return ID + path


def passage(source: str, part: str, row: str) -> str:
    """The IRI of one row of a part of a source's document."""
    return thing(f"passage/{source}.{part}.{row}")


def document(source: str) -> str:
    """The IRI of the document that a source folder was taken from."""
    return thing(f"document/{source}")


def graph(name: str) -> str:
    """The IRI of a named graph: `<source>`, `ontology/<module>`, `scheme/<scheme>`, `alignment/<name>` and so on."""
    return GRAPH + name


def rule(name: str) -> str:
    """The IRI of an inference rule."""
    return BASE + "rule/" + name


def question(name: str) -> str:
    """The IRI of a competency question."""
    return BASE + "question/" + name


def check(name: str) -> str:
    """The IRI of a set-wise check, in the shapes' namespace."""
    return PREFIXES["rgs"] + name


def skolem(graph_iri: str, number: int) -> str:
    """The IRI that stands for the `number`th blank node of a file's graph."""
    return f"{GENID}{graph_iri.removeprefix(GRAPH)}/{number}"


def is_absolute(text: str) -> bool:
    """Whether the text is an absolute IRI without characters that N-Triples forbids."""
    return _ABSOLUTE.fullmatch(text) is not None


def expand(text: str) -> str:
    """The IRI of a full IRI (with or without < >), a prefixed name, `id/<type>/<key>` or `<type>:<key>`.

    >>> expand("rg:Register"), expand("register:riksstroke") == expand("id/register/riksstroke")
    ('https://w3id.org/registergraf/ns#Register', True)
    """
    bare = text.strip()
    if bare.startswith("<") and bare.endswith(">"):
        return bare[1:-1]
    if bare == "a":
        return PREFIXES["rdf"] + "type"
    if bare.startswith(("id/", "graph/", "rule/")):
        return BASE + bare
    prefix, colon, local = bare.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if colon and not local.startswith("//") and _SAFE.fullmatch(prefix) and _SAFE.fullmatch(local):
        return ID + prefix + "/" + local
    return bare


def compact(iri: str) -> str:
    """The shortest form of an IRI that `expand` reads back.

    >>> compact("https://w3id.org/registergraf/id/register/riksstroke")
    'register:riksstroke'
    """
    if iri.startswith(ID) and iri.count("/") == ID.count("/") + 1:
        return iri.removeprefix(ID).replace("/", ":", 1)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _SAFE.fullmatch(iri.removeprefix(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    if iri.startswith(BASE):
        return iri.removeprefix(BASE)
    return f"<{iri}>"
