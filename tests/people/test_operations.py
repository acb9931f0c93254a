"""What each operation writes, records and refuses, and what the database refuses by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cases import references
from cases.access import Refused, Role
from cases.audit.models import Event
from cases.people import operations
from cases.people.models import (
    Adjustment,
    Person,
    SafeContact,
)
from cases.people.past import history_of
from cases.people.queries import (
    adjustment_lines,
    adjustments_of,
    reaching,
    safe_contact_of,
    safe_lines,
)
from cases.references import PERSON
from tests.people.folk import BORN, LONG


def last_event() -> Event:
    return Event.objects.order_by("-id")[0]


@pytest.fixture
def amara(folk):
    return folk.person(phone="07700 900412", home=folk.home())


# --- adding and changing people ---


def test_a_person_is_added_with_reference_keys_history_and_event(folk):
    person = folk.person("  Amara O’Sei ", date_of_birth=BORN, phone="+44 7700 900412")
    assert PERSON.fullmatch(person.reference)
    assert person.full_name == "Amara O’Sei"
    assert (person.name_key, person.phone_key) == ("amara osei", "07700900412")
    assert person.sound_key
    assert person.created_at == folk.world.now
    row = person.history.get()
    assert (row.history_date, row.history_user_id) == (folk.world.now, folk.user.pk)
    event = last_event()
    assert (event.verb, event.subject_id, event.actor_id) == (
        "person.added",
        person.pk,
        folk.user.pk,
    )
    assert "Amara" not in str(event.changes)


def test_nobody_is_reachable_until_somebody_asks(folk):
    person = folk.person()
    assert safe_contact_of(person) is None
    assert str(safe_lines([person.pk])[person.pk]).startswith("Safe contact not asked.")
    row = operations.set_safe_contact(**folk.doing, person=person, text="SAFE")
    assert (row.post, row.voicemail) == ("NOT_ASKED", "NOT_ASKED")
    assert str(safe_lines([person.pk])[person.pk]) == "Text only. No post. No voicemail."


@pytest.mark.parametrize(
    "bad",
    [
        {"full_name": ""},
        {"full_name": "   "},
        {"date_of_birth": date(1899, 12, 31)},
        {"date_of_birth": date(2026, 11, 20)},
        {"full_name": "A\x00B"},
    ],
)
def test_what_cannot_be_is_refused_in_words(folk, bad):
    with pytest.raises(ValidationError) as refused:
        folk.person(**{"full_name": "Amara Osei", **bad})
    assert all(message.endswith(".") for message in refused.value.messages)
    assert not Person.objects.exists()
    assert not Event.objects.filter(verb="person.added").exists()


@pytest.mark.parametrize(
    "text",
    [
        "Siân Ó Súilleabháin",
        "محمد علي",
        "李小龍",
        "O'Brien-O’Neill",
        "Zoë 😀",
        "<script>",
        "Łukasz",
    ],
)
def test_names_come_back_as_they_were_written(folk, text):
    person = folk.person(text)
    assert Person.objects.get(pk=person.pk).full_name == text


@pytest.mark.parametrize(
    "role",
    sorted(set(Role) - {Role.CALL_HANDLER, Role.HOUSING_OFFICER, Role.CASE_MANAGER}),
)
def test_only_those_who_take_reports_or_work_cases_write_people_down(folk, world, amara, role):
    doing = {"by": world.actor(world.user(role)), "at": world.now}
    household = operations.add_household(**folk.doing, home=amara.home)
    adjustment = operations.add_adjustment(**folk.doing, person=amara, need="Large print")
    membership = operations.add_household_member(
        **folk.doing, household=household, person=amara, moved_in=LONG
    )
    attempts = [
        lambda: operations.add_person(**doing, full_name="Joan"),
        lambda: operations.change_person(**doing, person=amara, known_as="J"),
        lambda: operations.add_property(**doing, address="1 Mill Row"),
        lambda: operations.add_household(**doing, home=amara.home),
        lambda: operations.add_household_member(
            **doing, household=household, person=amara, moved_in=LONG
        ),
        lambda: operations.end_household_member(**doing, membership=membership, moved_out=LONG),
        lambda: operations.add_tenancy(
            **doing, reference="T", home=amara.home, holder=amara, tenure="ASSURED", starts=LONG
        ),
        lambda: operations.set_safe_contact(**doing, person=amara, text="SAFE"),
        lambda: operations.add_adjustment(**doing, person=amara, need="x"),
        lambda: operations.end_adjustment(**doing, adjustment=adjustment),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert str(refused.value) == (
            "Only people who take reports or work cases change a person's details."
        )


def test_details_are_changed_with_the_keys_and_nothing_is_nothing(folk, amara):
    changed = operations.change_person(**folk.doing, person=amara, full_name="Amara Mensah")
    assert changed.name_key == "amara mensah"
    assert last_event().changes == {"full_name": "changed"}
    before = Event.objects.count()
    operations.change_person(**folk.doing, person=amara, full_name=" Amara Mensah ")
    assert Event.objects.count() == before
    with pytest.raises(TypeError):
        operations.change_person(**folk.doing, person=amara, reference="P-222222")


def test_somebody_not_yet_identified_is_named_later(folk):
    man = operations.add_person(**folk.doing, placeholder="The man at number 16")
    assert (man.name, man.identified, man.call_them) == ("The man at number 16", False, "them")
    named = operations.change_person(**folk.doing, person=man, full_name="Peter Lund")
    assert (named.name, named.identified, named.call_them) == ("Peter Lund", True, "Peter")


def test_a_reference_that_is_taken_is_not_given_again(folk, amara, monkeypatch):
    made = iter([amara.reference, "P-222222"])
    monkeypatch.setattr(references, "person_reference", lambda: next(made))
    assert folk.person("Joan Whitlock").reference == "P-222222"


# --- a new number, email or address: is it safe, who told us? ---


def everything_safe(folk, person, **more):
    ways = dict.fromkeys(SafeContact.CHANNELS, "SAFE")
    return operations.set_safe_contact(**folk.doing, person=person, **{**ways, **more})


@pytest.mark.parametrize(
    ("detail", "value", "fall"),
    [
        ("phone", "07700 900999", {"ring", "voicemail", "text"}),
        ("email", "amara@example.org", {"email"}),
        ("home", None, {"post", "visit"}),
    ],
)
@pytest.mark.parametrize("safe", ["NOT_SAFE", "NOT_ASKED"])
def test_a_new_detail_that_is_not_known_to_be_safe_stops_the_ways_that_stand_on_it(
    folk, amara, detail, value, fall, safe
):
    everything_safe(folk, amara, first_choice="text")
    operations.change_person(
        **folk.doing, person=amara, safe=safe, told_by="HOUSEHOLD", **{detail: value}
    )
    row = SafeContact.objects.get(person=amara)
    for way in SafeContact.CHANNELS:
        assert getattr(row, way) == (safe if way in fall else "SAFE")
    assert row.first_choice == ("" if "text" in fall else "text")
    changes = last_event().changes
    assert (changes["safe"], changes["told_by"]) == (safe, "HOUSEHOLD")
    assert all(changes[way] == safe for way in fall)
    entry = next(entry for entry in history_of(amara) if entry.title == "Details changed")
    words = {"NOT_SAFE": "Not safe", "NOT_ASKED": "Not asked"}[safe]
    assert entry.reason == f"Is it safe to use? {words}. Who told us? Somebody they live with."


def test_a_safe_new_detail_raises_nothing(folk, amara):
    operations.set_safe_contact(**folk.doing, person=amara, ring="SAFE", text="NOT_SAFE")
    operations.change_person(
        **folk.doing, person=amara, phone="1", safe="SAFE", told_by="THEMSELVES"
    )
    row = SafeContact.objects.get(person=amara)
    assert (row.ring, row.text, row.voicemail) == ("SAFE", "NOT_SAFE", "NOT_ASKED")


def test_without_an_answer_a_new_detail_counts_as_not_asked(folk, amara):
    everything_safe(folk, amara)
    operations.change_person(**folk.doing, person=amara, phone="07700 900999")
    assert SafeContact.objects.get(person=amara).ring == "NOT_ASKED"
    assert last_event().changes["told_by"] == ""


def test_a_new_detail_of_somebody_never_asked_is_just_kept(folk, amara):
    operations.change_person(**folk.doing, person=amara, phone="1", safe="NOT_SAFE")
    assert not SafeContact.objects.filter(person=amara).exists()


# --- safe contact and adjustments ---


def test_safe_contact_keeps_its_history(folk, amara):
    operations.set_safe_contact(
        **folk.doing, person=amara, text="SAFE", first_choice="text", say_we_are="Sam"
    )
    assert last_event().changes == {
        "text": "SAFE",
        "first_choice": "text",
        "say_we_are": "changed",
    }
    later = folk.world.now + timedelta(days=1)
    operations.set_safe_contact(
        by=folk.by, at=later, person=amara, text="NOT_SAFE", ring="SAFE", first_choice=""
    )
    past = SafeContact.objects.get(person=amara).history.order_by("history_id")
    assert [(row.text, row.ring) for row in past] == [
        ("SAFE", "NOT_ASKED"),
        ("NOT_SAFE", "SAFE"),
    ]
    before = Event.objects.count()
    operations.set_safe_contact(by=folk.by, at=later, person=amara, ring="SAFE")
    assert Event.objects.count() == before


def test_what_they_like_best_must_be_safe_and_known(folk, amara):
    with pytest.raises(ValidationError) as refused:
        operations.set_safe_contact(**folk.doing, person=amara, first_choice="post")
    assert refused.value.messages == ["Their first choice must be one that is safe."]
    with pytest.raises(ValidationError):
        operations.set_safe_contact(**folk.doing, person=amara, text="PERHAPS")
    with pytest.raises(TypeError):
        operations.set_safe_contact(**folk.doing, person=amara, fax="SAFE")
    assert not SafeContact.objects.exists()


def test_adjustments_are_added_and_ended_never_removed(folk, amara):
    assert adjustment_lines([amara.pk]) == {amara.pk: "Not asked"}
    operations.add_adjustment(**folk.doing, person=amara, kind="NONE", need="None needed")
    assert reaching(amara).adjustments == "Nothing needed"
    first = operations.add_adjustment(**folk.doing, person=amara, need="Interpreter: Twi.")
    operations.add_adjustment(**folk.doing, person=amara, kind="FORMAT", need="Large print")
    assert adjustment_lines([amara.pk]) == {amara.pk: "Interpreter: Twi. Large print"}
    operations.end_adjustment(**folk.doing, adjustment=first)
    events = Event.objects.count()
    operations.end_adjustment(**folk.doing, adjustment=first)
    assert Event.objects.count() == events
    assert [row.need for row in adjustments_of(amara)] == ["None needed", "Large print"]
    assert reaching(amara).adjustments == "Large print"
    assert Adjustment.objects.count() == 3


def test_the_lines_of_many_take_one_query(folk, django_assert_num_queries):
    people = [folk.person(f"Person {number}") for number in range(5)]
    operations.set_safe_contact(**folk.doing, person=people[0], email="SAFE")
    with django_assert_num_queries(1):
        lines = safe_lines(person.pk for person in people)
    assert str(lines[people[0].pk]).startswith("Email only.")
    with django_assert_num_queries(2):
        adjustment_lines(person.pk for person in people)
