"""The words of time and of references, second by second ("Time in words", screens section 2)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.words import (
    LONDON,
    State,
    TimeLeft,
    fraction_used,
    say_date,
    say_day,
    say_duration,
    say_moment,
    say_time,
    spell_reference,
    time_left,
)

SECOND = timedelta(seconds=1)


def london(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


NOON = london("2026-11-19T12:00")


@pytest.mark.parametrize(
    ("left", "words", "state"),
    [
        (-timedelta(hours=4, minutes=38, seconds=59), "Late by 4 hours 38 minutes", "late"),
        (-timedelta(days=3), "Late by 3 days", "late"),
        (-timedelta(hours=6), "Late by 6 hours", "late"),
        (-timedelta(hours=6) + SECOND, "Late by 5 hours 59 minutes", "late"),
        (-timedelta(minutes=1), "Late by 1 minute", "late"),
        (-SECOND, "Late by less than a minute", "late"),
        (timedelta(0), "Less than a minute left", "soon"),
        (SECOND, "Less than a minute left", "soon"),
        (timedelta(minutes=1), "1 minute left", "soon"),
        (timedelta(hours=1), "1 hour left", "soon"),
        (timedelta(hours=1, minutes=12), "1 hour 12 minutes left", "soon"),
        (timedelta(hours=3, minutes=50, seconds=59), "3 hours 50 minutes left", "soon"),
        (timedelta(hours=6) - SECOND, "5 hours 59 minutes left", "soon"),
        (timedelta(hours=6), "6 hours left", "soon"),
        (timedelta(hours=12) - SECOND, "11 hours left", "soon"),
        (timedelta(hours=12), "12 hours left", "fine"),
        (timedelta(hours=21, minutes=59), "21 hours left", "fine"),
        (timedelta(hours=48) - SECOND, "47 hours left", "fine"),
        (timedelta(hours=48), "48 hours left", "fine"),
        (timedelta(hours=48) + SECOND, "2 days left", "fine"),
        (timedelta(days=5) - SECOND, "4 days left", "fine"),
        (timedelta(days=5), "5 days left", "fine"),
    ],
)
def test_time_left_rounds_down_and_changes_at_each_line(
    left: timedelta, words: str, state: State
) -> None:
    assert time_left(NOON + left, NOON) == TimeLeft(state, words)


@pytest.mark.parametrize(
    ("now", "due", "state"),
    [
        ("2026-11-19T20:00", "2026-11-20T00:00", "soon"),
        ("2026-11-19T20:00", "2026-11-20T00:00:01", "fine"),
        ("2026-11-19T00:00", "2026-11-19T23:59:59", "soon"),
        ("2026-11-19T00:00", "2026-11-20T00:00", "fine"),
        ("2026-11-18T23:59:59", "2026-11-19T23:59:59", "fine"),
    ],
)
def test_soon_is_due_today_or_within_four_hours(now: str, due: str, state: str) -> None:
    assert time_left(london(due), london(now)).state == state


def test_due_today_is_asked_of_london_and_not_of_utc() -> None:
    now = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    due = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 12:30am on 2 July in London
    assert time_left(due, now).state == "fine"


@pytest.mark.parametrize(
    ("now", "due", "words"),
    [
        # 25 October 2026, 2am back to 1am: the wall shows 24 hours, 25 have to pass.
        ("2026-10-24T12:00", "2026-10-25T12:00", "25 hours left"),
        ("2026-10-25T00:30", "2026-10-25T02:30", "3 hours left"),
        # 28 March 2027, 1am on to 2am: the wall shows 24 hours, 23 have to pass.
        ("2027-03-27T12:00", "2027-03-28T12:00", "23 hours left"),
        ("2027-03-28T00:30", "2027-03-28T02:30", "1 hour left"),
    ],
)
def test_hours_are_elapsed_hours_across_both_clock_changes(now: str, due: str, words: str) -> None:
    assert time_left(london(due), london(now)).words == words


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first, second = london("2026-10-25T01:30"), london("2026-10-25T01:30", fold=1)
    assert time_left(second, first).words == "1 hour left"
    assert time_left(first, second) == TimeLeft("late", "Late by 1 hour")


@pytest.mark.parametrize(
    ("met", "words"),
    [
        ("2026-11-19T10:58", "Done at 10:58am"),
        ("2026-11-18T10:58", "Done yesterday at 10:58am"),
        ("2026-11-17T10:58", "Done Tuesday 17 November at 10:58am"),
        ("2025-11-17T10:58", "Done Monday 17 November 2025 at 10:58am"),
        ("2026-11-19T11:00", "Done at 11:00am"),
        ("2026-11-19T11:00:01", "Done at 11:00am, less than a minute late"),
        ("2026-11-19T11:18:30", "Done at 11:18am, 18 minutes late"),
    ],
)
def test_met_is_said_and_late_is_still_told(met: str, words: str) -> None:
    left = time_left(london("2026-11-19T11:00"), NOON, met_at=london(met))
    assert left == TimeLeft("met", words)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=8, hours=5), "On hold, 8 days left"),
        (timedelta(seconds=5), "On hold, less than a minute left"),
        (-timedelta(hours=2), "On hold, late by 2 hours"),
    ],
)
def test_on_hold_keeps_what_is_left(left: timedelta, words: str) -> None:
    assert time_left(NOON + left, NOON, on_hold=True) == TimeLeft("hold", words)


def test_met_wins_over_hold() -> None:
    assert time_left(NOON, NOON, met_at=NOON, on_hold=True).state == "met"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-19T00:00", "midnight"),
        ("2026-11-19T00:01", "12:01am"),
        ("2026-11-19T09:10", "9:10am"),
        ("2026-11-19T12:00", "midday"),
        ("2026-11-19T12:05", "12:05pm"),
        ("2026-11-19T17:00", "5:00pm"),
        ("2026-11-19T23:59:59", "11:59pm"),
    ],
)
def test_say_time(at: str, words: str) -> None:
    assert say_time(london(at)) == words


def test_say_time_is_london_time_from_any_zone() -> None:
    assert say_time(datetime(2026, 7, 1, 9, 10, tzinfo=UTC)) == "10:10am"
    assert say_time(datetime(2026, 1, 1, 9, 10, tzinfo=UTC)) == "9:10am"
    assert say_time(datetime(2026, 1, 1, 9, 10, tzinfo=ZoneInfo("Asia/Kolkata"))) == "3:40am"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        say_time(datetime(2026, 1, 1, 9, 10))


def test_say_date_is_in_full_and_reads_a_datetime_in_london() -> None:
    assert say_date(date(2026, 3, 3)) == "Tuesday 3 March 2026"
    assert say_date(date(2028, 2, 29)) == "Tuesday 29 February 2028"
    assert say_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 19), "today"),
        (date(2026, 11, 20), "tomorrow"),
        (date(2026, 11, 18), "yesterday"),
        (date(2026, 11, 23), "Monday 23 November"),
        (date(2027, 1, 1), "Friday 1 January 2027"),
    ],
)
def test_say_day(day: date, words: str) -> None:
    assert say_day(day, date(2026, 11, 19)) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-19T09:10", "today at 9:10am"),
        ("2026-11-20T10:41", "tomorrow at 10:41am"),
        ("2026-11-18T23:59:59", "yesterday at 11:59pm"),
        ("2026-03-03T09:10", "Tuesday 3 March 2026 at 9:10am"),
        ("2026-11-21T00:00", "Saturday 21 November 2026 at midnight"),
    ],
)
def test_say_moment(at: str, words: str) -> None:
    assert say_moment(london(at), NOON) == words


def test_yesterday_is_a_day_of_the_calendar_on_a_long_day_too() -> None:
    now = london("2026-10-26T00:10")
    assert say_moment(london("2026-10-25T00:10"), now) == "yesterday at 12:10am"


def test_say_duration_of_nothing() -> None:
    assert say_duration(timedelta(0)) == "less than a minute"


@pytest.mark.parametrize(
    ("hours", "fraction"), [(-1, 0.0), (0, 0.0), (6, 0.25), (12, 0.5), (24, 1.0), (30, 1.0)]
)
def test_fraction_used_stays_between_nothing_and_all(hours: int, fraction: float) -> None:
    now = NOON + timedelta(hours=hours)
    assert fraction_used(NOON, NOON + timedelta(hours=24), now) == fraction


def test_fraction_used_counts_the_hour_that_comes_twice() -> None:
    start, due = london("2026-10-24T12:00"), london("2026-10-25T13:00")
    assert fraction_used(start, due, london("2026-10-25T00:00")) == pytest.approx(12 / 26)


def test_a_promise_due_as_it_was_made_is_all_used() -> None:
    assert fraction_used(NOON, NOON, NOON) == 1.0


@pytest.mark.parametrize(
    ("reference", "spoken"),
    [
        ("HC-2026-7K4R", "H C, twenty twenty-six, seven, K for kilo, four, R for Romeo"),
        ("hc-2030-whq9", "H C, twenty thirty, W for whisky, H for hotel, Q for Quebec, nine"),
        ("HC-2009-A0", "H C, two thousand and nine, A for alpha, zero"),
        ("HC-2000-X", "H C, two thousand, X for x-ray"),
        ("HC-2019-Z", "H C, twenty nineteen, Z for zulu"),
        ("R-2026-93", "R, twenty twenty-six, nine, three"),
        ("HC-2026-2034", "H C, twenty twenty-six, two, zero, three, four"),
        ("P-7K4", "P, seven, K for kilo, four"),
        ("P-2026", "P, two, zero, two, six"),
        ("HC-2026-7K-2", "H C, twenty twenty-six, seven, K for kilo, two"),
    ],
)
def test_spell_reference(reference: str, spoken: str) -> None:
    assert spell_reference(reference) == spoken


@pytest.mark.parametrize(
    "reference",
    ["HC-2026-7É4R", "H C", "HC", "HC-2026--A", "HC-20²6-A", "HC-2026-7_4", "-2026-A", ""],
)
def test_a_reference_that_is_none_is_not_spelled(reference: str) -> None:
    with pytest.raises(ValueError, match="cannot be spelled"):
        spell_reference(reference)
