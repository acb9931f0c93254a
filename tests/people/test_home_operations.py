"""Homes, households, tenancies, links and keys; and what the database refuses by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.people import operations
from cases.people.models import (
    Adjustment,
    Household,
    HouseholdMembership,
    Person,
    Property,
    SafeContact,
    StaffLink,
    Tenancy,
)
from cases.people.past import history_of
from cases.people.queries import (
    members_of,
    membership_of,
)
from tests.people.folk import LONG, Folk


def last_event() -> Event:
    return Event.objects.order_by("-id")[0]


@pytest.fixture
def amara(folk):
    return folk.person(phone="07700 900412", home=folk.home())


# --- homes, households, tenancies ---


def test_a_home_is_found_by_its_keys_and_a_property_number_is_used_once(folk):
    home = operations.add_property(**folk.doing, address="1 Mill Row", postcode="nn12ab", uprn="7")
    assert (home.postcode, home.search_key) == ("NN1 2AB", "1 mill row nn1 2ab")
    with pytest.raises(ValidationError):
        operations.add_property(**folk.doing, address="2 Mill Row", uprn="7")
    with pytest.raises(ValidationError):
        operations.add_property(**folk.doing, address="2 Mill Row", stock_class="CASTLE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Property(address="x", uprn="7").save()


def test_somebody_lives_in_one_household_at_a_time_for_form_and_database_alike(folk, amara):
    household = folk.lives(amara, amara.home, moved_in=date(2020, 1, 1))
    other = operations.add_household(**folk.doing, home=folk.home("3 Larkfield Court"))
    with pytest.raises(ValidationError) as refused:
        operations.add_household_member(
            **folk.doing, household=other, person=amara, moved_in=date(2024, 1, 1)
        )
    assert "They already live in a household at that time." in refused.value.messages
    row = HouseholdMembership(
        household=other, person=amara, period=DateRange(date(2024, 1, 1), None)
    )
    with pytest.raises(IntegrityError) as raw, transaction.atomic():
        row.save()
    assert raw.value.__cause__.diag.constraint_name == "people_membership_one_home_at_a_time"
    ended = operations.end_household_member(
        **folk.doing, membership=membership_of(amara, LONG + timedelta(days=2000)),
        moved_out=date(2024, 1, 1),
    )  # fmt: skip
    assert ended.period.upper == date(2024, 1, 1)
    operations.add_household_member(
        **folk.doing, household=other, person=amara, moved_in=date(2024, 1, 1)
    )
    assert [row.person for row in members_of(other, date(2024, 1, 1))] == [amara]
    assert members_of(household, date(2024, 1, 1)) == []


@pytest.mark.parametrize("moved_out", [LONG, LONG - timedelta(days=1)])
def test_the_last_day_comes_after_the_first(folk, amara, moved_out):
    household = operations.add_household(**folk.doing, home=amara.home)
    with pytest.raises(ValidationError) as refused:
        operations.add_household_member(
            **folk.doing, household=household, person=amara, moved_in=LONG, moved_out=moved_out
        )
    assert refused.value.message_dict == {"moved_out": ["The last day must come after the first."]}


def test_tenancies_have_one_reference_a_known_kind_and_a_length(folk, amara):
    tenancy = folk.tenant(amara, amara.home, "T-1")
    assert last_event().changes == {"tenure": "ASSURED"}
    for bad in ({}, {"reference": "T-2", "tenure": "CASTLE"}, {"reference": "T-3", "ends": LONG}):
        with pytest.raises(ValidationError):
            folk.tenant(amara, amara.home, **{"reference": tenancy.reference, **bad})
    always = DateRange(LONG, None)
    for row in (
        Tenancy(reference="T-1", home=amara.home, holder=amara, tenure="ASSURED", period=always),
        Tenancy(reference="T-4", home=amara.home, holder=amara, tenure="CASTLE", period=always),
        Tenancy(
            reference="T-5",
            home=amara.home,
            holder=amara,
            tenure="ASSURED",
            period=DateRange(LONG, LONG),
        ),
    ):
        with pytest.raises(ValidationError):
            row.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


# --- what the database refuses by itself ---


def test_every_other_constraint_is_refused_by_form_and_database(folk, amara):
    now = folk.world.now
    rows = [
        Person(reference="P-222222", created_at=now),
        Person(reference="P-222223", created_at=now, full_name="x", date_of_birth=date(1899, 1, 1)),
        SafeContact(person=amara, asked_at=now, ring="PERHAPS"),
        Adjustment(person=amara, need="x", asked_at=now, ended_at=now - timedelta(days=1)),
        StaffLink(user=folk.user, kind="SELF", declared_at=now),
        StaffLink(user=folk.user, kind="SELF", declared_at=now, person=amara, home=amara.home),
        StaffLink(user=folk.user, kind="ENEMY", declared_at=now, person=amara),
    ]
    for row in rows:
        with pytest.raises(ValidationError):
            row.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_people_and_what_hangs_on_them_are_never_removed(folk, amara):
    folk.lives(amara, amara.home)
    folk.tenant(amara, amara.home, "T-1")
    operations.set_safe_contact(**folk.doing, person=amara, text="SAFE")
    operations.add_adjustment(**folk.doing, person=amara, need="x")
    operations.declare_staff_link(**folk.doing, user=folk.user, person=amara, kind="RELATIVE")
    kinds = (StaffLink, Adjustment, SafeContact, Tenancy, HouseholdMembership, Person, Property)
    for model in kinds:
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        StaffLink.objects.update(kind="SELF")


# --- links, keys, history ---


def test_a_link_is_declared_once_by_oneself_or_a_manager(folk, amara, world):
    link = operations.declare_staff_link(
        **folk.doing, user=folk.user, person=amara, kind="RELATIVE"
    )
    again = operations.declare_staff_link(
        **folk.doing, user=folk.user, person=amara, kind="RELATIVE"
    )
    assert link == again
    assert Event.objects.filter(verb="person.staff_link").count() == 1
    other = world.user(Role.HOUSING_OFFICER)
    with pytest.raises(Refused):
        operations.declare_staff_link(**folk.doing, user=other, person=amara, kind="SELF")
    manager = world.actor(world.user(Role.CASE_MANAGER))
    operations.declare_staff_link(
        by=manager, at=world.now, user=other, home=amara.home, kind="LIVES_AT"
    )


def test_showing_contact_details_is_recorded_and_not_for_auditors(folk, amara, world):
    operations.show_details(**folk.doing, person=amara)
    assert (last_event().verb, last_event().subject_id) == ("person.details_shown", amara.pk)
    auditor = world.actor(world.user(Role.AUDITOR))
    with pytest.raises(Refused):
        operations.show_details(by=auditor, at=world.now, person=amara)


def test_the_command_makes_keys_that_are_out_of_date_afresh(folk, amara):
    Person.objects.filter(pk=amara.pk).update(name_key="", sound_key="", phone_key="")
    Property.objects.filter(pk=amara.home.pk).update(search_key="")
    out = StringIO()
    call_command("fill_people_keys", stdout=out)
    assert out.getvalue() == "2 rows were out of date and are right now.\n"
    fresh = Person.objects.get(pk=amara.pk)
    assert (fresh.name_key, fresh.phone_key) == (amara.name_key, amara.phone_key)
    call_command("fill_people_keys", stdout=out)
    assert out.getvalue().endswith("0 rows were out of date and are right now.\n")
    assert Event.objects.filter(actor_name="fill_people_keys").count() == 1


def test_history_says_field_by_field_who_when_before_and_after(
    folk, amara, django_assert_max_num_queries
):
    later = {"by": folk.by, "at": folk.world.now + timedelta(hours=2)}
    home = folk.home("3 Larkfield Court")
    folk.lives(amara, home)
    folk.tenant(amara, home, "T-1")
    operations.set_safe_contact(**folk.doing, person=amara, text="SAFE")
    adjustment = operations.add_adjustment(**folk.doing, person=amara, need="Large print")
    operations.end_adjustment(**later, adjustment=adjustment)
    operations.change_person(
        **later, person=amara, full_name="Amara Mensah", home=home, is_colleague=True
    )
    with django_assert_max_num_queries(12):
        entries = history_of(amara)
    latest = {"Details changed", "Adjustment ended", "Kept as not safe"}
    assert {entry.title for entry in entries[:3]} == latest
    assert {(entry.who, entry.at) for entry in entries[:3]} == {("Dawn Mistry", later["at"])}
    changed = next(entry for entry in entries if entry.title == "Details changed")
    fields = {field.label: field for field in changed.fields}
    assert (fields["Name"].before, fields["Name"].after) == ("Amara Osei", "Amara Mensah")
    assert fields["Home"].before == "14 Larkfield Court, Wellby"
    assert fields["Home"].after == "3 Larkfield Court, Wellby"
    assert fields["Home"].covered
    assert not fields["Name"].covered
    assert (fields["Works for us"].before, fields["Works for us"].after) == ("No", "Yes")
    titles = {entry.title for entry in entries}
    assert titles == {
        "Added to our records",
        "Details changed",
        "Safe contact asked",
        "Adjustment added",
        "Adjustment ended",
        "Joined a household",
        "Kept as not safe",
        "Tenancy added",
    }
    tenancy = next(entry for entry in entries if entry.title == "Tenancy added")
    assert {field.after for field in tenancy.fields} >= {
        "Assured tenant",
        "From Monday 7 January 2019",
    }


def test_two_who_add_one_person_to_two_households_at_once_cannot_both_succeed(own_world):
    folk = Folk(own_world)
    people = [folk.person(f"Person {number}") for number in range(6)]
    home = folk.home()
    households = [operations.add_household(**folk.doing, home=home) for _ in range(3)]

    def attempt(person: Person, household: Household) -> str:
        try:
            folk.lives(person, home, household)
        except ValidationError as refused:
            return " ".join(refused.messages)
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        tries = [
            pool.submit(attempt, person, household) for person in people for household in households
        ]
        said = [done.result() for done in tries]
    assert said.count("saved") == len(people)
    assert set(said) == {"saved", "They already live in a household at that time."}
    assert HouseholdMembership.objects.count() == len(people)
