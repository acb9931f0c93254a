"""The people a report tells of: found, added, or kept as somebody not yet identified.

Nobody needs a tenancy or a name to be helped (HC-13).  What was said about reaching them is
recorded before any detail is used (domain 7.8).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from cases.access import Actor
from cases.audit.memory import recall, remembered
from cases.calendar import london_date
from cases.casework.person_scope import hidden_people
from cases.intake.models import Report
from cases.intake.told import PersonTold, Told
from cases.people.choices import AdjustmentKind, Reach, ToldBy
from cases.people.matching import name_key, postcode_key
from cases.people.models import (
    Adjustment,
    HouseholdMembership,
    Person,
    Property,
    SafeContact,
    Tenancy,
)
from cases.people.operations import (
    JUST_ADDED,
    add_adjustment,
    add_person,
    add_property,
    change_person,
    set_safe_contact,
)
from cases.people.queries import household_of, membership_of, tenancy_of, tied_to

ADULT = 18
POSTCODE = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}")
AGE = re.compile(r"\b(\d{1,3})\b")


@dataclass
class People:
    """Who is in a report.  ``third_party`` is the caller when somebody else was harmed."""

    victim: Person
    harmed: list[Person]
    reporter: Person | None = None
    third_party: Person | None = None
    home: Property | None = None
    children: list[str] = field(default_factory=list)
    at_home: list[Person] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Who they are, by id, to be stored on the report."""
        return {
            "harmed": [person.pk for person in self.harmed],
            "at_home": [person.pk for person in self.at_home],
            "third_party": self.third_party.pk if self.third_party else None,
            "home": self.home.pk if self.home else None,
        }


def people_kept(report: Report) -> People:
    """The people of a report as stored when it was sent."""
    stored, victim = report.facts, report.victim
    assert victim is not None  # submit always finds or makes one
    known = Person.objects.in_bulk([*stored["harmed"], *stored["at_home"]])
    return People(
        victim=victim,
        harmed=[known[pk] for pk in stored["harmed"]],
        reporter=report.reporter,
        third_party=Person.objects.filter(pk=stored["third_party"]).first(),
        home=Property.objects.filter(pk=stored["home"]).first(),
        children=list(stored["children"]),
        at_home=[known[pk] for pk in stored["at_home"]],
    )


def make_people(*, by: Actor, at: datetime, told: Told, received_at: datetime) -> People:
    """Find or add everybody the sheet tells of."""
    on = london_date(received_at)
    caller = None
    if told.by_victim or not told.anonymous:
        caller = _somebody(by, at, told.caller, unnamed="The caller, who gave no name")
    if told.by_victim:
        assert caller is not None
        people = _in_the_first_door(by, at, told, caller, on)
    else:
        victim = _somebody(
            by,
            at,
            told.harmed,
            unnamed="The person it happened to, not yet identified",
            told_by=ToldBy.OTHER,
        )
        people = People(victim, [victim], reporter=caller, third_party=caller)
    if told.anonymous:
        people.reporter = None
    if told.victim_role == "COLLEAGUE" and not people.victim.is_colleague:
        people.victim = change_person(by=by, at=at, person=people.victim, is_colleague=True)
        people.harmed = [people.victim, *people.harmed[1:]]
    _with_household(by, at, told, people, on)
    return people


def _in_the_first_door(by: Actor, at: datetime, told: Told, caller: Person, on: date) -> People:
    """It happened to the caller, or to somebody of their household they ring for."""
    references = [code for code in told.harmed_people if code not in ("CALLER", "OTHER")]
    others: list[Person] = []
    if references:
        others = list(Person.objects.filter(reference__in=references).order_by("pk"))
    others += _from_lines(by, at, told, others, caller, on)
    if told.caller_is_harmed or not others:
        return People(caller, _once([caller, *others]), reporter=caller)
    return People(others[0], _once(others), reporter=caller, third_party=caller)


def _from_lines(
    by: Actor, at: datetime, told: Told, known: Iterable[Person], near: Person, on: date
) -> list[Person]:
    """People written one on a line ("Kofi, 1, my son"): known ones found by their first name,
    the others kept as they were described, not yet identified.
    """
    if not told.harmed_others:
        return []
    known, found = [*known, *household_on(near, on)], []
    for line in told.harmed_others:
        first = name_key(line.split(",")[0])
        match = next(
            (person for person in known if first and name_key(person.name).split()[:1] == [first]),
            None,
        )
        found.append(match or add_person(by=by, at=at, placeholder=line, home=near.home))
    return found


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for person in people}.values())


def _with_household(by: Actor, at: datetime, told: Told, people: People, on: date) -> None:
    """Whoever lives with the victim: harmed too if it was aimed at the home; children seen."""
    if not told.by_victim:
        people.harmed += _from_lines(by, at, told, [], people.victim, on)
    people.at_home = household_on(people.victim, on)
    if any(incident.aimed_at_home for incident in told.incidents):
        people.harmed += people.at_home
    people.harmed = _once(people.harmed)
    tenancy, membership = tenancy_on(people.victim, on), membership_on(people.victim, on)
    people.home = (
        people.victim.home
        or (tenancy.home if tenancy else None)
        or (membership.household.home if membership else None)
    )
    if told.children_saw:
        everybody = _once([*people.harmed, *people.at_home])
        people.children = [said for one in everybody if (said := _child(one, on))] or ["Children"]


def tenancy_on(person: Person, on: date) -> Tenancy | None:
    """The tenancy somebody of a report held on that day."""
    if recall(JUST_ADDED, person.pk):
        return None
    return remembered("tenancy of a report", (person.pk, on), lambda: tenancy_of(person, on))


def membership_on(person: Person, on: date) -> HouseholdMembership | None:
    """The place somebody of a report had in a household on that day."""
    if recall(JUST_ADDED, person.pk):
        return None
    return remembered("membership of a report", (person.pk, on), lambda: membership_of(person, on))


def household_on(person: Person, on: date) -> list[Person]:
    """Everybody who lived with somebody of a report on that day."""
    return [] if recall(JUST_ADDED, person.pk) else household_of(person, on)


def _child(person: Person, on: date) -> str:
    """ "Esi, 4" for a child, "" for anybody else."""
    if person.date_of_birth:
        born = person.date_of_birth
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return f"{person.call_them}, {age}" if age < ADULT else ""
    written = AGE.search(person.placeholder)
    if written and int(written[1]) < ADULT:
        return f"{person.placeholder.split(',')[0].strip()}, {int(written[1])}"
    return ""


def _somebody(
    by: Actor,
    at: datetime,
    told: PersonTold,
    *,
    unnamed: str,
    told_by: ToldBy = ToldBy.THEMSELVES,
) -> Person:
    """The person found, or a new one; then what they said about reaching them."""
    found = _found(by, told.reference)
    home = _home(by, at, told)
    if found is None:
        person = _added(by, at, told, unnamed, home)
    else:
        safe = Reach.SAFE if told_by == ToldBy.THEMSELVES else Reach.NOT_ASKED
        details = _news(told, found, home)
        person = found
        if details:
            person = change_person(
                by=by, at=at, person=found, safe=safe, told_by=told_by, **details
            )
    if told.safe:
        said = _reach(person, told.safe) if found else told.safe
        set_safe_contact(by=by, at=at, person=person, **said)
    if told.adjustments:
        _adjust(by, at, person, told)
    return person


def _found(by: Actor, reference: str) -> Person | None:
    """Who was chosen; somebody kept from the officer cannot be, whatever was posted."""
    if not reference:
        return None
    kept = Person.objects.filter(Q(pk__in=tied_to(by)) | Q(pk__in=hidden_people(by)))
    return Person.objects.filter(reference=reference).exclude(pk__in=kept.values("pk")).first()


def _reach(person: Person, said: Mapping[str, str]) -> dict[str, str]:
    """What was said now; an earlier first choice that is no longer safe falls away."""
    before = SafeContact.objects.filter(person=person).first()
    first = before.first_choice if before else ""
    if first and said.get(first, "SAFE") != Reach.SAFE and "first_choice" not in said:
        return {**said, "first_choice": ""}
    return dict(said)


def _added(
    by: Actor, at: datetime, told: PersonTold, unnamed: str, home: Property | None
) -> Person:
    called = f"Somebody called {told.call_them}" if told.call_them else unnamed
    return add_person(
        by=by,
        at=at,
        full_name=told.full_name,
        placeholder="" if told.full_name else told.described or called,
        known_as=told.call_them,
        date_of_birth=told.born if told.born and told.born <= london_date(at) else None,
        phone=told.phone,
        email=told.email,
        language=told.language,
        home=home,
    )


def _news(told: PersonTold, found: Person, home: Property | None) -> dict[str, Any]:
    """What was told that we did not know; nothing told leaves what we hold."""
    said = {
        "known_as": told.call_them,
        "phone": told.phone,
        "email": told.email,
        "language": told.language,
        "home": home,
    }
    return {name: value for name, value in said.items() if value and value != getattr(found, name)}


def _adjust(by: Actor, at: datetime, person: Person, told: PersonTold) -> None:
    known = set(
        Adjustment.objects.filter(person=person, ended_at__isnull=True).values_list("kind", "need")
    )
    for kind, words in told.adjustments:
        need = words or str(AdjustmentKind(kind).label)
        if (kind, need) not in known:
            add_adjustment(by=by, at=at, person=person, need=need, kind=kind)


def _home(by: Actor, at: datetime, told: PersonTold) -> Property | None:
    """The home of an address as told: one we hold if it can only be that, else a new one."""
    if not told.address:
        return None
    written = POSTCODE.search(told.address)
    postcode = postcode_key(written[0] if written else told.postcode)
    street = POSTCODE.sub("", told.address).strip(" ,\n")
    if not street:
        return None
    words = set(name_key(street).split())
    near = Property.objects.filter(postcode=postcode) if postcode else Property.objects.none()
    same = [home for home in near if set(name_key(home.address).split()) <= words]
    if len(same) == 1:
        return same[0]
    return add_property(by=by, at=at, address=street, postcode=postcode, stock_class="OTHER")
