"""Answers for tests: a whole set at once, and assessments made by the operations."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Role
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, Involvement
from cases.risk.models import Assessment
from cases.risk.operations import finish, save_answers, start
from cases.risk.questions import ANSWERS, CURRENT
from cases.staff.models import Course, User
from cases.staff.operations import record_training
from tests.casework.story import Story
from tests.world import LONG_AGO, World

I = {1: 0, 3: 1, 4: 2, 5: 2, 9: 1}  # noqa: E741 - the numbers of domain 3.3
II = {1: 2, 2: 2, 3: 2, 4: 2, 5: 3, 7: 1, 9: 1, 10: 1}
III = {**II, 6: 2, 11: 2, 12: 2, 13: 2}
WHY = "She saw him with a knife at the door today."


def answers(
    places: dict[int, int] | None = None, *, rest: str = "A", witness: bool = False, **more: str
) -> dict[str, str]:
    """Answers by question number and place (0 to 3); every other question has ``rest``."""
    given = {each.code: rest for each in CURRENT.asked_of(witness=witness)} if rest else {}
    given |= {f"Q{number}": ANSWERS[place] for number, place in (places or {}).items()}
    return {**given, **more}


STANDARD, MEDIUM, HIGH = answers(I), answers(II), answers(III)


def fresh(story: Story) -> Case:
    return Case.objects.get(pk=story.case.pk)


def running(story: Story, *kinds: K, about: Any = None) -> dict[str, datetime | None]:
    rows = story.case.clocks.filter(state="RUNNING", about=about)
    return dict(rows.filter(kind__in=kinds or K.values).values_list("kind", "due_at"))


def begun(story: Story, who: User | None = None, **how: Any) -> Assessment:
    """A draft about Amara, or ``about``."""
    about: Involvement = how.pop("about", story.victim)
    by = story.by(who or story.officer)
    return start(by=by, at=how.pop("at", story.at()), case=story.case, about=about, **how)


def assessed(
    story: Story, given: dict[str, str], *, hours: float = 1, who: User | None = None, **how: Any
) -> Assessment:
    """An assessment asked and finished so many hours after the case was opened."""
    at = story.at(hours=hours)
    by = story.by(who or story.officer)
    draft = begun(story, who, at=at, **how)
    save_answers(by=by, at=at, assessment=draft, answers=given)
    return finish(by=by, at=at + timedelta(minutes=1), assessment=draft)


def train(world: World, *users: User) -> None:
    """Hate crime training that counts at the story's moment."""
    email = f"{uuid.uuid4().hex}@amplius.example"
    admin = world.actor(world.user(Role.SYSADMIN, email=email))
    for user in users:
        record_training(
            by=admin,
            at=LONG_AGO,
            user=user,
            course=Course.HATE_CRIME,
            completed_on=date(2026, 1, 5),
            expires_on=date(2028, 1, 5),
        )
