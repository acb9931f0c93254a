"""What an import leaves behind: no household of nobody, and what is not in a newer file."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from cases.people.importing import import_files
from cases.people.models import Household, HouseholdMembership, SourceKey
from tests.people.bringing_in import (
    BY,
    bring_in,
    counts,
    home_row,
    member_row,
    people_file,
    person_of,
    person_row,
    tenancy_row,
)
from tests.people.source_files import write, write_all

pytestmark = pytest.mark.django_db


# --- a refused member ---


def test_a_refused_member_leaves_no_household_of_nobody(tmp_path, folk):
    homes = [home_row("H1"), home_row("H2", address="2 Elm Way", uprn="78")]
    bring_in(write(tmp_path / "h.csv", "PROPERTY", homes), people_file(tmp_path))
    folk.lives(person_of("P1"), folk.home("9 Mill Lane"), moved_in=date(2018, 1, 1))
    before = Household.objects.count()
    members = write(tmp_path / "m.csv", "MEMBER", [member_row(household_key="T2")])
    [run] = bring_in(members)
    assert counts(run) == {"refused": 1}
    assert run.notes.get().reason == "They are in another household at that time."
    assert Household.objects.count() == before
    assert not SourceKey.objects.filter(kind="HOUSEHOLD").exists()


def test_what_the_database_refuses_leaves_none_either(tmp_path, monkeypatch):
    """Its own households are made again for the rows that are taken."""
    several = [person_row("P1"), person_row("P2"), person_row("P3")]
    bring_in(
        write(tmp_path / "h.csv", "PROPERTY", [home_row()]),
        write(tmp_path / "p.csv", "PERSON", several),
    )
    # The first two are of the same person at the same time under two keys: only the database
    # sees it once the look at who lives where says nothing.
    monkeypatch.setattr("cases.people.import_members.overlap", lambda one, other: False)
    rows = [
        member_row("M1", household_key="T1"),
        member_row("M2", household_key="T2"),
        member_row("M3", household_key="T3", person_key="P3"),
    ]
    [run] = bring_in(write(tmp_path / "m.csv", "MEMBER", rows))
    assert counts(run) == {"added": 2, "refused": 1}
    lived_in = HouseholdMembership.objects.values("household")
    assert not Household.objects.exclude(pk__in=lived_in).exists()
    assert set(SourceKey.objects.filter(kind="HOUSEHOLD").values_list("key", flat=True)) == {
        "T1",
        "T3",
    }


# --- rows that are not in a newer file ---


def test_what_a_newer_file_does_not_name_is_said_and_left(tmp_path):
    files = write_all(tmp_path, 6, 3)
    first = bring_in(*files)
    assert [run.missing for run in first] == [0, 0, 0, 0]
    newer = write(tmp_path / "people.csv", "PERSON", [person_row(f"P{n}") for n in range(4)])
    [run] = bring_in(newer)
    assert run.missing == 2
    notes = run.notes.filter(what="MISSING")
    assert sorted(note.key for note in notes) == ["P4", "P5"]
    assert person_of("P5").home is not None
    out = StringIO()
    call_command("import_people", str(newer), "--source", "orchard", stdout=out, stderr=StringIO())
    assert "2 not in this file" in out.getvalue()


def test_what_is_over_is_not_missed(tmp_path):
    """A source that leaves out what has ended says nothing by it."""
    bring_in(
        write(tmp_path / "h.csv", "PROPERTY", [home_row()]),
        people_file(tmp_path),
        write(tmp_path / "t.csv", "TENANCY", [tenancy_row(ends="2025-03-01")]),
        write(tmp_path / "m.csv", "MEMBER", [member_row(moved_out="2025-03-01")]),
    )
    empty = [write(tmp_path / f"{kind}.csv", kind, []) for kind in ("TENANCY", "MEMBER")]
    assert [run.missing for run in bring_in(*empty)] == [0, 0]


def test_a_refused_row_is_in_the_file(tmp_path):
    bring_in(people_file(tmp_path))
    broken = write(tmp_path / "p.csv", "PERSON", [person_row("P1", date_of_birth="soon")])
    [run] = bring_in(broken)
    assert (run.refused, run.missing) == (1, 0)


def test_another_system_is_not_asked(tmp_path):
    bring_in(people_file(tmp_path))
    other = write(tmp_path / "p.csv", "PERSON", [person_row("P9")])
    [run] = import_files([other], by=BY, system="another")
    assert run.missing == 0
