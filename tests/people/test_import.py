"""Bringing in people from another system: again and again, changed by both, and broken."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from cases.access import job
from cases.audit import settling
from cases.audit.models import Event
from cases.audit.settling import Fact, settle_with
from cases.people import operations
from cases.people.choices import MemberRelation, StockClass, Tenure
from cases.people.import_columns import KINDS, kind_of, take_or_hold
from cases.people.importing import import_files
from cases.people.models import (
    Household,
    HouseholdMembership,
    ImportNote,
    ImportRun,
    Person,
    Property,
    SafeContact,
    SourceKey,
    Tenancy,
    UnsafeDetail,
)
from cases.people.queries import ties_around
from tests.people.source_files import HEADERS, write, write_all

pytestmark = pytest.mark.django_db

BY = job("import_people")
MODELS = (Person, Property, Tenancy, Household, HouseholdMembership)


def bring_in(*paths: Path, **more) -> list[ImportRun]:
    return import_files(paths, by=BY, system="orchard", **more)


def counts(run: ImportRun) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "refused", "held")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def state() -> list[list[dict]]:
    tables = [*MODELS, *(model.history.model for model in MODELS), SourceKey, Event]
    return [list(table.objects.order_by("pk").values()) for table in tables if table is not Event]


def person_row(key: str = "P1", **values: str) -> list[str]:
    said = {"person_key": key, "full_name": "Amara Osei"} | values
    return [said.get(name, "") for name in HEADERS["PERSON"]]


def home_row(key: str = "H1", **values: str) -> list[str]:
    said = {"property_key": key, "address": f"{key} Larkfield Court", "town": "Wellby"} | values
    return [said.get(name, "") for name in HEADERS["PROPERTY"]]


def tenancy_row(key: str = "T1", **values: str) -> list[str]:
    said = {"tenancy_key": key, "property_key": "H1", "person_key": "P1", "tenure": "ASSURED"}
    said |= {"starts": "2019-01-07"} | values
    return [said.get(name, "") for name in HEADERS["TENANCY"]]


def member_row(key: str = "M1", **values: str) -> list[str]:
    said = {"member_key": key, "household_key": "T1", "property_key": "H1", "person_key": "P1"}
    said |= {"relation": "TENANT", "moved_in": "2019-01-07"} | values
    return [said.get(name, "") for name in HEADERS["MEMBER"]]


def person_of(key: str) -> Person:
    known = SourceKey.objects.get(system="orchard", kind="PERSON", key=key)
    return Person.objects.get(pk=known.subject_id)


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


def people_file(folder: Path, **values: str) -> Path:
    return write(folder / "people.csv", "PERSON", [person_row(**values)])


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


# --- files that cannot be read at all ---


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        ("person_key,full_name\n1,Ana".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"person_key,full_name\n1,Ana\n2,Jos\xe9\n", "Line 3: This is not UTF-8 text. .*cp1252"),
        (b"who,what\n1,2\n", "names none of these columns"),
        (b"person_key,known_as\n1,Ana\n", "needs the column full_name"),
        (b"person_key,full_name,shoe_size\n1,Ana,4\n", "no column shoe_size"),
        (b"person_key,full_name,full_name\n1,Ana,4\n", "is there twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_stops_no_other(tmp_path, data, says):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(data)
    good = people_file(tmp_path)
    stopped, run = bring_in(bad, good)
    assert counts(run) == {"added": 1}
    with pytest.raises(AssertionError, match=says):
        assert not stopped.stopped


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_delimiter_with_and_without_a_byte_order_mark(tmp_path, mark, start, ending):
    path = tmp_path / "people.csv"
    lines = [mark.join(("Person_Key", "full_name", "pronouns")), mark.join(("1", "Siobhán", "she"))]
    path.write_bytes((start + ending.join(lines) + ending).encode())
    bring_in(path)
    assert Person.objects.get().full_name == "Siobhán"


def test_a_quoted_line_break_becomes_a_comma(tmp_path):
    bring_in(
        write(tmp_path / "h.csv", "PROPERTY", [home_row(address="Flat 2\nElm Court,\n3 Elm Way")])
    )
    assert Property.objects.get().address == "Flat 2, Elm Court, 3 Elm Way"


def test_the_header_decides_the_kind():
    for kind in KINDS:
        assert kind_of([column.name for column in kind.columns]) is kind


# --- a thousand broken rows of twenty kinds ---

FUTURE = (timezone.localdate() + timedelta(days=400)).isoformat()
EACH = 50


def in_line(header: str, **values: str) -> str:
    return ",".join(values.get(name, "") for name in HEADERS[header])


def broken(number: int) -> dict[str, list[tuple[str, str, str]]]:
    """For each file: rows as they stand in it, the column blamed and words of the reason."""
    own = f"X{number}"
    person = {"person_key": own, "full_name": "Ana Byrne"}
    home = {"property_key": own, "address": "1 Elm Way"}
    tenancy = {"tenancy_key": own, "property_key": "H1", "person_key": "P1", "tenure": "SECURE"}
    tenancy |= {"starts": "2020-01-01"}
    member = {"member_key": own, "household_key": own, "property_key": "H1", "person_key": "P1"}
    member |= {"relation": "CHILD", "moved_in": "2020-01-01"}

    def p(**more: str) -> str:
        return in_line("PERSON", **person | more)

    return {
        "PERSON": [
            (f"{own}a,Ana", "known_as", "ends before"),
            (p(person_key=f"{own}b") + ",more", "property_key", "more values"),
            (p(person_key=""), "person_key", "empty"),
            (p(person_key=f"{own}c", full_name=""), "full_name", "empty"),
            (p(person_key=f"{own}d", full_name="N" * 201), "full_name", "longer than 200"),
            (p(person_key=f"{own}e", date_of_birth="2001-02-30"), "date_of_birth", "no such day"),
            (p(person_key=f"{own}f", date_of_birth="3/4/85"), "date_of_birth", "Write the date"),
            (p(person_key=f"{own}g", date_of_birth=FUTURE), "date_of_birth", "in the future"),
            (p(person_key=f"{own}h", date_of_birth="1850-01-01"), "date_of_birth", "before 1900"),
            (p(person_key=f"{own}i", phone="07700 CALL ME"), "phone", "digits only"),
            (p(person_key=f"{own}j", email="ana at example"), "email", "not an email"),
            (p(person_key="P1"), "person_key", "the same key"),
            (p(person_key=f"{own}k", property_key="NONE"), "property_key", "No home of this key"),
            (p(person_key=f"{own}l", full_name='"Ana Byrne'), "full_name", "quotation mark"),
            (p(person_key=f"{own}m", full_name="Ana\x07Byrne"), "full_name", "printed"),
            (p(person_key=f"{own}n", full_name="JosÃ© Byrne"), "full_name", "garbled"),
        ],
        "PROPERTY": [
            (
                in_line("PROPERTY", **home | {"stock_class": "HOUSE"}),
                "stock_class",
                "no stock class",
            ),
            (in_line("PROPERTY", **home | {"entity": "NOBODY"}), "entity", "no company"),
            (in_line("PROPERTY", **home | {"uprn": "12A"}), "uprn", "1 to 12 digits"),
            (in_line("PROPERTY", **home | {"uprn": "1"}), "uprn", "same UPRN"),
            (in_line("PROPERTY", **home | {"postcode": "NOWHERE"}), "postcode", "UK postcode"),
        ],
        "TENANCY": [
            (in_line("TENANCY", **tenancy | {"tenure": "RENTING"}), "tenure", "no tenure"),
            (in_line("TENANCY", **tenancy | {"ends": "2019-01-01"}), "ends", "not after starts"),
            (in_line("TENANCY", **tenancy | {"person_key": "NONE"}), "person_key", "Nobody of"),
        ],
        "MEMBER": [
            (in_line("MEMBER", **member | {"relation": "FRIEND"}), "relation", "no relation"),
            (in_line("MEMBER", **member), "moved_in", "another household"),
        ],
    }


GOOD_ROWS = {
    "PROPERTY": in_line("PROPERTY", property_key="H1", address="9 Mill Lane", uprn="1"),
    "PERSON": in_line("PERSON", person_key="P1", full_name="Amara Osei", property_key="H1"),
    "TENANCY": ",".join(tenancy_row()),
    "MEMBER": ",".join(member_row()),
}


def test_a_thousand_broken_rows_are_each_refused_with_line_column_and_reason(tmp_path):
    files, expected = [], {}
    for kind in HEADERS:
        lines = [",".join(HEADERS[kind]), GOOD_ROWS[kind]]
        wanted = {}
        for number in range(EACH):
            for text, column, reason in broken(number)[kind]:
                # Each row of a kind has a key of its own, unless the key is what is wrong.
                lines.append(text.replace(f"X{number}", f"X{number}-{len(lines)}"))
                wanted[len(lines)] = (column, reason)
        last = GOOD_ROWS[kind].replace("9 Mill Lane", "Last Lane").replace(",1,", ",2,")
        changes = {"PROPERTY": ("H1", "H9"), "PERSON": ("P1", "P9")}.get(kind)
        lines.append(last.replace(*changes, 1) if changes else "")
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        files.append(path)
        expected[kind] = wanted
    runs = {run.kind: run for run in bring_in(*files)}
    kinds_of_broken = {(kind, *why) for kind in expected for why in expected[kind].values()}
    assert len(kinds_of_broken) >= 20
    assert sum(len(wanted) for wanted in expected.values()) >= 1000
    for kind, wanted in expected.items():
        notes = list(ImportNote.objects.filter(run=runs[kind], what="REFUSED"))
        assert Counter(note.line for note in notes) == Counter(wanted.keys())
        for note in notes:
            column, reason = wanted[note.line]
            assert note.column == column, (kind, note.line, note.reason)
            assert reason in note.reason, (kind, note.line)
        assert runs[kind].refused == len(wanted)
    assert Person.objects.count() == Property.objects.count() == 2
    assert Tenancy.objects.count() == HouseholdMembership.objects.count() == 1


def test_what_only_the_database_refuses_is_refused_alone(tmp_path, monkeypatch):
    """Two imports at once may pass each other's checks: then the constraint has the last word."""
    from cases.people.import_members import Members

    monkeypatch.setattr(Members, "_in_the_way", lambda self, row: [])
    files = [
        write(tmp_path / "h.csv", "PROPERTY", [home_row()]),
        write(tmp_path / "p.csv", "PERSON", [person_row("P1"), person_row("P2")]),
        write(
            tmp_path / "m.csv",
            "MEMBER",
            [member_row("M1"), member_row("M2"), member_row("M3", person_key="P2")],
        ),
    ]
    run = bring_in(*files)[2]
    assert counts(run) == {"added": 2, "refused": 1}
    note = run.notes.get()
    assert (note.line, note.column) == (3, "moved_in")
    assert note.reason == "They already live in a household at that time."


def test_the_how_to_page_names_every_column_and_code():
    text = (Path(__file__).parents[2] / "docs/how-to/bring-in-people.md").read_text("utf-8")
    codes = {*Tenure.values, *MemberRelation.values, *StockClass.values}
    for kind in KINDS:
        for column in kind.columns:
            assert f"`{column.name}`" in text
            assert (f"**`{column.name}`**" in text) or not column.required
            assert column.meaning in text
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []
