"""Who looks after users and roles, and which roles may meet: rules as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from cases.access import CASE_ROLES, DECIDING_ROLES, Actor, Role, Rule, incompatible
from cases.staff import rules
from cases.staff.rules import Held, browser_words

AT = datetime(2026, 11, 19, 10, 41, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def actor(*roles: Role, pk: int = 1) -> Actor:
    return Actor(id=pk, name="T", roles=frozenset(roles))


ADMIN = actor(Role.SYSADMIN)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_administrator_manages(role: Role) -> None:
    answer = rules.manage(actor(role))
    assert bool(answer) is (role is Role.SYSADMIN)
    if not answer:
        assert answer.reason == "Only a system administrator looks after users and roles."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (rules.stop, "You cannot stop your own access. Ask another system administrator."),
        (rules.change_roles, "Nobody changes their own roles. Ask another system administrator."),
    ],
)
def test_never_to_oneself(rule: Rule, sentence: str) -> None:
    assert rule(ADMIN, user_id=2)
    assert rule(ADMIN, user_id=1).reason == sentence
    assert not rule(actor(Role.DIRECTOR_CO), user_id=2)


@pytest.mark.parametrize("pair", list(combinations(Role, 2)), ids=lambda p: f"{p[0]}-{p[1]}")
def test_every_pair_of_roles(pair: tuple[Role, Role]) -> None:
    """Domain 11: auditors work no case; who decides disclosures is never the administrator."""
    apart = (Role.AUDITOR in pair and bool(set(pair) & (CASE_ROLES | DECIDING_ROLES))) or (
        Role.SYSADMIN in pair and bool(set(pair) & DECIDING_ROLES)
    )
    assert bool(incompatible(frozenset(pair))) is not apart
    first, second = pair
    if Role.ACTING_DIRECTOR in pair:
        return  # only the Director names whoever acts for the Director: tests/disclosures
    for wanted, other in ((first, second), (second, first)):
        answer = rules.grant(
            ADMIN, user_id=2, active=True, wanted=Held(wanted, AT), held=[Held(other, AT)]
        )
        assert bool(answer) is not apart
        assert apart is bool(answer.reason)


@pytest.mark.parametrize(
    ("begins", "ends", "allowed"),
    [
        (AT + DAY, None, True),
        (AT + DAY - INSTANT, None, False),
        (AT - 2 * DAY, AT, True),
        (AT - 2 * DAY, AT + INSTANT, False),
        (AT, AT + DAY, False),
        (AT - DAY, None, False),
        (AT + 2 * DAY, AT + 3 * DAY, True),
    ],
)
def test_periods_that_overlap(begins: datetime, ends: datetime | None, allowed: bool) -> None:
    """An officer from AT for one day; an audit role around it."""
    held = [Held(Role.HOUSING_OFFICER, AT, AT + DAY)]
    wanted = Held(Role.AUDITOR, begins, ends)
    answer = rules.grant(ADMIN, user_id=2, active=True, wanted=wanted, held=held)
    assert bool(answer) is allowed
    assert wanted.overlaps(held[0]) is not allowed
    assert held[0].overlaps(wanted) is not allowed


@pytest.mark.parametrize(
    ("active", "wanted", "held", "reason"),
    [
        (False, Held(Role.DPO, AT), [], "Restore their access before granting a role."),
        (True, Held(Role.DPO, AT, AT), [], "The role must end after it begins."),
        (True, Held(Role.DPO, AT, AT - DAY), [], "The role must end after it begins."),
        (
            True,
            Held(Role.DPO, AT),
            [Held(Role.DPO, AT - DAY)],
            "They already hold this role in that period.",
        ),
        (True, Held(Role.DPO, AT), [Held(Role.DPO, AT - DAY, AT)], ""),
        (
            True,
            Held(Role.SYSADMIN, AT),
            [Held(Role.DIRECTOR_CO, AT)],
            "The Director and the system administrator are never the same account.",
        ),
    ],
)
def test_grants(active: bool, wanted: Held, held: list[Held], reason: str) -> None:
    answer = rules.grant(ADMIN, user_id=2, active=active, wanted=wanted, held=held)
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("user_id", "active", "has_password", "allowed"),
    [
        (2, True, False, True),
        (2, True, True, False),
        (2, False, False, False),
        (1, True, False, False),
    ],
)
def test_sign_in_links(user_id: int, active: bool, has_password: bool, allowed: bool) -> None:
    answer = rules.may_have_sign_in_link(
        ADMIN, user_id=user_id, active=active, has_password=has_password
    )
    assert bool(answer) is allowed


def test_sessions_are_ones_own_or_the_administrators() -> None:
    assert rules.end_sessions(actor(Role.REPORT_VIEWER, pk=7), user_id=7)
    assert rules.end_sessions(ADMIN, user_id=7)
    assert not rules.end_sessions(actor(Role.CASE_MANAGER), user_id=7)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux) Firefox/144", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone) Version/19 Safari/604", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/19 Safari/604", "Safari on a Mac"),
        ("", "A browser"),
        ("<script>", "A browser"),
    ],
)
def test_browsers_in_words(agent: str, words: str) -> None:
    assert browser_words(agent) == words
