"""The case page: who, how it is safe to reach them, what next, and the whole story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.audit.ledger import record
from cases.audit.models import Access as Seen
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access
from cases.casework.models import Case
from cases.people.operations import (
    add_adjustment,
    add_household,
    add_household_member,
    add_person,
    declare_staff_link,
    set_safe_contact,
)
from tests.casework.story import BECAUSE, WORDS, Story, declared, give, make_case

BUDGET = 20


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
        "No earlier case",
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


def test_risk_is_not_assessed_until_it_was_recorded(led: Story) -> None:
    assert "Not assessed" in get(led, led.officer)
    do.do_duty(
        by=led.lead,
        at=led.at(hours=1),
        case=led.case,
        clock=led.clock("RISK"),
        outcome="High",
        words="Not safe tonight.",
    )
    page = get(led, led.officer)
    assert "Not assessed" not in page
    assert "High Not safe tonight. Recorded today at 11:41am." in page


def test_earlier_cases_are_a_plain_fact_of_what_the_reader_may_see(led: Story) -> None:
    by = led.by(led.handler)
    earlier = make_case(led.world, by, led.case.policy_version, victim=led.amara)
    do.add_involvement(by=by, at=led.at(), case=earlier, part="VICTIM", person=led.amara)
    first = led.at(days=-200)
    Case.objects.filter(pk=earlier.pk).update(received_at=first)
    assert "No earlier case" in get(led, led.officer)
    page = get(led, led.manager)
    assert "No earlier case" in page
    give(led, led.officer)
    do.give_access(by=led.boss, at=led.at(), case=earlier, user=led.officer, why=Access.COVER)
    page = get(led, led.officer)
    assert (
        "1 earlier case With 0 incidents, of this person or household. Received Sunday 3 May"
        in page
    )
    assert earlier.reference not in page


def test_an_earlier_case_of_the_household_counts(led: Story) -> None:
    facts: dict[str, Any] = {"by": led.lead, "at": led.at()}
    household = add_household(home=led.home, **facts)
    sister = add_person(full_name="Efua Osei", **facts)
    for person in (led.amara, sister):
        add_household_member(household=household, person=person, moved_in=date(2024, 1, 1), **facts)
    for victim, days in (
        (sister, -100),
        (led.amara, -50),
        (add_person(full_name="Not them", **facts), -9),
    ):
        case = make_case(led.world, led.lead, led.case.policy_version, victim=victim)
        do.add_involvement(case=case, part="VICTIM", person=victim, **facts)
        Case.objects.filter(pk=case.pk).update(received_at=led.at(days=days))
    page = get(led, led.officer)
    assert "2 earlier cases" in page
    assert "First Tuesday 11 August 2026, last Wednesday 30 September 2026." in page


def test_the_next_step_names_the_person_the_time_and_where(led: Story) -> None:
    page = get(led, led.officer)
    assert (
        "Next step Make first contact with Amara 22 hours left Due tomorrow at 10:26am "
        "An attempt does not meet the clock. Log a contact or an attempt" in page
    )
    html = led.world.client(led.officer).get(url(led)).content.decode()
    assert f'href="{url(led, "contacts/new/")}?with={led.victim.pk}"' in html


def test_whoever_cannot_do_the_next_step_reads_who_can(story: Story, now: Any) -> None:
    director = story.world.user(Role.DIRECTOR_CO)
    declared(story, director, story.handler)
    page = get(story, story.handler)
    assert "Name a lead officer" in page
    assert "Only a case manager names the lead officer." in page
    page = get(story, director)
    assert "Only the people who work a case can change it." in page


def test_what_is_still_needed_is_listed_stage_by_stage(led: Story) -> None:
    page = get(led, led.officer)
    for words in ("To leave Contact", "To leave Assess", "To leave Plan", "To leave Investigate"):
        assert words in page
    do.meet_clocks(by=led.lead, at=led.at(), case=led.case, kinds=["FIRST_CONTACT"])
    page = get(led, led.officer)
    assert "To leave Contact Nothing: it can move on" in page


def test_the_timeline_holds_everything_and_filters(led: Story) -> None:
    do.log_contact(
        by=led.lead,
        at=led.at(minutes=50),
        case=led.case,
        involvement=led.victim,
        kind="ATTEMPT",
        channel="text",
        summary="Texted as Sam.",
    )
    do.add_note(by=led.lead, at=led.at(minutes=55), case=led.case, kind="ADVICE", text="Ask Ravi.")
    page = get(led, led.officer)
    assert "Text: tried to reach Amara Osei. No reply yet by you Today at 11:31am" in page
    assert "Texted as Sam. An attempt. It does not meet the clock." in page
    assert "Advice from a colleague by you Today at 11:36am Ask Ravi." in page
    assert "You became the lead officer by Sunita Bhatt" in page
    assert "Amara Osei’s view was added by Joanne Pike" in page
    contacts = get(led, led.officer, "?show=contacts")
    assert "Showing all 1 about contacts" in contacts
    assert "Ask Ravi." not in contacts
    assert "Ask Ravi." in get(led, led.officer, "?show=notes")
    assert "Clocks started" in get(led, led.officer, "?show=clocks")
    assert "became the lead" in get(led, led.officer, "?show=decisions")
    assert "Dawn Mistry. Lead officer." in get(led, led.officer, "?show=access")


def test_what_was_written_down_later_stands_where_it_happened(led: Story) -> None:
    for number in (40, 20, 50):
        at = led.at(minutes=number)
        do.add_note(by=led.lead, at=at, case=led.case, kind="CASE", text=f"Note {number}.")
    page = get(led, led.officer, "?show=notes")
    assert page.index("Note 50.") < page.index("Note 40.") < page.index("Note 20.")


def test_many_ended_promises_are_folded_and_say_how_they_did(led: Story) -> None:
    assert "Done at 10:41am Triage" in get(led, led.officer)
    kinds = ["RISK", "POLICE", "SUPPORT_OWN", "PERMISSION"]
    do.meet_clocks(by=led.lead, at=led.at(days=2), case=led.case, kinds=kinds)
    assert "6 done or not applying, 2 of them late" in get(led, led.officer)


def test_a_report_is_a_step_from_its_entry(led: Story) -> None:
    """What triage records of the report leads to what was said and why it was routed so."""
    record(
        Verb.REPORT_TRIAGED,
        by=led.lead,
        at=led.at(hours=1),
        case=led.case.reference,
        changes={"report": "R-2026-2222", "routes": ["HATE", "SAFEGUARDING"], "late": True},
    )
    html = led.world.client(led.officer).get(url(led)).content.decode()
    assert "Triaged: Hate crime, Safeguarding" in html
    assert 'href="/reports/R-2026-2222/"' in html


def test_earlier_entries_are_another_page(led: Story) -> None:
    for number in range(15):
        do.add_note(
            by=led.lead,
            at=led.at(minutes=number),
            case=led.case,
            kind="CASE",
            text=f"Note {number}.",
        )
    client = led.world.client(led.officer)
    html = client.get(url(led, "?show=notes")).content.decode()
    assert "Showing 12 of 15 about notes, newest first." in text_of(html)
    assert "Show the 3 earlier entries" in text_of(html)
    earlier = re.search(r'href="([^"]*before=[^"]*)"', html)
    assert earlier
    page = text_of(client.get(earlier[1].replace("&amp;", "&")).content.decode())
    assert "Showing 3 earlier of 15 about notes, newest first." in page
    assert "Note 0." in page
    assert "Note 14." not in page


@pytest.mark.parametrize(
    "asked", ["?show=secrets", "?before=x", "?before=-1", f"?before={'9' * 30}"]
)
def test_an_address_that_means_nothing_is_no_error(led: Story, asked: str) -> None:
    assert "Timeline" in get(led, led.officer, asked)


def test_who_has_looked_why_when_and_how_often(led: Story) -> None:
    """Everybody who opened it, and whether they are on the case still."""
    for user in (led.manager, led.manager, led.officer):
        led.world.client(user).get(url(led))
    stranger = led.world.user(Role.HOUSING_OFFICER, name="Ravi Chand")
    give(led, stranger, Access.SAMPLE)
    declared(led, stranger)
    led.world.client(stranger).get(url(led))
    led.case.members.filter(user=stranger).update(ended_at=led.at(hours=1))
    page = get(led, led.officer).rpartition("Who has looked")[2]
    assert "3 people have opened this case." in page
    assert "You Lead officer Now twice" in page
    assert "Sunita Bhatt Manager of the team Today at 11:41am twice" in page
    assert "Ravi Chand Audit sample. Access ended today at 11:41am. Today at 11:41am once" in page


def test_somebody_who_is_on_the_case_no_longer_in_any_way_is_counted(led: Story) -> None:
    director = led.world.user(Role.DIRECTOR_CO, name="Ruth Calloway")
    declared(led, director)
    led.world.client(director).get(url(led))
    assert "Director of Customer Operations" in get(led, led.officer)
    for holding in director.holdings.all():
        holding.period = type(holding.period)(holding.period.lower, led.at(minutes=1))
        holding.save()
    page = get(led, led.officer)
    assert "1 is not on the case. Ask the data protection officer about it." in page
    assert "Ruth Calloway Not on the case." in page


def test_flags_say_what_else_is_true(led: Story) -> None:
    Case.objects.filter(pk=led.case.pk).update(
        restricted=True, provisional=True, received_at=led.at(minutes=-30)
    )
    page = get(led, led.officer)
    assert "Restricted: only the lead" in page
    assert "Treated as hate for now: somebody is not sure." in page
    assert "First recorded as received today at 10:26am; corrected since." in page


def test_a_case_on_hold_asks_if_the_hold_still_stands(led: Story) -> None:
    do.hold(
        by=led.lead,
        at=led.at(hours=1),
        case=led.case,
        reason="The police asked us to wait for them.",
        review_on=date(2026, 11, 26),
    )
    page = get(led, led.officer)
    assert "Next step Ask if the hold still stands" in page
    assert "Take it off hold" in page


def test_a_joined_case_takes_nothing_more(led: Story) -> None:
    twin = make_case(led.world, led.lead, led.case.policy_version, victim=led.amara)
    do.join_case(by=led.lead, at=led.at(), case=led.case, into=twin)
    page = get(led, led.officer)
    assert f"Joined to {twin.reference}" in page
    assert "Nothing is due" in page
    assert "Add to this case" not in page
    assert "so nothing is added to it" in page


def count(story: Story, user: Any) -> int:
    """Queries of the page, the frame's included and transaction control left out."""
    client = story.world.client(user)
    client.get(url(story))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url(story)).status_code == 200
    sql = [query["sql"] for query in captured.captured_queries]
    counted = [each for each in sql if not re.match(r"(SAVEPOINT|RELEASE|ROLLBACK|BEGIN)", each)]
    if len(counted) > BUDGET:
        print("\n".join(each[:160] for each in counted))
    return len(counted)


def test_the_page_costs_the_same_with_one_row_and_with_thirty(led: Story) -> None:
    contact: dict[str, Any] = {
        "by": led.lead,
        "at": led.at(),
        "case": led.case,
        "involvement": led.victim,
        "kind": "ATTEMPT",
        "channel": "text",
        "summary": "Texted.",
    }
    do.log_contact(**contact)
    do.add_note(by=led.lead, at=led.at(), case=led.case, kind="CASE", text="A note.")
    few = count(led, led.officer)
    for number in range(30):
        incident = led.add_incident()
        do.add_account(
            by=led.lead,
            at=led.at(),
            incident=incident,
            words="Again.",
            capacity="VICTIM",
            person=led.amara,
        )
        do.add_perception(
            by=led.lead,
            at=led.at(),
            incident=incident,
            holds="YES",
            capacity="VICTIM",
            person=led.amara,
            strands={"RACE": "ACTUAL", "RELIGION": "PERCEIVED"},
        )
        do.assess_evidence(by=led.lead, at=led.at(), incident=incident, text="A camera.")
        do.add_involvement(
            by=led.lead, at=led.at(), case=led.case, part="WITNESS", described_as=f"Man {number}"
        )
        do.log_contact(**contact)
    do.add_note(by=led.lead, at=led.at(), case=led.case, kind="CASE", text="A note.")
    many = count(led, led.officer)
    assert many == few
    assert few <= BUDGET


def test_no_page_without_its_record(led: Story) -> None:
    """If the ledger cannot be written, nothing of the case is shown (bar row 33)."""
    client = led.world.client(led.officer)
    client.get("/")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE audit_access ADD CONSTRAINT nobody_writes CHECK (id < 0) NOT VALID"
        )
    response = client.get(url(led))
    assert response.status_code == 503
    assert "Amara" not in response.content.decode()
