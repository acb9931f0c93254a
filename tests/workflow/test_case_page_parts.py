"""The case page: the next step, the timeline, who has looked, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.access import Role
from cases.audit.ledger import record
from cases.audit.verbs import Verb
from cases.casework import operations as do
from cases.casework.choices import Access
from cases.casework.models import Case
from tests.casework.story import Story, declared, give, make_case

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


def test_a_joined_case_says_where_what_was_told_is_kept(led: Story) -> None:
    """Its incidents went with the join: "none is recorded" would deny what was told."""
    twin = make_case(led.world, led.lead, led.case.policy_version, victim=led.amara)
    do.join_case(by=led.lead, at=led.at(), case=twin, into=led.case)
    led.case = twin
    give(led, led.officer, Access.COVER)
    declared(led, led.officer)
    for rest in ("", "repeat/"):
        page = get(led, led.officer, rest)
        assert "What was told is kept on the case that this one is joined to." in page
        assert "No incident is recorded yet" not in page


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
    assert many == few + 1  # a repeat asks once what is kept from the reader
    assert many <= BUDGET
