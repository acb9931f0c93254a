"""The level a case carries is that of its assessments, and a check says so when it is not."""

from __future__ import annotations

from cases.casework.models import Case
from hatecrime.integrity import findings
from tests.casework.story import Story
from tests.risk.asking import III, I, answers, assessed

WHAT = "a case said to be at less risk than somebody on it"


def found() -> set[str]:
    return {finding.what for finding in findings() if "risk" in finding.what}


def test_what_the_operations_leave_agrees(story: Story) -> None:
    assessed(story, answers(III))
    assessed(story, answers(I), hours=30)
    assessed(story, answers(witness=True), about=story.third)
    assert found() == set()


def test_a_level_that_was_lost_is_found(story: Story) -> None:
    assessed(story, answers(III))
    for wrong in ("MEDIUM", "STANDARD", ""):
        Case.objects.filter(pk=story.case.pk).update(risk=wrong)
        assert found() == {WHAT}, wrong
