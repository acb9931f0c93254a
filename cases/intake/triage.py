"""What a report is: the triage rule, exact, with its reasons in plain words.

Hate is decided by what people think, never by what an officer makes of it: one standing view
is enough, "not sure" is enough for now, and no answer of anybody's outweighs another's.  Pure:
values in, a :class:`Triage` out; the same answers give the same result in whatever order they
were said.  Source: domain section 10, HC-23, HC-25, HC-29, HC-30; policy lines 105 to 160.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.policy import clauses
from cases.policy.clauses import Clause

HATE, SAFEGUARDING, DA, ASB, SIGNPOST = "HATE", "SAFEGUARDING", "DA", "ASB", "SIGNPOST"
MATE_CRIME = "MATE_CRIME"
"""A reason for Safeguarding that people ask after by name, so it has a row of its own."""

YES, NOT_SURE, NO = "YES", "NOT_SURE", "NO"
_HOLDS = (YES, NOT_SURE, NO)
_CAPACITIES = ("VICTIM", "THIRD_PARTY", "WITNESS", "AGENCY", "OFFICER")
OFFICER = "OFFICER"

PARTNER_OR_FAMILY = frozenset({"PARTNER_EX", "FAMILY"})
LIVES_WITH_THEM = "HOUSEHOLD_MEMBER"
"""Perhaps family, perhaps not: domestic abuse when abuse was told of in so many words."""
CARER = "CARER_SUPPORT"

NOT_ABUSE = frozenset({"NOISE", "DISCRIM_SERVICE", "MALCOMP"})
"""Between partners or family, everything else that was told is taken for abuse."""
ABOUT_OUR_SERVICE = frozenset({"DISCRIM_SERVICE"})


@dataclass(frozen=True)
class View:
    """What one person asked thinks.

    ``who`` and ``full`` ("Amara", "Amara Osei") are safe to show: "The third party" for
    somebody who is kept apart.
    """

    who: str
    holds: str
    capacity: str
    full: str = ""


@dataclass(frozen=True)
class TriageFacts:
    """The answers triage needs (domain 10, q1 to q12), as codes and short names.

    ``views`` are the standing ones, those of people who said no included.  ``children`` are as
    said aloud ("Esi, 4"): those who saw or heard it.  ``at_risk`` are children or adults who may
    be at risk.  ``abuse`` is abuse told of in so many words.  ``links`` say why it is ours to
    look after; ``no_link`` is true only when somebody said that nothing links it to Amplius:
    not knowing keeps it in scope.
    """

    views: tuple[View, ...] = ()
    types: frozenset[str] = frozenset()
    relationships: frozenset[str] = frozenset()
    exploitation: frozenset[str] = frozenset()
    abuse: bool = False
    children: tuple[str, ...] = ()
    at_risk: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    no_link: bool = False


@dataclass(frozen=True)
class RouteResult:
    """Whether the report takes a route, and why or why not in whole sentences."""

    route: str
    applies: bool
    reasons: tuple[str, ...]
    is_primary: bool = False
    clause: Clause | None = None


@dataclass(frozen=True)
class Triage:
    """The result.  No ``primary`` while ``waiting_for`` names somebody who must be asked."""

    primary: str
    routes: tuple[RouteResult, ...]
    mate_crime: RouteResult
    provisional: bool = False
    waiting_for: tuple[str, ...] = ()

    @property
    def taken(self) -> tuple[RouteResult, ...]:
        """The routes the report takes, the primary one first."""
        applying = (route for route in self.routes if route.applies)
        return tuple(sorted(applying, key=lambda route: not route.is_primary))

    @property
    def clause(self) -> Clause | None:
        """The policy's words for the main route."""
        return next((route.clause for route in self.routes if route.is_primary), None)

    def route(self, code: str) -> RouteResult:
        """One route's result, taken or not."""
        return next(result for result in self.routes if result.route == code)

    def takes(self, code: str) -> bool:
        return self.route(code).applies


def triage(facts: TriageFacts) -> Triage:
    """Route a report (domain 10, rules 2 to 5 and 7)."""
    views = sorted(set(facts.views), key=_spoken_order)
    perceiving = [view for view in views if view.holds in (YES, NOT_SURE)]
    outside = facts.no_link and not facts.links
    waiting = () if perceiving else _still_to_ask(views)

    mate = _mate_crime(facts)
    abuse = _domestic_abuse(facts)
    safeguarding = _safeguarding(facts, mate)
    hate = _hate(facts, perceiving, outside)
    others = hate.applies or abuse.applies or _leads(facts, mate)
    asb = _asb(facts, views, perceiving, waiting, outside, others)
    signpost = _signpost(facts, perceiving, waiting, outside, others)

    routes = (hate, safeguarding, abuse, asb, signpost)
    primary = "" if waiting else _primary(routes, outside)
    return Triage(
        primary=primary,
        routes=tuple(_marked(route, primary) for route in routes),
        mate_crime=mate,
        provisional=hate.applies and all(view.holds != YES for view in views),
        waiting_for=waiting,
    )


def _spoken_order(view: View) -> tuple[int, int, str]:
    return (_HOLDS.index(view.holds), _CAPACITIES.index(view.capacity), view.full or view.who)


def _still_to_ask(views: Iterable[View]) -> tuple[str, ...]:
    """Whose answer is missing before "no hate" can be said: the caller's, and the officer's."""
    asked = {view.capacity == OFFICER for view in views}
    missing = (("caller", False), ("officer", True))
    return tuple(word for word, officer in missing if officer not in asked)


def _primary(routes: tuple[RouteResult, ...], outside: bool) -> str:
    """Exactly one: domestic abuse before hate before the rest; a signpost outside our scope."""
    if outside:
        return SIGNPOST
    applying = {route.route for route in routes if route.applies}
    for code in (DA, HATE, ASB, SIGNPOST, SAFEGUARDING):
        if code in applying:
            return code
    raise AssertionError("every report that is not waiting has a route")  # pragma: no cover


def _marked(route: RouteResult, primary: str) -> RouteResult:
    return RouteResult(
        route.route, route.applies, route.reasons, route.route == primary, route.clause
    )


def _hate(facts: TriageFacts, perceiving: list[View], outside: bool) -> RouteResult:
    if not perceiving:
        return RouteResult(HATE, False, ("Nobody asked so far thinks hate was part of it.",))
    words = tuple(_thinks(view) for view in perceiving)
    if outside:
        return RouteResult(HATE, False, (*words, "Nothing links it to Amplius."))
    by_victim = any(view.capacity == "VICTIM" for view in perceiving)
    clause = clauses.DEFINITION if by_victim else clauses.THIRD_PARTY
    return RouteResult(HATE, True, (*words, *sorted(set(facts.links))), clause=clause)


def _thinks(view: View) -> str:
    says = "thinks hate was part of it" if view.holds == YES else "is not sure"
    return _sentence(f"{view.who} {says}.")


def _mate_crime(facts: TriageFacts) -> RouteResult:
    """Exploitation by somebody they know; by a partner or family it is domestic abuse."""
    if not facts.exploitation:
        words = "Not a friend or acquaintance."
        if "FRIEND_ACQ" in facts.relationships:
            words = "Not said to take advantage."
        elif not facts.relationships - {"UNKNOWN"}:
            words = "Not known to be a friend or acquaintance."
        return RouteResult(MATE_CRIME, False, (words,))
    if facts.relationships and facts.relationships <= PARTNER_OR_FAMILY:
        return RouteResult(MATE_CRIME, False, ("By a partner or family: domestic abuse.",))
    words = "Somebody they know is taking advantage of them."
    return RouteResult(MATE_CRIME, True, (words,), clause=clauses.MATE_CRIME)


def _domestic_abuse(facts: TriageFacts) -> RouteResult:
    if LIVES_WITH_THEM in facts.relationships and facts.abuse:
        words = "The respondent lives with them, and abuse was told."
        return RouteResult(DA, True, (words,), clause=clauses.DOMESTIC_ABUSE)
    if not facts.relationships & PARTNER_OR_FAMILY:
        known = facts.relationships - {"UNKNOWN"}
        words = "Not a partner or family." if known else "Not known to be a partner or family."
        return RouteResult(DA, False, (words,))
    if not (facts.abuse or facts.exploitation or facts.types - NOT_ABUSE):
        return RouteResult(DA, False, ("A partner or family, and no abuse was told.",))
    who = "a partner or former partner" if "PARTNER_EX" in facts.relationships else "family"
    words = f"The respondent is {who}, and abuse was told."
    return RouteResult(DA, True, (words,), clause=clauses.DOMESTIC_ABUSE)


def _safeguarding(facts: TriageFacts, mate: RouteResult) -> RouteResult:
    reasons: list[str] = list(mate.reasons) if mate.applies else []
    if facts.children:
        reasons.append(_sentence(f"{listed(facts.children)} saw or heard it."))
    if facts.at_risk:
        reasons.append(_sentence(f"{listed(facts.at_risk)} may be at risk."))
    if CARER in facts.relationships:
        reasons.append("The respondent is a carer or support worker.")
    if not reasons:
        return RouteResult(SAFEGUARDING, False, ("No child or adult at risk was told of.",))
    return RouteResult(SAFEGUARDING, True, tuple(reasons), clause=mate.clause)


def _leads(facts: TriageFacts, mate: RouteResult) -> bool:
    """Whether Safeguarding is what the report is, not only a route beside another."""
    return mate.applies or CARER in facts.relationships


def _asb(
    facts: TriageFacts,
    views: list[View],
    perceiving: list[View],
    waiting: tuple[str, ...],
    outside: bool,
    others: bool,
) -> RouteResult:
    if perceiving or waiting:
        return RouteResult(ASB, False, ("Only when everybody asked says hate was not part of it.",))
    if outside or others or _only_our_service(facts):
        return RouteResult(ASB, False, ("Another route deals with it.",))
    said = f"Everyone asked said no: {', '.join(view.full or view.who for view in views)}."
    return RouteResult(ASB, True, (said,), clause=clauses.NOT_HATE)


def _signpost(
    facts: TriageFacts,
    perceiving: list[View],
    waiting: tuple[str, ...],
    outside: bool,
    others: bool,
) -> RouteResult:
    if outside:
        return RouteResult(SIGNPOST, not waiting, ("Nothing links it to Amplius.",))
    if not (perceiving or waiting or others) and _only_our_service(facts):
        return RouteResult(
            SIGNPOST, True, ("It is about our own service: complaints deals with it.",)
        )
    return RouteResult(SIGNPOST, False, ("It is ours to deal with.",))


def _only_our_service(facts: TriageFacts) -> bool:
    return bool(facts.types) and facts.types <= ABOUT_OUR_SERVICE


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def listed(names: Iterable[str]) -> str:
    """Names as a sentence says them; an age keeps its comma: "Esi, 4, and Kofi, 1,"."""
    named = sorted(set(names))
    if any("," in name for name in named):
        return ", and ".join(named) + ","
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
