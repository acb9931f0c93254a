"""What was done with other agencies: its lines of the timeline, and where its promises lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.audit.models import Event
from cases.casework.choices import Access as Why
from cases.casework.choices import ClockState
from cases.casework.clock_operations import start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.promises import Promise
from cases.referrals import meeting_operations as meetings
from cases.referrals import operations
from cases.referrals.review_operations import tell_review
from cases.workflow import case_steps
from cases.workflow.case_others import NONE, others_of, say
from cases.workflow.case_read import read
from tests.casework.story import Story, declared, give
from tests.referrals.making import Referring, directory
from tests.workflow.referring_forms import action_of, meeting_of
from tests.workflow.test_case_page import text_of

HOME = "Wellby Victim Care"


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    at = story.at(days=2, hours=8)
    with time_machine.travel(at, tick=False):
        yield at


@pytest.fixture
def refer(story: Story, now: datetime) -> Referring:
    made = directory(story)
    declared(story, story.officer, story.manager, story.handler)
    return made


def url(refer: Referring, rest: str = "") -> str:
    return f"/cases/{refer.story.case.reference}/{rest}"


def page(refer: Referring, rest: str = "") -> str:
    client = refer.story.world.client(refer.story.officer)
    answer = client.get(url(refer, rest))
    assert answer.status_code == 200, rest
    return answer.content.decode()


def test_each_step_of_a_referral_names_the_agency_and_leads_to_it(refer: Referring) -> None:
    referral = refer.sent()
    operations.chase_referral(
        by=refer.story.lead,
        at=refer.at(hours=4),
        referral=referral,
        how="Rang the desk",
        words="Away until Monday.",
        happened_at=refer.at(hours=4),
        next_on=refer.at(days=9).date(),
    )
    refer.accept(referral)
    html = page(refer)
    read_ = text_of(html)
    for said in (
        f"Referral to {HOME} begun",
        f"Referral to {HOME} ready to go",
        f"Referral to {HOME} sent",
        f"Asked {HOME} what became of the referral",
        "To be asked again Sunday 29 November.",
        f"{HOME} accepted the referral",
    ):
        assert said in read_, said
    assert html.count(f'href="{url(refer, f"referrals/{referral.pk}/")}"') == 5


def test_a_referral_stopped_or_declined_says_whose(refer: Referring) -> None:
    declined = refer.sent()
    operations.decline_referral(
        by=refer.story.lead,
        at=refer.at(days=1),
        referral=declined,
        answered_on=refer.at(days=1).date(),
        answered_by="Jo",
        why="They are full.",
    )
    stopped = refer.start("FIRE")
    why = "It is not needed any more."
    operations.revoke_referral(
        by=refer.story.lead, at=refer.at(days=1, hours=1), referral=stopped, why=why
    )
    read_ = text_of(page(refer))
    assert f"{HOME} declined the referral" in read_
    assert "Referral to Northshire Fire stopped before it went" in read_


def test_a_meeting_is_told_of_by_its_kind_and_its_day(refer: Referring) -> None:
    meeting = meeting_of(refer)
    agency = refer.agency("VICTIM_SUPPORT")
    by, at = refer.story.lead, refer.at(hours=6)
    for who, whose in (("Jo", agency), ("Dawn", None)):
        meetings.add_attendee(by=by, at=at, meeting=meeting, who=who, agency=whose)
    meetings.hear_meeting(
        by=by, at=at, meeting=meeting, agency=agency, words="Two more.", basis="An agreement."
    )
    action = action_of(refer, meeting)
    meetings.end_action(by=by, at=at, action=action, to="DONE", outcome="They are up.")
    html = page(refer)
    read_ = text_of(html)
    for said in (
        "Agencies met: Hate crime panel",
        "Held yesterday.",
        f"{HOME} was at a meeting",
        "One of us was at a meeting",
        f"{HOME} told us something at a meeting",
        "Action agreed at a meeting",
        "For Dawn Mistry by yesterday. Wellby panel, yesterday.",
        "Action agreed at a meeting: done",
    ):
        assert said in read_, said
    assert "Two more." not in html.partition('id="timeline"')[2], "what they said is on its page"
    assert html.count(f'href="{url(refer, f"meetings/{meeting.pk}/")}"') >= 6


def test_the_review_says_what_came_of_it(refer: Referring) -> None:
    story, said = refer.story, "ASB case review looked at: not yet"
    tell_review(
        by=story.lead, at=refer.at(), case=story.case, about=story.victim, told=False, words=""
    )
    html = page(refer)
    assert said in text_of(html)
    assert "1 report counted." in text_of(html)
    assert f'href="{url(refer, "case-review/")}">{said}' in html


def test_rows_of_other_cases_have_no_line_of_their_own(refer: Referring) -> None:
    """An event whose row is of another case, or gone, keeps the plain sentence of its verb."""
    refer.start()
    event = Event.objects.get(verb="referral.started")
    found = read(refer.story.case, refer.story.lead, refer.at())
    assert say(found, event, NONE) is None
    event.subject_id = 9_999_999
    assert say(found, event, others_of(found, [event])) is None


def test_whoever_reads_the_line_may_follow_it(refer: Referring) -> None:
    """A lead who was let in, and does not work cases, finds no dead link."""
    referral, meeting = refer.start(), meeting_of(refer)
    user = refer.story.world.user(Role.SAFEGUARDING_LEAD)
    give(refer.story, user, Why.COVER)
    declared(refer.story, user)
    client = refer.story.world.client(user)
    html = client.get(url(refer)).content.decode()
    for rest in (f"referrals/{referral.pk}/", f"meetings/{meeting.pk}/"):
        assert f'href="{url(refer, rest)}"' in html
        assert client.get(url(refer, rest)).status_code == 200


def test_the_page_asks_no_more_for_many_than_for_one(refer: Referring) -> None:
    def count() -> int:
        page(refer)
        with CaptureQueriesContext(connection) as captured:
            page(refer)
        return len(captured.captured_queries)

    refer.start()
    meeting_of(refer)
    few = count()
    for kind in ("FIRE", "POLICE"):
        refer.start(kind)
        meeting_of(refer)
    assert count() == few


# --- where a promise leads ---

PLACES = [
    (ClockKind.AGENCIES_MEET, "meetings/", "Record the meeting"),
    (ClockKind.REPEAT_ASB_REVIEW, "case-review/", "See if they may ask for one"),
]


def promised(refer: Referring, kind: ClockKind) -> int:
    story = refer.story
    promises = [Promise(kind, story.at(), story.at(days=5))]
    start_clocks(by=story.lead, at=story.at(), case=story.case, promises=promises)
    return story.clock(kind).pk


@pytest.mark.parametrize(("kind", "rest", "words"), PLACES)
def test_a_promise_leads_to_the_page_that_keeps_it(
    refer: Referring, kind: ClockKind, rest: str, words: str
) -> None:
    pk = promised(refer, kind)
    html = page(refer)
    assert re.search(rf'href="{url(refer, rest)}"[^>]*>\s*{words}', html)
    assert url(refer, f"duties/{pk}/") not in html
    found = read(refer.story.case, refer.story.lead, refer.at())
    clock = refer.story.clock(kind)
    assert case_steps.where_done(found, clock) == (words, url(refer, rest))


def test_agencies_who_spoke_in_another_way_are_still_recorded_by_hand(refer: Referring) -> None:
    pk = promised(refer, ClockKind.AGENCIES_MEET)
    duty = url(refer, f"duties/{pk}/")
    assert duty in page(refer, "meetings/")
    client = refer.story.world.client(refer.story.officer)
    client.post(duty, {"outcome": "Spoke in another way", "words": "By telephone, all three."})
    clock = refer.story.clock(ClockKind.AGENCIES_MEET)
    assert clock.state == ClockState.MET
    assert clock.outcome == "Spoke in another way: By telephone, all three."
    assert duty not in page(refer, "meetings/")


def test_a_review_of_nobody_known_is_still_recorded_by_hand(refer: Referring) -> None:
    pk = promised(refer, ClockKind.REPEAT_ASB_REVIEW)
    duty = url(refer, f"duties/{pk}/")
    assert duty not in page(refer, "case-review/"), "somebody known is told on this page"
    part = refer.story.victim
    type(part).objects.filter(pk=part.pk).update(person=None, described_as="A neighbour")
    assert duty in page(refer, "case-review/")
