"""The ASB case review of one person: counted over their cases, told, never asked for (HC-11)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.access import Actor, Refused, Role
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import Access, ClockState, Part
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.casework.operations import add_incident, add_involvement, give_access, start_clocks
from cases.casework.promises import Promise
from cases.partners.agreement_operations import set_review_terms
from cases.partners.rules import Terms
from cases.referrals import review_operations as operations
from cases.referrals.counting import Review, review_of
from cases.referrals.models import Referral, ReviewTold
from cases.referrals.review_rules import Why
from cases.repeats.operations import record_made_up
from tests.casework.story import Story, make_case
from tests.world import by_hand

pytestmark = pytest.mark.django_db


def found(story: Story, by: Actor | None = None) -> Review:
    return review_of(story.case, story.victim, by or story.lead, story.at(days=1))


def at_wellby(story: Story, hate: int | None = None) -> None:
    """The home is in Wellby, whose numbers these are."""
    with by_hand():
        type(story.home).objects.filter(pk=story.home.pk).update(local_authority="Wellby")
    story.case.refresh_from_db()
    set_review_terms(
        by=story.boss,
        at=story.at(),
        local_authority="Wellby",
        terms=Terms(3, hate, 1, 6),
        how="On the council’s website.",
    )


def three(story: Story) -> None:
    """Two more things that happened, reported the same day."""
    for day in (10, 12):
        story.add_incident(occurred_on=date(2026, 11, day))


def test_one_report_is_too_few_by_the_law(story: Story) -> None:
    review = found(story.allocated())
    assert (review.eligibility.may_be, review.eligibility.number) == (False, 1)
    assert review.terms is None


def test_three_reports_are_enough(story: Story) -> None:
    three(story.allocated())
    review = found(story)
    assert review.eligibility.may_be
    assert review.eligibility.until == date(2027, 5, 18)


def test_one_hate_report_is_enough_where_the_council_says_so(story: Story) -> None:
    at_wellby(story.allocated(), hate=1)
    review = found(story)
    assert review.eligibility.may_be
    assert review.eligibility.by_hate
    assert review.council == "Wellby"


def test_what_happened_too_long_before_it_was_told_does_not_count(story: Story) -> None:
    story.allocated().add_incident(occurred_on=date(2026, 10, 1))
    story.add_incident(occurred_on=date(2026, 10, 1), going_on=True, episodes=5)
    whys = [each.why for each in found(story).eligibility.counted]
    assert whys == [Why.COUNTS, Why.LATE, Why.COUNTS]


def test_an_account_that_was_made_up_is_no_report(story: Story) -> None:
    incident = story.allocated().add_incident()
    assert found(story).eligibility.number == 2
    record_made_up(by=story.boss, at=story.at(hours=1), incident=incident, words="I made it up.")
    assert found(story).eligibility.number == 1


def another_case(story: Story) -> Case:
    """An earlier case of hers, of another team."""
    handler = story.by(story.handler)
    south = story.world.team("South")
    policy = story.case.policy_version
    case = make_case(story.world, handler, policy, victim=story.amara, team=south)
    add_involvement(by=handler, at=story.at(), case=case, part=Part.VICTIM, person=story.amara)
    add_incident(
        by=handler,
        at=story.at(),
        case=case,
        when_known="EXACT",
        occurred_on=date(2026, 11, 17),
        types=["VERBAL"],
    )
    return case


def test_cases_the_reader_may_not_open_are_not_counted(story: Story) -> None:
    other = another_case(story.allocated())
    assert found(story).eligibility.number == 1
    give_access(by=story.boss, at=story.at(), case=other, user=story.officer, why=Access.COVER)
    assert found(story).eligibility.number == 2


def tell(story: Story, **values: Any) -> ReviewTold:
    facts: dict[str, Any] = {"told": True, "words": "", **values}
    return operations.tell_review(
        by=facts.pop("by", story.lead),
        at=story.at(days=1),
        case=story.case,
        about=story.victim,
        **facts,
    )


def promised(story: Story) -> None:
    start_clocks(
        by=story.lead,
        at=story.at(),
        case=story.case,
        promises=[Promise(ClockKind.REPEAT_ASB_REVIEW, story.at(), story.at(days=5))],
    )


OUTCOMES = [
    (True, {"told": True}, "They can, and were told"),
    (True, {"told": False, "words": "He reads her post."}, "They can, not safe to tell yet"),
    (False, {"told": False}, "Not yet"),
    (False, {"told": True, "words": "She asked."}, "Not yet"),
]


@pytest.mark.parametrize(("enough", "said", "outcome"), OUTCOMES)
def test_telling_them_keeps_the_promise(
    story: Story, enough: bool, said: dict[str, Any], outcome: str
) -> None:
    story.allocated()
    if enough:
        three(story)
    promised(story)
    row = tell(story, **said)
    assert (row.may_be_eligible, row.counted) == (enough, 3 if enough else 1)
    clock = story.clock("REPEAT_ASB_REVIEW")
    assert (clock.state, clock.outcome) == (ClockState.MET, outcome)
    event = Event.objects.get(verb=Verb.CASE_REVIEW_TOLD)
    assert "post" not in str(event.changes)
    assert not Referral.objects.exists()  # nothing is applied for


def test_not_telling_them_has_a_reason(story: Story) -> None:
    three(story.allocated())
    with pytest.raises(Refused, match="Say why they were not told"):
        tell(story, told=False)
    stranger = story.by(story.world.user(Role.CALL_HANDLER))
    with pytest.raises(Refused, match="Only the people who work a case"):
        tell(story, by=stranger)
