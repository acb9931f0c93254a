"""Word of High risk: to whom, once, with a reference and a link, and never a name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from cases.access import Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as ops
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case
from cases.risk.models import Message
from tests.casework.story import Story
from tests.risk.asking import I, answers, assessed

GIVEN = {**answers(I), "RF5": "YES", "Q18": "Somebody to stay with me, he says he will burn me"}


@pytest.fixture
def directors(story: Story) -> None:
    story.world.user(Role.DIRECTOR_CO, name="Ruth Calloway", email="ruth@amplius.example")
    story.world.user(Role.SAFEGUARDING_LEAD, name="Marcus Ade", email="marcus@amplius.example")
    story.world.user(Role.DA_LEAD, name="Helen Brand", email="helen@amplius.example")


@pytest.fixture
def by_mail(settings: Any) -> None:
    settings.TELL_BY_MAIL = True
    settings.SITE_ADDRESS = "https://casework.example/"


def states(story: Story) -> dict[str, str]:
    kinds = (K.MANAGER_TOLD, K.DIRECTOR_TOLD, K.SAFEGUARDING_TOLD)
    return dict(story.case.clocks.filter(kind__in=kinds).values_list("kind", "state"))


def test_word_goes_to_whoever_must_know_and_meets_the_clocks(
    story: Story, directors: None, by_mail: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assessed(story, GIVEN, who=story.handler)
    assert sorted(to for each in mail.outbox for to in each.to) == sorted(
        [
            story.officer.email,
            story.manager.email,
            "ruth@amplius.example",
            "marcus@amplius.example",
        ]
    )
    assert set(states(story).values()) == {"MET"}
    assert Event.objects.get(verb=Verb.RISK_TOLD).changes == {
        "roles": ["DIRECTOR", "LEAD", "MANAGER", "SAFEGUARDING"]
    }


def test_nothing_personal_is_in_it(
    story: Story, directors: None, by_mail: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assessed(story, GIVEN)
    here = story.case.reference
    for each in mail.outbox:
        assert each.subject == f"High risk: {here}"
        assert f"https://casework.example/cases/{here}/" in each.body
        said = f"{each.subject} {each.body}".lower()
        for secret in ("amara", "osei", "larkfield", "burn", "suicid", "self-harm", "flag"):
            assert secret not in said


def test_each_is_told_once(
    story: Story, directors: None, by_mail: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        done = assessed(story, GIVEN)
        assessed(story, GIVEN, hours=30)
    assert len(mail.outbox) == Message.objects.filter(assessment=done).count()
    assert Message.objects.exclude(assessment=done).count() == 0


def test_whoever_has_a_conflict_is_not_told(
    story: Story, directors: None, by_mail: None, django_capture_on_commit_callbacks: Any
) -> None:
    manager = story.boss
    ops.declare(by=manager, at=story.at(), case=story.case, knows_somebody=True)
    with django_capture_on_commit_callbacks(execute=True):
        assessed(story, GIVEN)
    assert story.manager.email not in [to for each in mail.outbox for to in each.to]
    assert states(story)["MANAGER_TOLD"] == "RUNNING", "somebody must still be told"


def test_an_email_that_cannot_leave_leaves_the_clock_running(
    story: Story,
    directors: None,
    by_mail: None,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "tests.risk.test_messages.Broken"}}
    with django_capture_on_commit_callbacks(execute=True):
        assessed(story, GIVEN)
    assert set(states(story).values()) == {"RUNNING"}
    assert Case.objects.get(pk=story.case.pk).risk == "HIGH"


class Broken:
    """A mail server that is not there."""

    def __init__(self, *args: Any, **options: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise OSError("no mail server")


def test_where_no_mail_leaves_a_person_tells(
    story: Story, directors: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assessed(story, GIVEN)
    assert mail.outbox == []
    assert set(states(story).values()) == {"RUNNING"}
    told = ops.do_duty(
        by=story.lead,
        at=story.at(hours=2),
        case=story.case,
        clock=story.clock(K.DIRECTOR_TOLD),
        outcome="Told",
        words="Rang her.",
    )
    assert told.outcome == "Told: Rang her."


def test_a_manager_who_assessed_needs_no_telling(story: Story) -> None:
    assessed(story, GIVEN, who=story.manager)
    assert "MANAGER_TOLD" not in states(story)
