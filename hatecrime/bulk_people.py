"""The people and homes of cases made in bulk, and how any rows are saved with their history."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from cases import references
from cases.access import Role
from cases.casework.models import Case
from cases.intake.models import Report
from cases.people.choices import Reach
from cases.people.keys import fill_keys, fill_property_keys
from cases.people.models import Person, Property, SafeContact
from cases.policy.queries import holidays, policy_version_at, settings_at
from cases.staff.models import User
from hatecrime.demo.places import AREAS, NAMES, phone

DAYS = 425
LETTERS = "ABDEFGHJLN"


class Making:
    """What every part of making in bulk needs; the same seed gives the same rows."""

    def __init__(self, until: datetime, seed: int = 7) -> None:
        self.until, self.chance = until, random.Random(seed)  # noqa: S311 (predictable on purpose)
        self.holidays, self.settings = holidays(), settings_at(until)
        self.policy = policy_version_at(until)
        self.officers = list(User.objects.holding(Role.HOUSING_OFFICER, until))
        self.used: set[str] = set(Case.objects.values_list("reference", flat=True))
        self.used |= set(Report.objects.values_list("reference", flat=True))
        self.used |= set(Person.objects.values_list("reference", flat=True))
        self.made = Case.objects.count()

    def _save[M: models.Model](self, rows: Sequence[M]) -> list[M]:
        """Insert the rows."""
        model: Any = type(rows[0])
        saved: list[M] = model.objects.bulk_create(rows, batch_size=2000)
        return saved

    def _fresh(self, make: Callable[[], str]) -> str:
        while (made := make()) in self.used:
            pass
        self.used.add(made)
        return made

    def _pick(self, letters: str) -> str:
        return self.chance.choice(letters)

    def _homes(self, size: int) -> list[Property]:
        rows = []
        for number in range(size):
            _, area, authority, postcode, streets = AREAS[number % len(AREAS)]
            street = streets[number % len(streets)]
            rows.append(
                Property(
                    uprn=f"8{self.made + number:011}",
                    address=f"{self.made + number + 50} {street}",
                    town=area,
                    postcode=postcode + LETTERS[number % 10] + LETTERS[number // 7 % 10],
                    area=area,
                    local_authority=authority,
                    team=self.officers[number % len(self.officers)].team,
                )
            )
        return self._save(fill_property_keys(rows))

    def _people(self, homes: Sequence[Property]) -> list[Person]:
        rows = []
        for number, home in enumerate(homes):
            firsts, lasts = self.chance.choice(NAMES)
            # A middle letter or two tells ten thousand people with forty names apart.
            middle = "".join(self._pick("ABCDEFGHJKLMNPRSTW").lower() for _ in range(4)).title()
            rows.append(
                Person(
                    reference=self._fresh(lambda: references.person_reference(self._pick)),
                    full_name=f"{self.chance.choice(firsts)} {middle} {self.chance.choice(lasts)}",
                    date_of_birth=date(
                        self.chance.randint(1935, 2004), 1 + number % 12, 1 + number % 28
                    ),
                    phone=phone(number),
                    home=home,
                    created_at=self.until - timedelta(days=DAYS),
                )
            )
        people = self._save(fill_keys(rows))
        self._save(
            [
                SafeContact(
                    person=person,
                    text=Reach.SAFE,
                    post=Reach.NOT_SAFE,
                    first_choice="text",
                    asked_at=self.until,
                )
                for person in people
            ]
        )
        return people

    def _letters(self, count: int) -> str:
        return "".join(self._pick(references.ALPHABET) for _ in range(count))

    def _officer(self, number: int) -> User:
        return self.officers[number % len(self.officers)]
