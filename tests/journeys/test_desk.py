"""S14 of domain section 9 in a browser: High risk, no permission, the Director on a phone."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.access import Role
from cases.disclosures import request_operations
from cases.disclosures.choices import RequestState
from cases.disclosures.models import Decision, Request, Send
from cases.partners.models import AgencyContact
from tests.browsing import Site
from tests.casework.story import Story, declared, tell
from tests.journeys.walking import Walk, person
from tests.risk.asking import answers, assessed, train
from tests.workflow.asked import FACTS, PAGE, REASON, fill, unit_of_police
from tests.world import PASSWORD

pytestmark = pytest.mark.browser
numbers = itertools.count(1)


@pytest.fixture
def told(live_site: Site) -> Story:
    """A case at High risk, five hours old, in a team of its own; its unit of the police."""
    with live_site.in_process() as world:
        world.now = timezone.now() - timedelta(hours=5)
        story = tell(world, team=f"Desk{next(numbers)}", password=PASSWORD)
        story.allocated()
        declared(story, story.officer, story.manager)
        train(world, story.officer, story.manager)
        assessed(story, answers(RF1="YES", RF6="YES"))
        unit_of_police(story)
    return story


def open_case(walk: Walk, story: Story) -> None:
    walk.page.goto(f"{walk.site.url}/cases/{story.case.reference}/")


def answer(walk: Walk) -> None:
    """The groups of questions, one page each, up to the page itself."""
    page = walk.page
    for name in ("harm_what", "harm_to", "harm_likely", "harm_soon"):
        page.locator(f"[name={name}]").fill(FACTS[name])
    walk.look("harm")
    walk.arrive(page.get_by_role("button", name="Save and go on"))
    walk.choose("Why is there no permission?", "They refused")
    day = timezone.localdate() - timedelta(days=2)
    walk.write("When were they asked?", f"{day.day} {day:%B} {day.year}")
    walk.write("What was done to get it?", FACTS["efforts"])
    walk.write("What do they want", FACTS["their_words"])
    walk.look("permission")
    walk.arrive(page.get_by_role("button", name="Save and go on"))
    for name in ("why_police", "why_now", "alternatives"):
        page.locator(f"[name={name}]").fill(FACTS[name])
    walk.choose("What does the law allow it under?", "Preventing crime")
    walk.look("reasons")
    walk.arrive(page.get_by_role("button", name="Save and go on"))


def choose_page(walk: Walk) -> None:
    """Three things, each with why it is in."""
    labels = {"FACTS": "What happened", "PLACE": "Where", "RISK": "Risk"}
    walk.look("page-empty")
    for field, text in PAGE:
        name = re.compile(rf"^Put in\s*: {labels[field]}")
        walk.arrive(walk.page.get_by_role("link", name=name).first)
        walk.write("What they are told", text)
        walk.write("Why must it be in?", "They cannot act without it.")
        walk.arrive(walk.page.get_by_role("button", name="Put it on the page"))
    walk.look("page")
    walk.arrive(walk.page.get_by_role("button", name="Go on"))


def finish(walk: Walk) -> None:
    page = walk.page
    walk.choose("Could the respondent tell", "He or she may guess")
    page.locator("[name=traced_words]").fill(FACTS["traced_words"])
    walk.choose("When are they told", "Before it goes")
    page.locator("[name=told_words]").fill(FACTS["told_words"])
    walk.arrive(page.get_by_role("button", name="Save and go on"))
    # If it goes, and if it does not, were left out: the check says so, with the way there.
    walk.arrive(page.get_by_role("button", name="Save and go on"))
    walk.arrive(page.get_by_role("button", name="Save and go on"))
    walk.look("check-missing", title="check a request")
    walk.reads("Say what happens if the Director declines.")
    walk.follow("Say what happens to the plan if the police are told.")
    page.locator("[name=if_sent]").fill(FACTS["if_sent"])
    page.locator("[name=if_declined]").fill(FACTS["if_declined"])
    for _ in range(3):
        walk.arrive(page.get_by_role("button", name="Save and go on"))
    walk.look("check")
    walk.press("Ask the Director")
    walk.refused()
    walk.look("check-error")
    walk.page.get_by_label("I have read the page above").check()
    walk.arrive(page.get_by_role("button", name="Ask the Director"))
    walk.look("asked")
    walk.reads("Waiting for a decision")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_s14_from_refused_to_told(browser: Any, live_site: Site, told: Story, script: bool) -> None:
    folder = f"s14-{'script' if script else 'plain'}"
    with person(browser, live_site, folder, script=script) as officer:
        officer.sign_in(told.officer.email)
        open_case(officer, told)
        officer.follow("The police, without permission")
        officer.look("police")
        officer.follow("Ask the Director")
        officer.choose("Whom is it about?", "Amara Osei")
        officer.choose("Which unit would be told?", "Northshire Police, Public Protection")
        officer.choose("Does it need a decision within the hour?", "No")
        officer.look("begin")
        officer.press("Begin")
        answer(officer)
        choose_page(officer)
        finish(officer)
        with person(browser, live_site, f"{folder}-390", narrow=True, script=script) as boss:
            decide(boss, told, script=script)
        open_case(officer, told)
        officer.follow("The police, without permission")
        officer.follow("Approved, with less")
        officer.look("approved")
        officer.follow("Send it")
        officer.look("pack")
        officer.arrive(officer.page.get_by_role("button", name="Send it"))
        officer.page.get_by_label("This goes to").check()
        with officer.page.expect_download() as caught:
            officer.press("Download it, once")
        assert caught.value.path().read_bytes().startswith(b"%PDF")
        open_case(officer, told)
        officer.follow("The police, without permission")
        officer.follow("Sent")
        officer.look("sent")
        officer.follow("What followed")
        officer.choose("What are you recording?", "They were told")
        officer.page.locator("[name=happened_at_time]").fill("")
        officer.press("Keep this")
        officer.refused()
        moment = timezone.localtime()
        for part, value in {
            "day": moment.day,
            "month": moment.month,
            "year": moment.year,
            "time": f"{moment:%H:%M}",
        }.items():
            officer.page.locator(f"[name=happened_at_{part}]").fill(str(value))
        officer.write("What was said or done", "Dawn rang as Sam. She knows, and is safe.")
        officer.press("Keep this")
        officer.reads("Dawn rang as Sam.")
        officer.look("afterwards")
    with live_site.in_process():
        asked = Request.objects.get(case=told.case)
        assert asked.state == RequestState.SENT
        assert Decision.objects.get(request=asked).verdict == "APPROVE_REDUCED"
        assert Send.objects.get(pack=asked.pack).afterwards.count() == 1


def decide(walk: Walk, story: Story, *, script: bool) -> None:
    """On a phone: the queue, the story, less than asked, and why."""
    walk.sign_in(Role.DIRECTOR_CO)
    walk.page.goto(f"{walk.site.url}/decisions/")
    walk.look("decisions")
    name = re.compile(rf"^Tell Northshire Police.*{story.case.reference}")
    walk.arrive(walk.page.get_by_role("link", name=name))
    walk.look("decision", title=f"{story.case.reference} decision")
    assert "Amara" not in walk.page.title()
    walk.page.get_by_role("link", name="Go to your decision").click()
    less = walk.page.get_by_role("group", name="What is taken out?")
    if script:
        expect(less).not_to_be_visible()
    walk.page.get_by_label("Approve less").check()
    walk.page.screenshot(path=walk.folder / "form.png")
    less.get_by_label("B. Where").check()
    walk.press("Sign in again and decide")
    walk.refused()
    assert walk.page.get_by_label("B. Where").is_checked()
    walk.look("no-reason")
    walk.page.get_by_label("Your reason").fill(REASON)
    walk.press("Sign in again and decide")
    walk.reads("Approved, with less")
    walk.look("decided")


def test_the_desk_at_1280_reads_as_it_was_drawn(browser: Any, live_site: Site, told: Story) -> None:
    """What the picture 07-desk shows, and the panel that stays in sight."""
    with live_site.in_process():
        unit = AgencyContact.objects.get(agency__name="Northshire Police")
        asked = request_operations.start_request(
            by=told.lead, at=told.at(hours=2), case=told.case, about=told.victim, contact=unit
        )
        days = [timezone.localdate() - timedelta(days=n) for n in (12, 5, 4)]
        fill(told.lead, told.at(hours=3), asked, asked_on=days)
        request_operations.ask_director(
            by=told.lead, at=told.at(hours=4, minutes=12), request=asked, reviewed=True
        )
    with person(browser, live_site, "desk-1280") as boss:
        boss.sign_in(Role.DIRECTOR_CO)
        boss.follow("Decisions", first=True)
        boss.look("decisions")
        boss.follow("Tell Northshire Police", first=True)
        boss.look("decision")
        boss.page.screenshot(path=boss.folder / "first-screen.png")
        assert boss.page.evaluate("document.activeElement.id") == "question"
        panel = boss.page.locator(".app-desk__side")
        boss.page.mouse.wheel(0, 900)
        boss.page.wait_for_timeout(500)
        assert boss.page.evaluate("scrollY") > 300
        assert 0 <= panel.bounding_box()["y"] < 60
        boss.page.screenshot(path=boss.folder / "scrolled.png")
