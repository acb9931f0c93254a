"""The keys people and homes are found by, filled in for rows about to be written.

Operations call these for every row; data made in bulk calls them for whole lists, and
``manage.py fill_people_keys`` makes them afresh.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.people.matching import name_key, phone_key, postcode_key, sound_key
from cases.people.models import Person, Property

PERSON_KEYS = ("name_key", "sound_key", "phone_key")
PROPERTY_KEYS = ("postcode", "search_key")


def fill_keys(people: Iterable[Person]) -> list[Person]:
    """Set the search keys on people (saved or not) and return them; saves nothing."""
    filled = list(people)
    for person in filled:
        called = f"{person.full_name} {_other_name(person)}" if person.full_name else ""
        person.name_key = name_key(called or person.placeholder)
        person.sound_key = sound_key(called)
        person.phone_key = phone_key(person.phone)
    return filled


def _other_name(person: Person) -> str:
    known, full = name_key(person.known_as).split(), name_key(person.full_name).split()
    return " ".join(word for word in known if word not in full)


def fill_property_keys(homes: Iterable[Property]) -> list[Property]:
    """Set the search keys and the written form of the postcode; saves nothing."""
    filled = list(homes)
    for home in filled:
        home.postcode = postcode_key(home.postcode)
        home.search_key = name_key(f"{home.address} {home.town} {home.postcode}")
    return filled
