"""Referrals for whoever receives them, and two accounts compared: pages."""

from __future__ import annotations

import pytest

from cases.access import Role
from cases.casework import operations
from cases.casework.choices import Stage
from cases.casework.models import IncidentPair
from cases.intake.choices import Channel, Door, RouteState
from cases.intake.models import Report, RouteRecord
from tests.scenarios.story import Story, hate_case, keys, london
from tests.world import World

RECEIVED = london(2026, 11, 19, 10, 41)
DECLINE = "They do not need care or support."


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def mate_crime(story: Story) -> Report:
    eli = story.tenant("Eli Farrow", story.home("9 Quay Court"))
    return story.report(
        {
            **keys("who", person=eli.reference),
            **keys("contact", text="SAFE"),
            "incident-1.words": "He has my key and takes my money.",
            **keys("incident-1", types=["HARASS"]),
            **keys("why", caller="NO", own="NO"),
            **keys("respondent", relation="FRIEND_ACQ", mate=["FINANCIAL"]),
        },
        received=RECEIVED,
    )


def test_the_receiving_owner_reads_and_accepts(story: Story) -> None:
    report = mate_crime(story)
    route = report.routes.get()
    lena = story.world.client(story.safeguarding)
    listed = lena.get("/referrals/").content.decode()
    assert report.reference in listed
    assert "Somebody they know is taking advantage of them." in listed
    page = lena.get(f"/referrals/{route.pk}/").content.decode()
    assert "“He has my key and takes my money.”" in page
    assert "Text only." in page
    missing = lena.post(f"/referrals/{route.pk}/", {}).content.decode()
    assert "<title>Error: " in missing
    sent = lena.post(f"/referrals/{route.pk}/", {"answer": "accept"})
    assert sent.status_code == 302
    route.refresh_from_db()
    assert (route.state, route.answered_by) == (RouteState.ACCEPTED, story.safeguarding)
    again = lena.get(f"/referrals/{route.pk}/").content.decode()
    assert "It has already been answered: accepted." in again
    assert 'name="answer"' not in again


def test_declined_it_goes_back_to_a_manager(story: Story) -> None:
    report = mate_crime(story)
    route = report.routes.get()
    address = f"/referrals/{route.pk}/"
    lena, sunita = story.world.client(story.safeguarding), story.world.client(story.manager)
    assert sunita.get(address).status_code == 404
    short = lena.post(address, {"answer": "decline", "reason": "no"}).content.decode()
    assert "Say why you decline it" in short
    assert lena.post(address, {"answer": "decline", "reason": DECLINE}).status_code == 302
    assert "Came back: offer again" in sunita.get("/referrals/").content.decode()
    assert "Came back" not in lena.get("/referrals/").content.decode()
    page = sunita.get(address).content.decode()
    assert DECLINE in page
    assert sunita.post(address, {"do": "again"}).status_code == 302
    route.refresh_from_db()
    assert (route.state, route.owner) == (RouteState.OFFERED, story.safeguarding)
    # Somebody who may not offer it again is told so, and it stays.
    assert lena.post(address, {"do": "again"}).status_code == 403


def test_the_manager_receives_antisocial_behaviour(story: Story) -> None:
    bram = story.tenant("Bram Ellery", story.home("3 Ash House"))
    report = story.report(
        {
            **keys("who", person=bram.reference),
            **keys("incident-1", words="Loud music.", types=["NOISE"]),
            **keys("why", caller="NO", own="NO"),
        },
        received=RECEIVED,
        channel=Channel.EMAIL,
    )
    sunita = story.world.client(story.manager)
    assert report.reference in sunita.get("/referrals/").content.decode()
    other = story.world.user(Role.CASE_MANAGER, team=story.world.team("South"))
    route = RouteRecord.objects.get()
    assert story.world.client(other).get(f"/referrals/{route.pk}/").status_code == 404
    assert story.world.client(story.handler).get("/referrals/").status_code == 403


def test_reports_that_wait_are_listed_for_the_manager(story: Story) -> None:
    report = story.report(
        {
            **keys("who", person="new", full_name="Ada Poole"),
            **keys("incident-1", words="They shout.", types=["VERBAL"]),
        },
        received=RECEIVED,
    )
    page = story.world.client(story.manager).get("/referrals/").content.decode()
    assert "Waiting: ask why it happened" in page
    assert f"/reports/{report.reference}/" in page


def two_accounts(story: Story) -> IncidentPair:
    gita = story.tenant("Gita Abrams", story.home("31 Fen House", "NN98 1AB"))
    same = {
        **keys("incident-1", types=["GRAFFITI"], place="VICTIM_HOME"),
        **keys("incident-1", day="19", month="11", year="2026", when_known="EXACT"),
        **keys("why", caller="YES", own="YES"),
    }
    story.report(
        {**same, **keys("who", person=gita.reference), "incident-1.words": "Our door."},
        received=RECEIVED,
    )
    story.report(
        {
            **same,
            **keys("who", person="new", full_name="Jo Tennant"),
            **keys("contact", ring="SAFE", phone="07700 900555"),
            **keys("harmed", person=gita.reference),
            "incident-1.words": "A grey car drove away.",
        },
        received=london(2026, 11, 19, 12, 0),
        door=Door.THIRD_PARTY,
    )
    return IncidentPair.objects.get()


def test_two_accounts_side_by_side(story: Story) -> None:
    pair = two_accounts(story)
    address = f"/same-incident/{pair.pk}/"
    sunita = story.world.client(story.manager)
    case = pair.second.case
    assert case is not None
    listed = sunita.get(f"/cases/{case.reference}/same-incident/").content.decode()
    assert f'href="{address}"' in listed
    page = sunita.get(address).content.decode()
    first = pair.first.case
    assert first is not None
    assert f'href="/cases/{first.reference}/" class="govuk-back-link"' in page
    assert "“Our door.”" in page
    assert "“A grey car drove away.”" in page
    assert "Both are of the same kind." in page
    assert "Jo Tennant" not in page
    assert "Say why" in sunita.post(address, {"decision": "SAME", "reason": "yes"}).content.decode()
    sent = sunita.post(
        address, {"decision": "SAME", "reason": "The same door and the same evening."}
    )
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.MERGED
    decided = sunita.get(address).content.decode()
    assert ">The same incident</h1>" in decided
    assert f'href="/cases/{case.reference}/">' in decided
    assert f"joined to {first.reference}, where the work goes on" in decided
    assert 'name="decision"' not in decided
    assert "Jo Tennant" not in decided


def test_a_call_handler_is_told_who_decides(story: Story) -> None:
    """Their own intake, until somebody leads it: the clock stands there without a button."""
    second = two_accounts(story).second.case
    assert second is not None
    by, at = story.world.actor(story.handler), story.world.now
    operations.declare(by=by, at=at, case=second, knows_somebody=False)
    page = story.world.client(story.handler).get(f"/cases/{second.reference}/").content.decode()
    assert "The lead officer or a case manager reads both accounts and decides." in page
    assert "Compare the accounts" not in page


def test_only_somebody_who_may_read_both_compares_them(story: Story) -> None:
    pair = two_accounts(story)
    officer = story.world.client(story.officer)
    assert officer.get(f"/same-incident/{pair.pk}/").status_code == 404
    assert officer.post(f"/same-incident/{pair.pk}/", {}).status_code == 404
    assert story.world.client(story.handler).get(f"/same-incident/{pair.pk}/").status_code == 403
    assert hate_case(Report.objects.earliest("received_at")).stage == Stage.CONTACT
