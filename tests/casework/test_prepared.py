"""Queries put together once: for each actor as they stand, and never with another's values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from cases.access import Actor, Role
from cases.casework.models import Case, Clock
from cases.prepared import prepared
from cases.staff.models import Team, User
from tests.workflow.making import make_case
from tests.world import World


@prepared
def visible(actor: Actor, *, reference: str) -> QuerySet[Case]:
    return Case.objects.visible_to(actor).filter(reference=reference).select_related("victim")


@prepared
def due_before(*, case: int, at: datetime) -> QuerySet[Clock, str]:
    return Clock.objects.filter(case=case, due_at__lt=at).values_list("kind", flat=True)


@prepared
def some(*, ids: list[int]) -> QuerySet[Team]:
    return Team.objects.filter(pk__any_of=ids)


def test_the_same_rows_as_the_query_itself(world: World) -> None:
    manager = world.actor(world.user(Role.CASE_MANAGER, team=world.team("North")))
    world.policy()
    cases = [make_case(manager, world.now, name=name) for name in ("Amara Osei", "Wei Lin")]
    director = world.actor(world.user(Role.DIRECTOR_CO, name="Ruth Calloway"))
    for case in (*cases, *cases):
        with CaptureQueriesContext(connection) as asked:
            (found,) = visible(director, reference=case.reference)
            name = found.victim.name
        assert len(asked) == 1
        assert (found, found.reference, name) == (case, case.reference, case.victim.name)
        kinds = Clock.objects.filter(case=case, due_at__lt=world.now).values_list("kind", flat=True)
        assert due_before(case=case.pk, at=world.now) == list(kinds)
    assert visible(director, reference="HC-2026-0000") == []


def test_an_actor_is_asked_for_as_they_stand(world: World) -> None:
    north = world.team("North")
    world.policy()
    taker = world.actor(world.user(Role.CALL_HANDLER, team=north, name="Joanne Pike"))
    case = make_case(taker, world.now, team=north)
    manager = world.actor(world.user(Role.CASE_MANAGER, team=north))
    outsider = world.actor(world.user(Role.CASE_MANAGER, team=world.team("South"), name="Anna"))
    assert visible(manager, reference=case.reference) == [case]
    assert visible(outsider, reference=case.reference) == []
    assert visible(replace(manager, roles=frozenset()), reference=case.reference) == []
    assert visible(replace(manager, team_id=None), reference=case.reference) == []
    assert visible(manager, reference=case.reference) == [case]


def test_as_many_ids_as_there_are(world: World) -> None:
    teams = [world.team(name) for name in ("East", "North", "South")]
    for ids in ([], [teams[0].pk], [team.pk for team in teams]):
        assert [team.pk for team in some(ids=ids)] == ids


def test_rows_are_read_afresh(world: World) -> None:
    team = world.team("North")
    assert [each.name for each in some(ids=[team.pk])] == ["North"]
    Team.objects.filter(pk=team.pk).update(name="Far north")
    assert [each.name for each in some(ids=[team.pk])] == ["Far north"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda *, pk: User.objects.filter(pk=pk + 1), id="reckons with a value"),
        pytest.param(
            lambda *, pk: User.objects.filter(pk=pk) if pk % 2 else User.objects.all(),
            id="decides by a value",
        ),
        pytest.param(
            lambda *, pk: User.objects.filter(pk__in=[pk, Team.objects.count()]),
            id="asks the database",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(build: Any) -> None:
    with pytest.raises(TypeError):
        prepared(build)(pk=1)


@pytest.mark.django_db
def test_a_text_made_from_a_value_is_refused() -> None:
    with pytest.raises(TypeError):
        prepared(lambda *, name: User.objects.filter(full_name__icontains=name))(name="Dawn")
    with pytest.raises(TypeError, match="a truth is a shape"):
        prepared(lambda *, on: User.objects.filter(is_active=on))(on=True)
