"""Where the demo's operations are done: as whom, at which moment, with which chance."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from cases import references
from cases.access import Actor, Role
from cases.calendar import LONDON, OPENS, in_hours, london_date, next_working_day
from cases.people.models import Person, Property
from cases.policy.queries import holidays
from cases.staff.models import Team, User

COMMAND = Actor(id=None, name="the demo data command", roles=frozenset({Role.SYSADMIN}))
RECORDS = Actor(id=None, name="the demo data command", roles=frozenset({Role.CASE_MANAGER}))
"""Who brings homes and tenancies, as the housing system's records would."""
SEED = 20241217
MONTHS = 14
DAYS = MONTHS * 365 // 12


@dataclass
class Desk:
    """Everything the demo is made with.  ``end`` is the demo's present: nothing is later."""

    end: datetime
    random: random.Random
    holidays: frozenset[date]
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    homes: dict[str, Property] = field(default_factory=dict)

    def do[R](self, act: Callable[..., R], *, by: Actor, at: datetime, **values: Any) -> R:
        """Do one operation at its moment."""
        return act(by=by, at=at, **values)

    def actor(self, name: str, at: datetime) -> Actor:
        """A user by name, with the roles held then."""
        return self.users[name].actor(at)

    def key(self) -> uuid.UUID:
        """A key of a sheet or a notepad line, the same in every run."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def some(self, least: int, most: int) -> timedelta:
        """Some minutes."""
        return timedelta(minutes=self.random.randint(least, most))

    def day(self, ago: int, hour: int, minute: int = 0) -> datetime:
        """A time of day so many days before the end, never after it."""
        day = london_date(self.end) - timedelta(days=ago)
        return min(datetime.combine(day, time(hour, minute), LONDON), self.end)

    def office(self, at: datetime) -> datetime:
        """The moment itself in opening hours, else a little into the next working day."""
        if in_hours(at, self.holidays):
            return at
        day = london_date(at)
        early = at.astimezone(LONDON).time() < OPENS and in_hours(
            datetime.combine(day, OPENS, LONDON), self.holidays
        )
        opens = day if early else next_working_day(day, self.holidays)
        return datetime.combine(opens, OPENS, LONDON) + self.some(5, 90)


@contextmanager
def at_the_desk(end: datetime) -> Iterator[Desk]:
    """A desk whose references are the demo's own while it lasts."""
    chance = random.Random(SEED)  # noqa: S311 (meant to be predictable)
    desk = Desk(end=end, random=chance, holidays=holidays())

    def letters(count: int, choose: Callable[[str], str]) -> str:
        return "".join(chance.choice(references.ALPHABET) for _ in range(count))

    before = references._letters
    references._letters = letters
    try:
        yield desk
    finally:
        references._letters = before
