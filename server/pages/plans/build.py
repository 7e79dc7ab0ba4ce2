"""A plan made of what the graph answers: for a known route, for a concept or an indicator, or for two registers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.pages.catalogue.things import Thing
from server.pages.plans.asked import Asked
from server.pages.plans.facts import Facts
from server.pages.plans.linking import Linking, planned, sources_of
from server.pages.plans.plan import OURS, PAGE, SOURCE, Line, Plan, Section, Sent
from server.pages.plans.words import notations
from server.pages.queries import Counted
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed

_STEPS = ("try-first", "eligibility", "precondition", "step", "decision", "minimisation", "precision")


class Builder:
    """Makes one plan; each method a part of it."""

    def __init__(self, facts: Facts, asked: Asked) -> None:
        self._facts, self._asked, self._found = facts, asked, facts.found
        self._lines: dict[str, list[Thing]] = {}
        self._said: dict[str, list[Thing]] = {}
        self._lines_query: Counted | None = None
        self._said_query: Counted | None = None
        if asked.route is not None:
            self._lines, self._lines_query = facts.lines(asked.route)
        self._others, self._others_query = self._sides()
        self._service = self._ordered()
        if self._service is not None:
            self._said, self._said_query = facts.service(self._service)
        self._linking = Linking(facts, asked.register, self._others, self._by_number())

    def plan(self) -> Plan:
        """The plan, whole."""
        to_send = self._to_send()
        missing = self._missing() if to_send or self._asked.route is None else []
        sent, counts = self._linking.sent(to_send)
        sections = [
            self._what(),
            self._supply(),
            self._linking.section(),
            self._cases(),
            self._how(),
            self._send(sent, counts),
        ]
        sections += [self._back(), self._kept(), self._decide(), self._limits(), self._law(), self._age()]
        return Plan(
            self._title(),
            self._asked.register,
            tuple(section for section in sections if section is not None and section.lines),
            tuple(sent),
            tuple(missing),
            self._service,
            tuple(one for one in self._said.get("input", []) if one.key_of("rg:inputStage") == "order"),
            self._others,
        )

    def _missing(self) -> list[str]:
        """What keeps a plan that sends something from being an order."""
        starts = self._found.linked(self._asked.route, "rg:startsFrom") if self._asked.route is not None else []
        missing = self._linking.missing(starts)
        if self._asked.route is not None and not self._others:
            missing.append(_("the health data register to compare with"))
        return missing

    def _to_send(self) -> list[Thing]:
        """The lines on what is sent: the route's; without one, for a service, those of the route that wants nothing."""
        if self._asked.route is not None or self._service is None:
            return self._lines.get("send", [])
        general = [one for one in self._found.of("linkage-route") if not one.iris("rg:wants")]
        every = [self._facts.lines(one)[0] for one in general]
        told = next((lines for lines in every if lines.get("send")), {})
        self._lines["ground-of-sending"] = told.get("ground-of-sending", [])
        return told.get("send", [])

    def _title(self) -> str:
        register = plain(self._asked.register)
        if self._asked.route is not None:
            return _("%(what)s: plan for %(register)s", what=plain(self._asked.route), register=register)
        if self._asked.indicator is not None:
            return _("%(what)s: plan for %(register)s", what=plain(self._asked.indicator), register=register)
        if self._asked.other is not None:
            return _("%(register)s and %(other)s: plan", register=register, other=plain(self._asked.other))
        return _("%(what)s: plan for %(register)s", what=plain(self._asked.concepts[0]), register=register)

    def _sides(self) -> tuple[tuple[Thing, ...], Counted | None]:
        """The registers on the other side: the one asked for, those of the route, or those that hold what is wanted."""
        asked = self._asked
        if asked.other is not None:
            return (asked.other,), None
        if asked.route is not None:
            return tuple(self._found.linked(asked.route, "rg:usesHealthDataRegister")), None
        found, counted = self._facts.holders(asked.concepts) if asked.concepts else ([], None)
        return tuple(one for one in found if one.iri != asked.register.iri), counted

    def _ordered(self) -> Thing | None:
        """The service to order: the route's; else the one that links with the authority's registers, if it is one."""
        if self._asked.route is not None:
            return next(iter(self._found.linked(self._asked.route, "rg:throughService")), None)
        if not any(one.is_a("HealthDataRegister") for one in self._others):
            return None
        linking = [one for one in self._found.of("service") if self._found.back(one, "rg:exampleOf")]
        return linking[0] if linking else None

    def _by_number(self) -> bool:
        """Whether the service's page says that it matches by identity number."""
        if self._service is None:
            return False
        inputs = self._said.get("input", [])
        conveyed = {key for one in inputs for key in one.keys("rg:conveys")}
        return "person-identifier" in {*self._service.keys("rg:usesLinkageKey"), *conveyed}

    def _what(self) -> Section:
        lines = [*self._of("gap"), *self._of("holds")]
        counts = [self._lines_query, self._others_query]
        if self._asked.route is not None:
            for name in ("rg:needsOfRegister", "rg:wants"):
                concepts = self._found.linked(self._asked.route, name)
                if concepts:
                    variables, counted = self._facts.variables((self._asked.register,), concepts)
                    lines.append(self._holding(concepts, variables, wanted=name == "rg:wants"))
                    counts.append(counted)
        return _section("what", _("The gap"), lines, counts)

    def _holding(self, concepts: Sequence[Thing], variables: Sequence[Thing], *, wanted: bool) -> Line:
        register, names = plain(self._asked.register), listed([plain(one) for one in concepts])
        if variables:
            text = (
                _("%(register)s has variables of its own on %(what)s: %(variables)s.")
                if wanted
                else _("%(register)s has %(what)s: %(variables)s.")
            )
            told = text % {"register": register, "what": names, "variables": notations(variables)}
            return Line(told, SOURCE, (self._asked.register,), sources_of(self._facts, variables))
        text = _("No list of variables at hand says that %(register)s has %(kind)s.", register=register, kind=names)
        return Line(text, OURS, (self._asked.register,))

    def _supply(self) -> Section | None:
        """For an indicator or a concept: which registers could supply each variable."""
        if self._asked.route is not None or not self._asked.concepts:
            return None
        found, counted = self._facts.suppliers(self._asked.concepts)
        lines = [self._supplied(concept, found.get(concept.iri, {})) for concept in self._asked.concepts]
        return _section("supply", _("Who could supply each variable"), lines, [counted])

    def _supplied(self, concept: Thing, registers: dict[str, list[Thing]]) -> Line:
        own = registers.get(self._asked.register.iri)
        things = [self._facts.thing(iri) for iri in registers if iri != self._asked.register.iri]
        if own:
            text = _("%(what)s: the register itself, %(variables)s", what=plain(concept), variables=notations(own))
        elif things:
            text = _("%(what)s: not known in the register; held by:", what=plain(concept))
        else:
            text = _("%(what)s: no register is known to hold it", what=plain(concept))
        return Line(text, SOURCE if registers else OURS, tuple(things), sources_of(self._facts, own or ()))

    def _cases(self) -> Section:
        lines, counts = [*self._of("counterpart")], [self._lines_query]
        concepts = self._found.linked(self._asked.route, "rg:foundBy") if self._asked.route is not None else []
        for other in self._others if concepts else ():
            variables, counted = self._facts.variables((other,), concepts)
            counts.append(counted)
            if variables:
                text = _("%(register)s: %(variables)s.", register=plain(other), variables=notations(variables))
                lines.append(Line(text, SOURCE, (other,), sources_of(self._facts, variables)))
        lines += [self._coded(line) for line in self._lines.get("decide", []) if line.iris("rg:codeSystem")]
        return _section("cases", _("The other side, and what selects the cases"), lines, counts)

    def _coded(self, line: Thing) -> Line:
        systems = listed([plain(one) for one in self._found.linked(line, "rg:codeSystem")])
        codes = sorted(value.text for value in line.values("rg:codePrefix"))
        base = planned(self._facts, line)
        text = f"{base.text} ({systems}: {', '.join(codes)})" if codes else f"{base.text} ({systems})"
        return Line(text, base.mark, (), base.sources)

    def _how(self) -> Section:
        lines, counts = [], [self._said_query]
        if self._service is not None:
            lines += [self._named(), *self._rules(_STEPS)]
        whom, counted = self._facts.deciders(self._others or (self._asked.register,))
        counts.append(counted)
        lines += [self._decider(register, who, page) for register, who, page in whom]
        return _section("order", _("What to order, and from whom"), lines, counts)

    def _named(self) -> Line:
        assert self._service is not None  # noqa: S101 - asked for by the caller
        by = listed([plain(one) for one in self._found.linked(self._service, "rg:providedBy")])
        mark = PAGE if self._asked.route is not None else OURS
        sources = tuple(self._found.linked(self._service, "dcterms:source"))
        return Line(_("Order from %(by)s:", by=by), mark, (self._service,), sources)

    def _rules(self, kinds: Sequence[str]) -> Iterator[Line]:
        rules = [one for one in self._said.get("rule", []) if one.key_of("rg:ruleKind") in kinds]
        for rule in sorted(rules, key=lambda one: (kinds.index(one.key_of("rg:ruleKind")), one.first("rg:stepNumber"))):
            number = rule.first("rg:stepNumber")
            text = plain(rule) if not number else _("Step %(number)s: %(what)s", number=number, what=plain(rule))
            yield Line(text, PAGE, (), tuple(self._found.linked(rule, "dcterms:source")))

    def _decider(self, register: Thing, who: str, page: str) -> Line:
        if who:
            text = _("%(register)s is held by %(who)s.", register=plain(register), who=plain(self._facts.thing(who)))
            return Line(text, SOURCE, (register,))
        text = _("Data from %(register)s are ordered today at", register=plain(register))
        return Line(text, SOURCE, (register,), (), page)

    def _send(self, sent: Sequence[Sent], counts: Sequence[Counted]) -> Section:
        lines = [self._sending(one) for one in sent]
        lines += [*self._of("withhold"), *self._of("ground-of-sending")]
        return _section("send", _("Send exactly this, and no more"), lines, [self._lines_query, *counts])

    def _sending(self, sent: Sent) -> Line:
        said = {"what": sent.line.text, "variables": notations(sent.variables)}
        if not sent.variables:
            text = _("%(what)s: not known which variable of the register holds it", what=sent.line.text)
        elif len(sent.variables) == 1:
            text = _("%(what)s: %(variables)s", **said)
        else:
            text = _("%(what)s: choose of %(variables)s", **said)
        mark = sent.line.mark if self._asked.route is not None else OURS
        return Line(text, mark, sent.variables[:1], sent.line.sources)

    def _back(self) -> Section:
        outputs = [
            Line(plain(one), PAGE, (), tuple(self._found.linked(one, "dcterms:source")))
            for one in self._said.get("output", [])
        ]
        return _section(
            "back", _("What comes back"), [*outputs, *self._of("result")], [self._said_query, self._lines_query]
        )

    def _kept(self) -> Section:
        lines = [*self._rules(("retention",))]
        if self._service is not None and not lines:
            lines = [Line(_("The page does not say what is kept, and how long."), OURS)]
        return _section("kept", _("What is kept, and how long"), lines, [self._said_query])

    def _decide(self) -> Section:
        lines = [planned(self._facts, one) for one in self._lines.get("decide", []) if not one.iris("rg:codeSystem")]
        return _section("decide", _("To decide before the order"), lines, [self._lines_query])

    def _limits(self) -> Section:
        return _section("limits", _("What the result does not show"), self._of("limit"), [self._lines_query])

    def _law(self) -> Section:
        told, counted = self._facts.grounds((self._asked.register, *self._others))
        lines = [
            Line(_("%(register)s rests on %(ground)s.", register=plain(one), ground=ground), SOURCE, (one,))
            for one, ground in told
        ]
        known = {one.iri for one, _ground in told}
        lines += [
            Line(_("The legal ground of %(register)s: we do not know.", register=plain(one)), OURS, (one,))
            for one in (self._asked.register, *self._others)
            if one.iri not in known
        ]
        return _section("law", _("Legal ground"), [*self._of("legal-ground"), *lines], [self._lines_query, counted])

    def _age(self) -> Section:
        page = next(iter(sources_of(self._facts, (self._service,) if self._service is not None else ())), None)
        if page is None:
            return _section("age", _("How old the page is"), (), ())
        date = page.first("dcterms:issued") or _("we do not know")
        line = Line(_("Date of the page: %(date)s", date=date), OURS, (), (page,))
        return _section("age", _("How old the page is"), [line, *self._of("how-old")], [self._lines_query])

    def _of(self, kind: str) -> list[Line]:
        return [planned(self._facts, line) for line in self._lines.get(kind, [])]


def _section(key: str, title: str, lines: Iterable[Line], counts: Iterable[Counted | None]) -> Section:
    queries = {one.query: one for one in counts if one is not None}
    return Section(key, title, tuple(lines), tuple(queries.values()))
