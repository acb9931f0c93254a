"""What is unusual in reading, worked out from what was read.  Pure: no database, no clock.

Each pattern is one function of this module with its docstring for a rule, and its limits are
settings that the data protection officer can have changed.  A finding says who and which case, and
speaks in a sentence; it never says what anybody read there.  Source: bar row 39, threats T1 and
T2; domain 7.7 and S13.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from cases.calendar import LONDON, is_working_day, london_date

A_DAY = timedelta(hours=24)
AN_HOUR = timedelta(hours=1)


class Pattern(StrEnum):
    """The kinds of unusual reading."""

    NOT_ON_IT = "NOT_ON_IT"
    OWN_NAME = "OWN_NAME"
    OWN_HOME = "OWN_HOME"
    CONFLICT_TRIED = "CONFLICT_TRIED"
    CONFLICT_READ = "CONFLICT_READ"
    MANY_VIEWERS = "MANY_VIEWERS"
    MANY_CASES = "MANY_CASES"
    REFUSALS = "REFUSALS"
    OUT_OF_HOURS = "OUT_OF_HOURS"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: dict[Pattern, str] = {
    Pattern.NOT_ON_IT: "Not on the case",
    Pattern.OWN_NAME: "Same last name",
    Pattern.OWN_HOME: "Own address, or one close by",
    Pattern.CONFLICT_TRIED: "Tried a case closed to them",
    Pattern.CONFLICT_READ: "Read before a conflict was known",
    Pattern.MANY_VIEWERS: "Many who are not on the case",
    Pattern.MANY_CASES: "Many cases in an hour",
    Pattern.REFUSALS: "Refused restricted cases",
    Pattern.OUT_OF_HOURS: "Printed or copied out of hours",
}


class Tie(StrEnum):
    """How a reader's own home is near to a case."""

    HOME = "HOME"
    POSTCODE = "POSTCODE"


@dataclass(frozen=True)
class Limits:
    """From how many on it is unusual, and which hours are usual (in London)."""

    viewers: int = 10
    cases: int = 30
    refusals: int = 3
    day_begins: int = 7
    day_ends: int = 20

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Limits:
        """The limits as the settings have them."""
        return cls(
            viewers=settings["READING_VIEWERS_PEOPLE"],
            cases=settings["READING_HOUR_CASES"],
            refusals=settings["READING_REFUSED_TIMES"],
            day_begins=settings["READING_FROM_OCLOCK"],
            day_ends=settings["READING_UNTIL_OCLOCK"],
        )


@dataclass(frozen=True)
class Look:
    """Somebody opened a case, or was refused it, at a moment.

    ``on_it``: they lead it, were given it, are of its team or see it by role; ``same_name``: their
    last name is that of somebody in it; ``tie``: an address of theirs is one of the case's;
    ``closed``: a conflict of interest closes it to them.
    """

    at: datetime
    user: int
    name: str
    case: str
    refused: bool = False
    on_it: bool = True
    restricted: bool = False
    closed: bool = False
    same_name: bool = False
    tie: str = ""


@dataclass(frozen=True)
class Deed:
    """Somebody took a case out of here, on paper or as a copy, at a moment."""

    at: datetime
    user: int
    name: str
    case: str


@dataclass(frozen=True)
class Found:
    """One finding: a pattern, of whom, in which case ("" for several), and when.

    ``window`` is what makes it one finding and not two: a day, a moment, or "" for once only.
    ``people`` are all whose reading it is.
    """

    pattern: Pattern
    user: int | None
    name: str
    case: str
    window: str
    began_at: datetime
    ended_at: datetime
    times: int = 1
    people: tuple[int, ...] = ()
    detail: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """The pattern, of whom and in which case."""
        return self.pattern, self.user, self.case


def find(
    looks: Collection[Look], deeds: Iterable[Deed], limits: Limits, holidays: Collection[date]
) -> list[Found]:
    """Everything unusual in these looks and deeds, each once, in the order it began."""
    found = [
        *not_on_it(looks),
        *own_name(looks),
        *own_home(looks),
        *tried_closed(looks),
        *many_viewers(looks, limits.viewers),
        *many_cases(looks, limits.cases),
        *refusals(looks, limits.refusals),
        *out_of_hours(deeds, limits, holidays),
    ]
    return sorted(found, key=lambda one: (one.began_at, one.pattern, one.user or 0, one.case))


def not_on_it(looks: Iterable[Look]) -> Iterator[Found]:
    """Opened a case of which they are neither lead nor member, nor of its team, nor see it by
    role: once a day.
    """
    return _daily(Pattern.NOT_ON_IT, (look for look in looks if _opened(look) and not look.on_it))


def tried_closed(looks: Iterable[Look]) -> Iterator[Found]:
    """Tried to open a case that a conflict of interest closes to them: one try is enough (T1)."""
    return _daily(Pattern.CONFLICT_TRIED, (look for look in looks if look.refused and look.closed))


def own_name(looks: Iterable[Look]) -> Iterator[Found]:
    """Opened a case in which somebody has their last name: said once of each case."""
    return _once(Pattern.OWN_NAME, (look for look in looks if _opened(look) and look.same_name))


def own_home(looks: Iterable[Look]) -> Iterator[Found]:
    """Opened a case of an address they are tied to, or of its postcode: said once of each case."""
    return _once(Pattern.OWN_HOME, (look for look in looks if _opened(look) and look.tie))


def many_viewers(looks: Iterable[Look], least: int) -> Iterator[Found]:
    """So many different people who are not on one case opened it within 24 hours."""
    strangers = [look for look in looks if _opened(look) and not look.on_it]
    for stretch in _stretches(
        strangers, lambda look: look.case, lambda look: look.user, A_DAY, least
    ):
        people = tuple(sorted({look.user for look in stretch}))
        yield _of_stretch(Pattern.MANY_VIEWERS, stretch, people, of_case=True, times=len(people))


def many_cases(looks: Iterable[Look], least: int) -> Iterator[Found]:
    """One person opened so many different cases within an hour, their own or not."""
    opened = [look for look in looks if _opened(look)]
    for stretch in _stretches(
        opened, lambda look: look.user, lambda look: look.case, AN_HOUR, least
    ):
        times = len({look.case for look in stretch})
        yield _of_stretch(Pattern.MANY_CASES, stretch, (stretch[-1].user,), times=times)


def refusals(looks: Iterable[Look], least: int) -> Iterator[Found]:
    """One person was refused restricted cases so often within 24 hours."""
    refused = [look for look in looks if look.refused and look.restricted]
    for stretch in _stretches(refused, lambda look: look.user, lambda look: look.at, A_DAY, least):
        yield _of_stretch(Pattern.REFUSALS, stretch, (stretch[-1].user,), times=len(stretch))


def out_of_hours(
    deeds: Iterable[Deed], limits: Limits, holidays: Collection[date]
) -> Iterator[Found]:
    """Printed or copied a case at night, at a weekend or on a bank holiday: once a day."""
    late = (deed for deed in deeds if not usual(deed.at, limits, holidays))
    return _daily(Pattern.OUT_OF_HOURS, late)


def usual(at: datetime, limits: Limits, holidays: Collection[date]) -> bool:
    """Whether people usually work at that moment, by the clock in London."""
    hour = at.astimezone(LONDON).hour
    return is_working_day(london_date(at), holidays) and limits.day_begins <= hour < limits.day_ends


def before_conflict(look: Look, times: int, last_at: datetime) -> Found:
    """Read a case before it became known that they must not (S13); ``look`` was the first."""
    return Found(
        Pattern.CONFLICT_READ,
        look.user,
        look.name,
        look.case,
        window="",
        began_at=look.at,
        ended_at=last_at,
        times=times,
        people=(look.user,),
    )


def unknown(found: Iterable[Found], known: Iterable[Found]) -> list[Found]:
    """Those of ``found`` that are not known yet, so that watching again finds nothing twice.

    What is counted within a stretch of time is known if a finding of the same pattern, person and
    case stands within one such stretch of it.
    """
    stand: dict[Hashable, list[Found]] = defaultdict(list)
    for one in known:
        stand[one.key].append(one)
    new = []
    for one in found:
        if any(_same(one, other) for other in stand[one.key]):
            continue
        stand[one.key].append(one)
        new.append(one)
    return new


WITHIN = {Pattern.MANY_VIEWERS: A_DAY, Pattern.MANY_CASES: AN_HOUR, Pattern.REFUSALS: A_DAY}


def _same(one: Found, other: Found) -> bool:
    if within := WITHIN.get(one.pattern):
        return abs(one.ended_at - other.ended_at) < within
    return one.window == other.window


def _opened(look: Look) -> bool:
    return not look.refused


def _daily(pattern: Pattern, moments: Iterable[Look | Deed]) -> Iterator[Found]:
    """One finding for each person, case and day in London."""
    days: dict[tuple[int, str, date], list[Look | Deed]] = defaultdict(list)
    for one in moments:
        days[one.user, one.case, london_date(one.at)].append(one)
    for (user, case, day), those in days.items():
        begins = datetime.combine(day, time(0, 0), LONDON)
        ends = datetime.combine(day + timedelta(days=1), time(0, 0), LONDON)
        yield Found(
            pattern,
            user,
            those[0].name,
            case,
            window=day.isoformat(),
            began_at=begins,
            ended_at=ends,
            times=len(those),
            people=(user,),
        )


def _once(pattern: Pattern, looks: Iterable[Look]) -> Iterator[Found]:
    """One finding for each person and case, for ever."""
    firsts: dict[tuple[int, str], Look] = {}
    for look in sorted(looks, key=lambda look: look.at):
        firsts.setdefault((look.user, look.case), look)
    for (user, case), look in firsts.items():
        yield Found(
            pattern,
            user,
            look.name,
            case,
            window="",
            began_at=look.at,
            ended_at=look.at,
            people=(user,),
            detail=look.tie if pattern == Pattern.OWN_HOME else "",
        )


def _stretches(
    looks: Iterable[Look],
    whose: Callable[[Look], Hashable],
    counted: Callable[[Look], Hashable],
    within: timedelta,
    least: int,
) -> Iterator[list[Look]]:
    """Each stretch in which ``least`` different things were first reached; one in ``within``."""
    by_whom: dict[Hashable, list[Look]] = defaultdict(list)
    for look in sorted(looks, key=lambda look: look.at):
        by_whom[whose(look)].append(look)
    for theirs in by_whom.values():
        recent: deque[Look] = deque()
        quiet_until: datetime | None = None
        for look in theirs:
            recent.append(look)
            while recent[0].at <= look.at - within:
                recent.popleft()
            if quiet_until is not None and look.at < quiet_until:
                continue
            if len({counted(each) for each in recent}) >= least:
                quiet_until = look.at + within
                yield list(recent)


def _of_stretch(
    pattern: Pattern,
    stretch: list[Look],
    people: tuple[int, ...],
    *,
    times: int,
    of_case: bool = False,
) -> Found:
    first, last = stretch[0], stretch[-1]
    return Found(
        pattern,
        None if of_case else last.user,
        "" if of_case else last.name,
        last.case if of_case else "",
        window=last.at.isoformat(),
        began_at=first.at,
        ended_at=last.at,
        times=times,
        people=people,
    )


def sentence(found: Found) -> str:
    """What was found, as a sentence for the data protection officer."""
    return SAYS[found.pattern].format(
        name=found.name, case=found.case, often=_often(found.times), n=found.times
    ) + HOMES.get(found.detail, "")


def _often(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


SAYS: dict[Pattern, str] = {
    Pattern.NOT_ON_IT: (
        "{name} opened {case} and was not on it: neither lead nor named, nor of its team, nor "
        "its manager."
    ),
    Pattern.OWN_NAME: "{name} opened {case}, where somebody has the same last name.",
    Pattern.OWN_HOME: "{name} opened {case}, which is about ",
    Pattern.CONFLICT_TRIED: (
        "{name} tried to open {case}, which a conflict of interest closes to them."
    ),
    Pattern.CONFLICT_READ: (
        "{name} had opened {case} {often} before it was known that they have a conflict of "
        "interest."
    ),
    Pattern.MANY_VIEWERS: "{n} people who are not on {case} opened it within 24 hours.",
    Pattern.MANY_CASES: "{name} opened {n} cases within an hour.",
    Pattern.REFUSALS: "{name} was refused restricted cases {often} within 24 hours.",
    Pattern.OUT_OF_HOURS: "{name} printed or copied {case} outside the usual hours.",
}
HOMES: dict[str, str] = {
    Tie.HOME: "an address they told us they are tied to.",
    Tie.POSTCODE: "an address with the postcode of one they told us they are tied to.",
}
