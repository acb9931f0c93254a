"""Family links and households: what is refused, how they read from both ends, for how long."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from cases.access import Refused, Role
from cases.audit import settling
from cases.audit.models import Event
from cases.audit.settling import Fact, settle_with
from cases.people import operations
from cases.people.choices import FamilyKind
from cases.people.models import FamilyLink
from cases.people.queries import Tie, ties_around
from cases.people.ties import (
    BONDS,
    FAMILY_KINDS,
    PERMANENT,
    Basis,
    kind_from_other_end,
    possessive,
    say_kind,
)
from tests.people.folk import LONG, Folk

DAY = date(2025, 6, 1)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[int]]:
    """The people whose ties were said to have changed, operation by operation."""
    calls: list[frozenset[int]] = []
    monkeypatch.setattr(settling, "_settlers", settling.defaultdict(list))
    settle_with(Fact.PERSON, lambda by, at, ids: calls.append(ids))
    return calls


@pytest.fixture
def two(folk: Folk):
    return folk.person("Amara Osei", pronouns="she/her"), folk.person("Efua Osei")


def link(folk: Folk, person, relative, kind="CHILD", **more):
    return operations.add_family_link(
        **folk.doing, person=person, relative=relative, kind=kind, **more
    )


# --- the kinds ---


def test_every_kind_has_another_end_a_choice_and_words():
    assert set(FAMILY_KINDS) == set(FamilyKind.values)
    for kind in FAMILY_KINDS:
        assert kind_from_other_end(kind_from_other_end(kind)) == kind
        assert (kind in PERMANENT) == (kind_from_other_end(kind) in PERMANENT)
        assert BONDS.get(kind) == BONDS.get(kind_from_other_end(kind))
        assert say_kind(kind)


@pytest.mark.parametrize(
    ("kind", "pronouns", "words"),
    [
        ("CHILD", "she/her", "daughter"),
        ("CHILD", "He, him", "child"),
        ("CHILD", "he/him", "son"),
        ("CHILD", "they/them", "child"),
        ("CHILD", "", "child"),
        ("SIBLING", "SHE", "sister"),
        ("SPOUSE", "", "husband or wife"),
    ],
)
def test_a_kind_says_no_more_than_we_were_told(kind, pronouns, words):
    assert say_kind(kind, pronouns) == words


def test_whose_relative():
    assert possessive("Amara", "she/her") == "her"
    assert possessive("Amara", "") == "Amara’s"
    assert possessive("James", "") == "James’"
    assert possessive("Amara", "they/them") == "their"


# --- links ---


def test_a_link_reads_from_both_ends(folk, two):
    amara, efua = two
    link(folk, amara, efua, since=LONG)
    assert ties_around([amara.pk]) == [
        Tie(amara.pk, efua.pk, Basis.FAMILY, "CHILD", LONG, None, permanent=True)
    ]
    assert ties_around([efua.pk]) == [
        Tie(efua.pk, amara.pk, Basis.FAMILY, "PARENT", LONG, None, permanent=True)
    ]
    assert len(ties_around([amara.pk, efua.pk])) == 2
    assert ties_around([]) == []


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (("CHILD", LONG, None), ("CHILD", DAY, None), True),
        (("CHILD", LONG, None), ("PARENT_OTHER_WAY", DAY, None), True),
        (("SPOUSE", LONG, DAY), ("SPOUSE", DAY, None), False),
        (("SPOUSE", LONG, None), ("SPOUSE_OTHER_WAY", None, None), True),
        (("SIBLING", LONG, None), ("GUARDIAN", LONG, None), False),
        (("CHILD", None, None), ("PARENT", None, None), True),
    ],
)
def test_no_bond_twice_at_one_time(folk, two, first, second, refused):
    amara, efua = two
    kind, since, until = first
    link(folk, amara, efua, kind, since=since, until=until)
    kind, since, until = second
    ends = (efua, amara) if kind.endswith("_OTHER_WAY") else (amara, efua)
    kind = kind.removesuffix("_OTHER_WAY")
    if refused:
        with pytest.raises(ValidationError, match="We already have this"):
            link(folk, *ends, kind, since=since, until=until)
    else:
        link(folk, *ends, kind, since=since, until=until)


def test_nobody_is_their_own_relative(folk, two):
    with pytest.raises(ValidationError, match="Nobody is their own relative"):
        link(folk, two[0], two[0], "SIBLING")
    with pytest.raises(IntegrityError, match="not_themselves"), transaction.atomic():
        FamilyLink.objects.bulk_create(
            [FamilyLink(person=two[0], relative=two[0], kind="CHILD", period=DateRange())]
        )


def test_the_database_refuses_a_duplicate_by_itself(two):
    amara, efua = two
    rows = [
        FamilyLink(person=amara, relative=efua, kind="CHILD", period=DateRange(LONG, None)),
        FamilyLink(person=efua, relative=amara, kind="PARENT", period=DateRange(DAY, None)),
    ]
    with pytest.raises(IntegrityError, match="once_at_a_time"), transaction.atomic():
        FamilyLink.objects.bulk_create(rows)


@pytest.mark.parametrize(("kind", "holds"), [("CHILD", True), ("SPOUSE", False)])
def test_permanent_kinds_ignore_the_end(folk, two, kind, holds):
    row = link(folk, *two, kind, since=LONG)
    operations.end_family_link(**folk.doing, link=row, until=DAY)
    [tie] = ties_around([two[0].pk])
    assert tie.until == DAY
    assert tie.holds_on(DAY) is holds
    assert tie.holds_on(LONG)


def test_a_mistake_holds_no_day_and_stays_in_the_history(folk, two):
    row = link(folk, *two)
    operations.remove_family_link(**folk.doing, link=row)
    assert ties_around([two[0].pk]) == []
    assert row.history.count() == 2
    link(folk, *two)
    assert len(ties_around([two[0].pk])) == 1
    with pytest.raises(ValidationError, match="by mistake"):
        operations.end_family_link(**folk.doing, link=row, until=DAY)


def test_a_correction_is_seen_and_a_second_one_changes_nothing(folk, two):
    row = link(folk, *two, "CHILD")
    values = {"kind": "STEP_CHILD", "told_by": "HOUSEHOLD", "since": LONG}
    operations.correct_family_link(**folk.doing, link=row, **values)
    events = Event.objects.count()
    operations.correct_family_link(**folk.doing, link=row, **values)
    assert Event.objects.count() == events
    [tie] = ties_around([two[0].pk])
    assert (tie.kind, tie.since, tie.permanent) == ("STEP_CHILD", LONG, False)


def test_only_those_who_record_people_may(folk, two, world):
    auditor = world.actor(world.user(Role.AUDITOR))
    with pytest.raises(Refused):
        operations.add_family_link(
            by=auditor, at=world.now, person=two[0], relative=two[1], kind="CHILD"
        )


# --- households ---


def test_household_ties_last_while_both_were_there(folk, two):
    amara, efua = two
    home = folk.home()
    household = folk.lives(amara, home, relation="TENANT")
    folk.lives(efua, home, household, moved_in=date(2024, 1, 1), relation="LODGER")
    membership = efua.memberships.get()
    operations.end_household_member(**folk.doing, membership=membership, moved_out=DAY)
    assert ties_around([amara.pk]) == [
        Tie(amara.pk, efua.pk, Basis.HOUSEHOLD, "LODGER", date(2024, 1, 1), DAY)
    ]


def test_two_licences_in_one_scheme_are_two_households(folk, two):
    amara, efua = two
    scheme = folk.home()
    folk.lives(amara, scheme)
    folk.lives(efua, scheme)
    assert ties_around([amara.pk, efua.pk]) == []


def test_a_membership_by_mistake_holds_no_day(folk, two):
    amara, efua = two
    household = folk.lives(amara, folk.home())
    folk.lives(efua, household.home, household)
    operations.remove_household_member(**folk.doing, membership=efua.memberships.get())
    assert ties_around([amara.pk]) == []
    folk.lives(efua, folk.home("2 Elm Way"))


# --- what is told to whoever follows, and what it costs ---


def test_every_change_of_a_tie_says_so_of_both_ends(folk, two, told):
    amara, efua = two
    row = link(folk, amara, efua)
    operations.end_family_link(**folk.doing, link=row, until=DAY)
    operations.correct_family_link(**folk.doing, link=row, kind="WARD", told_by="OTHER")
    operations.remove_family_link(**folk.doing, link=row)
    household = folk.lives(amara, folk.home())
    folk.lives(efua, household.home, household)
    membership = efua.memberships.get()
    operations.correct_household_member(
        **folk.doing, membership=membership, moved_in=DAY, relation="CHILD"
    )
    operations.end_household_member(**folk.doing, membership=membership, moved_out=date(2026, 1, 1))
    operations.remove_household_member(**folk.doing, membership=membership)
    both = frozenset({amara.pk, efua.pk})
    assert told == [both] * 4 + [frozenset({amara.pk})] + [both] * 4
    told.clear()
    operations.change_person(**folk.doing, person=amara, full_name="Amara Mensah")
    operations.change_person(**folk.doing, person=amara, language="Twi")
    assert told == [frozenset({amara.pk})]


def test_the_number_of_queries_does_not_grow(folk):
    people = [folk.person(f"Person {number}") for number in range(6)]
    household = folk.lives(people[0], folk.home())
    for person in people[1:]:
        folk.lives(person, household.home, household)
        link(folk, people[0], person)
    counts = []
    for asked in (people[:1], people):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert ties_around([person.pk for person in asked])
        counts.append(len(queries))
    assert counts == [3, 3]
