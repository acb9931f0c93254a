"""The compliance map: every link is there, opens for whom it says, and shows what it is called."""

from __future__ import annotations

import pytest
from django.urls import resolve, reverse

from cases.access import Role
from cases.improving.duties import ASKERS, MEASURES, Shown
from cases.reporting.catalogue import BY_CODE
from cases.reporting.suggesting import AIMS
from tests.world import World

EVERY = [one for asker in ASKERS for duty in asker.duties for one in duty.shown]
EACH = sorted(set(EVERY), key=lambda one: one.words)


def test_measures_are_called_what_they_are_called() -> None:
    assert {code: BY_CODE[code].name for code in MEASURES} == MEASURES
    assert all(BY_CODE[code].collected for code in MEASURES)
    assert set(AIMS) <= set(MEASURES)


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.words)
def test_every_link_is_there_and_needs_what_it_says(one: Shown) -> None:
    view = resolve(reverse(one.route, args=one.arguments)).func
    needs = view.needs  # type: ignore[attr-defined]
    assert one.needs == (needs if isinstance(needs, tuple) else (needs,))


def test_every_duty_is_shown_or_says_what_is_missing() -> None:
    assert [asker.key for asker in ASKERS] == [
        *("regulator", "equality", "ombudsman", "data", "policy")
    ]
    for asker in ASKERS:
        for duty in asker.duties:
            assert duty.shown
            assert duty.words.endswith(".")
            assert duty.where
            assert not duty.waits.endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.DPO, Role.AUDITOR, Role.REPORT_VIEWER])
def test_every_link_that_is_drawn_opens(world: World, role: Role) -> None:
    world.policy()
    client = world.client(world.user(role))
    text = client.get(reverse("improving:duties")).content.decode()
    for one in EACH:
        address = reverse(one.route, args=one.arguments)
        drawn = f'href="{address}">{one.words}' in text
        status = client.get(address).status_code
        assert (status == 200) is drawn, (one, status)
