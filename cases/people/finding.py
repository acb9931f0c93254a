"""Finding people and homes from what was typed: indexes give candidates, rules weigh them.

The people here are not tied to cases, so who may be shown is passed in by the caller:
``hidden`` are the people whose every case is kept from the actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, FloatField, Prefetch, Q, QuerySet, Value

from cases.access import Actor
from cases.people.matching import (
    ALIKE,
    ENOUGH,
    Candidate,
    Query,
    Reasons,
    name_key,
    postcode_key,
    reference_key,
    understand,
    weigh,
)
from cases.people.models import (
    BareReference,
    HouseholdMembership,
    Person,
    Property,
    SoundCodes,
    StaffLink,
    Tenancy,
)
from cases.people.rules import may_search
from cases.people.tie_queries import records_of

WIDE = "0.5"
"""How alike words must be for the trigram indexes to bring somebody up at all."""
EACH = 60
"""The most candidates taken from one index before they are weighed against each other."""


@dataclass(frozen=True)
class Match:
    """Somebody found: why, and where they live in a few words ("tenant, 14 Larkfield Court")."""

    person: Person
    why: list[str]
    home_line: str


@dataclass(frozen=True)
class Found:
    """What a search found, best first, and how many records the actor may not see."""

    matches: tuple[Match, ...] = ()
    hidden: int = 0

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)

    def __len__(self) -> int:
        return len(self.matches)

    def __getitem__(self, place: int) -> Match:
        return self.matches[place]


def find_people(
    text: str,
    actor: Actor,
    limit: int = 8,
    *,
    hidden: QuerySet[Person] | None = None,
    on: date | None = None,
) -> Found:
    """The people nearest to what was typed, in a fixed number of queries, never an error.

    ``text`` is a name, date of birth, phone number, postcode, address, tenancy or person
    reference, or several of them.  ``hidden`` (and whoever the actor is tied to) are counted,
    not shown.  ``on`` decides who lives where; without it an open end means "now".
    """
    query = understand(text)
    if not query or not may_search(actor):
        return Found()
    with _looking_wider():
        people = _candidates(query)
    ranked = _ranked(query, people)[: limit * 2]
    once = _once_each(ranked)
    stands = records_of(person.pk for person, _ in once)
    unseen = {stands[pk] for pk in _unseen(actor, list(stands), hidden)}
    shown = [(person, found) for person, found in once if person.survivor.pk not in unseen]
    return Found(
        matches=tuple(
            Match(person.survivor, _why(person, found), _home_line(person, on))
            for person, found in shown[:limit]
        ),
        hidden=sum(1 for person, _ in once[:limit] if person.survivor.pk in unseen),
    )


def _once_each(ranked: list[tuple[Person, Reasons]]) -> list[tuple[Person, Reasons]]:
    """Somebody with several records once, by the record that matches best (ADR 14)."""
    best: dict[int, tuple[Person, Reasons]] = {}
    for person, found in ranked:
        best.setdefault(person.merged_into_id or person.pk, (person, found))
    return list(best.values())


def _why(person: Person, found: Reasons) -> list[str]:
    why = list(found.why)
    return [*why, f"Joined from {person.reference}."] if person.merged_into_id else why


def _home_line(person: Person, on: date | None) -> str:
    return home_line(person.survivor, on) or home_line(person, on)


@contextmanager
def _looking_wider() -> Iterator[None]:
    # Two letters changed about in a word of nine are a similarity of 0.5; the usual threshold
    # of 0.6 misses them.  Lasts until the end of the transaction.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [WIDE])
        yield


def _candidates(query: Query) -> list[Person]:
    looks = list(_looks(query))
    if not looks:
        return []
    chosen = looks[0].union(*looks[1:], all=True).order_by() if looks[1:] else looks[0]
    ids = {pk for pk, _ in chosen}
    return list(
        Person.objects.filter(pk__in=ids)
        .select_related("home", "merged_into__home")
        .prefetch_related(
            Prefetch("tenancies", Tenancy.objects.select_related("home")),
            Prefetch("memberships", HouseholdMembership.objects.select_related("household__home")),
        )
    )


def _looks(query: Query) -> Iterator[QuerySet[Any, tuple[int, float]]]:
    """One look a kind of thing typed, each by its own index, each no longer than ``EACH``."""
    people = Person.objects.order_by()
    if query.person:
        yield _some(people.filter(reference=query.person), Value(9.0))
    if query.dates:
        yield _some(people.filter(date_of_birth__in=query.dates), Value(9.0))
    for phone in query.phones[:2]:
        yield _some(people.filter(phone_key__contains=phone), Value(9.0))
    if query.references:
        held = Tenancy.objects.annotate(bare=BareReference("reference")).filter(
            bare__in=query.references
        )
        yield _some(people.filter(pk__in=held.values("holder")), Value(9.0))
    if query.words:
        yield from _by_name(query, people)
    if homes := _near_homes(query):
        yield _some(people.filter(home__in=homes), Value(3.0))
        yield _some(people.filter(tenancies__home__in=homes), Value(3.0))
        yield _some(people.filter(memberships__household__home__in=homes), Value(3.0))


def _by_name(query: Query, people: Any) -> Iterator[QuerySet[Any, tuple[int, float]]]:
    words = [word for word in query.worth_looking_up if not word.isdigit()]
    if words:
        alike = Q()
        for word in words:
            alike |= Q(name_key__trigram_word_similar=word)
        yield _some(people.filter(alike), _sum_of(list(query.words), "name_key"))
    if query.sounds:
        heard = people.annotate(codes=SoundCodes("sound_key"))
        yield _some(heard.filter(codes__contains=list(query.sounds)), Value(5.0))


def _alike(query: Query) -> QuerySet[Property]:
    alike = Q()
    for word in query.telling_words:
        alike |= Q(search_key__trigram_word_similar=word)
    return Property.objects.filter(alike)


def _near_homes(query: Query) -> list[int]:
    """The homes at the postcodes typed, and those whose address is near, in one query."""
    looks = []
    if query.postcodes:
        looks.append(_some(Property.objects.filter(postcode__in=query.postcodes), Value(9.0)))
    if query.telling_words:
        looks.append(_some(_alike(query), _sum_of(list(query.words), "search_key")))
    if not looks:
        return []
    chosen = looks[0].union(*looks[1:], all=True).order_by() if looks[1:] else looks[0]
    return list({pk for pk, _ in chosen})


def _sum_of(words: list[str], key: str) -> Any:
    total: Any = Value(0.0, output_field=FloatField())
    for word in words:
        total = total + TrigramWordSimilarity(word, F(key))
    return total


def _some(rows: Any, rank: Any) -> QuerySet[Any, tuple[int, float]]:
    return (  # type: ignore[no-any-return]
        rows.annotate(rank=rank).order_by("-rank", "pk").values_list("pk", "rank")[:EACH]
    )


def _ranked(query: Query, people: Iterable[Person]) -> list[tuple[Person, Reasons]]:
    weighed = [(person, weigh(query, facts_of(person))) for person in people]
    worth = [pair for pair in weighed if pair[1].score >= ENOUGH]
    return sorted(worth, key=lambda pair: (-pair[1].score, pair[0].name_key, pair[0].pk))


def _unseen(actor: Actor, ids: list[int], hidden: QuerySet[Person] | None) -> set[int]:
    # Asked of these few people, not of everybody: two small queries instead of one great one.
    tied = tied_to(actor).filter(pk__in=ids).values_list("pk", flat=True)
    kept = hidden.filter(pk__in=ids).values_list("pk", flat=True) if hidden is not None else ()
    return {*tied, *kept}


def tied_to(actor: Actor) -> QuerySet[Person]:
    """People the actor is tied to: their own record, relatives, whoever lives at their address.

    They are kept from the actor always, case or no case, so that hiding tells nothing.
    """
    links = StaffLink.objects.filter(user_id=actor.id or 0)
    homes = links.filter(home__isnull=False).values("home")
    return Person.objects.filter(
        Q(pk__in=links.filter(person__isnull=False).values("person"))
        | Q(home__in=homes)
        | Q(memberships__household__home__in=homes)
        | Q(tenancies__home__in=homes)
    )


def facts_of(person: Person) -> Candidate:
    """What is weighed of somebody; their homes must have been fetched."""
    homes = _homes_of(person)
    return Candidate(
        name_key=person.name_key,
        sound_key=person.sound_key,
        phone_key=person.phone_key,
        date_of_birth=person.date_of_birth,
        reference=person.reference,
        tenancies=tuple(reference_key(row.reference) for row in person.tenancies.all()),
        postcodes=tuple(home.postcode for home in homes),
        addresses=tuple(home.search_key for home in homes),
    )


def _homes_of(person: Person) -> list[Property]:
    homes = [person.home] if person.home else []
    homes += [row.home for row in person.tenancies.all()]
    homes += [row.household.home for row in person.memberships.all()]
    return list({home.pk: home for home in homes}.values())


def home_line(person: Person, on: date | None = None) -> str:
    """Where somebody lives: "tenant, 14 Larkfield Court", "former tenant, moved out in 2023"."""
    tenancies = sorted(person.tenancies.all(), key=lambda row: row.period.lower, reverse=True)
    if current := next((row for row in tenancies if _runs(row.period, on)), None):
        return f"{_holder_word(current)}, {current.home.line}"
    lives = next((row for row in person.memberships.all() if _runs(row.period, on)), None)
    if lives:
        return f"lives at {lives.household.home.line}"
    if person.home:
        return f"lives at {person.home.line}"
    if tenancies and tenancies[0].period.upper:
        return f"former {_holder_word(tenancies[0])}, moved out in {tenancies[0].period.upper.year}"
    return "colleague" if person.is_colleague else ""


def _runs(period: Any, on: date | None) -> bool:
    if period.isempty:
        return False  # Recorded by mistake: it holds no day.
    if on is None:
        return period.upper is None
    return period.lower <= on and (period.upper is None or on < period.upper)


def _holder_word(tenancy: Tenancy) -> str:
    words = tenancy.get_tenure_display().lower()
    return next(
        (
            word
            for word in ("leaseholder", "shared owner", "freeholder", "licensee")
            if word in words
        ),
        "tenant",
    )


def find_homes(text: str, limit: int = 5) -> list[Property]:
    """Addresses we know that are near to what was typed, nearest first."""
    query = understand(text)
    whole = name_key(text).split()
    with _looking_wider():
        homes = list(Property.objects.filter(pk__in=_near_homes(query)))
    same = {home: len(set(whole) & set(home.search_key.split())) for home in homes}
    enough = [
        home
        for home in homes
        if home.postcode in query.postcodes or same[home] >= len(query.words) / 2 > 0
    ]
    return sorted(enough, key=lambda home: (-same[home], home.pk))[:limit]


def same_home(address: str, town: str, postcode: str) -> Property | None:
    """The home with exactly this address, however it is spelled."""
    key = name_key(f"{address} {town} {postcode_key(postcode)}")
    return Property.objects.filter(search_key=key).first() if key else None


def people_called(full_name: str, born: date) -> list[Person]:
    """Everybody born that day whose name is, or sounds, the same: no way to browse people."""
    query = understand(full_name)
    rows = Person.objects.filter(date_of_birth=born)
    weighed = [(row, weigh(query, Candidate(row.name_key, row.sound_key))) for row in rows]
    return [row for row, found in weighed if found.score >= ALIKE]
