"""The triage result, adding a view, correcting a time: pages."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.access import Role
from cases.audit.models import Access
from cases.casework.models import Case, Conflict, Perception
from cases.intake.choices import Door
from cases.intake.models import Report
from tests.scenarios.story import Story, keys, london
from tests.world import World

RECEIVED = london(2026, 11, 19, 10, 41)
SENT = london(2026, 11, 19, 10, 58)


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


@pytest.fixture
def handler(story: Story) -> Client:
    return story.world.client(story.handler)


def amara(story: Story, **more: Any) -> dict[str, Any]:
    person = story.tenant("Amara Osei", story.home())
    return {
        **keys("safe", call_them="Amara"),
        **keys("contact", ring="SAFE", text="SAFE", post="NOT_SAFE", voicemail="NOT_SAFE"),
        **keys("contact", first="text", say_we_are="Sam"),
        **keys("who", person=person.reference),
        **keys("incident-1", words="He shouts at us.", types=["VERBAL"]),
        **keys("why", caller="YES", caller_words="It is because I am Black.", own="NOT_SURE"),
        **keys("why", strands=["RACE"]),
        "why.basis.RACE": "ACTUAL",
        **keys("harmed", children="SAW"),
        **keys("respondent", relation="NEIGHBOUR_ADJ"),
        **more,
    }


def read(client: Client, report: Report, at: Any = SENT) -> str:
    with time_machine.travel(at, tick=False):
        response = client.get(f"/reports/{report.reference}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_result_and_what_to_tell(story: Story, handler: Client) -> None:
    report = story.report(amara(story), received=RECEIVED, after=17)
    html = read(handler, report)
    assert report.case is not None
    assert "This is a hate crime case" in html
    assert "Because <strong>Amara thinks hate was part of it</strong>" in html
    assert "That is enough. Nobody has to prove it." in html
    assert "<strong>Safeguarding</strong>, because children saw or heard it." in html
    assert "Triaged today at 10:58am." in html
    assert "On time: due by 2:41pm." in html
    assert "Tell Amara before you hang up" in html
    assert report.case.reference in html
    assert (
        "“Somebody from our team will be in touch by 10:41 tomorrow morning. They will text you "
        "first and will say Sam.”"
    ) in html
    assert "“Nothing will come by post. Nobody will leave a voicemail.”" in html
    assert "First contact with Amara, by 10:41am tomorrow" in html
    assert "Safeguarding referral, by 5:00pm today" in html
    assert "The clocks run from today at 10:41am, when Amara rang." in html
    assert "“It is because I am Black.”" in html
    assert "Race. Linked because Amara is." in html
    assert "took the report, asked today at" in html
    assert "Amara is our assured tenant." in html
    assert "Waiting for Lena Fox to accept." in html
    assert "Not a partner or family." in html
    assert "which is perceived by the victim or any other person" in html
    assert f"<title>{report.reference} triage result - Hate crime casework</title>" in html
    assert "Amara" not in html.split("</title>")[0]
    reads = Access.objects.filter(subject_kind="intake.report", outcome="SHOWN")
    assert reads.filter(case_reference=report.case.reference).exists()


def test_provisional_hate(story: Story, handler: Client) -> None:
    told = {**amara(story), **keys("why", caller="NO", own="NOT_SURE")}
    html = read(handler, story.report(told, received=RECEIVED))
    assert "Treated as hate for now" in html
    assert "Joanne is not sure. Settled at first contact." in html


def test_domestic_abuse_leads_with_hate_beside_it(story: Story, handler: Client) -> None:
    told = {**amara(story), **keys("respondent", relation="FAMILY", abuse="YES")}
    html = read(handler, story.report(told, received=RECEIVED))
    assert "This goes to Domestic Abuse first" in html
    assert "Because <strong>the respondent is family, and abuse was told</strong>" in html
    assert "<strong>Hate crime</strong>, because Amara thinks hate was part of it." in html


def test_antisocial_behaviour_names_who_was_asked(story: Story, handler: Client) -> None:
    told = {**amara(story), **keys("why", caller="NO", own="NO"), "harmed.children": "NONE"}
    html = read(handler, story.report(told, received=RECEIVED))
    assert "This is antisocial behaviour" in html
    assert "Everyone asked said no: Amara Osei, Joanne Pike." in html
    assert "it becomes a hate case in one step" in html
    assert "Waiting for Sunita Bhatt to accept." in html


def test_waiting_shows_the_question(story: Story, handler: Client) -> None:
    told = amara(story)
    told = {key: value for key, value in told.items() if not key.startswith("why.")}
    report = story.report(told, received=RECEIVED)
    html = read(handler, report)
    assert "Two things are still to be asked" in html
    assert "“Do you think it happened because of who you are" in html
    assert 'name="holds"' in html
    with time_machine.travel(SENT, tick=False):
        response = handler.post(
            f"/reports/{report.reference}/view/", {"whose": "victim", "holds": "YES"}
        )
    assert response.status_code == 302
    assert "This is a hate crime case" in read(handler, report)


def test_signposted(story: Story, handler: Client) -> None:
    told = {
        **keys("who", person="new", full_name="Ada Poole"),
        **keys("incident-1", words="On the train.", types=["VERBAL"], place="TRANSPORT"),
        **keys("why", caller="YES", own="YES"),
        **keys("harmed", role="NONE"),
    }
    html = read(handler, story.report(told, received=RECEIVED))
    assert "This is recorded and signposted" in html
    assert "I will tell you who can" in html


def test_a_third_party_has_no_name_here(story: Story, handler: Client) -> None:
    person = story.tenant("Del Varga", story.home("22 Mill Tower"))
    report = story.report(
        {
            **keys("who", person="new", full_name="Cass Whitlow", knows_as="WITNESS"),
            **keys("contact", ring="SAFE", phone="07700 900123"),
            **keys("harmed", person=person.reference),
            **keys("incident-1", words="They mock them.", types=["HARASS"]),
            **keys("why", caller="YES", own="YES"),
        },
        received=RECEIVED,
        door=Door.THIRD_PARTY,
    )
    html = read(handler, report)
    assert "Cass" not in html
    assert "Whitlow" not in html
    assert "A third party" in html
    assert "We will not say that you rang." in html
    assert f'<p class="app-reference">{report.reference}</p>' in html
    for page in ("view/", ""):
        shown = handler.get(f"/reports/{report.reference}/{page}").content.decode()
        assert "Cass" not in shown


def test_anonymous_says_why_nobody_is_rung(story: Story, handler: Client) -> None:
    report = story.report(
        {
            **keys("harmed", described="The family at the corner"),
            **keys("incident-1", words="Names.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES"),
        },
        received=RECEIVED,
        door=Door.THIRD_PARTY,
        no_name=True,
    )
    html = read(handler, report)
    assert "does not apply. They gave no name and no number." in html
    assert "You gave no name, so we cannot ring you." in html
    assert "Somebody from our team" not in html


def test_who_may_read_it(story: Story) -> None:
    report = story.report(amara(story), received=RECEIVED)
    world, address = story.world, f"/reports/{report.reference}/"
    other = world.user(Role.CALL_HANDLER, team=story.team)
    assert world.client(story.handler).get(address).status_code == 200
    assert world.client(story.manager).get(address).status_code == 200
    assert world.client(story.safeguarding).get(address).status_code == 200
    for user in (other, story.officer, story.da_lead):
        assert world.client(user).get(address).status_code == 404
        assert world.client(user).get("/reports/R-2026-22222/").status_code == 404
    assert world.client(story.officer).post(f"{address}view/").status_code == 404
    # Until a lead is named: then the call handler no longer reads it.
    Case.objects.get().members.filter(why="INTAKE").update(ended_at=SENT)
    assert world.client(story.handler).get(address).status_code == 404


def test_a_conflicted_handler_is_told_what_to_say_and_no_words(
    story: Story, handler: Client
) -> None:
    report = story.report(amara(story), received=RECEIVED)
    Conflict.objects.create(
        case=report.case, user=story.handler, source="RELATIVE", found_at=RECEIVED
    )
    html = read(handler, report)
    assert "you may know somebody in it" in html
    assert "Somebody from our team will be in touch" in html
    assert "It is because I am Black" not in html
    assert "Open the case" not in html
    fresh = story.world.client(story.handler)
    assert fresh.get(f"/reports/{report.reference}/view/").status_code == 404
    Case.objects.update(lead=story.officer)
    assert fresh.get(f"/reports/{report.reference}/").status_code == 404


def test_a_view_turns_a_record_into_hate_in_one_step(story: Story, handler: Client) -> None:
    told = {**amara(story), **keys("why", caller="NO", own="NO"), "harmed.children": "NONE"}
    report = story.report(told, received=london(2026, 11, 1, 10, 0))
    posted = {
        "whose": "victim",
        "holds": "YES",
        "words": "It is because I am gay.",
        "strands": ["SEX_ORIENT"],
        "basis_SEX_ORIENT": "ACTUAL",
    }
    address = f"/reports/{report.reference}/view/"
    with time_machine.travel(SENT, tick=False):
        assert handler.get(address).status_code == 200
        first = handler.post(address, posted)
        again = handler.post(address, posted)
    assert (first.status_code, again.status_code) == (302, 302)
    assert Perception.objects.filter(holds="YES").count() == 1
    assert Case.objects.count() == 1
    html = read(handler, report)
    assert "First received Sunday 1 November 2026 at 10:00am." in html
    assert "First contact with Amara, by 10:58am tomorrow" in html
    assert "Now a hate case." in html
    assert "Does not think so" in html


def test_a_view_needs_somebody_and_an_answer(story: Story, handler: Client) -> None:
    report = story.report(amara(story), received=RECEIVED)
    address = f"/reports/{report.reference}/view/"
    html = handler.post(address, {"whose": "other", "holds": "YES"}).content.decode()
    assert "Say whose view this is." in html
    assert "<title>Error: " in html
    forged = handler.post(address, {"whose": "nobody", "holds": "NEVER"})
    assert forged.status_code == 200
    assert Perception.objects.count() == 2


def test_no_page_offers_not_hate(story: Story) -> None:
    """S21: no control of the report's pages, for any role, says "not hate" or removes a view."""
    report = story.report(amara(story), received=RECEIVED)
    readers = (story.handler, story.manager, story.director, story.safeguarding)
    for user in readers:
        client = story.world.client(user)
        for page in ("", "view/", "received/"):
            html = client.get(f"/reports/{report.reference}/{page}").content.decode().lower()
            for words in ("not hate", "remove", "delete", "overrule", "reject"):
                assert words not in html, (user, page, words)


def test_a_manager_corrects_the_time(story: Story) -> None:
    report = story.report(amara(story), received=RECEIVED)
    address = f"/reports/{report.reference}/received/"
    assert story.world.client(story.handler).get(address).status_code == 403
    client = story.world.client(story.manager)
    assert client.get(address).status_code == 200
    posted = {
        "received_at_day": "18",
        "received_at_month": "11",
        "received_at_year": "2026",
        "received_at_time": "8pm",
    }
    refused = client.post(address, {**posted, "reason": "wrong"})
    assert "Say why the time is corrected" in refused.content.decode()
    done = client.post(address, {**posted, "reason": "The voicemail was left on Wednesday."})
    assert done.status_code == 302
    report.refresh_from_db()
    assert report.received_at == london(2026, 11, 18, 20, 0)
    assert "The voicemail was left on Wednesday." in client.get(address).content.decode()


def test_the_officer_is_asked_after_the_caller(story: Story, handler: Client) -> None:
    """ "No" from the caller leaves one more to ask, and it is not read out."""
    told = {**amara(story), **keys("why", caller="NO", own="")}
    report = story.report({key: value for key, value in told.items() if value}, received=RECEIVED)
    html = read(handler, report)
    assert "One thing is still to be asked" in html
    assert "Give your own view." in html
    assert "For you. Not to read out." in html
    assert "“Do you think it happened because of who you are" not in html
    with time_machine.travel(SENT, tick=False):
        sent = handler.post(f"/reports/{report.reference}/view/", {"whose": "me", "holds": "NO"})
    assert sent["Location"].endswith("/#result")
    assert "Everyone asked said no: Amara Osei, Joanne Pike." in read(handler, report)


def test_a_third_party_is_asked_about_the_person_harmed(story: Story, handler: Client) -> None:
    report = story.report(
        {
            **keys("who", person="new", full_name="Cass Whitlow"),
            **keys("harmed", person="new", full_name="Del Varga"),
            **keys("incident-1", words="They mock them.", types=["HARASS"]),
        },
        received=RECEIVED,
        door=Door.THIRD_PARTY,
    )
    html = read(handler, report)
    assert "because of who they are, or who somebody thinks they are?”" in html
    with time_machine.travel(SENT, tick=False):
        handler.post(f"/reports/{report.reference}/view/", {"whose": "caller", "holds": "YES"})
    view = Perception.objects.get()
    assert (view.person, view.kept_apart, view.capacity) == (report.reporter, True, "THIRD_PARTY")
    assert "The third party" not in read(handler, report).split("<h1")[0]
    assert "Cass" not in read(handler, report)
