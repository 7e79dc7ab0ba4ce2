"""The words for properties and classes: of our own vocabulary from the release, of others from here."""

from __future__ import annotations

from server.pages.wording import gettext as _
from server.pages.wording import spoken
from server.query.prefixes import short_name
from server.query.rows import select
from server.service import Service

_QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?label {
  ?term skos:prefLabel|rdfs:label ?label ; rdfs:isDefinedBy ?module .
  FILTER(lang(?label) IN ("sv", "en"))
}"""


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
    return own.get(spoken()) or _foreign().get(name) or own.get("sv") or ""


def _foreign() -> dict[str, str]:
    return {
        "skos:prefLabel": _("name"),
        "skos:altLabel": _("other name"),
        "skos:hiddenLabel": _("misspelling or printed variant"),
        "skos:definition": _("definition"),
        "skos:example": _("example"),
        "skos:note": _("remark"),
        "skos:editorialNote": _("remark on how it was read"),
        "skos:notation": _("code"),
        "skos:broader": _("broader"),
        "skos:narrower": _("narrower"),
        "skos:inScheme": _("in the scheme"),
        "skos:topConceptOf": _("at the top of the scheme"),
        "skos:hasTopConcept": _("has at its top"),
        "skos:exactMatch": _("same elsewhere"),
        "skos:closeMatch": _("nearly the same elsewhere"),
        "skos:broadMatch": _("broader elsewhere"),
        "skos:narrowMatch": _("narrower elsewhere"),
        "skos:relatedMatch": _("related elsewhere"),
        "rdf:type": _("kind"),
        "rdfs:seeAlso": _("see also"),
        "rdfs:label": _("name"),
        "rdfs:comment": _("description"),
        "dcterms:source": _("source"),
        "dcterms:isPartOf": _("part of"),
        "dcterms:publisher": _("publisher"),
        "dcterms:issued": _("issued"),
        "dcterms:identifier": _("identifier"),
        "dcterms:title": _("title"),
        "dcterms:description": _("description"),
        "dcterms:subject": _("subject"),
        "dcterms:license": _("licence"),
        "dcterms:conformsTo": _("follows"),
        "dcterms:date": _("date"),
        "dcterms:isReplacedBy": _("replaced by"),
        "dcterms:replaces": _("replaces"),
        "dcterms:spatial": _("place"),
        "dcterms:type": _("type"),
        "cpsv:follows": _("follows the rule"),
        "cpsv:produces": _("what comes back"),
        "cv:hasChannel": _("channel"),
        "cv:hasCompetentAuthority": _("authority responsible"),
        "cv:hasInputType": _("what is sent"),
        "disco:basedOn": _("shared form"),
        "disco:concept": _("what it measures"),
        "disco:representation": _("how its values are written"),
        "disco:universe": _("of whom or what"),
        "dpv:hasDataController": _("controller of personal data"),
        "foaf:page": _("page"),
        "prov:wasAssociatedWith": _("done by"),
        "rdf:subject": _("about"),
        "rdf:predicate": _("property"),
        "rdf:object": _("value"),
        "sh:order": _("place in the order of the rules"),
        "eli:changed_by": _("changed by"),
        "eli:changes": _("changes"),
        "eli:date_document": _("date of the act"),
        "eli:is_member_of": _("wording of the provision"),
        "eli:repealed_by": _("repealed by"),
        "eli:repeals": _("repeals"),
        "dqv:computedOn": _("measured of"),
        "dqv:isMeasurementOf": _("what was measured"),
        "dqv:value": _("measured value"),
        "prov:wasAttributedTo": _("stated by"),
        "foaf:homepage": _("website"),
        "sh:construct": _("the rule as a query"),
        "sh:select": _("the question as a query"),
        "sh:name": _("name"),
        "sh:message": _("message"),
        "eli:LegalResourceSubdivision": _("provision"),
        "eli:LegalResource": _("act"),
        "eli:description": _("what it says"),
        "eli:is_part_of": _("part of"),
        "eli:is_about": _("names"),
        "eli:number": _("number"),
        "eli:version_date": _("wording of"),
        "eli:first_date_entry_in_force": _("in force from"),
        "eli:date_no_longer_in_force": _("last day in force"),
    }


def kind_word(site: Service, types: list[str]) -> str:
    """The word for the narrowest class of a thing; `types` are short names, the stated ones first."""
    for name in types:
        if name in words(site) and name.startswith("rg:"):
            return word(site, name)
    return word(site, types[0]) if types else ""
