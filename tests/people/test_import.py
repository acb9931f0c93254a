"""Bringing in people from another system: again and again, changed by both."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange

from cases.audit import settling
from cases.audit.models import Event
from cases.audit.settling import Fact, settle_with
from cases.people import operations
from cases.people.import_columns import take_or_hold
from cases.people.models import (
    Household,
    HouseholdMembership,
    Person,
    Property,
    SafeContact,
    Tenancy,
    UnsafeDetail,
)
from cases.people.queries import ties_around
from tests.people.bringing_in import (
    MODELS,
    bring_in,
    counts,
    home_row,
    member_row,
    people_file,
    person_of,
    person_row,
    state,
    tenancy_row,
)
from tests.people.source_files import write, write_all

pytestmark = pytest.mark.django_db


# --- the four files ---


def test_four_files_in_any_order_and_a_second_time(tmp_path):
    files = write_all(tmp_path, 90, 40)
    runs = bring_in(*files)
    assert [(run.kind, counts(run)) for run in runs] == [
        ("PROPERTY", {"added": 40}),
        ("PERSON", {"added": 90}),
        ("TENANCY", {"added": 40}),
        ("MEMBER", {"added": 90}),
    ]
    assert [model.objects.count() for model in MODELS] == [90, 40, 40, 40, 90]
    for model in MODELS:
        assert model.history.count() == model.objects.count()
    assert Person.history.filter(history_change_reason="import").count() == 90
    assert Event.objects.filter(verb="person.added").count() == 90
    someone = person_of("P7")
    assert someone.name_key
    assert someone.home is not None
    assert [tie.basis for tie in ties_around([someone.pk])] == ["HOUSEHOLD"] * 2
    before, events = state(), Event.objects.count()
    again = bring_in(*files)
    assert [counts(run) for run in again] == [{"unchanged": n} for n in (40, 90, 40, 90)]
    assert state() == before
    assert Event.objects.count() == events + 4


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path):
    files = write_all(tmp_path, 30, 10)
    before = state()
    tried = bring_in(*files, dry_run=True)
    assert state() == before
    assert not Event.objects.exclude(verb="person.imported").exists()
    assert all(run.dry_run for run in tried)
    assert [counts(run) for run in bring_in(*files)] == [counts(run) for run in tried]


def test_the_ties_an_import_makes_are_told(tmp_path, monkeypatch):
    told: list[frozenset[int]] = []
    monkeypatch.setattr(settling, "_settlers", settling.defaultdict(list))
    settle_with(Fact.PERSON, lambda by, at, ids: told.append(ids))
    files = write_all(tmp_path, 6, 2)
    bring_in(*files)
    assert told == [frozenset(Person.objects.values_list("pk", flat=True))]
    told.clear()
    bring_in(*files)
    assert told == []


def test_the_command_says_what_it_did(tmp_path):
    out, err = StringIO(), StringIO()
    files = [str(path) for path in write_all(tmp_path, 6, 2)]
    call_command("import_people", *files, "--dry-run", stdout=out, stderr=err)
    assert "people.csv: 6 added, 0 changed, 0 unchanged, 0 refused, 0 held" in out.getvalue()
    assert "nothing is changed" in out.getvalue()
    assert "100%" in err.getvalue()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_people", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="Nobody who works here"):
        call_command("import_people", *files, "--by", "nobody@example.com")


# --- changed by the source, by us, by both ---


@pytest.mark.parametrize(
    ("was", "now", "ours", "guarded", "becomes"),
    [
        ("a", "a", "z", False, ""),
        ("a", "b", "b", False, ""),
        ("a", "b", "a", False, "TAKE"),
        ("a", "", "a", False, "TAKE"),
        ("a", "b", "z", False, "HOLD"),
        ("a", "b", "a", True, "HOLD"),
        (None, "b", "", False, "TAKE"),
        (None, "b", "z", False, "HOLD"),
        (None, "b", "", True, "HOLD"),
    ],
)
def test_take_or_hold(was, now, ours, guarded, becomes):
    assert take_or_hold(was, now, ours, guarded=guarded) == becomes


def test_what_the_source_changes_is_taken_and_what_we_changed_stays(tmp_path, folk):
    bring_in(people_file(tmp_path, language="Twi", known_as="Ama"))
    person = person_of("P1")
    operations.change_person(**folk.doing, person=person, language="Fante")
    [run] = bring_in(people_file(tmp_path, language="Ga", known_as="Amma"))
    person.refresh_from_db()
    assert (person.language, person.known_as) == ("Fante", "Amma")
    assert counts(run) == {"changed": 1, "held": 1}
    note = run.notes.get()
    assert (note.what, note.line, note.column) == ("HELD", 2, "language")
    assert "Ga" not in note.reason
    [again] = bring_in(people_file(tmp_path, language="Ga", known_as="Amma"))
    assert counts(again) == {"unchanged": 1}
    assert person.history.count() == 3


def test_how_somebody_asked_to_be_reached_is_never_changed_by_a_file(tmp_path, folk):
    homes = write(tmp_path / "homes.csv", "PROPERTY", [home_row("H1"), home_row("H2")])
    bring_in(homes, people_file(tmp_path, phone="07700 900111", property_key="H1"))
    person = person_of("P1")
    operations.set_safe_contact(**folk.doing, person=person, ring="SAFE", post="SAFE")
    said = SafeContact.objects.get(person=person)
    [_, run] = bring_in(homes, people_file(tmp_path, phone="07700 900222", property_key="H2"))
    before = (person.phone, person.home_id)
    person.refresh_from_db()
    assert (person.phone, person.home_id) == before
    assert SafeContact.objects.get(person=person).ring == said.ring
    assert sorted(note.column for note in run.notes.all()) == ["phone", "property_key"]


def test_an_unsafe_detail_does_not_come_back(tmp_path, folk):
    bring_in(people_file(tmp_path))
    person = person_of("P1")
    UnsafeDetail.objects.create(
        person=person, kind="phone", value="+44 7700 900 111", since=folk.world.now
    )
    [run] = bring_in(people_file(tmp_path, phone="07700900111"))
    person.refresh_from_db()
    assert person.phone == ""
    assert counts(run) == {"unchanged": 1, "held": 1}


def test_a_merged_record_is_left_for_somebody_to_look(tmp_path, folk):
    bring_in(people_file(tmp_path))
    person, other = person_of("P1"), folk.person("Amara Mensah")
    operations.merge_people(**folk.doing, survivor=other, loser=person)
    [run] = bring_in(people_file(tmp_path, language="Twi"))
    assert counts(run) == {"unchanged": 1, "held": 1}
    homes = write(tmp_path / "homes.csv", "PROPERTY", [home_row("H1")])
    tenancy = write(tmp_path / "tenancies.csv", "TENANCY", [tenancy_row()])
    bring_in(homes, tenancy)
    assert Tenancy.objects.get().holder == other


def test_what_our_own_people_wrote_is_recognised(tmp_path, folk):
    home = folk.home()
    homes = [home_row("H1", address="14 Larkfield Court", postcode="NN99 4QT", uprn="77")]
    files = [
        write(tmp_path / "h.csv", "PROPERTY", homes),
        people_file(tmp_path),
        write(tmp_path / "t.csv", "TENANCY", [tenancy_row(starts="2019-02-02")]),
        write(tmp_path / "m.csv", "MEMBER", [member_row(relation="LODGER")]),
    ]
    bring_in(*files[:2])
    home.refresh_from_db()
    assert (Property.objects.count(), home.uprn) == (1, "77")
    person = person_of("P1")
    folk.tenant(person, home, "T1")
    household = folk.lives(person, home, relation="TENANT")
    runs = bring_in(*files[2:])
    assert [counts(run) for run in runs] == [
        {"unchanged": 1, "held": 1},
        {"unchanged": 1, "held": 1},
    ]
    assert HouseholdMembership.objects.get().household == household
    more = write(tmp_path / "m2.csv", "MEMBER", [member_row("M2", person_key="P2")])
    bring_in(write(tmp_path / "p2.csv", "PERSON", [person_row("P2")]), more)
    assert Household.objects.get().memberships.count() == 2


def test_an_ended_tenancy_and_somebody_who_moved_out(tmp_path):
    def files(**ends: str) -> list[Path]:
        return [
            write(tmp_path / "h.csv", "PROPERTY", [home_row()]),
            people_file(tmp_path),
            write(tmp_path / "t.csv", "TENANCY", [tenancy_row(ends=ends.get("ends", ""))]),
            write(tmp_path / "m.csv", "MEMBER", [member_row(moved_out=ends.get("ends", ""))]),
        ]

    bring_in(*files())
    runs = bring_in(*files(ends="2025-03-01"))
    assert [counts(run) for run in runs[2:]] == [{"changed": 1}] * 2
    days = DateRange(date(2019, 1, 7), date(2025, 3, 1))
    assert Tenancy.objects.get().period == HouseholdMembership.objects.get().period == days
    other = write(tmp_path / "t.csv", "TENANCY", [tenancy_row(person_key="P2")])
    [_, run] = bring_in(write(tmp_path / "p.csv", "PERSON", [person_row("P2")]), other)
    assert "another" not in run.stopped
    assert run.notes.get().column == "person_key"
