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
from cases.prepared import planned, planning_cursor, prepared
from cases.staff.models import Team, User
from tests.workflow.making import make_case
from tests.world import World


@prepared
def visible(actor: Actor, *, reference: str) -> QuerySet[Case]:
    return Case.objects.visible_to(actor).filter(reference=reference).select_related("victim")


@prepared
def due_before(*, case: int, at: datetime) -> QuerySet[Clock, str]:
    return Clock.objects.filter(case=case, due_at__lt=at).values_list("kind", flat=True)


@planned
def led_or_seen(actor: Actor, *, references: list[str]) -> QuerySet[Case, str]:
    rows = Case.objects.visible_to(actor).filter(reference__any_of=references)
    return rows.order_by("pk").values_list("reference", flat=True)


@planned
def at_like(*, pattern: str) -> QuerySet[Team]:
    return Team.objects.exclude(name="100%").filter(name__like=pattern)


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


def plans() -> set[str]:
    """What this connection keeps the plans of, by the names it has for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement ~ 'casework_case'")
        return {name for (name,) in cursor.fetchall()}


def test_one_plan_is_everybodys_and_shows_each_their_own(world: World) -> None:
    """PostgreSQL keeps one plan for all who hold the same roles, whose rows differ."""
    world.policy()
    made: dict[str, str] = {}
    managers = []
    for place in ("North", "South"):
        team = world.team(place)
        manager = world.actor(world.user(Role.CASE_MANAGER, team=team, name=f"Anna {place}"))
        made[place] = make_case(manager, world.now, name=f"Wei {place}", team=team).reference
        managers.append(manager)
    director = world.actor(world.user(Role.DIRECTOR_CO, name="Ruth Calloway"))
    references = sorted(made.values())
    texts = {led_or_seen.text(manager, references=references)[0] for manager in managers}
    assert len(texts) == 1
    before = plans()
    for _ in range(5):  # more often than until the plan is kept
        for place, manager in zip(made, managers, strict=True):
            assert led_or_seen(manager, references=references) == [made[place]]
        assert sorted(led_or_seen(director, references=references)) == references
    assert len(plans() - before) == 2  # the managers' and the Director's


def test_a_text_written_by_hand_may_stand_around_one(world: World) -> None:
    world.policy()
    manager = world.actor(world.user(Role.CASE_MANAGER, team=world.team("North")))
    case = make_case(manager, world.now)
    sql, params = led_or_seen.text(manager, references=[case.reference])
    with planning_cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS seen WHERE %s", [*params, True])
        assert cursor.fetchone() == (1,)


def test_words_said_in_the_text_may_hold_anything(world: World) -> None:
    teams = [world.team(name) for name in ("Norton", "North", "100%")]
    assert {team.name for team in at_like(pattern="Nort_")} == {"North"}
    assert {team.name for team in at_like(pattern="%")} == {team.name for team in teams[:2]}


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
