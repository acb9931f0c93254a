"""Moments, time left and references, in the words we show and say aloud.

Pure: no Django and no clock. Every function that speaks of "today" is given ``now``. All moments
are aware datetimes; all words are those of Europe/London, whatever zone the caller's datetimes
carry. The table is "Time in words", screens section 2.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

SOON = timedelta(hours=4)
"""A promise this close is "soon" even when it falls due tomorrow."""
MINUTES_UNDER = timedelta(hours=6)
HOURS_UP_TO = timedelta(hours=48)

State = Literal["late", "soon", "fine", "met", "hold"]


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How a promised time stands: ``state`` chooses the shape, ``words`` are what is read."""

    state: State
    words: str


def say_time(at: datetime) -> str:
    """The time of day: "9:10am", "midday", "midnight". Raises ValueError if ``at`` is naive."""
    local = _london(at)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    return f"{local.hour % 12 or 12}:{local.minute:02}{'pm' if local.hour >= 12 else 'am'}"


def say_date(day: date) -> str:
    """A day in full: "Tuesday 3 March 2026". A datetime is read as its day in London."""
    day = _day(day)
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_day(day: date, today: date) -> str:
    """A day as people say it: "today", "tomorrow", "yesterday", else "Monday 23 November".

    The year is added only when it is not this year.
    """
    day, today = _day(day), _day(today)
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    return say_date(day) if day.year != today.year else f"{day:%A} {day.day} {day:%B}"


def say_moment(at: datetime, now: datetime) -> str:
    """A moment in full: "today at 9:10am", else "Tuesday 3 March 2026 at 9:10am"."""
    day, today = _day(at), _day(now)
    spoken = say_day(day, today) if abs((day - today).days) <= 1 else say_date(day)
    return f"{spoken} at {say_time(at)}"


def say_duration(length: timedelta) -> str:
    """A length of time, always rounded down: we never promise time that is not there.

    Under 6 hours in hours and minutes, to 48 hours in whole hours, then in whole days.
    """
    minutes = int(length.total_seconds()) // 60
    if length > HOURS_UP_TO:
        return _count(minutes // (24 * 60), "day")
    if length >= MINUTES_UNDER:
        return _count(minutes // 60, "hour")
    hours, odd = divmod(minutes, 60)
    spoken = [_count(n, unit) for n, unit in ((hours, "hour"), (odd, "minute")) if n]
    return " ".join(spoken) or "less than a minute"


def time_left(
    due_at: datetime, now: datetime, met_at: datetime | None = None, on_hold: bool = False
) -> TimeLeft:
    """How a promise stands at ``now`` (screens section 2, "Time in words").

    The moment due still counts as in time: late begins one instant after it. Soon is due today,
    or within 4 hours. Hours are elapsed hours, so a clock change neither gives nor takes one.
    """
    due_at, now = _london(due_at), _london(now)
    if met_at is not None:
        return TimeLeft("met", _met(due_at, now, _london(met_at)))
    left = _elapsed(now, due_at)
    late = left < timedelta(0)
    spoken = say_duration(abs(left))
    words = f"Late by {spoken}" if late else f"{spoken} left"
    if on_hold:
        return TimeLeft("hold", f"On hold, {words[:1].lower()}{words[1:]}")
    if late:
        return TimeLeft("late", words)
    soon = left <= SOON or due_at.date() == now.date()
    return TimeLeft("soon" if soon else "fine", words[:1].upper() + words[1:])


def fraction_used(started_at: datetime, due_at: datetime, now: datetime) -> float:
    """How much of a promise has run, from 0.0 to 1.0, for the thin bar beside the words."""
    whole = _elapsed(_london(started_at), _london(due_at)) / timedelta(seconds=1)
    run = _elapsed(_london(started_at), _london(now)) / timedelta(seconds=1)
    return 1.0 if whole <= 0 else min(1.0, max(0.0, run / whole))


def spell_reference(reference: str) -> str:
    """A reference as it is read to a caller.

    "HC-2026-7K4R" is "H C, twenty twenty-six, seven, K for kilo, four, R for Romeo". A person's
    has no year. Raises ValueError for anything that is not shaped like a reference.
    """
    prefix, *rest = reference.upper().split("-")
    if not all(rest) or not rest or not prefix or not set(prefix) <= set(ALPHABET):
        raise ValueError(f"{reference!r} cannot be spelled")
    year = [_say_year(int(rest.pop(0)))] if len(rest) > 1 and _is_year(rest[0]) else []
    tail = (_say_letter(letter) for part in rest for letter in part)
    return ", ".join([" ".join(prefix), *year, *tail])


def _met(due_at: datetime, now: datetime, met_at: datetime) -> str:
    same_day = met_at.date() == now.date()
    words = "Done at " if same_day else f"Done {say_day(met_at, now)} at "
    words += say_time(met_at)
    after = _elapsed(due_at, met_at)
    return f"{words}, {say_duration(after)} late" if after > timedelta(0) else words


def _london(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(LONDON)


def _day(day: date) -> date:
    return _london(day).date() if isinstance(day, datetime) else day


def _elapsed(start: datetime, end: datetime) -> timedelta:
    # Two datetimes of one zone subtract as wall clocks, which is an hour out across a change.
    return end.astimezone(UTC) - start.astimezone(UTC)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _is_year(part: str) -> bool:
    return len(part) == 4 and part.startswith("20") and set(part) <= set("0123456789")


def _say_year(year: int) -> str:
    ones, odd = _UP_TO_NINETEEN, year - 2000
    if odd == 0:
        return "two thousand"
    if odd < 10:
        return f"two thousand and {ones[odd]}"
    if odd < 20:
        return f"twenty {ones[odd]}"
    tens = _TENS[odd // 10 - 2]
    return f"twenty {tens}-{ones[odd % 10]}" if odd % 10 else f"twenty {tens}"


def _say_letter(letter: str) -> str:
    if letter in "0123456789":
        return _UP_TO_NINETEEN[int(letter)]
    if letter not in ALPHABET:
        raise ValueError(f"{letter!r} cannot be spelled")
    return f"{letter} for {ALPHABET[letter]}"


_UP_TO_NINETEEN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

ALPHABET = {
    word[0].upper(): word
    for word in (
        *("alpha", "bravo", "Charlie", "delta", "echo", "foxtrot", "golf", "hotel", "India"),
        *("Juliet", "kilo", "Lima", "Mike", "November", "Oscar", "papa", "Quebec", "Romeo"),
        *("sierra", "tango", "uniform", "Victor", "whisky", "x-ray", "yankee", "zulu"),
    )
}
"""The word said for each letter; names of people and places keep their capital."""
