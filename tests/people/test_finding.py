"""Finding people in the database: every spelling, near matches, who is hidden, never an error."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.access import Actor, Role
from cases.people import operations
from cases.people.models import Person
from cases.people.queries import (
    find_homes,
    find_people,
    home_line,
    household_of,
    people_called,
    same_home,
    tenancy_of,
)
from tests.people.folk import BORN, LONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(folk):
    home = folk.home()
    person = folk.person(
        "Amara O’Sei-Ménsah", date_of_birth=BORN, phone="+44 7700 900412", home=home
    )
    folk.tenant(person, home, "TEN-0012345")
    folk.lives(person, home)
    return person


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("amara osei mensah", "Name is the same."),
        ("AMARA O'SEI MÉNSAH", "Name is the same."),
        ("Osei-Mensah, Amara", "Name is the same."),
        ("amara oseimensah", "Name is the same."),
        ("amarah osay mensa", "Name sounds the same."),
        ("amra osei mensah", "Name sounds the same."),
        ("3/4/85", "Date of birth is the same."),
        ("3rd of April 1985", "Date of birth is the same."),
        ("07700900412", "Phone number is the same."),
        ("07700 900 412", "Phone number is the same."),
        ("900412", "Phone number ends the same."),
        ("nn99 4qt", "Postcode is the same."),
        ("NN994QT", "Postcode is the same."),
        ("ten 0012345", "Tenancy reference is the same."),
        ("TEN-0012345", "Tenancy reference is the same."),
        ("ten0012345", "Tenancy reference is the same."),
        ("14 larkfield court", "Address is the same."),
        ("larkfeild court", "Address is close."),
    ],
)
def test_however_they_are_typed_they_are_found_and_it_says_why(folk, amara, typed, why):
    found = find_people(typed, folk.by)
    assert [match.person for match in found] == [amara]
    assert found[0].why == [why]
    assert found[0].home_line == "tenant, 14 Larkfield Court, Wellby"


def test_their_reference_finds_them_in_lower_case_without_dashes(folk, amara):
    typed = amara.reference.lower().replace("-", " ")
    assert [match.person for match in find_people(typed, folk.by)] == [amara]


def test_a_near_match_stands_below_the_same_and_people_of_the_street_last(folk, amara):
    near = folk.person("Amarah Osay", home=folk.home("3 Larkfield Court"))
    other = folk.person("Joan Whitlock", home=amara.home)
    folk.person("Pawel Zielinski")
    found = find_people("amara osei mensah nn99 4qt", folk.by)
    assert [match.person for match in found] == [amara, near, other]
    assert found[0].why == ["Name is the same.", "Postcode is the same."]
    assert found[2].why == ["Postcode is the same."]


def test_a_former_tenant_and_a_lodger_are_said_to_be_so(folk):
    home = folk.home()
    former = folk.person("Ama Osei")
    folk.tenant(former, home, "TEN-1", starts=date(2010, 1, 4), ends=date(2023, 6, 5))
    lodger = folk.person("Amara Osei")
    folk.lives(lodger, folk.home("3 Larkfield Court"))
    lines = {match.person: match.home_line for match in find_people("ama osei", folk.by)}
    assert lines[former] == "former tenant, moved out in 2023"
    assert lines[lodger] == "lives at 3 Larkfield Court, Wellby"
    found = find_people("ama osei", folk.by, on=date(2020, 1, 1))
    assert {m.person: m.home_line for m in found}[former] == "tenant, 14 Larkfield Court, Wellby"


def test_other_holders_are_called_what_they_are(folk):
    home = folk.home()
    for number, (tenure, word) in enumerate(
        [("LEASEHOLDER", "leaseholder"), ("SHARED_OWNER", "shared owner"), ("TEMP", "licensee")]
    ):
        person = folk.person(f"Holder {number}")
        folk.tenant(person, home, f"L{number}", tenure=tenure)
        assert home_line(person) == f"{word}, 14 Larkfield Court, Wellby"
    assert home_line(folk.person("Grace Tully", is_colleague=True)) == "colleague"
    assert home_line(folk.person("Nobody Known")) == ""


def test_somebody_not_yet_identified_is_found_by_who_they_are(folk):
    man = operations.add_person(**folk.doing, placeholder="The man at number 16")
    assert [match.person for match in find_people("man number 16", folk.by)] == [man]


def test_what_they_asked_to_be_called_finds_them(folk):
    person = folk.person("Margaret Whitlock", known_as="Peggy")
    assert [match.person for match in find_people("peggy whitlock", folk.by)] == [person]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("محمد علي", "محمد"),
        ("محمد علي", "mohammed"),
        ("李小龍", "李小龍"),
        ("李 小龍", "李"),
        ("Ли Цзюнь", "цзюнь"),
        ("Ng Li", "li"),
    ],
)
def test_names_of_any_script_and_length_are_found(folk, written, typed):
    folk.person("Joan Whitlock")
    person = folk.person(written)
    assert [match.person for match in find_people(typed, folk.by)] == [person]


def test_the_limit_is_kept_and_the_best_are_first(folk):
    for number in range(6):
        folk.person(f"Aisha Khan{'x' * number}")
    found = find_people("aisha khan", folk.by, 4)
    assert len(found) == 4
    assert found[0].person.full_name == "Aisha Khan"


def test_those_hidden_are_counted_and_not_shown(folk, amara):
    hidden = Person.objects.filter(pk=amara.pk)
    found = find_people("amara osei mensah", folk.by, hidden=hidden)
    assert (len(found), found.hidden) == (0, 1)
    other = folk.person("Amara Mensah")
    found = find_people("amara osei mensah", folk.by, hidden=hidden)
    assert [match.person for match in found] == [other]
    assert found.hidden == 1


def test_whoever_a_colleague_is_tied_to_is_hidden_from_them_alone(folk, amara, world):
    other = world.user(Role.CASE_MANAGER)
    lodger = folk.person("Kofi Mensah", home=amara.home)
    operations.declare_staff_link(**folk.doing, user=folk.user, person=amara, kind="RELATIVE")
    found = find_people("mensah", folk.by)
    assert ([match.person for match in found], found.hidden) == ([lodger], 1)
    operations.declare_staff_link(**folk.doing, user=folk.user, home=amara.home, kind="LIVES_AT")
    found = find_people("mensah", folk.by)
    assert (len(found), found.hidden) == (0, 2)
    assert len(find_people("mensah", world.actor(other))) == 2


@pytest.mark.parametrize(
    "role", [Role.SYSADMIN, Role.DPO, Role.REPORT_VIEWER, Role.HR_LINK, Role.AUDITOR]
)
def test_roles_that_do_not_search_find_nobody(world, folk, amara, role):
    actor = world.actor(world.user(role))
    found = find_people("amara", actor)
    assert (len(found), found.hidden) == (0, 0)
    assert len(find_people("amara", Actor(id=None, name="a visitor"))) == 0


NASTY = st.text(
    st.one_of(
        st.sampled_from("/'\"&%_\\()\x00’-+,.;:*?[]{}|^$#@!~`😀\u202e\u0301ß 0123456789PNM"),
        st.characters(),
    ),
    max_size=300,
)


@given(NASTY)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_that_can_be_typed_is_an_error(folk, text):
    find_people(text, folk.by)
    find_homes(text)
    same_home(text.replace("\x00", ""), "", "")


@pytest.mark.parametrize(
    "typed",
    [
        "/", "'", '"', "&", "%", "_", "\\", "()", "\x00", "😀", "%%_\\'\"", "a\x00b", "\ud800",
        "x" * 1_000_000, "1" * 5000, "'; DROP TABLE people_person; --", "\\%",
    ],
)  # fmt: skip
def test_the_characters_that_usually_break_searches_do_not(folk, amara, typed):
    found = find_people(typed, folk.by)
    assert amara not in [match.person for match in found]


def test_a_percent_sign_is_no_wildcard(folk, amara):
    assert len(find_people("%", folk.by)) == 0
    assert len(find_people("____", folk.by)) == 0


def test_near_addresses_are_offered_and_the_same_one_is_known(folk):
    home = folk.home()
    folk.home("3 Quarry Road", "NN1 1AA")
    assert find_homes("14 Larkfeild Court Wellby") == [home]
    assert find_homes("something else altogether") == []
    assert same_home("14, LARKFIELD COURT", "wellby", "NN99  4qt") == home
    assert same_home("15 Larkfield Court", "Wellby", "NN99 4QT") is None
    assert same_home("", "", "") is None


def test_who_lived_with_somebody_on_a_day(folk, amara):
    household = amara.memberships.get().household
    kofi, esi = folk.person("Kofi Osei"), folk.person("Esi Osei")
    folk.lives(kofi, amara.home, household, moved_in=LONG, moved_out=date(2024, 2, 29))
    folk.lives(esi, amara.home, household, moved_in=date(2024, 2, 29))
    assert household_of(amara, date(2024, 2, 28)) == [kofi]
    assert household_of(amara, date(2024, 2, 29)) == [esi]
    assert household_of(amara, date(2018, 12, 31)) == []
    assert tenancy_of(amara, LONG).reference == "TEN-0012345"
    assert tenancy_of(amara, date(2019, 1, 6)) is None


def test_a_full_name_and_a_date_of_birth_name_somebody_without_browsing(folk, amara):
    assert people_called("Amara Osei Mensah", BORN) == [amara]
    assert people_called("Amarah Osay Mensa", BORN) == [amara]
    assert people_called("Amara Osei Mensah", date(1985, 4, 4)) == []
    assert people_called("Joan Whitlock", BORN) == []
