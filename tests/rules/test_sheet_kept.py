"""What a call sheet makes of what is written: dates, two windows, whose hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.access import Actor, Role
from cases.intake import script, sheet_rules
from cases.intake.choices import Door, SheetState
from cases.intake.script import Kind
from cases.intake.sheet_rules import (
    cannot_send_without,
    changed,
    clean,
    in_force,
    problems,
    read_date,
    still_needed,
    write_sheet,
)

RECEIVED = date(2026, 11, 19)


# --- dates ---


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        (("18", "11", "2026"), date(2026, 11, 18)),
        (("18", "nov", "2026"), date(2026, 11, 18)),
        (("18", "November", "26"), date(2026, 11, 18)),
        ((" 1 ", "1", "26"), date(2026, 1, 1)),
        (("29", "2", "2024"), date(2024, 2, 29)),
        (("", "", ""), None),
    ],
)
def test_dates_are_read_as_people_write_them(boxes, found) -> None:
    answers = {f"d.{part}": box for part, box in zip(("day", "month", "year"), boxes, strict=True)}
    assert read_date(answers, "d.") == (found, "")


@pytest.mark.parametrize(
    "boxes",
    [
        ("31", "11", "2026"),
        ("29", "2", "2026"),
        ("0", "11", "2026"),
        ("18", "13", "2026"),
        ("18", "", ""),
        ("last", "week", ""),
        ("18", "11", "20266"),
        ("١٨", "11", "2026"),
        ("-1", "11", "2026"),
    ],
)
def test_a_date_that_cannot_be_has_a_sentence(boxes) -> None:
    answers = {f"d.{part}": box for part, box in zip(("day", "month", "year"), boxes, strict=True)}
    found, why = read_date(answers, "d.")
    assert found is None
    assert why.endswith(".")


@pytest.mark.parametrize(
    ("day", "problem"), [("19", False), ("20", True), ("18", False), ("31", True)]
)
def test_an_incident_cannot_be_after_the_report_was_received(day: str, problem: bool) -> None:
    answers = {"incident-1.day": day, "incident-1.month": "11", "incident-1.year": "2026"}
    assert ("incident-1.day" in problems(answers, RECEIVED)) is problem


def test_problems_name_the_question_and_only_what_is_wrong() -> None:
    answers = {
        "incidents": "2",
        "incident-1.day": "18",
        "incident-1.month": "11",
        "incident-1.year": "2026",
        "incident-2.day": "18",
        "incident-2.month": "11",
        "incident-2.year": "1826",
        "who.person": "new",
        "who.born_day": "1",
        "who.born_month": "1",
        "who.born_year": "2030",
        "contact.email_address": "amara at example",
        "harmed.email_address": "esi@example.org",
    }
    received = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)
    assert set(problems(answers, received)) == {
        "incident-2.day",
        "who.born_day",
        "contact.email_address",
    }


@pytest.mark.parametrize(
    ("born", "problem"),
    [
        (("3", "4", "1980"), False),
        (("19", "11", "2026"), False),  # today
        (("20", "11", "2026"), True),
        (("", "", ""), False),
        (("3", "", "1980"), True),
    ],
)
def test_somebody_new_was_born_before_they_rang(born: tuple[str, ...], problem: bool) -> None:
    answers = {
        f"who.born_{part}": box for part, box in zip(("day", "month", "year"), born, strict=True)
    }
    assert bool(problems({**answers, "who.person": "new"}, RECEIVED)) is problem


# --- two windows ---


@pytest.mark.parametrize(
    ("posted", "base", "now", "ours", "theirs"),
    [
        ("a", "", "", "a", None),  # first answer
        ("a", "a", "a", None, None),  # nothing new
        ("a", "a", "b", None, None),  # only the other window changed it: left alone
        ("b", "a", "b", None, None),  # both say the same
        ("c", "a", "b", "c", "b"),  # both changed it: both are kept
        ("c", "a", "a", "c", None),  # only this window changed it
        ("", "a", "a", "", None),  # taken away
        ("", "a", "b", "", "b"),
    ],
)
def test_two_windows_cannot_overwrite_each_other(posted, base, now, ours, theirs) -> None:
    key = "safe.call_them"
    shown = {key: base} if base else {}
    kept = {key: now} if now else {}
    new, beside = changed({key: posted}, shown, kept)
    assert new == ({} if ours is None else {key: ours})
    assert beside == ({} if theirs is None else {key: theirs})


def test_a_row_nobody_touched_is_no_answer() -> None:
    assert changed({"contact.ring": "NOT_ASKED", "why.strands": []}, {}, {}) == ({}, {})


# --- what is taken ---


@pytest.mark.parametrize(
    ("key", "raw", "kept"),
    [
        ("safe.now", ["YES"], "YES"),
        ("safe.now", ["MAYBE"], None),
        ("safe.now", [""], None),
        ("safe.call_them", ["  O'Brien "], "  O'Brien "),
        ("safe.call_them", [""], ""),
        ("incident-1.words", ["one\r\ntwo\rthree\0"], "one\ntwo\nthree"),
        ("why.strands", ["", "RACE", "RACE", "NOPE"], ["RACE"]),
        ("why.strands", [""], []),
        ("who.person", ["P-7K4RWD"], "P-7K4RWD"),
        ("who.person", ["P-7K4RWD' OR 1=1"], None),
        ("who.person", ["new"], "new"),
        ("harmed.people", ["", "CALLER", "P-7K4RWD", "x"], ["CALLER", "P-7K4RWD"]),
        ("incident-1.lines", ["", "not-a-key"], []),
        ("no.such", ["x"], None),
        ("incident-99.words", ["x"], None),
        ("incidents", ["20"], None),
        ("csrfmiddlewaretoken", ["x"], None),
    ],
)
def test_what_is_posted_is_kept_or_passed_over_never_refused(key, raw, kept) -> None:
    assert clean({key: raw}) == ({} if kept is None else {key: kept})


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=30), st.lists(st.text(max_size=50), max_size=4)))
def test_whatever_is_posted_something_is_made_of_it(posted) -> None:
    for key, value in clean(posted).items():
        asked = script.question(key)
        assert asked is not None
        assert isinstance(value, list) == asked.many


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([asked.key for asked in script.questions(2)] + ["incidents"]),
        st.one_of(st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3)),
    ),
    st.sampled_from(list(Door)),
)
def test_the_rules_have_an_answer_for_whatever_is_kept(answers, door) -> None:
    counted = in_force(answers, door)
    assert set(counted) <= set(answers)
    assert {need.question for need in still_needed(answers, door)}.isdisjoint(
        {"contact.phone", "who.search"}
    )
    problems(answers, RECEIVED)
    cannot_send_without(answers)
    assert 1 <= sheet_rules.incidents(answers) <= script.MOST_INCIDENTS


def test_long_text_is_cut_where_no_page_could_have_sent_it() -> None:
    assert len(clean({"incident-1.words": ["x" * 50_000]})["incident-1.words"]) == 20_000


# --- whose hand ---


@pytest.mark.parametrize(
    ("roles", "who", "state", "may"),
    [
        ({Role.CALL_HANDLER}, 1, SheetState.OPEN, True),
        ({Role.HOUSING_OFFICER}, 1, SheetState.PARKED, True),
        ({Role.CASE_MANAGER}, 1, SheetState.CUT_OFF, True),
        ({Role.CALL_HANDLER}, 1, SheetState.SENT, False),
        ({Role.CALL_HANDLER}, 2, SheetState.OPEN, False),
        ({Role.CASE_MANAGER}, 2, SheetState.OPEN, False),
        ({Role.DIRECTOR_CO}, 1, SheetState.OPEN, False),
        ({Role.AUDITOR}, 1, SheetState.OPEN, False),
        (set(), 1, SheetState.OPEN, False),
    ],
)
def test_only_whoever_took_the_call_writes_and_only_until_it_is_sent(
    roles, who, state, may
) -> None:
    actor = Actor(id=1, name="Joanne Pike", roles=frozenset(roles))
    answer = write_sheet(actor, taken_by_id=who, state=state)
    assert bool(answer) is may
    assert may or answer.reason.endswith(".")


def test_words_of_an_answer_are_those_of_its_choices() -> None:
    asked = script.question("why.strands")
    assert asked is not None
    assert asked.kind == Kind.CHECKBOXES
    assert asked.words_of(["RACE", "AGE"]) == "Race, Age"
