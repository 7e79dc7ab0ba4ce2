"""The words for properties and classes: of our own vocabulary from the release, of others from here."""

from __future__ import annotations

from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.query.prefixes import short_name
from server.query.rows import select
from server.service import Service

_QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?label {
  ?term skos:prefLabel|rdfs:label ?label ; rdfs:isDefinedBy ?module .
  FILTER(lang(?label) IN ("sv", "en"))
}"""

N_ = str  # marks a message for the catalogue; it is translated where it is shown
_FOREIGN = {
    "skos:prefLabel": N_("name"),
    "skos:altLabel": N_("other name"),
    "skos:hiddenLabel": N_("misspelling or printed variant"),
    "skos:definition": N_("definition"),
    "skos:example": N_("example"),
    "skos:note": N_("remark"),
    "skos:editorialNote": N_("remark on how it was read"),
    "skos:notation": N_("code"),
    "skos:broader": N_("broader"),
    "skos:narrower": N_("narrower"),
    "skos:inScheme": N_("in the scheme"),
    "skos:topConceptOf": N_("at the top of the scheme"),
    "skos:hasTopConcept": N_("has at its top"),
    "skos:exactMatch": N_("same elsewhere"),
    "skos:closeMatch": N_("nearly the same elsewhere"),
    "skos:broadMatch": N_("broader elsewhere"),
    "skos:narrowMatch": N_("narrower elsewhere"),
    "skos:relatedMatch": N_("related elsewhere"),
    "rdf:type": N_("kind"),
    "rdfs:seeAlso": N_("see also"),
    "rdfs:label": N_("name"),
    "rdfs:comment": N_("description"),
    "dcterms:source": N_("source"),
    "dcterms:isPartOf": N_("part of"),
    "dcterms:publisher": N_("publisher"),
    "dcterms:issued": N_("issued"),
    "dcterms:identifier": N_("identifier"),
    "dcterms:title": N_("title"),
    "dcterms:description": N_("description"),
    "dcterms:subject": N_("subject"),
    "dcterms:license": N_("licence"),
    "dcterms:conformsTo": N_("follows"),
    "dcterms:date": N_("date"),
    "dcterms:isReplacedBy": N_("replaced by"),
    "dcterms:replaces": N_("replaces"),
    "dcterms:spatial": N_("place"),
    "dcterms:type": N_("type"),
    "cpsv:follows": N_("follows the rule"),
    "cpsv:produces": N_("what comes back"),
    "cv:hasChannel": N_("channel"),
    "cv:hasCompetentAuthority": N_("authority responsible"),
    "cv:hasInputType": N_("what is sent"),
    "disco:basedOn": N_("shared form"),
    "disco:concept": N_("what it measures"),
    "disco:representation": N_("how its values are written"),
    "disco:universe": N_("of whom or what"),
    "dpv:hasDataController": N_("controller of personal data"),
    "foaf:page": N_("page"),
    "prov:wasAssociatedWith": N_("done by"),
    "rdf:subject": N_("about"),
    "rdf:predicate": N_("property"),
    "rdf:object": N_("value"),
    "sh:order": N_("place in the order of the rules"),
    "eli:changed_by": N_("changed by"),
    "eli:changes": N_("changes"),
    "eli:date_document": N_("date of the act"),
    "eli:is_member_of": N_("wording of the provision"),
    "eli:repealed_by": N_("repealed by"),
    "eli:repeals": N_("repeals"),
    "dqv:computedOn": N_("measured of"),
    "dqv:isMeasurementOf": N_("what was measured"),
    "dqv:value": N_("measured value"),
    "prov:wasAttributedTo": N_("stated by"),
    "foaf:homepage": N_("website"),
    "sh:construct": N_("the rule as a query"),
    "sh:select": N_("the question as a query"),
    "sh:name": N_("name"),
    "sh:message": N_("message"),
    "eli:LegalResourceSubdivision": N_("provision"),
    "eli:LegalResource": N_("act"),
    "eli:description": N_("what it says"),
    "eli:is_part_of": N_("part of"),
    "eli:is_about": N_("names"),
    "eli:number": N_("number"),
    "eli:version_date": N_("wording of"),
    "eli:first_date_entry_in_force": N_("in force from"),
    "eli:date_no_longer_in_force": N_("last day in force"),
}


def words(site: Service) -> dict[str, dict[str, str]]:
    """The labels of our terms by short name and language."""
    return site.once("terms", lambda: _words(site))


def _words(site: Service) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for term, label in select(site, _QUERY, limit=5000).rows:
        found.setdefault(short_name(term.text), {})[label.language] = label.text
    return found


def word(site: Service, name: str) -> str:
    """The word for a property or class given by its short name, such as `rg:heldBy`, else that name."""
    text = label_in(site, name)
    return text[:1].upper() + text[1:] if text else name


def label_in(site: Service, name: str) -> str:
    """The label of a property or class in the language of the page, else the Swedish one; empty when it has none."""
    own = words(site).get(name, {})
    foreign = _FOREIGN.get(name)
    return own.get(spoken()) or (_(foreign) if foreign else "") or own.get("sv") or ""


def kind_word(site: Service, types: list[str]) -> str:
    """The word for the narrowest class of a thing; `types` are short names, the stated ones first."""
    for name in types:
        if name in words(site) and name.startswith("rg:"):
            return word(site, name)
    return word(site, types[0]) if types else ""
