"""Keeping the directory: every change is recorded, and no change leaves a check standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from cases.access import Actor, Grant, Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.partners import agreement_operations, operations, unit_operations
from cases.partners.models import Agency, AgencyContact, ReviewTerms, SharingAgreement
from cases.partners.rules import Terms
from cases.staff.models import User
from tests.partners.entries import TERMS, add_police, add_unit
from tests.world import World, by_hand

pytestmark = pytest.mark.django_db
RANG = "Rang the number on their website."


def verbs(*kinds: type) -> list[str]:
    """What was done to rows of these kinds, in order."""
    names = [kind._meta.label_lower for kind in kinds]  # type: ignore[attr-defined]
    done = Event.objects.filter(subject_kind__in=names)
    return list(done.order_by("pk").values_list("verb", flat=True))


def said(agency: Agency, /, **other: Any) -> dict[str, Any]:
    """What an entry says, with something else."""
    names = (
        *("name", "kind", "service", "strands", "areas", "helps_with", "note"),
        *("website", "public_phone"),
    )
    return {name: getattr(agency, name) for name in names} | other


def said_of(unit: AgencyContact, /, **other: Any) -> dict[str, Any]:
    """What a unit says, with something else."""
    names = (*("unit", "person", "secure_email", "portal", "phone", "post_address", "hours"),)
    return {name: getattr(unit, name) for name in names} | other


def test_an_entry_is_kept_tidy_and_nobody_has_checked_it(world: World, by: Actor) -> None:
    agency = operations.add_agency(
        by=by,
        at=world.now,
        name="  Wellby   Council ",
        kind="LOCAL_AUTHORITY",
        service="ADULT_CARE",
        strands=["RACE", "AGE", "RACE"],
        areas=["Wellby", " ", "Fenmoor", "Wellby"],
        public_phone=" 01632 960 200 ",
    )
    agency.refresh_from_db()
    assert (agency.name, agency.slug) == ("Wellby Council", "wellby-council")
    assert agency.strands == ["AGE", "RACE"]
    assert agency.areas == ["Fenmoor", "Wellby"]
    assert agency.public_phone == "01632 960 200"
    assert agency.verified_on is None
    assert agency.what_it_is == "Council, adult social care"
    assert agency.for_whom == "Age, race"
    assert verbs(Agency) == [Verb.AGENCY_ADDED]


def test_short_names_differ_and_never_take_an_address_of_ours(world: World, by: Actor) -> None:
    names = ("New", "Terms", "Nórth shire", "North-shire", "警察")
    slugs = [add_police(by, world.now, name).slug for name in names]
    assert slugs == ["new-2", "terms-2", "north-shire", "north-shire-2", "agency"]


def test_a_long_name_has_an_address_that_fits(world: World, by: Actor) -> None:
    slugs = [add_police(by, world.now, "a" * 190 + end).slug for end in "xyz"]
    assert len(set(slugs)) == 3
    assert all(len(slug) <= 80 for slug in slugs)


def test_the_same_entry_twice_is_made_once(world: World, by: Actor, police: Agency) -> None:
    assert add_police(by, world.now) == police
    assert verbs(Agency) == [Verb.AGENCY_ADDED]
    with pytest.raises(ValidationError, match="There is an entry of this name already"):
        add_police(by, world.now, "northshire POLICE")


def test_a_name_that_was_ended_says_so(world: World, by: Actor, police: Agency) -> None:
    operations.end_agency(by=by, at=world.now, agency=police, why="It merged.")
    with pytest.raises(ValidationError, match="It was ended"):
        add_police(by, world.now)


@pytest.mark.parametrize(
    ("change", "still_checked"),
    [
        ({"public_phone": "01632 960 999"}, False),
        ({"website": "https://northshire-police.example/"}, False),
        ({"name": "Northshire Constabulary"}, True),
        ({"note": "Ask for the duty sergeant."}, True),
        ({"strands": ["RACE"]}, True),
    ],
)
def test_another_number_was_checked_by_nobody(
    world: World, by: Actor, police: Agency, change: dict[str, Any], still_checked: bool
) -> None:
    operations.verify_agency(by=by, at=world.now, agency=police, how=RANG)
    changed = operations.change_agency(by=by, at=world.now, agency=police, **said(police, **change))
    changed.refresh_from_db()
    assert (changed.verified_on is not None) is still_checked
    assert (changed.verified_by is not None) is still_checked
    assert changed.slug == police.slug
    last = Event.objects.latest("pk")
    assert last.changes["changed"] == list(change)
    assert ("checked" in last.changes) is not still_checked


def test_no_change_is_no_event(world: World, by: Actor, police: Agency) -> None:
    operations.change_agency(by=by, at=world.now, agency=police, **said(police))
    assert verbs(Agency) == [Verb.AGENCY_ADDED]


def test_a_name_of_another_entry_is_refused(world: World, by: Actor, police: Agency) -> None:
    other = add_police(by, world.now, "Southshire Police")
    with pytest.raises(ValidationError, match="already"):
        operations.change_agency(
            by=by, at=world.now, agency=other, **said(other, name="northshire police")
        )


def test_a_check_says_who_when_and_how(world: World, by: Actor, police: Agency) -> None:
    day = world.now.date() - timedelta(days=2)
    operations.verify_agency(by=by, at=world.now, agency=police, how=f" {RANG} ", checked_on=day)
    police.refresh_from_db()
    assert (police.verified_on, police.verified_by_id) == (day, by.id)
    event = Event.objects.latest("pk")
    assert (event.verb, event.reason) == (Verb.AGENCY_VERIFIED, RANG)
    assert event.changes == {"checked": day.isoformat()}
    operations.verify_agency(by=by, at=world.now, agency=police, how=RANG, checked_on=day)
    assert verbs(Agency) == [Verb.AGENCY_ADDED, Verb.AGENCY_VERIFIED]


def test_nothing_was_checked_tomorrow_or_without_saying_how(
    world: World, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    late = world.now.date() + timedelta(days=1)
    for how, day in ((RANG, late), (" ", None)):
        with pytest.raises(Refused):
            operations.verify_agency(by=by, at=world.now, agency=police, how=how, checked_on=day)
        with pytest.raises(Refused):
            unit_operations.verify_unit(by=by, at=world.now, contact=unit, how=how, checked_on=day)


def test_ending_an_agency_ends_its_units(
    world: World, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    with pytest.raises(ValidationError, match="Say why"), transaction.atomic():
        operations.end_agency(by=by, at=world.now, agency=police, why="  ")
    for _ in range(2):  # a second press changes nothing
        operations.end_agency(by=by, at=world.now, agency=police, why="It merged.")
    unit.refresh_from_db()
    assert unit.ended_at == world.now
    assert verbs(Agency, AgencyContact) == [
        Verb.AGENCY_ADDED,
        Verb.AGENCY_CONTACT_ADDED,
        Verb.AGENCY_ENDED,
        Verb.AGENCY_CONTACT_ENDED,
    ]


def test_what_was_ended_stays_as_it_was(
    world: World, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    at = world.now
    unit_operations.end_unit(by=by, at=at, contact=unit, why="It was closed.")
    with pytest.raises(Refused, match="This unit was ended"):
        unit_operations.verify_unit(by=by, at=at, contact=unit, how=RANG)
    operations.end_agency(by=by, at=at, agency=police, why="It merged.")
    tries: list[Callable[[], object]] = [
        lambda: operations.change_agency(by=by, at=at, agency=police, **said(police, note="x")),
        lambda: operations.verify_agency(by=by, at=at, agency=police, how=RANG),
        lambda: add_unit(by, at, police, unit="Another unit"),
        lambda: unit_operations.change_unit(by=by, at=at, contact=unit, **said_of(unit, phone="1")),
        lambda: agreement_operations.add_agreement(
            by=by, at=at, agency=police, title="T", purposes="P", begins_on=at.date()
        ),
    ]
    for attempt in tries:
        with pytest.raises(Refused, match="This entry was ended"):
            attempt()


def test_the_same_unit_twice_is_made_once(
    world: World, by: Actor, police: Agency, unit: AgencyContact
) -> None:
    assert add_unit(by, world.now, police) == unit
    with pytest.raises(ValidationError, match="listed already"):
        add_unit(by, world.now, police, phone="01632 960 001")
    other = add_unit(by, world.now, police, unit="Hate crime team")
    with pytest.raises(ValidationError, match="listed already"):
        unit_operations.change_unit(
            by=by, at=world.now, contact=other, **said_of(other, unit=unit.unit)
        )
    assert AgencyContact.objects.filter(agency=police).count() == 2


def test_a_unit_is_reached_somehow(world: World, by: Actor, police: Agency) -> None:
    with pytest.raises(Refused, match="at least one way"):
        add_unit(by, world.now, police, secure_email=" ")


@pytest.mark.parametrize(
    ("change", "still_checked"),
    [
        ({"secure_email": "other@police.example"}, False),
        ({"portal": "https://police.example/in"}, False),
        ({"phone": "01632 960 001"}, False),
        ({"post_address": "1 High Street"}, False),
        ({"person": "Sgt Hale"}, False),
        ({"unit": "Another unit"}, False),
        ({"secure_email": " PPU@police.example "}, True),  # the same, typed otherwise
        ({"hours": "Every day"}, True),
    ],
)
def test_another_address_takes_the_check_away(
    world: World, by: Actor, unit: AgencyContact, change: dict[str, str], still_checked: bool
) -> None:
    unit_operations.verify_unit(by=by, at=world.now, contact=unit, how=RANG)
    unit.refresh_from_db()
    assert (unit.verified_on, unit.verified_how) == (world.now.date(), RANG)
    unit_operations.change_unit(by=by, at=world.now, contact=unit, **said_of(unit, **change))
    unit.refresh_from_db()
    if still_checked:
        assert (unit.verified_by_id, unit.verified_how) == (by.id, RANG)
    else:
        assert (unit.verified_on, unit.verified_by, unit.verified_how) == (None, None, "")


def test_a_unit_ends_once_and_says_why(world: World, by: Actor, unit: AgencyContact) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        unit_operations.end_unit(by=by, at=world.now, contact=unit, why=" ")
    for _ in range(2):
        unit_operations.end_unit(by=by, at=world.now, contact=unit, why="It was closed.")
    assert verbs(AgencyContact) == [Verb.AGENCY_CONTACT_ADDED, Verb.AGENCY_CONTACT_ENDED]
    assert add_unit(by, world.now, unit.agency) != unit  # the name is free again


def test_agreements_of_one_name_do_not_overlap(world: World, by: Actor, police: Agency) -> None:
    def add(first: date, last: date | None) -> SharingAgreement:
        return agreement_operations.add_agreement(
            by=by,
            at=world.now,
            agency=police,
            title="Sharing",
            purposes="Safety.",
            begins_on=first,
            last_day=last,
        )

    one = add(date(2026, 1, 1), date(2026, 6, 30))
    assert add(date(2026, 1, 1), date(2026, 6, 30)) == one  # a second press
    with pytest.raises(ValidationError, match="covers some of that time"), transaction.atomic():
        add(date(2026, 6, 30), None)
    two = add(date(2026, 7, 1), None)
    assert (two.period.lower, two.period.upper) == (date(2026, 7, 1), None)
    with pytest.raises(Refused):
        add(date(2027, 1, 2), date(2027, 1, 1))


def test_an_agreement_ends_earlier_never_later(world: World, by: Actor, police: Agency) -> None:
    def end(last: date, why: str = "A new one was signed.") -> None:
        agreement_operations.end_agreement(
            by=by, at=world.now, agreement=agreement, last_day=last, why=why
        )
        agreement.refresh_from_db()

    agreement = agreement_operations.add_agreement(
        by=by,
        at=world.now,
        agency=police,
        title="Sharing",
        purposes="Safety.",
        begins_on=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
    )
    end(date(2027, 5, 5))
    assert agreement.period.upper == date(2027, 1, 1)
    with pytest.raises(Refused, match="before the agreement began"):
        end(date(2025, 12, 31))
    with pytest.raises(ValidationError, match="Say why"):
        end(date(2026, 11, 30), " ")
    end(date(2026, 11, 30))
    assert agreement.period.upper == date(2026, 12, 1)
    assert verbs(SharingAgreement) == [Verb.AGREEMENT_ADDED, Verb.AGREEMENT_ENDED]


def test_a_council_has_terms_once(world: World, by: Actor) -> None:
    def keep_terms(council: str, terms: Terms) -> ReviewTerms:
        return agreement_operations.set_review_terms(
            by=by, at=world.now, local_authority=council, terms=terms, how="Their page."
        )

    first = keep_terms("Wellby", TERMS)
    assert (first.verified_on, first.verified_by_id) == (world.now.date(), by.id)
    assert keep_terms(" wellby ", TERMS) == first
    assert verbs(ReviewTerms) == [Verb.REVIEW_TERMS_SET]
    second = keep_terms("wellby", Terms(3, None, 1, 6))
    assert second == first
    assert second.hate_threshold_number is None
    with pytest.raises(ValidationError, match="name of the council"):
        keep_terms(" ", TERMS)
    with pytest.raises(Refused):
        keep_terms("Wellby", Terms(0, None, 1, 6))


def test_only_who_keeps_the_directory_changes_it(
    world: World, officer: User, police: Agency, unit: AgencyContact
) -> None:
    by, at = world.actor(officer), world.now
    agreement = SharingAgreement(agency=police)
    tries: list[Callable[[], object]] = [
        lambda: add_police(by, at, "Another"),
        lambda: operations.change_agency(by=by, at=at, agency=police, **said(police, note="x")),
        lambda: operations.verify_agency(by=by, at=at, agency=police, how=RANG),
        lambda: operations.end_agency(by=by, at=at, agency=police, why="x"),
        lambda: add_unit(by, at, police, unit="Another"),
        lambda: unit_operations.change_unit(by=by, at=at, contact=unit, **said_of(unit)),
        lambda: unit_operations.verify_unit(by=by, at=at, contact=unit, how=RANG),
        lambda: unit_operations.end_unit(by=by, at=at, contact=unit, why="x"),
        lambda: agreement_operations.add_agreement(
            by=by, at=at, agency=police, title="T", purposes="P", begins_on=at.date()
        ),
        lambda: agreement_operations.end_agreement(
            by=by, at=at, agreement=agreement, last_day=at.date(), why="x"
        ),
        lambda: agreement_operations.set_review_terms(
            by=by, at=at, local_authority="Wellby", terms=TERMS, how="x"
        ),
    ]
    before = Event.objects.count()
    for attempt in tries:
        with pytest.raises(Refused) as refused:
            attempt()
        assert str(refused.value) == Grant.KEEP_PARTNERS.value
    assert Event.objects.count() == before


def test_the_database_refuses_too(world: World, police: Agency, unit: AgencyContact) -> None:
    """A check without who and how, a unit nobody can reach, a row taken away."""
    bad: list[Callable[[], object]] = [
        lambda: AgencyContact.objects.filter(pk=unit.pk).update(verified_on=world.now.date()),
        lambda: AgencyContact.objects.filter(pk=unit.pk).update(secure_email=""),
        lambda: Agency.objects.filter(pk=police.pk).update(service="ADULT_CARE"),
        lambda: Agency.objects.filter(pk=police.pk).update(ended_at=world.now),
        lambda: Agency.objects.filter(pk=police.pk).update(strands=["SHOES"]),
        lambda: AgencyContact.objects.filter(pk=unit.pk).delete(),
    ]
    for attempt in bad:
        with pytest.raises(DatabaseError), by_hand():
            attempt()
