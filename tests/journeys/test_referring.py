"""A referral in a real browser: begun, sent, answered; and one stopped by a withdrawal (HC-11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.calendar import london_date
from cases.consent.operations import withdraw_permission
from cases.disclosures.models import Send
from cases.referrals import operations
from cases.referrals.choices import ReferralState
from cases.referrals.models import Meeting, Referral
from tests.browsing import NARROW, WIDE, Site
from tests.casework.story import Story
from tests.journeys.test_case import arrive, told
from tests.journeys.walking import Walk
from tests.workflow.disclosing_case import COUNCIL, HAPPENED, Telling, with_agencies

__all__ = ["told"]
pytestmark = pytest.mark.browser
PURPOSE = "Put lights by the bin store."


def on(walk: Walk, legend: str, day: Any, at: str = "") -> None:
    """A day in its boxes."""
    boxes = walk.group(legend)
    for part, typed in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(part, exact=True).fill(str(typed))
    if at:
        boxes.get_by_label("Time", exact=True).fill(at)


def go(walk: Walk, words: str) -> None:
    """A link that looks like a button, and its page."""
    walk.arrive(walk.page.get_by_role("button", name=words))
    walk.used.add(words)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_a_referral_goes_and_is_answered(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    with live_site.in_process():
        made = with_agencies(told)
        made.says_yes(made.council, "FACTS", "IDENTITY")
    page = browser.page(accept_downloads=True)
    page.set_viewport_size(size)
    arrive(page, live_site, told, told.officer)
    with Walk(page, live_site, f"referring-{size['width']}") as walk:
        _begin(walk)
        _tell(walk)
        _send(walk)
        _answer(walk)
    with live_site.in_process():
        referral = Referral.objects.get(case=told.case)
        assert referral.state == ReferralState.ENDED
        assert Send.objects.filter(pack=referral.pack).count() == 1


def _begin(walk: Walk) -> None:
    walk.follow("Referrals")
    walk.look("none yet")
    go(walk, "Refer somebody")
    walk.look("whom and to whom")
    walk.press("Go on")
    walk.refused()
    walk.choose("Whom is it about?", "Amara Osei")
    walk.page.get_by_label("Who would be told?").select_option(label=COUNCIL)
    walk.press("Go on")
    walk.reads("Begin the referral")
    walk.press("Begin the referral")
    walk.refused()
    walk.look("not chosen")
    walk.page.get_by_label("Community safety team").check()
    walk.page.get_by_label("Their permission").check()
    walk.write("What are they asked to do?", PURPOSE)
    walk.press("Begin the referral")
    walk.reads("Choose what they are told")
    walk.look("nothing chosen")


def _tell(walk: Walk) -> None:
    walk.follow("Put in", first=True)
    walk.write("What they are told", HAPPENED)
    walk.write("Why must it be in?", "They cannot help without it.")
    walk.press("Put it on the page")
    walk.reads(HAPPENED)
    walk.look("one thing chosen")
    go(walk, "Read it through")
    walk.page.get_by_label("I have read the page, to the end").check()
    walk.page.get_by_label("What is blacked out is right").check()
    walk.press("Make the page ready")
    walk.reads("Ready to go")
    walk.look("ready to go")


def _send(walk: Walk) -> None:
    page = walk.page
    go(walk, "Send it")
    page.get_by_label(f"This goes to {COUNCIL}, Community safety team").check()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download it, once, to send it").click()
    caught.value.save_as(walk.folder / "sent.pdf")
    page.goto(page.url.split("/sent/")[0] + "/referrals/")
    walk.reads("Sent today")
    walk.look("the list")
    walk.follow(COUNCIL)
    walk.reads("What they were told")
    walk.look("sent")


def _answer(walk: Walk) -> None:
    today = london_date(timezone.now())
    walk.follow("I asked what became of it")
    walk.look("asking")
    walk.press("Keep what they said")
    walk.refused()
    walk.write("Whom did you ask, and how?", "Rang the desk")
    walk.write("What did they say?", "Nobody has looked at it yet.")
    walk.press("Keep what they said")
    walk.reads("What they said when asked")
    walk.follow("They accepted it")
    on(walk, "When did they answer?", today)
    walk.write("Who answered?", "Jo at the desk")
    walk.look("accepted, the form")
    walk.press("Record that they accepted")
    walk.reads("Accepted")
    walk.look("accepted")
    walk.follow("End it")
    walk.write("Why does it end?", "The lights are in.")
    walk.press("End it")
    walk.reads("The lights are in.")
    walk.look("ended")


def queued(made: Telling) -> Referral:
    """A referral to the council that waits to go, as far as Amara allows it."""
    referral = operations.start_referral(
        by=made.lead,
        at=made.at(),
        case=made.story.case,
        about=made.story.victim,
        agency=made.council,
        contact=made.council.contacts.get(),
        door="D1",
        purpose=PURPOSE,
    )
    made.put(referral.pack, "FACTS", HAPPENED)
    made.put(referral.pack, "IDENTITY", "Amara Osei", made.story.victim)
    made.ready(referral.pack)
    return referral


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_withdrawal_stops_it_in_the_same_second(
    browser: Any, live_site: Site, told: Story, script: bool
) -> None:
    with live_site.in_process():
        made = with_agencies(told)
        made.says_yes(made.council, "FACTS", "IDENTITY")
        referral = queued(made)
    page = browser.page(java_script_enabled=script)
    address = arrive(page, live_site, told, told.officer)
    page.goto(f"{address}referrals/{referral.pk}/")
    page.get_by_role("heading", name="Ready to go", exact=True).wait_for()
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("button", name="Download it, once, to send it").wait_for()
    with live_site.in_process():
        withdraw_permission(
            by=made.lead,
            at=made.at(),
            about=told.victim,
            agency=made.council,
            scopes=["IDENTITY"],
            how="PHONE",
        )
    page.get_by_label("This goes to").check()
    page.get_by_role("button", name="Download it, once, to send it").click()
    page.get_by_text("not ready to go").wait_for()
    page.goto(f"{address}referrals/{referral.pk}/")
    page.get_by_text("Stopped before it went").first.wait_for()
    assert page.get_by_role("button", name="Send it").count() == 0
    with live_site.in_process():
        moments = Event.objects.filter(
            case_reference=told.case.reference,
            verb__in=[Verb.PERMISSION_WITHDRAWN, Verb.PACK_STOPPED, Verb.REFERRAL_REVOKED],
        )
        assert moments.count() == 3
        assert len({event.at for event in moments}) == 1
        assert not Send.objects.filter(pack=referral.pack).exists()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_a_meeting_and_the_case_review(
    browser: Any, live_site: Site, told: Story, size: dict[str, int]
) -> None:
    with live_site.in_process():
        with_agencies(told)
    page = browser.page()
    page.set_viewport_size(size)
    arrive(page, live_site, told, told.officer)
    with Walk(page, live_site, f"meeting-{size['width']}") as walk:
        _meet(walk)
        walk.page.goto(page.url.split("/meetings/")[0] + "/case-review/")
        walk.look("case review")
        go(walk, "Record whether Amara Osei was told")
        walk.look("case review, told")
        walk.page.get_by_label("They were told").check()
        walk.press("Keep this")
        walk.reads("What was recorded")
        walk.look("case review, recorded")
        walk.page.goto(f"{live_site.url}/ask-after/")
        walk.look("nothing to ask after")
    with live_site.in_process():
        meeting = Meeting.objects.get(case=told.case)
        assert meeting.actions.count() == 1
        assert meeting.shared.get().direction == "IN"


def _meet(walk: Walk) -> None:
    today = london_date(timezone.now())
    walk.follow("Meetings with other agencies")
    walk.look("no meeting yet")
    go(walk, "Record a meeting")
    walk.look("a meeting")
    walk.press("Record the meeting")
    walk.refused()
    walk.choose("What kind of meeting was it?", "Hate crime panel")
    walk.write("What is it called there?", "Wellby panel")
    on(walk, "When was it held?", today - timedelta(days=3))
    walk.press("Record the meeting")
    walk.reads("Nobody is written down yet")
    walk.follow("Who was there")
    walk.write("Who was there?", "The chair")
    walk.page.get_by_label("Which agency?").select_option(label=COUNCIL)
    walk.go("Add them")
    walk.follow("What they told us")
    walk.page.get_by_label("Which agency?").select_option(label=COUNCIL)
    walk.write("What did they tell us?", "There were two reports from the same block.")
    walk.write("On what ground did they tell us?", "The sharing agreement")
    walk.look("what they told us")
    walk.go("Keep it")
    walk.follow("What we told them")
    walk.reads("Nothing waits here.")
    walk.look("what we told them")
    walk.page.go_back()
    walk.follow("An action that was agreed")
    walk.write("What is to be done?", "Light the bin store")
    walk.page.get_by_label("Or which agency?").select_option(label=COUNCIL)
    on(walk, "By when?", today - timedelta(days=1))
    walk.look("an action")
    walk.press("Add the action")
    walk.reads("Late by 1 day")
    walk.look("the meeting")
    walk.follow("Say how it ended")
    walk.look("how it ended")
    walk.follow("Leave without saving")
