"""Two officers at once: nothing is done twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from cases.access import Role
from cases.casework import operations as do
from cases.casework.models import Case, Incident
from cases.people.operations import add_person
from tests.casework.story import Story, tell
from tests.world import World

LONG = "Nobody else is trained yet this week."


@pytest.fixture
def committed(own_world: World) -> Story:
    """The story in a database of its own, where two connections meet."""
    return tell(own_world)


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads of their own; each result, or what it raised."""

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_incidents_told_at_once_get_numbers_of_their_own(committed: Story) -> None:
    made = at_once([committed.add_incident] * 6)
    assert sorted(row.number for row in made) == [2, 3, 4, 5, 6, 7]


def test_a_conflict_and_a_lead_named_at_once_never_leave_both(committed: Story) -> None:
    """Whoever declares a conflict while being named does not end as the lead."""
    committed.allocated()
    lead = committed.lead

    def declare() -> Any:
        return do.declare(
            by=lead, at=committed.at(hours=1), case=Case.objects.get(), knows_somebody=True
        )

    def work() -> Any:
        return do.add_incident(
            by=committed.boss, at=committed.at(hours=1), case=Case.objects.get(), types=["NOISE"]
        )

    at_once([declare, work, work, declare])
    case = Case.objects.get()
    assert case.lead is None
    assert case.conflicts.count() == 1
    assert case.clocks.filter(kind="REASSIGN").count() == 1
    assert Incident.objects.filter(case=case).count() == 3


def test_managers_naming_leads_at_once_end_with_one(committed: Story) -> None:
    world = committed.world
    officers = [world.user(Role.HOUSING_OFFICER, team=world.team()) for _ in range(3)]

    def name(officer: Any) -> Callable[[], Any]:
        return lambda: do.allocate(
            by=committed.boss,
            at=committed.at(hours=1),
            case=Case.objects.get(),
            lead=officer,
            reason=LONG,
        )

    at_once([name(officer) for officer in officers])
    case = Case.objects.get()
    leads = case.members.filter(why="LEAD", ended_at__isnull=True)
    assert [member.user_id for member in leads] == [case.lead_id]


def test_a_move_and_a_hold_at_once_are_one_or_the_other(committed: Story) -> None:
    committed.allocated()
    do.meet_clocks(
        by=committed.lead,
        at=committed.at(hours=1),
        case=committed.case,
        kinds=["FIRST_CONTACT"],
    )

    def move() -> Any:
        return do.move_stage(
            by=committed.lead, at=committed.at(hours=2), case=Case.objects.get(), to="ASSESS"
        )

    moved = at_once([move] * 5)
    assert sum(isinstance(result, Case) for result in moved) == 1
    assert Case.objects.get().stage == "ASSESS"


def test_whatever_meets_on_one_case_waits_in_one_order(committed: Story) -> None:
    """Different operations at once: none runs into another's locks (no deadlock)."""
    committed.allocated()
    by, at = committed.lead, committed.at(hours=1)

    def case() -> Case:
        return Case.objects.get()

    def contact() -> Any:
        return do.log_contact(
            by=by,
            at=at,
            case=case(),
            involvement=committed.victim,
            kind="INTERACTION",
            channel="ring",
            summary="Safe tonight.",
        )

    def part() -> Any:
        return do.add_involvement(
            by=by,
            at=at,
            case=case(),
            part="WITNESS",
            person=add_person(by=by, at=at, full_name="Somebody who saw"),
        )

    def view() -> Any:
        return do.add_perception(
            by=by,
            at=at,
            incident=Incident.objects.get(number=1),
            holds="YES",
            capacity="WITNESS",
            described_as="A postman",
        )

    def correct() -> Any:
        return do.correct_incident(
            by=by,
            at=at,
            incident=Incident.objects.get(number=1),
            reason="She rang.",
            place_words="By the bins",
        )

    def duty() -> Any:
        return do.do_duty(
            by=by,
            at=at,
            case=case(),
            clock=committed.clock("SUPPORT_OWN"),
            outcome="Accepted",
            words="Asked her.",
        )

    jobs = [contact, part, view, correct, duty, contact, part, view]
    faults = [result for result in at_once(jobs) if isinstance(result, Exception)]
    assert faults == []
