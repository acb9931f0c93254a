"""Words about the world outside: where they come from, when they were checked, and by whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from cases.access import Grant, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.policy import operations, queries, rules
from cases.policy.defaults import OUTSIDE, SILENT_999, STALE_MONTHS
from cases.policy.models import CheckedWords
from tests.world import World

pytestmark = pytest.mark.django_db

NEW = "If {name} cannot speak, ring 999 and press 55 when asked."
ADDRESS = f"/settings/words/{SILENT_999}/"


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2027, 5, 21), False), (date(2027, 5, 22), True), (date(2027, 5, 23), True)],
)
def test_words_are_stale_after_six_months(today: date, stale: bool) -> None:
    assert STALE_MONTHS == 6
    assert rules.is_stale(date(2026, 11, 22), today) is stale


def test_the_newest_words_count_and_earlier_ones_stay(world: World) -> None:
    admin = world.actor(world.user(Role.SYSADMIN))
    assert queries.said_at(SILENT_999, world.now).words == OUTSIDE[SILENT_999].words
    for day in (1, 2):
        operations.check_words(
            by=admin,
            at=world.now + timedelta(days=day),
            key=SILENT_999,
            words=NEW,
            source=f"A page, looked at {day} times",
            checked_on=date(2026, 11, 19),
        )
    said = queries.said_at(SILENT_999, world.now + timedelta(days=3))
    assert (said.words, said.source) == (NEW, "A page, looked at 2 times")
    assert CheckedWords.objects.count() == 2
    assert Event.objects.filter(verb=Verb.WORDS_CHECKED).count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"key": "OTHER"}, "no such words"),
        ({"words": " "}, "Enter the words"),
        ({"words": "Ring {number}."}, "no other braces"),
        ({"source": ""}, "Say where"),
        ({"checked_on": date(2026, 11, 20)}, "in the future"),
    ],
)
def test_words_say_where_and_when_they_were_checked(
    world: World, changes: dict[str, object], sentence: str
) -> None:
    facts = {"key": SILENT_999, "words": NEW, "source": "A page", "checked_on": date(2026, 11, 19)}
    admin = world.actor(world.user(Role.SYSADMIN))
    with pytest.raises(Refused, match=sentence):
        operations.check_words(by=admin, at=world.now, **{**facts, **changes})  # type: ignore[arg-type]
    manager = world.actor(world.user(Role.CASE_MANAGER))
    with pytest.raises(Refused, match="Only a system administrator changes"):
        operations.check_words(by=manager, at=world.now, **facts)  # type: ignore[arg-type]


def test_an_administrator_checks_them_and_a_manager_reads_them(world: World) -> None:
    admin = world.client(world.user(Role.SYSADMIN))
    typed = {"words": NEW, "source": "The page of the police", "checked_on_day": "18"}
    typed |= {"checked_on_month": "11", "checked_on_year": "2026"}
    with time_machine.travel(world.now, tick=False):
        assert admin.post(f"{ADDRESS}check/", {**typed, "source": ""}).status_code == 200
        assert admin.post(f"{ADDRESS}check/", typed).url == ADDRESS
        manager = world.client(world.user(Role.CASE_MANAGER))
        page = manager.get(ADDRESS).content.decode()
        assert "Last checked 18 November 2026. From: The page of the police." in page
        assert Grant.CHANGE_SETTINGS.value in page
        assert manager.get(f"{ADDRESS}check/").status_code == 403
        assert "Check them again" not in manager.get("/settings/").content.decode()
        assert manager.get("/settings/words/NO-SUCH/").status_code == 404
        assert admin.get("/settings/words/NO-SUCH/check/").status_code == 404
        officer = world.client(world.user(Role.HOUSING_OFFICER))
        assert officer.get(ADDRESS).status_code == 403
    with time_machine.travel(world.now + timedelta(days=200), tick=False):
        late = world.client(world.user(Role.CASE_MANAGER))
        assert "Check them again: last checked 18 November 2026." in (
            late.get("/settings/").content.decode()
        )
        assert "more than 6 months ago" in late.get(ADDRESS).content.decode()
