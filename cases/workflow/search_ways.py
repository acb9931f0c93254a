"""In which ways a typed text may match a case, and the one query that asks them all.

Each way goes by its own index and is scoped by itself.  What kinds of text there are is a shape
of the query, what was typed are its values (:mod:`cases.prepared`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import BigIntegerField, F, Q, QuerySet, Value

from cases import references
from cases.access import Actor
from cases.casework.models import Account, Case, Incident, Involvement, Note
from cases.casework.searching import bare_reference, plain_words, words_query, words_vector
from cases.intake.models import Report
from cases.people.matching import name_key, phone_key
from cases.people.models import Person, Property
from cases.prepared import planned, prepared

MOST = 200
"""The most cases of one kind of match that are gathered: more is not a search but a list."""
NEWEST = 3 * MOST
"""So many of the newest accounts or notes with a word are looked at before all of them are."""
ENOUGH_DIGITS = 6
CROWDED = 0
"""Stands for a case where more accounts or notes have the words than were looked at."""


class Kind(IntEnum):
    """Why a case matched, the most telling first."""

    REFERENCE = 0
    CRIME = 1
    PHONE = 2
    NAME = 3
    ADDRESS = 4
    ACCOUNT = 5
    NOTE = 6


@dataclass(frozen=True)
class Ways:
    """The ways a text may match; those that it cannot are not asked.

    ``words`` and ``numbers`` are how many it has: people have each of the words in their name,
    homes all of them together and each number exactly.
    """

    reference: str
    number: bool
    phone: bool
    words: int
    numbers: int
    address: bool


def ways_of(text: str) -> tuple[Ways, dict[str, str]]:
    """The ways a text may match, and what to match."""
    tidied, digits, key = references.tidy(text), phone_key(text), name_key(text)
    words = key.split()
    named = [word for word in words if not word.isdigit()]
    numbers = [word for word in words if word.isdigit()]
    has_letters = bool(re.search(r"[^\W\d]", key))
    ways = Ways(
        reference=_whose_reference(tidied),
        number=bool(re.search(r"\d", text)),
        phone=len(digits) >= ENOUGH_DIGITS and not re.search(r"[^\W\d_]", text),
        words=len(words) if has_letters else 0,
        numbers=len(numbers) if has_letters else 0,
        address=has_letters,
    )
    typed = {
        "reference": tidied,
        "bare": re.sub(r"\s", "", text).upper(),
        "digits": f"%{digits}%",
        "home": " ".join(named),
        "said": plain_words(text),
        **{f"word_{place}": word for place, word in enumerate(words)},
        **{f"first_{place}": f"{number} %" for place, number in enumerate(numbers)},
        **{f"later_{place}": f"% {number} %" for place, number in enumerate(numbers)},
    }
    return ways, typed


def _whose_reference(tidied: str) -> str:
    kinds = {"case": references.CASE, "report": references.REPORT, "person": references.PERSON}
    return next((name for name, pattern in kinds.items() if pattern.fullmatch(tidied)), "")


@planned
def newest_matches(actor: Actor, ways: Ways, **typed: str) -> QuerySet[Case, tuple[int, int]]:
    """The cases that match and each kind of match; where a word is in very many accounts or
    notes only the newest are looked at, and ``CROWDED`` says so.
    """
    told = ((Kind.ACCOUNT, _accounts(typed)), (Kind.NOTE, _notes(typed)))
    crowded = [
        rows.annotate(no_case=Value(CROWDED, BigIntegerField()), match=Value(int(kind)))
        .order_by()
        .values_list("no_case", "match")[NEWEST : NEWEST + 1]
        for kind, rows in told
    ]
    found = _either(actor, [*_by_key(ways, typed), *_said(typed, NEWEST)])
    return found.union(*crowded, all=True)


@prepared
def all_matches(actor: Actor, ways: Ways, **typed: str) -> QuerySet[Case, tuple[int, int]]:
    """The cases that match and each kind of match, whatever it takes to look."""
    return _either(actor, [*_by_key(ways, typed), *_said(typed, None)])


def homes_like(text: str) -> QuerySet[Property]:
    """Homes like this address: its words however they are spelled, its numbers exactly."""
    return _homes(*ways_of(text))


def _either(actor: Actor, conditions: list[tuple[Kind, Q]]) -> QuerySet[Case, tuple[int, int]]:
    """The cases for which each of the conditions holds, with its number."""
    visible = Case.objects.visible_to(actor).order_by("-received_at", "-pk")
    first, *rest = (
        visible.filter(where).annotate(kind=Value(int(kind))).values_list("pk", "kind")[: MOST + 1]
        for kind, where in conditions
    )
    return first.union(*rest, all=True)


def _by_key(ways: Ways, typed: dict[str, str]) -> Iterator[tuple[Kind, Q]]:
    yield from _by_reference(ways, typed["reference"])
    if ways.number:
        crimes = Incident.objects.annotate(bare=bare_reference("crime_reference")).filter(
            ~Q(crime_reference=""), bare=typed["bare"]
        )
        yield Kind.CRIME, Q(pk__in=crimes.values("case"))
    if ways.phone:
        yield Kind.PHONE, _has_part(Person.objects.filter(phone_key__like=typed["digits"]))
    if ways.words:
        people = Person.objects.all()
        for place in range(ways.words):
            people = people.filter(name_key__trigram_word_similar=typed[f"word_{place}"])
        yield Kind.NAME, _has_part(people)
    if ways.address:
        yield Kind.ADDRESS, Q(home__in=_homes(ways, typed).values("pk"))


def _by_reference(ways: Ways, tidied: str) -> Iterator[tuple[Kind, Q]]:
    if ways.reference == "case":
        yield Kind.REFERENCE, Q(reference=tidied)
    elif ways.reference == "report":
        yield Kind.REFERENCE, Q(pk__in=Report.objects.filter(reference=tidied).values("case"))
    elif ways.reference == "person":
        yield Kind.REFERENCE, _has_part(Person.objects.filter(reference=tidied))


def _has_part(people: QuerySet[Person]) -> Q:
    parts = Involvement.objects.filter(
        person__in=people.values("pk"), kept_apart=False, ended_at__isnull=True
    )
    return Q(pk__in=parts.values("case"))


def _homes(ways: Ways, typed: dict[str, str]) -> QuerySet[Property]:
    homes = Property.objects.filter(search_key__trigram_word_similar=typed["home"])
    for place in range(ways.numbers):
        alone = (typed[f"first_{place}"], typed[f"later_{place}"])
        homes = homes.filter(Q(search_key__like=alone[0]) | Q(search_key__like=alone[1]))
    return homes


def _said(typed: dict[str, str], most: int | None) -> Iterator[tuple[Kind, Q]]:
    """In somebody's words, or in a note's; ``most``: looking at so many of the newest."""
    accounts, notes = _accounts(typed), _notes(typed)
    if most is None:
        yield Kind.ACCOUNT, Q(pk__in=accounts.values("incident__case"))
        yield Kind.NOTE, Q(pk__in=notes.values("case"))
        return
    # "+ 0", lest PostgreSQL go through all of them from the newest on, reading each.
    newest = (F("pk") + 0).desc()
    told = Incident.objects.filter(pk__in=accounts.order_by(newest).values("incident")[:most])
    yield Kind.ACCOUNT, Q(pk__in=told.values("case"))
    yield Kind.NOTE, Q(pk__in=notes.order_by(newest).values("case")[:most])


def _accounts(typed: dict[str, str]) -> QuerySet[Account]:
    rows = Account.objects.annotate(document=words_vector("words"))
    return rows.filter(document=words_query(typed["said"]))


def _notes(typed: dict[str, str]) -> QuerySet[Note]:
    rows = Note.objects.annotate(document=words_vector("text"))
    return rows.filter(document=words_query(typed["said"]))
