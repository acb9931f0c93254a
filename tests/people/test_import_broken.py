"""Files and rows that cannot be taken: each refused alone, with its reason."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from cases.people.choices import MemberRelation, StockClass, Tenure
from cases.people.import_columns import KINDS, kind_of
from cases.people.models import (
    HouseholdMembership,
    ImportNote,
    Person,
    Property,
    Tenancy,
)
from tests.people.bringing_in import (
    bring_in,
    counts,
    home_row,
    member_row,
    people_file,
    person_row,
    tenancy_row,
)
from tests.people.source_files import HEADERS, write

pytestmark = pytest.mark.django_db


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
