"""The line of time that explains a flag, as places to draw at.  Pure (screens section 11).

The band of twelve months begins where the first was *reported*; the first incident, a ring,
stands where it happened; this one, a diamond, inside or outside.  Drawn twice: across for wide
screens, down the page for narrow ones.  Every date is also in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.calendar import add_months

WIDE, LEFT, RIGHT = 920, 30, 890
TALL, TOP, BOTTOM = 420, 30, 390
BEYOND = timedelta(days=190)
"""So much time is drawn outside the band; what lies further off stands at its edge."""
MARGIN = timedelta(days=35)
APART, CLOSE, BESIDE = 260, 44, 8
"""Labels nearer than this, across and down, would run into each other; a label stands this far
beside a line that would run through it."""


@dataclass(frozen=True)
class Tick:
    """A month on the line; ``year`` is written under the first of each year."""

    at: int
    name: str
    year: str = ""


@dataclass(frozen=True)
class Drawing:
    """Where everything stands along the line, and where its labels stand beside it."""

    first: int
    starts: int
    ends: int
    this: int
    ticks: tuple[Tick, ...]
    this_label: int
    first_label: int
    starts_label: int
    ends_label: int
    ends_lower: bool = False
    this_lower: bool = False
    this_anchor: str = "middle"
    height: int = 0

    @property
    def band(self) -> int:
        return self.ends - self.starts

    @property
    def middle(self) -> int:
        return (self.starts + self.ends) // 2

    @property
    def top(self) -> int:
        """The top of the diamond, down the page."""
        return self.this - 12


@dataclass(frozen=True)
class Picture:
    """Both drawings, and the same in words for whoever does not see them."""

    across: Drawing
    down: Drawing
    inside: bool
    title: str
    description: str


@dataclass(frozen=True)
class Days:
    """The four days of the picture.  ``known`` is whether the first one's own day is."""

    first: date
    starts: date
    ends: date
    this: date
    known: bool = True

    @property
    def inside(self) -> bool:
        return self.starts <= self.this <= self.ends


def draw(days: Days, *, counts: bool) -> Picture:
    """The picture of a flag; ``counts`` is whether this one is inside the months."""
    earliest = max(min(days.first, days.this, days.starts), days.starts - BEYOND) - MARGIN
    latest = min(max(days.this, days.ends), days.ends + BEYOND) + MARGIN
    place = _scale(earliest, latest)
    inside = "Inside, so it is a repeat." if counts else "Outside, so it is a pattern."
    known = f"happened on {_day(days.first)}" if days.known else "happened on a day not known"
    return Picture(
        _across(days, place, earliest, latest),
        _down(days, place, earliest, latest),
        counts,
        "The 12 months that count, on a line of time",
        f"The first incident {known} and was reported on {_day(days.starts)}. The 12 months "
        f"run from that day to {_day(days.ends)}. This incident happened on {_day(days.this)}. "
        f"{inside}",
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


type Place = Callable[[date, int, int], int]


def _scale(earliest: date, latest: date) -> Place:
    whole = (latest - earliest).days

    def place(on: date, low: int, high: int) -> int:
        share = (min(max(on, earliest), latest) - earliest).days / whole
        return round(low + share * (high - low))

    return place


def _across(days: Days, place: Place, earliest: date, latest: date) -> Drawing:
    def at(on: date) -> int:
        return place(on, LEFT, RIGHT)

    first, this, starts, ends = at(days.first), at(days.this), at(days.starts), at(days.ends)
    anchor = "middle"
    if this < LEFT + 100:
        anchor = "start"
    elif this > RIGHT - 130:
        anchor = "end"
    return Drawing(
        first=first,
        starts=starts,
        ends=ends,
        this=this,
        ticks=tuple(_ticks(earliest, latest, at, step=2)),
        first_label=min(first, RIGHT - APART),
        this_label=this + (BESIDE if abs(this - first) < BESIDE else 0),
        starts_label=starts + 16,
        ends_label=ends - 16,
        ends_lower=ends - starts < 2 * APART,
        this_lower=abs(this - first) < APART,
        this_anchor=anchor,
    )


def _down(days: Days, place: Place, earliest: date, latest: date) -> Drawing:
    def at(on: date) -> int:
        return place(on, TOP, BOTTOM)

    marks = {"first": days.first, "starts": days.starts, "this": days.this, "ends": days.ends}
    # The ring comes before its report, and labels keep their order when they are pushed apart.
    order = sorted(marks, key=lambda name: (marks[name], list(marks).index(name)))
    labels: dict[str, int] = {}
    lowest = 0
    for name in order:
        labels[name] = max(at(marks[name]), lowest)
        lowest = labels[name] + CLOSE
    return Drawing(
        first=at(days.first),
        starts=at(days.starts),
        ends=at(days.ends),
        this=at(days.this),
        ticks=(),
        first_label=labels["first"],
        this_label=labels["this"],
        starts_label=labels["starts"],
        ends_label=labels["ends"],
        height=max(BOTTOM, *labels.values()) + CLOSE,
    )


def _ticks(earliest: date, latest: date, at: Callable[[date], int], step: int) -> Iterator[Tick]:
    month = date(earliest.year, earliest.month, 1)
    written, count = 0, 0
    while (month := add_months(month, 1)) <= latest:
        name = f"{month:%b}" if count % step == 0 else ""
        year = str(month.year) if name and month.year != written else ""
        written = month.year if year else written
        count += 1
        yield Tick(at(month), name, year)
