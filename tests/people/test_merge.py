"""Joining two records of one person, and taking them apart: nothing moves, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.access import Refused, Role
from cases.people import operations
from cases.people.choices import Reach
from cases.people.merging import FIELDS, WAYS, no_looser, safer
from cases.people.models import Merge, Person, SafeContact
from cases.people.queries import Tie, safe_contact_of, survivors, ties_around
from cases.people.ties import Basis
from tests.people.folk import Folk

SAFE, NOT_SAFE, NOT_ASKED = (reach.value for reach in Reach)


def row(person: Person) -> dict[str, Any]:
    """Every column of a record."""
    return Person.objects.filter(pk=person.pk).values().get()


def merge(folk: Folk, survivor: Person, loser: Person, **more: Any) -> Merge:
    return operations.merge_people(**folk.doing, survivor=survivor, loser=loser, **more)


def unmerge(folk: Folk, joined: Merge) -> Merge:
    return operations.unmerge_people(**folk.doing, merge=joined)


@pytest.fixture
def two(folk):
    stays = folk.person("Amara Osei", phone="07700 900412", home=folk.home())
    goes = folk.person("Amara Osey", phone="07700 900999", email="a@example.com")
    return stays, goes


def test_the_chosen_details_are_written_and_everything_comes_back(folk, two):
    stays, goes = two
    before = row(stays), row(goes)
    joined = merge(folk, stays, goes, take=["phone", "email", "home"])
    after = row(stays)
    assert (after["phone"], after["email"], after["home_id"]) == (goes.phone, goes.email, None)
    assert after["full_name"] == "Amara Osei"
    assert row(goes) == before[1] | {"merged_into_id": stays.pk}
    assert survivors([stays.pk, goes.pk]) == {stays.pk: stays.pk, goes.pk: stays.pk}
    unmerge(folk, joined)
    assert (row(stays), row(goes)) == before
    assert survivors([stays.pk, goes.pk]) == {stays.pk: stays.pk, goes.pk: goes.pk}


def test_what_was_changed_since_stays_changed(folk, two):
    stays, goes = two
    joined = merge(folk, stays, goes, take=["phone", "email"])
    operations.change_person(**folk.doing, person=stays, phone="07700 900111", safe=SAFE)
    unmerge(folk, joined)
    assert (row(stays)["phone"], row(stays)["email"]) == ("07700 900111", "")


def test_the_last_joined_is_the_first_taken_apart(folk, two):
    stays, goes = two
    third = folk.person("Amara O")
    first, second = merge(folk, stays, goes), merge(folk, stays, third)
    with pytest.raises(ValidationError, match=f"{third.reference} was joined later"):
        unmerge(folk, first)
    unmerge(folk, second)
    unmerge(folk, first)
    with pytest.raises(ValidationError, match="already taken apart"):
        unmerge(folk, first)


def test_a_chain_points_at_its_end_and_comes_apart_link_by_link(folk, two):
    stays, goes = two
    last = folk.person("Amara Mensah")
    first = merge(folk, stays, goes)
    second = merge(folk, last, stays)
    assert set(survivors([stays.pk, goes.pk, last.pk]).values()) == {last.pk}
    with pytest.raises(ValidationError, match=last.reference):
        unmerge(folk, first)
    unmerge(folk, second)
    assert survivors([goes.pk, stays.pk]) == {goes.pk: stays.pk, stays.pk: stays.pk}


def test_no_circles(folk, two):
    stays, goes = two
    merge(folk, stays, goes)
    for wrong in ((goes, stays), (stays, goes), (stays, stays)):
        with pytest.raises(ValidationError):
            merge(folk, *wrong)
    third = folk.person("Third")
    for pk, at_whom in ((stays.pk, goes.pk), (third.pk, goes.pk), (stays.pk, third.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.filter(pk=pk).update(merged_into=at_whom)
    with pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.filter(pk=third.pk).update(merged_into=third.pk)


def test_ties_are_those_of_both_records(folk, two):
    stays, goes = two
    efua, kofi = folk.person("Efua"), folk.person("Kofi")
    operations.add_family_link(**folk.doing, person=goes, relative=efua, kind="CHILD")
    household = folk.lives(stays, folk.home("2 Elm Way"))
    folk.lives(kofi, household.home, household)
    joined = merge(folk, stays, goes)
    with CaptureQueriesContext(connection) as queries:
        found = ties_around([goes.pk])
    assert len(queries) == 3
    assert [(tie.person, tie.relative, tie.basis) for tie in found] == [
        (stays.pk, efua.pk, Basis.FAMILY),
        (stays.pk, kofi.pk, Basis.HOUSEHOLD),
    ]
    assert isinstance(found[0], Tie)
    unmerge(folk, joined)
    assert [tie.relative for tie in ties_around([stays.pk])] == [kofi.pk]


def test_what_is_said_of_a_merged_record_is_written_on_the_survivor(folk, two):
    stays, goes = two
    merge(folk, stays, goes)
    goes = Person.objects.get(pk=goes.pk)
    operations.change_person(**folk.doing, person=goes, language="Twi")
    operations.set_safe_contact(**folk.doing, person=goes, text=SAFE)
    assert row(stays)["language"] == "Twi"
    assert row(goes)["language"] == ""
    assert SafeContact.objects.get(person=stays).text == SAFE


def test_only_those_who_work_cases_merge(folk, two, world):
    handler = world.actor(world.user(Role.CALL_HANDLER))
    with pytest.raises(Refused):
        operations.merge_people(by=handler, at=world.now, survivor=two[0], loser=two[1])


def test_fields_are_the_persons_details():
    assert set(FIELDS) == operations.DETAILS


# --- the safer way to reach them ---


def said(**ways: str) -> dict[str, str]:
    texts = ("first_choice", "safe_times", "say_we_are", "who_could_find_out", "if_cut_off")
    return dict.fromkeys(WAYS, NOT_ASKED) | dict.fromkeys(texts, "") | ways


@pytest.mark.parametrize("mine", [SAFE, NOT_SAFE, NOT_ASKED, None])
@pytest.mark.parametrize("theirs", [SAFE, NOT_SAFE, NOT_ASKED, None])
@pytest.mark.parametrize("taken", [(), ("phone",)])
def test_no_way_becomes_allowed_by_a_merge(mine, theirs, taken):
    stays = said(ring=mine) if mine else None
    goes = said(ring=theirs) if theirs else None
    now = safer(stays, goes, taken)
    if not now:
        assert mine is theirs is None
        return
    if now["ring"] == SAFE:
        assert mine == SAFE
        assert theirs == SAFE or (theirs is None and not taken)
    if NOT_SAFE in (mine, theirs):
        assert now["ring"] == NOT_SAFE
    held = no_looser(goes, now)
    assert held["ring"] != SAFE or (theirs == SAFE and now["ring"] == SAFE)


def test_both_records_say_the_safer_until_somebody_asks_again(folk, two):
    stays, goes = two
    operations.set_safe_contact(**folk.doing, person=stays, ring=SAFE, text=SAFE, post=SAFE)
    operations.set_safe_contact(
        **folk.doing, person=goes, ring=SAFE, post=NOT_SAFE, who_could_find_out="His brother"
    )
    before = [safe_contact_of(stays), safe_contact_of(goes)]
    joined = merge(folk, stays, goes)
    facts = safe_contact_of(stays)
    assert (facts.ring, facts.text, facts.post) == (SAFE, NOT_ASKED, NOT_SAFE)
    # Its own number is another one: what is safe for that is not safe for this.
    facts = safe_contact_of(goes)
    assert (facts.ring, facts.text, facts.post) == (NOT_ASKED, NOT_ASKED, NOT_SAFE)
    unmerge(folk, joined)
    assert [safe_contact_of(stays), safe_contact_of(goes)] == before


def test_what_was_asked_since_is_never_loosened_by_taking_apart(folk, two):
    stays, goes = two
    operations.set_safe_contact(**folk.doing, person=stays, ring=SAFE, post=SAFE)
    operations.set_safe_contact(**folk.doing, person=goes, post=NOT_SAFE)
    joined = merge(folk, stays, goes)
    later = {"by": folk.by, "at": folk.world.now.replace(hour=15)}
    operations.set_safe_contact(**later, person=stays, ring=NOT_SAFE)
    assert safe_contact_of(goes).ring != SAFE
    operations.unmerge_people(**later, merge=joined)
    assert (safe_contact_of(stays).ring, safe_contact_of(stays).post) == (NOT_SAFE, NOT_SAFE)


def test_a_number_that_no_longer_holds_is_not_safe_on_the_joined_record(folk, two):
    """Pages of a case read the record they were written with: it must not offer the old number."""
    stays, goes = two
    operations.set_safe_contact(**folk.doing, person=stays, ring=SAFE)
    operations.set_safe_contact(**folk.doing, person=goes, ring=SAFE)
    merge(folk, stays, goes)
    assert SafeContact.objects.get(person=goes).ring == NOT_ASKED
    assert SafeContact.objects.get(person=stays).ring == SAFE
    same = folk.person("Amara O", phone=stays.phone)
    operations.set_safe_contact(**folk.doing, person=same, ring=SAFE)
    merge(folk, stays, same)
    assert SafeContact.objects.get(person=same).ring == SAFE
    operations.change_person(**folk.doing, person=stays, phone="07700 900111", safe=SAFE)
    assert SafeContact.objects.get(person=stays).ring == SAFE
    assert SafeContact.objects.get(person=same).ring == NOT_ASKED


def test_a_number_given_back_is_as_safe_as_it_was(folk, two):
    """Found by the property test: the survivor's answers had not changed, so nothing was kept."""
    stays, goes = two
    operations.set_safe_contact(**folk.doing, person=stays, ring=SAFE)
    operations.set_safe_contact(**folk.doing, person=goes, ring=SAFE)
    unmerge(folk, merge(folk, stays, goes, take=["phone"]))
    assert [safe_contact_of(person).ring for person in two] == [SAFE, SAFE]
    joined = merge(folk, stays, goes, take=["phone"])
    later = {"by": folk.by, "at": folk.world.now.replace(hour=15)}
    operations.set_safe_contact(**later, person=stays, text=SAFE)
    operations.unmerge_people(**later, merge=joined)
    assert safe_contact_of(stays).ring == NOT_ASKED
