"""The pages of referrals, meetings and the case review: what they say, whom they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from cases.access import Role
from cases.audit.models import Event
from cases.casework.operations import declare
from cases.disclosures import pack_operations as packs
from cases.disclosures.models import PackFile, Send
from cases.referrals import meeting_operations as meetings
from cases.referrals.choices import ReferralState
from cases.referrals.models import Referral
from tests.casework.story import Story, declared, give, make_case
from tests.referrals.making import Referring, directory
from tests.workflow.referring_forms import FORMS, Row, action_of, day_of, meeting_of
from tests.workflow.test_case_page import text_of


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """The evening of the day on which Amara was asked, standing still."""
    at = story.at(days=1, hours=8)
    with time_machine.travel(at, tick=False):
        yield at


@pytest.fixture
def refer(story: Story, now: datetime) -> Referring:
    """The case, led by Dawn; everybody has said they know nobody."""
    made = directory(story)
    give(story, story.handler)
    declared(story, story.officer, story.manager, story.handler)
    return made


def url(refer: Referring, rest: str = "") -> str:
    return f"/cases/{refer.story.case.reference}/{rest}"


def hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', html)
    return dict(found)


def send(client: Any, address: str, answer: dict[str, Any]) -> Any:
    """Open the form and send it, as a browser does."""
    page = client.get(address)
    assert page.status_code == 200, address
    return client.post(address, {**hidden(page.content.decode()), **answer})


every_form = pytest.mark.parametrize("row", FORMS, ids=str)


@every_form
def test_it_works_once_however_often_it_is_pressed(refer: Referring, row: Row) -> None:
    client, address = refer.story.world.client(refer.story.officer), url(refer, row.page(refer))
    before = Event.objects.filter(verb=row.verb).count()
    page = client.get(address)
    typed = {**hidden(page.content.decode()), **row.answer(refer)}
    first, second = client.post(address, typed), client.post(address, typed)
    assert first.status_code == 302, text_of(first.content.decode())
    assert second.status_code == 302
    assert Event.objects.filter(verb=row.verb).count() == before + 1
    assert 'class="app-notice"' in client.get(first["Location"]).content.decode()


@every_form
def test_bad_input_is_said_and_kept(refer: Referring, row: Row) -> None:
    client, address = refer.story.world.client(refer.story.officer), url(refer, row.page(refer))
    before = Event.objects.filter(verb=row.verb).count()
    answer = send(client, address, {**row.answer(refer), row.needed: ""})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: " in html
    assert f'id="id_{row.needed}_error"' in html
    for name, value in row.answer(refer).items():
        typed = name != row.needed and isinstance(value, str) and "_" not in name
        assert not typed or value in html or f'value="{value}"' in html, name
    odd = {name: "\x00 999999999999999999999 <b>" for name in row.answer(refer)}
    assert send(client, address, odd).status_code in (200, 302)
    assert client.post(address, {}).status_code == 200
    assert Event.objects.filter(verb=row.verb).count() == before


@every_form
def test_whoever_does_not_work_the_case_is_refused(refer: Referring, row: Row) -> None:
    address = url(refer, row.page(refer))
    handler = refer.story.world.client(refer.story.handler)
    answer = handler.post(address, row.answer(refer))
    assert answer.status_code == 403
    assert "Only the people who work a case" in text_of(answer.content.decode())
    director = refer.story.world.user(Role.DIRECTOR_CO)
    declared(refer.story, director)
    assert refer.story.world.client(director).post(address, row.answer(refer)).status_code == 403
    stranger = refer.story.world.client(refer.story.world.user(Role.HOUSING_OFFICER))
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, row.answer(refer)).status_code == 404


@every_form
def test_another_cases_rows_are_not_found(refer: Referring, row: Row) -> None:
    page = row.page(refer)
    if not re.search(r"\d+/", page):
        return
    story = refer.story
    by = story.by(story.handler)
    other = make_case(story.world, by, story.case.policy_version, team=story.world.team())
    declared_other(story, other)
    client = story.world.client(story.manager)
    assert client.get(f"/cases/{other.reference}/{page}").status_code == 404
    posted = client.post(f"/cases/{other.reference}/{page}", row.answer(refer))
    assert posted.status_code == 404


def declared_other(story: Story, case: Any) -> None:
    declare(by=story.boss, at=story.at(hours=1), case=case, knows_somebody=False)


def read(refer: Referring, rest: str, user: Any = None) -> str:
    answer = refer.story.world.client(user or refer.story.officer).get(url(refer, rest))
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def test_the_first_step_asks_whom_and_to_whom(refer: Referring) -> None:
    client = refer.story.world.client(refer.story.officer)
    said = text_of(client.get(url(refer, "referrals/new/")).content.decode())
    assert "Wellby Victim Care" in said
    assert "Human Resources" in said
    wrong = client.get(url(refer, "referrals/new/?about=&agency=77777")).content.decode()
    assert "Choose whom it is about" in wrong
    ours = client.get(
        url(refer, f"referrals/new/?about=nobody&agency={refer.agency('ASB_TEAM').pk}")
    ).content.decode()
    assert "Why may they be told?" not in ours


def test_a_list_says_where_each_stands(refer: Referring) -> None:
    assert "Nobody was referred yet" in read(refer, "referrals/")
    referral = refer.sent()
    refer.start("FIRE")
    said = read(refer, "referrals/")
    assert "Wellby Victim Care" in said
    assert "Sent today" in said
    assert "Ask what became of it Friday 27 November" in said
    assert "Being written" in said
    with time_machine.travel(refer.at(days=10), tick=False):
        assert "Late by 3 days: ask what became of it" in read(refer, "referrals/")
        after = refer.story.world.client(refer.story.manager).get("/ask-after/")
        assert refer.story.case.reference in after.content.decode()
        assert "Late by 3 days" in text_of(after.content.decode())
    assert referral.state == ReferralState.SENT


def test_a_referral_shows_exactly_what_they_were_told(refer: Referring) -> None:
    referral = refer.sent()
    said = read(refer, f"referrals/{referral.pk}/")
    for words in ("What they were told", "Amara Osei", "spat at the pram", "Their permission"):
        assert words in said
    assert "Choose what they are told" not in said
    assert "Sent a referral" in said


def test_what_stops_it_is_said_with_what_is_possible(refer: Referring) -> None:
    referral = refer.start()
    refer.fill(referral)
    assert "Read it through" in read(refer, f"referrals/{referral.pk}/")
    refer.ready(referral)
    said = read(refer, f"referrals/{referral.pk}/")
    assert "It would not go yet" in said
    assert "has not said that Wellby Victim Care may" in said
    assert "Send facts that name nobody" in said
    refer.permit()
    assert "Send it" in read(refer, f"referrals/{referral.pk}/")
    refer.withdraw()
    stopped = read(refer, f"referrals/{referral.pk}/")
    assert "Stopped before it went" in stopped
    assert "Permission was taken back" in stopped
    assert "Send it" not in stopped
    assert not Send.objects.exists()


def test_nothing_of_ours_is_offered_to_mappa(refer: Referring) -> None:
    meeting = meetings.add_meeting(
        by=refer.story.lead,
        at=refer.at(hours=5),
        case=refer.story.case,
        forum="MAPPA",
        held_on=refer.at().date(),
    )
    assert "Nothing of ours is told there" in read(refer, f"meetings/{meeting.pk}/")
    client = refer.story.world.client(refer.story.officer)
    assert client.get(url(refer, f"meetings/{meeting.pk}/told/")).status_code == 403


def test_where_no_page_was_read_nothing_is_asked(refer: Referring) -> None:
    meeting = meeting_of(refer)
    said = read(refer, f"meetings/{meeting.pk}/told/")
    assert "Nothing waits here." in said
    assert "What was told to others on this case" in said
    assert "Which page was read there?" not in said
    assert "It was read there" not in said


def test_a_meeting_shows_who_what_and_what_is_late(refer: Referring) -> None:
    referral, meeting = refer.sent(), meeting_of(refer)
    action_of(refer, meeting)
    meetings.add_attendee(
        by=refer.story.lead,
        at=refer.at(hours=6),
        meeting=meeting,
        who="Jo",
        agency=refer.agency("VICTIM_SUPPORT"),
    )
    sent = refer.read_at_meeting(referral)
    client = refer.story.world.client(refer.story.officer)
    assert send(client, url(refer, f"meetings/{meeting.pk}/told/"), {"send": sent.pk}).url == (
        url(refer, f"meetings/{meeting.pk}/")
    )
    with time_machine.travel(refer.at(days=2), tick=False):
        said = read(refer, f"meetings/{meeting.pk}/")
        assert "Late by 2 days" in said
        assert "1 to do of 1, 1 late" in read(refer, "meetings/")
    assert "Jo, Wellby Victim Care" in said
    assert "Why they may be told: Their permission" in said


def test_the_case_review_says_may_be_and_how_it_was_counted(refer: Referring) -> None:
    said = read(refer, "case-review/")
    assert "Not yet. 1 of 3 reports count so far" in said
    assert "The law asks for 3 reports" in said
    for day in (10, 12):
        refer.story.add_incident(occurred_on=datetime(2026, 11, day).date())
    said = read(refer, "case-review/")
    assert "Amara Osei may be eligible for a case review" in said
    assert "They can ask until Tuesday 18 May 2027." in said
    assert "is eligible" not in said


MOST = {"referrals/": 20, "meetings/": 20, "ask-after": 20, "case-review/": 30}


@pytest.mark.parametrize("rest", MOST)
def test_the_number_of_queries_does_not_grow(
    refer: Referring, rest: str, django_assert_max_num_queries: Any
) -> None:
    address = "/ask-after/" if rest == "ask-after" else url(refer, rest)

    def counted(at: datetime) -> int:
        with time_machine.travel(at, tick=False):
            client = refer.story.world.client(refer.story.officer)
        with (
            time_machine.travel(at, tick=False),
            django_assert_max_num_queries(MOST[rest]) as found,
        ):
            assert client.get(address).status_code == 200
        return len(found.captured_queries)

    refer.sent()
    action_of(refer, meeting_of(refer))
    late = refer.at(days=12)
    counted(late)
    few = counted(late)
    for kind in ("FIRE", "POLICE"):
        refer.sent(kind)
        action_of(refer, meeting_of(refer))
        refer.story.add_incident()
    assert counted(late) <= few, rest


def test_every_page_is_called_something_and_names_nobody(refer: Referring) -> None:
    referral, meeting = refer.sent(), meeting_of(refer)
    client = refer.story.world.client(refer.story.officer)
    for rest in (
        "referrals/",
        f"referrals/{referral.pk}/",
        "meetings/",
        f"meetings/{meeting.pk}/",
        "case-review/",
        f"case-review/{refer.story.victim.pk}/",
    ):
        html = client.get(url(refer, rest)).content.decode()
        title = re.search(r"<title>(.*?)</title>", html, re.S)
        assert title is not None
        assert title[1].strip().endswith("Hate crime casework")
        assert "Amara" not in title[1]


def test_the_case_page_leads_here(refer: Referring) -> None:
    said = read(refer, "")
    for words in ("Referrals", "Meetings with other agencies", "ASB case review"):
        assert words in said


def test_a_lead_is_let_in_to_answer(refer: Referring) -> None:
    lead = refer.story.world.user(Role.SAFEGUARDING_LEAD, team=refer.story.world.team())
    referral = refer.queued("SAFEGUARDING_TEAM", door="D4")
    file = PackFile.objects.get(pack=referral.pack)
    packs.approve_pack(
        by=refer.story.by(lead), at=refer.at(minutes=25), file=file, words="She is at risk."
    )
    address = url(refer, f"referrals/{referral.pk}/")
    client = refer.story.world.client(lead)
    assert client.get(address).status_code == 404  # it has not gone to them yet
    refer.send(referral)
    declared(refer.story, lead)
    assert "They accepted it" in text_of(client.get(address).content.decode())
    officer = read(refer, f"referrals/{referral.pk}/")
    assert "They accepted it" not in officer
    answer = send(client, f"{address}accept/", {"answered_by": "Ruth", **day_of("answered_on")})
    assert answer.status_code == 302
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.ACCEPTED
