"""Whatever happened, on whatever edge of a month: each figure is what is counted by hand."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import Period, month_of
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_hand import compare
from tests.reporting.brute_b_more import BY_HAND
from tests.reporting.worlds_b import ASKED_AT, DEEDS, EDGES, Living, Told, whatever_happened
from tests.world import World

FULL = [
    Told(
        received=when,
        victim=number % 6,
        opened_after=30 * (number % 2),
        holds="YES" if number % 3 else "NOT_SURE",
        strands=(("RACE",), ("RACE", "AGE"), ("UNKNOWN_HATE",), ())[number % 4],
        types=("GRAFFITI", "THREAT"),
        location="VICTIM_HOME",
        respondent=number % 5,
        again_after=(0, 1, 200)[number % 3],
        done_after=(1, 23, 24, 25, 120)[number % 5],
        deeds=frozenset(deed for at, deed in enumerate(sorted(DEEDS)) if (at + number) % 3),
    )
    for number, when in enumerate(EDGES)
]
"""A case on every edge, so that each measure has something to count."""


def _check(world: World, facts: list[Told], asked: Asked, joined: bool) -> dict[str, int]:
    with transaction.atomic():
        living = Living(type(world)())
        for one in sorted(facts, key=lambda each: each.received):
            living.tell(one)
        if joined:
            living.join()
        found = compare(asked)
        for code in BY_HAND:
            same_as_behind(BY_CODE[code], asked)
        transaction.set_rollback(True)
    return found


@whatever_happened
def test_any_month(
    world: World, facts: list[Told], last: date, at: datetime, entity: str, joined: bool
) -> None:
    _check(world, facts, Asked.of_month(month_of(last), at, entity), joined)


def test_any_two_dates_of_a_full_world(world: World) -> None:
    """Between two days that are no months, and with something on nearly every measure."""
    days = Period(date(2025, 10, 26), date(2026, 3, 31))
    found = _check(world, FULL, Asked.of_dates(days, ASKED_AT[0]), joined=True)
    # Reports and case reviews have their own tests: nobody is told by a call sheet here.
    assert {code for code in BY_HAND if not found.get(code)} <= {"M29", "M34"}
