"""The prefixes everybody knows: for mending queries, for short names on pages, and for Turtle."""

from __future__ import annotations

from server.engine.source import BASE

PREFIXES: dict[str, str] = {
    "rg": BASE + "ns#",
    "rgs": BASE + "shapes#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "sh": "http://www.w3.org/ns/shacl#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "org": "http://www.w3.org/ns/org#",
    "schema": "https://schema.org/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "time": "http://www.w3.org/2006/time#",
    "qb": "http://purl.org/linked-data/cube#",
    "adms": "http://www.w3.org/ns/adms#",
    "vann": "http://purl.org/vocab/vann/",
    "locn": "http://www.w3.org/ns/locn#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "disco": "http://rdf-vocabulary.ddialliance.org/discovery#",
    "dpv": "https://w3id.org/dpv#",
    "sssom": "https://w3id.org/sssom/",
    "cv": "http://data.europa.eu/m8g/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
}


def short_name(iri: str) -> str:
    """An IRI as prefix and local name when a known prefix leads to it; things of ours without the common beginning.

    >>> short_name("http://www.w3.org/2004/02/skos/core#prefLabel")
    'skos:prefLabel'
    """
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return iri.removeprefix(BASE)
