"""The case page: who, how it is safe to reach them, what next, and the whole story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.access import Role
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access
from cases.casework.models import Case
from cases.people.operations import (
    add_adjustment,
    declare_staff_link,
    set_safe_contact,
)
from tests.casework.story import BECAUSE, WORDS, Story, declared, give, make_case
from tests.repeats.telling import Telling
from tests.risk.asking import answers, assessed


@pytest.fixture
def now(story: Story) -> Iterator[datetime]:
    """An hour after the case was opened, and standing still."""
    with time_machine.travel(story.at(hours=1), tick=False):
        yield story.at(hours=1)


@pytest.fixture
def led(story: Story, now: datetime) -> Story:
    """The case with Dawn as its lead; everybody has said they know nobody."""
    story.allocated()
    declared(story, story.officer, story.manager, story.handler)
    return story


def url(story: Story, rest: str = "") -> str:
    return f"/cases/{story.case.reference}/{rest}"


def get(story: Story, user: Any, rest: str = "") -> str:
    """The page's text, as one line."""
    response = story.world.client(user).get(url(story, rest))
    assert response.status_code == 200, response.status_code
    return text_of(response.content.decode())


def text_of(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def test_the_page_says_who_and_how_it_is_safe_first(led: Story) -> None:
    add_adjustment(by=led.lead, at=led.at(), person=led.amara, need="Twi interpreter")
    page = get(led, led.officer)
    order = [
        "Amara Osei",
        led.case.reference,
        "Victim, tenant of 14 Larkfield Court, Wellby. Stage: Contact . Lead: you",
        "Emergency, as every report is.",
        "Text first",
        "No post",
        "Say you are “Sam”",
        "Twi interpreter",
        "Not assessed",
        "Not a repeat",
        "Next step",
        "Make first contact with Amara",
        "To leave Contact",
        "Clocks, from today at 10:26am",
        "People and their part",
        "Incident 1. Wednesday 18 November 2026, about 4pm",
        WORDS,
        "Who thinks hate was part of it",
        BECAUSE,
        "newest first",
        "Who has looked",
    ]
    places = [page.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_the_title_carries_the_reference_and_no_name(led: Story) -> None:
    html = led.world.client(led.officer).get(url(led)).content.decode()
    title = f"<title>{led.case.reference} overview - Hate crime casework</title>"
    assert title in html


@pytest.mark.parametrize("role", Role)
def test_outsiders_get_the_page_of_a_case_that_is_not_there(led: Story, role: Role) -> None:
    client = led.world.client(led.world.user(role, team=led.world.team("South")))
    theirs, nothing = client.get(url(led)), client.get("/cases/HC-2026-2222/")
    opens = Role.DIRECTOR_CO
    if role is opens:
        assert theirs.status_code == 200
        return
    assert theirs.status_code == nothing.status_code
    assert theirs.status_code in (403, 404)
    assert text_of(theirs.content.decode()) == text_of(nothing.content.decode())
    assert "Amara" not in theirs.content.decode()


def test_nobody_signed_out_sees_it(led: Story) -> None:
    response = Client().get(url(led))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_it_answers_get_alone(led: Story) -> None:
    client = led.world.client(led.officer)
    assert [client.post(url(led)).status_code, client.delete(url(led)).status_code] == [405, 405]


def test_the_first_open_asks_who_they_know_and_shows_nothing_else(story: Story, now: Any) -> None:
    story.allocated()
    for rest in ("", "history/", "notes/new/", f"incidents/{story.incident.pk}/evidence/"):
        page = get(story, story.officer, rest)
        assert "Do you know anyone in this case?" in page
        assert "Amara Osei" in page
        assert "The man at number 16" in page
        assert "14 Larkfield Court" in page
        assert "Bela Novak" not in page
        assert "skin" not in page
    shown = Seen.objects.filter(subject_kind="people.person", actor_id=story.officer.pk)
    assert story.amara.pk in shown.latest("pk").subject_ids


def test_no_goes_on_to_the_page_that_was_asked_for(story: Story, now: Any) -> None:
    story.allocated()
    client = story.world.client(story.officer)
    asked = url(story, "notes/new/")
    answer = client.post(url(story, "declare/"), {"knows": "no", "next": asked})
    assert answer.url == asked
    assert client.get(asked).status_code == 200
    assert Event.objects.latest("pk").verb == Verb.NO_CONFLICT_DECLARED


@pytest.mark.parametrize("evil", ["//evil.example/", "https://evil.example/", "/staff/"])
def test_the_answer_never_leads_elsewhere(story: Story, now: Any, evil: str) -> None:
    story.allocated()
    client = story.world.client(story.officer)
    answer = client.post(url(story, "declare/"), {"knows": "no", "next": evil})
    assert answer.url == url(story)


def test_yes_closes_the_case_to_them_from_the_next_request(story: Story, now: Any) -> None:
    story.allocated()
    client = story.world.client(story.officer)
    answer = client.post(url(story, "declare/"), {"knows": "yes"}, follow=True)
    assert "The case is closed to you" in answer.content.decode()
    assert "Amara" not in answer.content.decode()
    assert client.get(url(story)).status_code == 404
    case = Case.objects.get()
    assert case.lead is None
    assert case.clocks.filter(kind="REASSIGN").exists()


def test_somebody_may_say_later_that_they_know_somebody(led: Story) -> None:
    client = led.world.client(led.officer)
    assert "Do you know anyone" in client.get(url(led, "declare/")).content.decode()
    client.post(url(led, "declare/"), {"knows": "yes"})
    assert client.get(url(led)).status_code == 404


def test_an_answer_that_is_none_asks_again(led: Story) -> None:
    client = led.world.client(led.officer)
    assert client.post(url(led, "declare/"), {"knows": "perhaps"}).url == url(led, "declare/")


@pytest.mark.parametrize("role", [Role.HOUSING_OFFICER, Role.CASE_MANAGER, Role.DIRECTOR_CO])
def test_a_tie_we_know_of_hides_the_case_whatever_the_role(led: Story, role: Role) -> None:
    user = led.world.user(role, team=led.world.team())
    give(led, user)
    client = led.world.client(user)
    assert client.get(url(led)).status_code == 200
    declare_staff_link(
        by=led.world.actor(user), at=led.at(), user=user, kind="RELATIVE", person=led.amara
    )
    do.find_conflicts_of(by=led.boss, at=led.at(), user=user)
    assert client.get(url(led)).status_code == 404


def test_a_part_kept_apart_says_only_that_it_exists(led: Story) -> None:
    html = led.world.client(led.officer).get(url(led)).content.decode()
    assert "Their name is kept apart from this page." in html
    assert "Bela" not in html
    assert "Novak" not in html
    assert "900733" not in html


def test_show_it_posts_and_is_recorded(led: Story) -> None:
    client = led.world.client(led.officer)
    address = url(led, f"people/{led.third.pk}/show/")
    assert client.get(address).status_code == 405
    page = text_of(client.post(address).content.decode())
    assert "Bela Novak" in page
    assert "07700 900733" in page
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor_id) == (Verb.PART_SHOWN, led.officer.pk)
    shown = Seen.objects.filter(what="workflow:case-show-part", outcome="SHOWN")
    assert shown.filter(purpose="kept apart", subject_ids=[led.third.person_id]).exists()


def test_an_auditor_reads_that_the_address_is_kept_back(led: Story) -> None:
    auditor = led.world.user(Role.AUDITOR)
    give(led, auditor, Access.SAMPLE)
    declared(led, auditor)
    page = get(led, auditor)
    assert "Address kept back. Stage:" in page
    assert "of Address kept back" not in page


def test_an_auditor_does_not_open_what_is_kept_apart(led: Story) -> None:
    auditor = led.world.user(Role.AUDITOR)
    give(led, auditor, Access.SAMPLE)
    declared(led, auditor)
    answer = led.world.client(auditor).post(url(led, f"people/{led.third.pk}/show/"))
    assert answer.status_code == 403
    assert "Bela" not in answer.content.decode()


def test_views_stand_side_by_side_and_a_view_taken_back_stays(led: Story) -> None:
    facts: dict[str, Any] = {"by": led.lead, "at": led.at(), "incident": led.incident}
    do.add_perception(
        holds="YES",
        capacity="THIRD_PARTY",
        person=led.third.person,
        words="Everybody knows what he means.",
        strands={"RACE": "NOT_STATED"},
        **facts,
    )
    do.add_perception(holds="NOT_SURE", capacity="OFFICER", colleague=led.handler, **facts)
    do.retract_perception(
        by=led.by(led.handler),
        at=led.at(),
        view=led.incident.perceptions.get(colleague=led.handler),
        words="I am sure now that I cannot say.",
    )
    page = get(led, led.officer)
    assert f"Amara Osei, victim Thinks so. “{BECAUSE}” Today at 10:41am. Race, they are." in page
    assert "A third party Thinks so. “Everybody knows what he means.”" in page
    assert "Joanne Pike, took the report Not sure." in page
    assert "Taken back today at 10:41am: “I am sure now that I cannot say.”" in page


def test_an_account_of_the_same_incident_is_shown_with_it(led: Story) -> None:
    facts: dict[str, Any] = {"by": led.by(led.handler), "at": led.at()}
    told = do.add_incident(case=None, types=["VERBAL"], **facts)
    do.add_account(
        incident=told, words="I saw him spit.", capacity="THIRD_PARTY", kept_apart=True, **facts
    )
    do.add_perception(
        incident=told,
        holds="YES",
        capacity="THIRD_PARTY",
        described_as="The woman upstairs",
        kept_apart=True,
        **facts,
    )
    told.same_as = led.incident
    told.save()
    page = get(led, led.officer)
    assert "The same incident, as told on Thursday 19 November 2026" in page
    assert "“I saw him spit.” A third party" in page
    assert "woman upstairs" not in page
    assert page.count("Incident 1.") >= 1
    assert "Incident 2." not in page


def test_the_banner_says_do_not_contact_when_no_way_is_safe(led: Story) -> None:
    ways = dict.fromkeys(("ring", "text", "email", "post", "visit", "voicemail"), "NOT_SAFE")
    set_safe_contact(by=led.lead, at=led.at(), person=led.amara, first_choice="", **ways)
    assert "Do not contact." in get(led, led.officer)


def test_nothing_needed_is_not_said_beside_what_is_needed(led: Story) -> None:
    by, at, victim = led.lead, led.at(), led.amara
    add_adjustment(by=by, at=at, person=victim, need="Nothing needed", kind="NONE")
    assert "Nothing needed" in get(led, led.officer)
    add_adjustment(by=by, at=at, person=victim, need="Interpreter: Twi", kind="INTERPRETER")
    page = get(led, led.officer)
    assert "Interpreter: Twi" in page
    assert "Nothing needed" not in page


def cell(page: str, label: str, following: str) -> str:
    """What the banner says between two of its labels."""
    return page.partition(f" {label} ")[2].partition(f" {following} ")[0]


def test_risk_is_not_assessed_until_it_was_recorded(led: Story) -> None:
    assert cell(get(led, led.officer), "Risk", "Repeat").startswith("Not assessed")
    assessed(led, {**answers(), "RF10": "YES"})
    said = cell(get(led, led.officer), "Risk", "Repeat")
    assert said.startswith("High Because of 1 red flag: says not safe tonight.")


def test_a_level_recorded_by_hand_before_there_were_assessments_stays_readable(led: Story) -> None:
    outcome = "High: Not safe tonight."
    do.meet_clocks(by=led.lead, at=led.at(hours=1), case=led.case, kinds=["RISK"], outcome=outcome)
    page = get(led, led.officer)
    assert "High Not safe tonight. Recorded today at 11:41am." in page


def test_the_banner_names_the_earlier_case_only_to_who_may_open_it(led: Story) -> None:
    somebody = led.world.user(Role.HOUSING_OFFICER, team=led.officer.team)
    earlier = Telling(led.world, somebody, led.manager).incident(led.amara, "2026-03-03").case
    assert earlier is not None
    said = cell(get(led, led.officer), "Repeat", "See why")
    assert "First reported 3 March 2026, so until 3 March 2027 counts." in said
    assert "The earlier case is not yours to open." in said
    assert earlier.reference not in get(led, led.officer)
    do.give_access(by=led.boss, at=led.at(), case=earlier, user=led.officer, why=Access.COVER)
    said = cell(get(led, led.officer), "Repeat", "See why")
    assert f"First reported 3 March 2026 ({earlier.reference}), so until" in said
    assert "not yours to open" not in said


def test_an_earlier_case_is_no_repeat_by_itself_and_is_not_named(led: Story) -> None:
    by = led.by(led.handler)
    earlier = make_case(led.world, by, led.case.policy_version, victim=led.amara)
    do.add_involvement(by=by, at=led.at(), case=earlier, part="VICTIM", person=led.amara)
    Case.objects.filter(pk=earlier.pk).update(received_at=led.at(days=-200))
    for reader in (led.officer, led.manager):
        page = get(led, reader)
        assert "Not a repeat" in page
        assert earlier.reference not in page
