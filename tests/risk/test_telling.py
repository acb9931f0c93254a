"""That somebody was told their level, and what it means (domain 3.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from cases.access import Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.risk.telling_operations import tell_level
from tests.casework.story import Story, declared
from tests.risk.asking import II, I, answers, assessed

TODAY = date(2026, 11, 19)


def tell(story: Story, **said: Any) -> Any:
    facts = {"by": story.lead, "at": story.at(hours=2), "about": story.victim, "how": "ring"}
    return tell_level(**{**facts, "on": TODAY, **said})


def test_it_is_kept_with_the_level_that_stands(story: Story) -> None:
    assessed(story, answers(I))
    level = tell(story)
    event = Event.objects.get(verb=Verb.RISK_EXPLAINED)
    assert (event.subject_id, event.case_reference) == (level.pk, story.case.reference)
    assert event.changes == {"level": "STANDARD", "how": "ring", "on": "2026-11-19"}


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 18)])
def test_a_day_that_cannot_be_is_refused(story: Story, day: date) -> None:
    assessed(story, answers(I))
    with pytest.raises(ValidationError):
        tell(story, on=day)


def test_there_is_nothing_to_tell_before_the_first_assessment(story: Story) -> None:
    with pytest.raises(ValidationError, match="no level"):
        tell(story)


def test_who_does_not_ask_about_risk_does_not_record_it(story: Story) -> None:
    assessed(story, answers(I))
    auditor = story.world.actor(story.world.user(Role.AUDITOR))
    with pytest.raises(Refused):
        tell(story, by=auditor)


def test_the_page_takes_it_and_says_it_until_another_level_stands(story: Story) -> None:
    assessed(story, answers(I))
    declared(story, story.officer)
    with time_machine.travel(story.at(hours=2), tick=False):
        client = story.world.client(story.officer)
        where = f"/cases/{story.case.reference}/risk/"
        pk = story.victim.pk
        said = {"do": "tell", "about": str(pk), f"tell-{pk}-how": "visit"}
        page = client.post(where, said).content.decode()
        assert "<title>Error:" in page
        assert "Enter the day they were told" in page
        date_on = {"day": "19", "month": "11", "year": "2026"}
        day = {f"tell-{pk}-on_{part}": value for part, value in date_on.items()}
        assert client.post(where, {**said, **day}).status_code == 302
        page = client.get(where).content.decode()
        told = "Told face to face on Thursday 19 November 2026 by Dawn Mistry."
        assert told in page
    assessed(story, answers(II), hours=3)
    with time_machine.travel(story.at(hours=4), tick=False):
        assert "Told face to face" not in client.get(where).content.decode()
