"""People made by the real operations, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases.access import Actor, Role
from cases.people import operations
from cases.people.models import Household, Person, Property
from tests.world import World

BORN = date(1985, 4, 3)
LONG = date(2019, 1, 7)


class Folk:
    """A handful of people at Larkfield Court, written down by a housing officer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.user = world.user(Role.HOUSING_OFFICER, team=world.team(), name="Dawn Mistry")
        self.by: Actor = world.actor(self.user)
        self.doing: dict[str, Any] = {"by": self.by, "at": world.now}

    def home(self, address: str = "14 Larkfield Court", postcode: str = "nn994qt") -> Property:
        return operations.add_property(
            **self.doing, address=address, town="Wellby", postcode=postcode
        )

    def person(self, full_name: str = "Amara Osei", **details: Any) -> Person:
        return operations.add_person(**self.doing, full_name=full_name, **details)

    def lives(
        self,
        person: Person,
        home: Property,
        household: Household | None = None,
        moved_in: date = LONG,
        **more: Any,
    ) -> Household:
        household = household or operations.add_household(**self.doing, home=home)
        operations.add_household_member(
            **self.doing, household=household, person=person, moved_in=moved_in, **more
        )
        return household

    def tenant(self, person: Person, home: Property, reference: str, **more: Any) -> Any:
        values = {"tenure": "ASSURED", "starts": LONG, **more}
        return operations.add_tenancy(
            **self.doing, reference=reference, home=home, holder=person, **values
        )
