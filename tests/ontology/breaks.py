"""At least one way to break the small ontology for each shape in shapes/ontology.ttl.

The key is the local name of the shape that must report, with `+` and a word for each further way.
"""

from __future__ import annotations

MODULE = "<https://w3id.org/registergraf/graph/ontology/small>"
SCHEME = "<https://w3id.org/registergraf/id/scheme/colour>"
RED = "<https://w3id.org/registergraf/id/colour/red>"
CRIMSON = "<https://w3id.org/registergraf/id/colour/crimson>"

PREFIXES = """
PREFIX rg: <https://w3id.org/registergraf/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX vann: <http://purl.org/vocab/vann/>
"""


def drop(subject: str, path: str) -> str:
    """An update that takes away every value of a property."""
    return f"DELETE {{ {subject} {path} ?o }} WHERE {{ {subject} {path} ?o }}"


def drop_language(subject: str, path: str, language: str) -> str:
    """An update that takes away the text in one language."""
    return f'DELETE {{ {subject} {path} ?o }} WHERE {{ {subject} {path} ?o FILTER(lang(?o) = "{language}") }}'


def add(triple: str) -> str:
    """An update that adds statements."""
    return f"INSERT DATA {{ {triple} }}"


def rename(old: str, new: str) -> str:
    """An update that gives a thing another IRI as subject and as value."""
    return (
        f"DELETE {{ {old} ?p ?o }} INSERT {{ {new} ?p ?o }} WHERE {{ {old} ?p ?o }} ; "
        f"DELETE {{ ?s ?p {old} }} INSERT {{ ?s ?p {new} }} WHERE {{ ?s ?p {old} }}"
    )


def texts(shape: str, subject: str) -> dict[str, str]:
    """Breaks of the shapes that every labelled and defined thing has."""
    return {
        f"{shape}-label-sv": drop_language(subject, "skos:prefLabel", "sv"),
        f"{shape}-label-en": add(f'{subject} skos:prefLabel "Second"@en'),
        f"{shape}-label-language": add(f'{subject} skos:prefLabel "Troisième"@fr'),
        f"{shape}-definition-sv": add(f'{subject} skos:definition "En till."@sv'),
        f"{shape}-definition-en": drop_language(subject, "skos:definition", "en"),
        f"{shape}-definition-language": add(f'{subject} skos:definition "Sans doute."'),
        f"{shape}-definition-sentence": drop_language(subject, "skos:definition", "en")
        + " ; "
        + add(f'{subject} skos:definition "not a sentence"@en'),
    }


MODULE_BREAKS = {
    "Module-version-iri": drop(MODULE, "owl:versionIRI"),
    "Module-version-info": add(f'{MODULE} owl:versionInfo "0.2"'),
    "Module-title-sv": drop_language(MODULE, "dcterms:title", "sv"),
    "Module-title-en": add(f'{MODULE} dcterms:title "Tiny"@en'),
    "Module-description-sv": add(f'{MODULE} dcterms:description "En till."@sv'),
    "Module-description-en": drop_language(MODULE, "dcterms:description", "en"),
    "Module-licence": drop(MODULE, "dcterms:license"),
    "Module-creator": drop(MODULE, "dcterms:creator"),
    "Module-publisher": drop(MODULE, "dcterms:publisher"),
    "Module-created": drop(MODULE, "dcterms:created"),
    "Module-modified": add(f'{MODULE} dcterms:modified "2026"'),
    "Module-citation": drop(MODULE, "dcterms:bibliographicCitation"),
    "Module-prefix": drop(MODULE, "vann:preferredNamespacePrefix")
    + " ; "
    + add(f'{MODULE} vann:preferredNamespacePrefix "x"'),
    "Module-namespace": drop(MODULE, "vann:preferredNamespaceUri"),
}

TERM_BREAKS = {
    **texts("Term", "rg:touches"),
    "Term-defined-by": drop("rg:weight", "rdfs:isDefinedBy"),
    "Class-example": drop("rg:Thing", "skos:example"),
    "ClassName": rename("rg:Thing", "rg:some_thing"),
    "PropertyName": rename("rg:touches", "rg:Touches"),
    "PropertyKind": add("rg:touches a owl:DatatypeProperty"),
    "ObjectProperty-inverse": add("rg:touches owl:inverseOf rg:touchedBy , rg:borders"),
    "DatatypeProperty-range": add("rg:weight rdfs:range xsd:date"),
    "DeprecatedTerm-replacement": drop("rg:mass", "dcterms:isReplacedBy"),
}

SCHEME_BREAKS = {
    **texts("Scheme", SCHEME),
    "Scheme-title-sv": drop_language(SCHEME, "dcterms:title", "sv"),
    "Scheme-title-en": add(f'{SCHEME} dcterms:title "Hues"@en'),
    "Scheme-top-concept": drop(RED, "skos:topConceptOf"),
    "SchemeName": rename(SCHEME, "<https://w3id.org/registergraf/id/colour>"),
}

CONCEPT_BREAKS = {
    **texts("Concept", CRIMSON),
    "Concept-scheme": drop(CRIMSON, "skos:inScheme"),
    "Concept-place": drop(CRIMSON, "skos:broader"),
    "Concept-broader": add(f"{CRIMSON} skos:broader <https://w3id.org/registergraf/id/colour/blue>"),
    "Concept-top-concept-of": add(f"{CRIMSON} skos:topConceptOf <https://w3id.org/registergraf/id/scheme/hue>"),
    "Concept-label-not-alternative": add(f'{RED} skos:altLabel "Röd"@sv'),
    "Concept-label-not-hidden": add(f'{RED} skos:hiddenLabel "Röd"@sv'),
    "Concept-alternative-not-hidden": add(f'{RED} skos:hiddenLabel "Rött"@sv'),
    "ConceptName": rename(CRIMSON, "<https://w3id.org/registergraf/id/colour/Crimson_Red>"),
}

FURTHER_BREAKS = {
    "Module-version-iri+two": add(f"{MODULE} owl:versionIRI <https://w3id.org/registergraf/0.2.0/small>"),
    "Module-version-iri+form": drop(MODULE, "owl:versionIRI")
    + " ; "
    + add(f"{MODULE} owl:versionIRI <https://w3id.org/registergraf/small/0.1>"),
    "Module-version-info+none": drop(MODULE, "owl:versionInfo"),
    "Module-licence+two": add(f"{MODULE} dcterms:license <http://spdx.org/licenses/MIT>"),
    "Module-prefix+two": add(f'{MODULE} vann:preferredNamespacePrefix "x"'),
    "Module-namespace+two": add(f'{MODULE} vann:preferredNamespaceUri "https://example.org/"'),
    "Term-defined-by+two": add("rg:weight rdfs:isDefinedBy <https://w3id.org/registergraf/graph/ontology/none>"),
    "Term-defined-by+none-such": drop("rg:weight", "rdfs:isDefinedBy")
    + " ; "
    + add("rg:weight rdfs:isDefinedBy <https://w3id.org/registergraf/graph/ontology/none>"),
    "ClassName+foreign": rename("rg:Thing", "<http://www.w3.org/ns/prov#Entity>"),
    "DeprecatedTerm-replacement+text": drop("rg:mass", "dcterms:isReplacedBy")
    + " ; "
    + add('rg:mass dcterms:isReplacedBy "weight"'),
    "Concept-scheme+two": add(f"{CRIMSON} skos:inScheme <https://w3id.org/registergraf/id/scheme/hue>"),
    "Concept-scheme+none-such": drop(CRIMSON, "skos:inScheme")
    + " ; "
    + add(f"{CRIMSON} skos:inScheme <https://w3id.org/registergraf/id/scheme/hue>"),
}

BREAKS = {**FURTHER_BREAKS, **MODULE_BREAKS, **TERM_BREAKS, **SCHEME_BREAKS, **CONCEPT_BREAKS}
