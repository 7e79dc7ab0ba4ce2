"""Facets: by what a list can be narrowed, the same parameters for every list, each with its SPARQL on `?thing`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import KINDS
from server.pages.queries import ref
from server.pages.registers import by_municipality, coverage_buckets, relevance
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.service import BASE

Keys = Callable[[Catalogue, Thing], list[str]]


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: `keys` gives the values of a thing, `pattern` the SPARQL of a value, `words` those of values of its own.

    A facet without `words` has things of KINDS as its values.
    """

    name: str
    word: str
    keys: Keys
    pattern: Callable[[str], str]
    words: dict[str, str] | None = None

    def label(self, found: Catalogue, key: str) -> str:
        """The word for a value."""
        if self.words is not None:
            return self.words.get(key, key)
        thing = found.get(KINDS[self.name], key)
        return plain(thing) if thing else key


def by_property(name: str, word: str, prop: str, *, via: str = "") -> Facet:
    """A facet over the things that a property leads to, of the thing itself or of what `via` leads to."""
    kind = KINDS[name]

    def keys(found: Catalogue, thing: Thing) -> list[str]:
        of = found.linked(thing, via) if via else [thing]
        return list(dict.fromkeys(other.key for one in of for other in found.linked(one, prop) if other.kind == kind))

    def pattern(key: str) -> str:
        iri = ref(f"{BASE}id/{kind}/{key}")
        return f"?thing {via}/{prop} {iri} ." if via else f"?thing {prop} {iri} ."

    return Facet(name, word, keys, pattern)


def by_inverse(name: str, word: str, prop: str, onward: str) -> Facet:
    """A facet over what leads to the thing by `prop`, and from there by `onward`."""
    kind = KINDS[name]

    def keys(found: Catalogue, thing: Thing) -> list[str]:
        every = (
            other.key for one in found.back(thing, prop) for other in found.linked(one, onward) if other.kind == kind
        )
        return list(dict.fromkeys(every))

    def pattern(key: str) -> str:
        by = f"?{name.replace('-', '')}"  # two such facets are met by different things
        return f"{by} {prop} ?thing ; {onward} {ref(f'{BASE}id/{kind}/{key}')} ."

    return Facet(name, word, keys, pattern)


def by_flag(name: str, word: str, prop: str, words: dict[str, str] | None = None) -> Facet:
    """A facet over a boolean: yes, no, or unknown."""

    def keys(_found: Catalogue, thing: Thing) -> list[str]:
        flag = thing.flag(prop)
        return ["unknown" if flag is None else "yes" if flag else "no"]

    def pattern(key: str) -> str:
        if key == "unknown":
            return f"FILTER NOT EXISTS {{ ?thing {prop} ?flag }}"
        return f"?thing {prop} {'true' if key == 'yes' else 'false'} ."

    return Facet(name, word, keys, pattern, words or yes_no())


def yes_no() -> dict[str, str]:
    """The words of a boolean facet."""
    return {"yes": _("yes"), "no": _("no"), "unknown": _("we do not know")}


def of_register(facet: Facet, via: str) -> Facet:
    """The same facet on the register that a property leads to."""

    def keys(found: Catalogue, thing: Thing) -> list[str]:
        return list(dict.fromkeys(key for one in found.linked(thing, via) for key in facet.keys(found, one)))

    def pattern(key: str) -> str:
        return f"?thing {via} ?register .\n" + facet.pattern(key).replace("?thing", "?register")

    return Facet(facet.name, facet.word, keys, pattern, facet.words)


def relevance_facet() -> Facet:
    """Relevance as sources state it, else as it is computed."""

    def pattern(key: str) -> str:
        level = ref(f"{BASE}id/relevance-level/{key}")
        computed = f"?thing rg:computedRelevance {level} . FILTER NOT EXISTS {{ ?thing rg:statedRelevance ?stated }}"
        return f"{{ ?thing rg:statedRelevance {level} }} UNION {{ {computed} }}"

    return Facet("relevance", _("Relevance"), lambda _found, thing: relevance(thing), pattern)


def coverage_facet() -> Facet:
    """Coverage in four steps, by any of the measurements."""
    words = {
        "high": _("90 per cent or more"),
        "between": _("between"),
        "low": _("under 50 per cent"),
        "unknown": _("we do not know"),
    }
    return Facet("coverage", _("Coverage"), coverage_buckets, _coverage, words)


def _coverage(key: str) -> str:
    metric = f"?measured dqv:computedOn ?thing ; dqv:isMeasurementOf {ref(f'{BASE}id/coverage-metric/coverage')} "
    numbers = "?measured rg:percentFrom|rg:percentTo|rg:percentUnder ?number ."
    if key == "unknown":
        return f"FILTER NOT EXISTS {{ {metric}. {numbers} }}"
    high = "rg:percentFrom ?from . FILTER(?from >= 90)"
    low = "rg:percentUnder|rg:percentTo ?to . FILTER(?to <= 50)"
    if key == "between":
        return f"{metric}. {numbers}\nFILTER NOT EXISTS {{ ?measured {high} }}\nFILTER NOT EXISTS {{ ?measured {low} }}"
    return f"{metric}; {high if key == 'high' else low}"


def local_facet() -> Facet:
    """Whether a register can be broken down by municipality without linkage; the graph knows yes or nothing."""
    level = ref(f"{BASE}id/analysis-level/municipality")

    def pattern(key: str) -> str:
        known = f"?thing rg:supportsAnalysisLevel {level}"
        return f"{known} ." if key == "yes" else f"FILTER NOT EXISTS {{ {known} }}"

    words = {"yes": _("yes"), "unknown": _("we do not know")}
    return Facet(
        "local",
        _("Municipality without linkage"),
        lambda _found, one: ["yes" if by_municipality(one) else "unknown"],
        pattern,
        words,
    )


def kolada_facet() -> Facet:
    """Whether a key indicator names the register as its source."""

    def pattern(key: str) -> str:
        cited = "?kpi a rg:ExternalKpi ; rg:citesRegister ?thing ."
        return cited if key == "yes" else f"FILTER NOT EXISTS {{ {cited} }}"

    def keys(found: Catalogue, thing: Thing) -> list[str]:
        return ["yes" if found.back(thing, "rg:citesRegister") else "no"]

    return Facet("kolada", _("In Kolada"), keys, pattern, {"yes": _("yes"), "no": _("no")})


def act_facet() -> Facet:
    """The act that a provision stands in."""
    from server.pages.law import WHOLES, act

    def keys(found: Catalogue, thing: Thing) -> list[str]:
        one = act(found, thing)
        return [] if one is None else [one.key]

    return Facet("act", _("Act"), keys, lambda key: f"?thing {WHOLES}+ {ref(f'{BASE}id/legal-act/{key}')} .")


def in_force_facet() -> Facet:
    """Whether a provision's act is in force."""
    from server.pages.law import WHOLES, in_force

    def pattern(key: str) -> str:
        ended = f"{{ ?thing {WHOLES}* ?whole . ?whole eli:date_no_longer_in_force ?day }}"
        return f"FILTER {'NOT ' if key == 'yes' else ''}EXISTS {ended}"

    return Facet(
        "in-force",
        _("In force"),
        lambda found, one: ["yes" if in_force(found, one) else "no"],
        pattern,
        {"yes": _("yes"), "no": _("no")},
    )


def kpi_level_facet() -> Facet:
    """Whose values a key indicator has: those of municipalities, of regions, or of both."""
    kind, both = "kpi-level", "municipality-or-region"

    def keys(_found: Catalogue, thing: Thing) -> list[str]:
        said = thing.keys("rg:kpiLevel")
        return ["municipality", "region"] if both in said else said

    def pattern(key: str) -> str:
        levels = " ".join(ref(f"{BASE}id/{kind}/{one}") for one in (key, both))
        return f"?thing rg:kpiLevel ?level . VALUES ?level {{ {levels} }}"

    return Facet("level", _("Level"), keys, pattern, {"municipality": _("Municipality"), "region": _("Region")})
