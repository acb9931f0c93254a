"""From what was told, or is recorded, to the facts the triage rule takes; and back from store.

The facts are kept on the report as codes and short names, so that a view added later is
triaged with the same facts and only the views differ (S22).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from cases.access import Actor
from cases.casework.choices import OUR_LAND, VictimRole
from cases.casework.models import Perception
from cases.intake.models import Report
from cases.intake.people_of_report import People, membership_on, tenancy_on
from cases.intake.told import AT_HOME, Told, ViewTold
from cases.intake.triage import TriageFacts, View
from cases.people.models import Person

THIRD_PARTY = "The third party"
CALLER = "The caller"

LIVES = frozenset({VictimRole.TENANT, VictimRole.HOUSEHOLD})
VISITS = frozenset({VictimRole.FAMILY, VictimRole.VISITOR, VictimRole.CARER})
WORKS = frozenset({VictimRole.COLLEAGUE, VictimRole.CONTRACTOR})


def called(person: Person) -> str:
    """What to call somebody in a sentence about them."""
    if person.known_as or person.full_name:
        return person.call_them
    return person.placeholder


def views_told(told: Told, people: People, by: Actor) -> tuple[View, ...]:
    """The views of the sheet, under names that are safe to show."""
    return tuple(_view_told(one, told, people, by) for one in told.views)


def _view_told(one: ViewTold, told: Told, people: People, by: Actor) -> View:
    who, full = one.described_as, ""
    if one.whose == "officer":
        who, full = by.name.split()[0], by.name
    elif one.whose == "harmed":
        who, full = called(people.victim), people.victim.name
    elif one.whose == "caller":
        who, full = _caller(told, people)
    return View(who, one.holds, one.capacity, full)


def _caller(told: Told, people: People) -> tuple[str, str]:
    if told.caller_is_harmed:
        return called(people.victim), people.victim.name
    if told.by_victim and people.third_party:
        return called(people.third_party), people.third_party.name
    if told.agency:
        return told.agency, told.agency
    if people.third_party is None:
        return CALLER, CALLER
    if told.keep_apart:
        return THIRD_PARTY, THIRD_PARTY
    return called(people.third_party), people.third_party.name


def views_recorded(perceptions: Iterable[Perception]) -> tuple[View, ...]:
    """The standing views as recorded; one that is kept apart has no name here."""
    return tuple(_view_recorded(one) for one in perceptions if one.retracted_at is None)


def _view_recorded(one: Perception) -> View:
    if one.kept_apart:
        name = THIRD_PARTY if one.person_id else CALLER
        return View(name, one.holds, one.capacity, name)
    if one.person:
        return View(called(one.person), one.holds, one.capacity, one.person.name)
    if one.colleague:
        name = one.colleague.full_name
        return View(name.split()[0], one.holds, one.capacity, name)
    return View(one.described_as, one.holds, one.capacity, one.described_as)


def facts_told(told: Told, people: People, by: Actor, on: date) -> TriageFacts:
    """The triage facts of a sheet (domain 10, q1 to q12)."""
    links = _links(told, people, on)
    relation = told.respondent.relationship
    return TriageFacts(
        views=views_told(told, people, by),
        types=told.types,
        relationships=frozenset({relation} if relation else ()),
        exploitation=told.exploitation,
        abuse=told.abuse,
        children=tuple(people.children),
        at_risk=tuple(
            words
            for code, words in (("CHILD", "a child"), ("ADULT", "an adult"))
            if code in told.at_risk
        ),
        links=links,
        no_link=told.victim_role == VictimRole.NONE,
    )


def _links(told: Told, people: People, on: date) -> tuple[str, ...]:
    """Why it is ours to look after (domain 10, rule 7): whoever, wherever, any one is enough."""
    name, role = called(people.victim), told.victim_role
    found = []
    if tenancy := tenancy_on(people.victim, on):
        tenure = tenancy.get_tenure_display()
        found.append(f"{name} is our {tenure[:1].lower()}{tenure[1:]}.")
    elif membership_on(people.victim, on):
        found.append(f"{name} lives in one of our homes.")
    elif role in LIVES:
        found.append(f"{name} is said to live in one of our homes.")
    elif role in VISITS:
        found.append(f"{name} is said to visit one of our homes.")
    if people.victim.is_colleague or role in WORKS:
        found.append(f"{name} works for us.")
    if told.respondent.customer == "YES":
        found.append("The respondent is said to live in one of our homes.")
    # The home of somebody with no link to us is not ours; a shared place may be.
    ours = OUR_LAND - (AT_HOME if role == VictimRole.NONE else frozenset())
    if any(incident.location in ours for incident in told.incidents):
        found.append("It happened in a place we look after.")
    return tuple(found)


def kept(facts: TriageFacts) -> dict[str, Any]:
    """The facts as stored on the report: everything but the views, which are rows."""
    return {
        "types": sorted(facts.types),
        "relationships": sorted(facts.relationships),
        "exploitation": sorted(facts.exploitation),
        "abuse": facts.abuse,
        "children": list(facts.children),
        "at_risk": list(facts.at_risk),
        "links": list(facts.links),
        "no_link": facts.no_link,
    }


def facts_kept(report: Report, given: Iterable[Perception] | None = None) -> TriageFacts:
    """The stored facts with the views that stand now (``given``, if they were read already)."""
    stored = report.facts
    return TriageFacts(
        views=views_recorded(perceptions_of(report) if given is None else given),
        types=frozenset(stored.get("types", ())),
        relationships=frozenset(stored.get("relationships", ())),
        exploitation=frozenset(stored.get("exploitation", ())),
        abuse=bool(stored.get("abuse")),
        children=tuple(stored.get("children", ())),
        at_risk=tuple(stored.get("at_risk", ())),
        links=tuple(stored.get("links", ())),
        no_link=bool(stored.get("no_link")),
    )


def perceptions_of(report: Report) -> list[Perception]:
    """Every view of the report's incidents, taken back or not, in the order given."""
    rows = Perception.objects.filter(incident__report_links__report=report).order_by(
        "said_at", "pk"
    )
    return list(
        rows.select_related("person", "colleague", "incident__case").prefetch_related("strands")
    )
