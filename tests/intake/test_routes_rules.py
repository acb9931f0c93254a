"""Who may answer a route, offer it again, decide a pair: tables (domain 11)."""

from __future__ import annotations

import pytest

from cases.access import Actor, Role
from cases.intake import rules
from cases.intake.choices import Route, RouteState
from tests.scenarios.story import london

LONG = "They do not need care or support."
RECEIVERS = {
    Route.SAFEGUARDING: Role.SAFEGUARDING_LEAD,
    Route.DA: Role.DA_LEAD,
    Route.ASB: Role.CASE_MANAGER,
}


def who(role: Role, pk: int = 1) -> Actor:
    return Actor(id=pk, name="Tess Marlow", roles=frozenset({role}))


@pytest.mark.parametrize("route", list(Route))
@pytest.mark.parametrize("role", list(Role))
def test_only_the_receiving_role_answers(role: Role, route: Route) -> None:
    answer = rules.answer_route(
        who(role), route=route, state=RouteState.OFFERED, owner_id=1, reason=LONG
    )
    assert bool(answer) == (RECEIVERS.get(route) is role)


@pytest.mark.parametrize("state", list(RouteState))
@pytest.mark.parametrize("accept", [True, False])
def test_only_what_is_offered_is_answered(state: RouteState, accept: bool) -> None:
    answer = rules.answer_route(
        who(Role.DA_LEAD),
        route=Route.DA,
        state=state,
        owner_id=1,
        accept=accept,
        reason=LONG,
    )
    assert bool(answer) == (state == RouteState.OFFERED)


def test_only_its_owner_unless_nobody_has_it() -> None:
    lead = who(Role.DA_LEAD, 2)
    offered = {"route": Route.DA, "state": RouteState.OFFERED}
    assert not rules.answer_route(lead, owner_id=1, **offered)
    assert rules.answer_route(lead, owner_id=None, **offered)
    assert not rules.answer_route(lead, owner_id=2, accept=False, reason="no", **offered)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", list(RouteState))
def test_only_a_manager_offers_again_what_was_declined(role: Role, state: RouteState) -> None:
    answer = rules.offer_again(who(role), state=state)
    assert bool(answer) == (role is Role.CASE_MANAGER and state == RouteState.DECLINED)


@pytest.mark.parametrize("role", list(Role))
def test_who_decides_a_pair_and_sends_a_sheet(role: Role) -> None:
    works = role in (Role.HOUSING_OFFICER, Role.CASE_MANAGER)
    assert bool(rules.decide_pair(who(role), decided=False, reason=LONG)) == works
    assert not rules.decide_pair(who(role), decided=True, reason=LONG)
    takes = works or role is Role.CALL_HANDLER
    assert bool(rules.submit(who(role), taken_by_id=1, said_what_happened=True)) == takes
    assert not rules.submit(who(role), taken_by_id=2, said_what_happened=True)
    assert bool(rules.add_view(who(role))) == takes
    at = london(2026, 3, 2, 9, 0)
    corrects = rules.correct_received(
        who(role), before=at, after=london(2026, 3, 1, 9, 0), submitted_at=at, reason=LONG
    )
    assert bool(corrects) == (role is Role.CASE_MANAGER)
