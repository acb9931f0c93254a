"""How an imported member of a household becomes a row of ours (domain 2.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from cases.audit.verbs import Verb
from cases.people.choices import ImportKind
from cases.people.import_columns import Row
from cases.people.import_keepers import OfPeople, known_keys, put_days, said_days
from cases.people.models import Household, HouseholdMembership, SourceKey


class Members(OfPeople):
    """Who lives in which household; each tenancy, lease or licence is one."""

    kind = ImportKind.MEMBER
    model = HouseholdMembership
    added = Verb.HOUSEHOLD_CHANGED
    changed = Verb.HOUSEHOLD_CHANGED
    blamed = "moved_in"
    fixed = ("household_key", "property_key", "person_key")
    until = "moved_out"

    def look_up(self, rows: Sequence[Row], known: Mapping[str, SourceKey]) -> None:
        super().look_up(rows, known)
        keys = {row.values["household_key"] for row in rows}
        self.households = {
            key: row.subject_id
            for key, row in known_keys(self.system, ImportKind.HOUSEHOLD, keys).items()
        }
        self.at_home = dict(
            Household.objects.filter(pk__in=self.households.values()).values_list("pk", "home_id")
        )
        ids = {self.people[row.values["person_key"]] for row in rows if self._whose(row)}
        lived = HouseholdMembership.objects.filter(person__in=ids, period__isempty=False)
        self.lived: dict[int, list[HouseholdMembership]] = {}
        for place in lived.select_related("household"):
            self.lived.setdefault(place.person_id, []).append(place)
        self.mine = {row.subject_id: key for key, row in known.items()}
        self.home_of: dict[str, int] = {}
        """Where the households are that this batch brings."""
        self.planned: dict[int, tuple[str, int]] = {}
        """By place (its ``id``) on its way in: the key of its household, and the home."""

    def _whose(self, row: Row) -> bool:
        return row.values["person_key"] in self.people

    def stands(self, row: Row) -> bool:
        if not super().stands(row):
            return False
        household = self.households.get(row.values["household_key"])
        if household and self.at_home[household] != self.homes[row.values["property_key"]]:
            self.refuse(row, "property_key", "This household is at another home.")
            return False
        return True

    def adopt(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Places our own people recorded at the same home, with their households."""
        found = {}
        for row in rows:
            for place in self._in_the_way(row):
                same_home = place.household.home_id == self.homes[row.values["property_key"]]
                household = self.households.setdefault(
                    row.values["household_key"], place.household_id if same_home else 0
                )
                if same_home and household == place.household_id and place.pk not in self.mine:
                    found[row.key] = place
                    self.mine[place.pk] = row.key
                    break
        self.households = {key: pk for key, pk in self.households.items() if pk}
        self._not_claimed_by_others(found)
        self._tie_households(self.households)
        return found

    def _not_claimed_by_others(self, found: dict[str, Any]) -> None:
        places = {place.pk: key for key, place in found.items()}
        tied = SourceKey.objects.filter(kind=self.kind, subject_id__in=places)
        for pk in tied.values_list("subject_id", flat=True):
            found.pop(places[pk], None)

    def _tie_households(self, households: Mapping[str, int]) -> None:
        """Remember which household of ours each key of the source's stands for."""
        known = known_keys(self.system, ImportKind.HOUSEHOLD, households)
        SourceKey.objects.bulk_create(
            SourceKey(system=self.system, kind=ImportKind.HOUSEHOLD, key=key, subject_id=pk)
            for key, pk in sorted(households.items())
            if key not in known
        )

    def fill(self, rows: Sequence[Any]) -> None:
        """Make the households of these places as they are written, so that a refused one leaves
        none: what the database takes back, it takes back with its households.
        """
        waiting = [(place, *self.planned[id(place)]) for place in rows if id(place) in self.planned]
        keys = {key for _, key, _ in waiting}
        known = known_keys(self.system, ImportKind.HOUSEHOLD, keys)
        homes = {key: home for _, key, home in waiting if key not in known}
        made = [Household(home_id=home) for home in homes.values()]
        Household.objects.bulk_create(made, batch_size=500)
        ids = {key: row.subject_id for key, row in known.items()}
        ids |= {key: row.pk for key, row in zip(homes, made, strict=True)}
        self._tie_households({key: ids[key] for key in homes})
        for place, key, _ in waiting:
            place.household_id = ids[key]

    def _in_the_way(self, row: Row) -> list[HouseholdMembership]:
        person = self.people[row.values["person_key"]]
        days = DateRange(row.day("moved_in"), row.day("moved_out"))
        return [
            place
            for place in self.lived.get(person, [])
            if self.mine.get(place.pk) != row.key and overlap(place.period, days)
        ]

    def new(self, row: Row) -> HouseholdMembership | None:
        key, home = row.values["household_key"], self.homes[row.values["property_key"]]
        household = self.households.get(key)
        at = self.at_home[household] if household else self.home_of.get(key, home)
        if at != home:
            self.refuse(row, "property_key", "This household is at another home.")
            return None
        if self._in_the_way(row):
            self.refuse(row, "moved_in", "They are in another household at that time.")
            return None
        place = HouseholdMembership()
        if household:
            place.household_id = household
        else:
            self.home_of[key] = home
            self.planned[id(place)] = (key, home)
        place.person_id = self.people[row.values["person_key"]]
        self.put(place, row, ("relation", "moved_in"))
        self.lived.setdefault(place.person_id, []).append(place)
        return place

    def said(self, row: Any) -> dict[str, str]:
        return {"relation": row.relation, **said_days(row.period, "moved_in", "moved_out")}

    def put(self, row: Any, source: Row, columns: Iterable[str]) -> None:
        if "relation" in columns:
            row.relation = source.values["relation"]
        put_days(row, source, set(columns), "moved_in", "moved_out")

    @property
    def about(self) -> Any:
        return Household

    def subject(self, row: Any) -> int:
        return int(row.household_id)

    def ties(self, rows: Sequence[Any]) -> set[int]:
        households = {row.household_id for row in rows}
        members = HouseholdMembership.objects.filter(household__in=households)
        return set(members.values_list("person_id", flat=True))


def overlap(one: DateRange, other: DateRange) -> bool:
    """Whether two stretches of days, open at either end, share a day."""
    if one.isempty or other.isempty:
        return False
    starts_in_time = one.upper is None or other.lower is None or other.lower < one.upper
    return starts_in_time and (other.upper is None or one.lower is None or one.lower < other.upper)
