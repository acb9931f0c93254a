"""Your work: which cases, in which order, how many, and in how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.casework import operations as ops
from cases.casework.choices import ContactKind
from cases.casework.models import Case
from cases.people.operations import add_person, add_property, declare_staff_link, set_safe_contact
from cases.workflow import queue_queries
from cases.workflow.queue_asks import Ask, View, views_for
from cases.workflow.queue_queries import read_queue
from tests.workflow.making import make_case, victim_part
from tests.world import World


def ask(text: str, actor: Any) -> Ask:
    return Ask.read(QueryDict(text), actor)


@pytest.fixture
def staff(world: World) -> dict[str, Any]:
    world.policy()
    north, south = world.team("North"), world.team("South")
    return {
        "handler": world.user(Role.CALL_HANDLER, team=north, name="Joanne Pike"),
        "officer": world.user(Role.HOUSING_OFFICER, team=north, name="Dawn Mistry"),
        "manager": world.user(Role.CASE_MANAGER, team=north, name="Sunita Bhatt"),
        "other": world.user(Role.CASE_MANAGER, team=south, name="Anna Weir"),
        "director": world.user(Role.DIRECTOR_CO, name="Ruth Calloway"),
        "admin": world.user(Role.SYSADMIN, name="Iain Mackie"),
        "north": north,
        "south": south,
    }


def test_views_are_those_that_mean_something(world: World, staff: dict[str, Any]) -> None:
    by_role = {
        who: views_for(world.actor(staff[who])) for who in ("handler", "manager", "director")
    }
    assert by_role["handler"] == [View.MINE, View.LATE, View.ALL]
    assert by_role["manager"] == list(View)
    assert by_role["director"] == [View.UNALLOCATED, View.LATE, View.ALL]
    begins = {who: ask("", world.actor(staff[who])).view for who in by_role}
    assert begins == {
        "handler": View.MINE,
        "manager": View.TEAM,
        "director": View.UNALLOCATED,
    }
    auditor = world.user(Role.AUDITOR, name="Peter Lund")
    page = world.client(auditor).get("/").content.decode()
    assert "Cases show here once you are given them to see." in page
    assert "Nothing is late" not in page


def test_least_time_left_comes_first_and_counts_agree(world: World, staff: dict[str, Any]) -> None:
    manager, officer = world.actor(staff["manager"]), world.actor(staff["officer"])
    made = []
    for hours in (1, 30, 0):
        at = world.now - timedelta(hours=hours)
        case = make_case(manager, at, name=f"Person {hours}", team=staff["north"])
        ops.allocate(
            by=manager, at=at, case=case, lead=staff["officer"], reason="the training is booked"
        )
        made.append(case.reference)
    found = read_queue(officer, ask("", officer), world.now)
    due = {case.reference: case.next_due_at for case in Case.objects.all()}
    assert [case.reference for case in found.cases] == sorted(made, key=lambda ref: due[ref])
    assert found.counts.here == found.counts.shown == 3
    assert found.counts.late == sum(moment < world.now for moment in due.values()) == 1
    midnight = world.now.replace(hour=0, minute=0) + timedelta(days=1)
    assert found.counts.today == sum(world.now <= moment < midnight for moment in due.values())
    tomorrow = read_queue(officer, ask("", officer), midnight)
    assert tomorrow.counts.today == 2


def test_views_hold_what_they_say(world: World, staff: dict[str, Any]) -> None:
    manager, officer = world.actor(staff["manager"]), world.actor(staff["officer"])
    director = world.actor(staff["director"])
    led = make_case(manager, world.now, team=staff["north"])
    ops.allocate(
        by=manager, at=world.now, case=led, lead=staff["officer"], reason="the training is booked"
    )
    free = make_case(manager, world.now, name="Kelvin Shaw", team=staff["north"])
    away = make_case(world.actor(staff["other"]), world.now, name="Idris", team=staff["south"])

    def refs(text: str, actor: Any) -> set[str]:
        return {case.reference for case in read_queue(actor, ask(text, actor), world.now).cases}

    assert refs("view=mine", officer) == {led.reference}
    assert refs("view=all", officer) == {led.reference}
    assert refs("view=mine", manager) == {free.reference}  # theirs until a lead is named
    assert refs("view=team", manager) == {led.reference, free.reference}
    assert refs("view=unallocated", manager) == {free.reference}
    assert refs("view=unallocated", director) == {free.reference, away.reference}
    assert refs("view=all", director) == {led.reference, free.reference, away.reference}


def test_filters_narrow_and_unknown_codes_are_left_out(world: World, staff: dict[str, Any]) -> None:
    manager = world.actor(staff["manager"])
    risky = make_case(manager, world.now, team=staff["north"])
    plain = make_case(manager, world.now, name="Kelvin Shaw", team=staff["north"])
    ops.set_risk(by=manager, at=world.now, case=risky, level="HIGH", provisional=False)

    def refs(text: str) -> set[str]:
        return {case.reference for case in read_queue(manager, ask(text, manager), world.now).cases}

    assert refs("view=team&risk=high") == {risky.reference}
    assert refs("view=team&risk=none") == {plain.reference}
    assert refs("view=team&risk=high&risk=none") == {risky.reference, plain.reference}
    assert refs("view=team&stage=PLAN") == set()
    assert refs("view=team&stage=CONTACT") == {risky.reference, plain.reference}
    assert refs(f"view=team&clock={risky.next_clock}") == {risky.reference, plain.reference}
    assert refs("view=team&clock=DASH") == set()
    assert refs("view=team&stage=%27%3B--&risk=purple&page=x&team=9") == {
        risky.reference,
        plain.reference,
    }


@pytest.mark.parametrize(
    "text",
    ["view=mine", "view=mine&due=late", "view=mine&stage=CONTACT&due=today", "view=mine&risk=high"],
)
def test_ones_own_work_is_counted_as_every_view_is(
    world: World, staff: dict[str, Any], text: str
) -> None:
    """One reading of one's own work says what the counts and the order of any view say."""
    manager = world.actor(staff["manager"])
    for number, hours in enumerate((0, 1, 20, 30, 80)):
        at = world.now - timedelta(hours=hours)
        case = make_case(manager, at, name=f"Person {number}", team=staff["north"])
        if number % 2:
            ops.set_risk(by=manager, at=world.now, case=case, level="HIGH", provisional=False)
    make_case(world.actor(staff["other"]), world.now, name="Idris", team=staff["south"])
    for actor in (manager, world.actor(staff["officer"])):
        asked = ask(text, actor)
        counts, ids = queue_queries._own(actor, asked, world.now)
        assert counts == queue_queries._counts(actor, asked, world.now)
        assert ids == queue_queries._ids(actor, asked, world.now, slice(0, 25))


def test_addresses_hold_codes_and_keep_filters(world: World, staff: dict[str, Any]) -> None:
    manager = world.actor(staff["manager"])
    asked = ask("view=team&risk=high&stage=PLAN", manager)
    assert asked.address() == "?view=team&stage=PLAN&risk=high"
    assert asked.without("risk", "high") == "?view=team&stage=PLAN"
    assert asked.bare.address() == "?view=team"


def test_a_restricted_record_is_named_only_where_there_is_business(
    world: World, staff: dict[str, Any]
) -> None:
    manager, officer = world.actor(staff["manager"]), world.actor(staff["officer"])
    home = add_property(by=manager, at=world.now, address="22 Alder House", team=staff["north"])
    hidden = make_case(manager, world.now, home=home, team=staff["north"])
    ops.restrict_case(
        by=manager,
        at=world.now,
        case=hidden,
        reason="A witness of it is at risk.",
        named=[staff["manager"]],
    )
    seen = read_queue(officer, ask("", officer), world.now)
    assert [record.place for record in seen.restricted] == ["22 Alder House"]
    assert seen.restricted[0].speak_to == "Sunita Bhatt"
    assert seen.counts.here == 0
    assert set(seen.counts.views.values()) == {0}
    outside = world.actor(staff["other"])
    assert read_queue(outside, ask("", outside), world.now).restricted == []
    handler = world.actor(staff["handler"])
    assert read_queue(handler, ask("", handler), world.now).restricted == []
    # Whoever may see the case sees the case, not the record.
    assert read_queue(manager, ask("view=all", manager), world.now).restricted == []


def test_a_restricted_record_is_never_named_to_somebody_in_conflict(
    world: World, staff: dict[str, Any]
) -> None:
    manager, officer = world.actor(staff["manager"]), world.actor(staff["officer"])
    home = add_property(by=manager, at=world.now, address="22 Alder House", team=staff["north"])
    hidden = make_case(manager, world.now, home=home, team=staff["north"])
    ops.restrict_case(
        by=manager, at=world.now, case=hidden, reason="A witness of it is at risk.", named=[]
    )
    declare_staff_link(
        by=officer, at=world.now, user=staff["officer"], kind="RELATIVE", person=hidden.victim
    )
    ops.find_conflicts_of(by=officer, at=world.now, user=staff["officer"])
    assert read_queue(officer, ask("", officer), world.now).restricted == []


def test_a_colleagues_own_case_is_never_named(world: World, staff: dict[str, Any]) -> None:
    manager, officer = world.actor(staff["manager"]), world.actor(staff["officer"])
    home = add_property(by=manager, at=world.now, address="22 Alder House", team=staff["north"])
    victim = add_person(by=manager, at=world.now, full_name="Navdeep Gill", is_colleague=True)
    make_case(manager, world.now, victim=victim, home=home, restricted=True, team=staff["north"])
    assert read_queue(officer, ask("", officer), world.now).restricted == []


def test_the_page_says_what_a_tired_person_needs(world: World, staff: dict[str, Any]) -> None:
    officer, manager = world.actor(staff["officer"]), world.actor(staff["manager"])
    at = world.now
    victim = add_person(by=officer, at=at, full_name="Amara Osei")
    set_safe_contact(
        by=officer, at=at, person=victim, text="SAFE", ring="SAFE", first_choice="text"
    )
    case = make_case(officer, at, victim=victim, team=staff["north"])
    ops.allocate(
        by=manager, at=at, case=case, lead=staff["officer"], reason="the training is booked"
    )
    ops.log_contact(
        by=officer,
        at=at,
        case=case,
        involvement=victim_part(case),
        kind=ContactKind.ATTEMPT,
        channel="text",
        summary="No reply yet",
    )
    page = world.client(staff["officer"]).get("/")
    text = page.content.decode()
    assert "Amara Osei" in text
    assert case.reference in text
    assert "Text first." in text
    assert f'id="case-{case.reference}"' in text
    assert "<title>Your work: My work - Hate crime casework</title>" in text


@pytest.mark.parametrize("who", ["officer", "manager", "director"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    world: World, staff: dict[str, Any], who: str
) -> None:
    manager = world.actor(staff["manager"])
    client = world.client(staff[who])

    def more(number: int) -> None:
        for n in range(number):
            case = make_case(manager, world.now, name=f"Person {n}", team=staff["north"])
            if who == "officer":
                ops.allocate(
                    by=manager,
                    at=world.now,
                    case=case,
                    lead=staff["officer"],
                    reason="the training is booked",
                )

    def queries() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get("/?view=all&page=99")
        assert page.status_code == 200
        return [
            query["sql"]
            for query in captured
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]

    client.get("/?view=all")
    more(1)
    one = queries()
    more(59)
    sixty = queries()
    assert Case.objects.open().count() == 60
    assert len(one) == len(sixty), "\n".join(sixty)
    assert len(sixty) <= 12, "\n".join(sixty)


def test_pages_have_right_totals_and_the_last_is_the_end(
    world: World, staff: dict[str, Any]
) -> None:
    manager = world.actor(staff["manager"])
    for n in range(27):
        make_case(manager, world.now, name=f"Person {n}", team=staff["north"])
    client = world.client(staff["manager"])
    first = client.get("/?view=team").content.decode()
    assert "Showing 1 to 25 of 27" in first
    second = client.get("/?view=team&page=2").content.decode()
    assert "Showing 26 to 27 of 27 cases" in second
    beyond = client.get("/?view=team&page=99").content.decode()
    assert "Showing 26 to 27 of 27 cases" in beyond
    seen = [
        case.pk
        for page in (1, 2)
        for case in read_queue(manager, ask(f"view=team&page={page}", manager), world.now).cases
    ]
    assert len(seen) == len(set(seen)) == 27


def test_others_see_where_they_can_go(world: World, staff: dict[str, Any]) -> None:
    page = world.client(staff["admin"]).get("/")
    assert page.status_code == 200
    assert "Your role does not open cases" in page.content.decode()
