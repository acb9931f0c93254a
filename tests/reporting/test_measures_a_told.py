"""M01 to M17 over what is told by the real operations: reports, talks, offers, sendings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cases.casework import operations as casework
from cases.casework.choices import Capacity, Holds
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case, IncidentPair
from cases.intake.choices import Channel, Door
from cases.intake.operations import add_view, correct_received, decide_pair
from cases.people.choices import MemberRelation, Tenure
from cases.people.models import Property
from cases.people.operations import set_safe_contact
from cases.reporting.catalogue import BY_CODE
from cases.reporting.measure import Asked
from cases.reporting.periods import month_of
from cases.reporting.values import Count, Share, Value
from tests.casework.story import tell
from tests.consent.asking import ALL, directory
from tests.disclosures.packs import Packs, packs, sent
from tests.reporting.behind import same_as_behind
from tests.reporting.beside_a import compare, compare_months
from tests.scenarios.story import Story, clock, hate_case, keys, london
from tests.scenarios.test_s01_s04 import in_investigate
from tests.scenarios.test_s06_s12 import WHY, graffiti, neighbour
from tests.scenarios.test_s22 import asb_record
from tests.world import World

MINE = [f"M{number:02}" for number in range(1, 18)]
LATER = london(2027, 2, 1)


def of_month(year: int, month: int, **more: Any) -> Asked:
    return Asked.of_month(month_of(date(year, month, 1)), LATER, **more)


def figures(code: str, asked: Asked, window: str = "month") -> dict[str, Value]:
    return {line.key: line.values[window] for line in BY_CODE[code].lines(asked)}


def reconciled(asked: Asked) -> dict[str, int]:
    """Every measure is what is counted by hand, and what is behind it."""
    found = compare(asked)
    for code in MINE:
        same_as_behind(BY_CODE[code], asked)
    return found


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_s16_a_shared_owner_counts_for_the_regulator(story: Story) -> None:
    s = story.tenant("Sal Kettering", story.home("7 Lock Wharf"), tenure=Tenure.SHARED_OWNER)
    Property.objects.filter(pk=s.home_id).update(stock_class="LCHO")
    mia = story.with_them(s, "Mia Kettering", MemberRelation.CHILD, date(2012, 5, 5))
    report = story.report(
        {
            **keys("who", person=s.reference),
            "incident-1.words": "He posts pictures of my daughter with captions.",
            **keys("incident-1", types=["ONLINE"], place="ONLINE_PHONE"),
            **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
            "why.basis.DISABILITY": "ASSOCIATION",
            **keys("harmed", people=["CALLER", mia.reference]),
        },
        received=london(2026, 3, 15, 10, 0),
    )
    assert hate_case(report).home is not None
    found = figures("M04", of_month(2026, 3))
    assert (found["policy"], found["outside"], found["counted"]) == (Count(1), Count(0), Count(1))
    assert figures("M05", of_month(2026, 3))["added"] == Count(1)
    assert figures("M30", of_month(2026, 3), "year")["DISABILITY"] == Share(1, 1)
    reconciled(of_month(2026, 3))


def test_s19_age_only_is_policy_and_part_one_and_not_part_two(story: Story) -> None:
    v = story.tenant("Vera Plum", story.home("1 Chapel Lane"))
    story.report(
        {
            **keys("who", person=v.reference),
            "incident-1.words": "Youths outside call me a burden.",
            **keys("incident-1", types=["VERBAL", "THREAT"], place="COMMUNAL_OUTSIDE"),
            **keys("why", caller="YES", strands=["AGE"], own="YES"),
            "why.basis.AGE": "ACTUAL",
            **keys("why", others="YES", others_who="Her neighbour", others_words="She is old."),
        },
        received=london(2026, 3, 17, 16, 0),
    )
    asked = of_month(2026, 3)
    found = figures("M04", asked)
    assert (found["policy"], found["strands"], found["counted"]) == (Count(1), Count(1), Count(0))
    assert figures("M05", asked)["added"] == Count(1)
    assert figures("M30", asked, "year")["AGE"] == Share(1, 1)
    assert figures("M03", asked)["opened"] == Count(1)
    reconciled(asked)


def test_one_incident_told_twice_and_an_asb_record_that_became_hate(story: Story) -> None:
    first = graffiti(story)
    neighbour(story, first)
    asked = of_month(2026, 4)
    assert figures("M02", asked)[""] == Count(2)
    at = london(2026, 4, 7, 11, 0)
    pair = IncidentPair.objects.get()
    decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)
    assert figures("M01", asked)["total"] == Count(2)
    assert figures("M02", asked)[""] == Count(1)
    assert figures("M03", asked)["opened"] == Count(1)
    report = asb_record(story)
    assert figures("M07", of_month(2026, 2))["ASB"] == Share(1, 1)
    said = london(2026, 2, 20, 14, 0)
    add_view(
        by=story.actor(story.handler, said),
        at=said,
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=report.victim,
        strands={"SEX_ORIENT": "ACTUAL"},
        said_at=said,
    )
    february = figures("M07", of_month(2026, 2))
    assert (february["ASB"], february["HATE"]) == (Share(0, 1), Share(1, 1))
    reconciled(asked)
    reconciled(of_month(2026, 2))


def test_the_account_of_another_keeps_it_hate(story: Story) -> None:
    """Told twice, and who told first takes it back: the neighbour still thinks so (HC-23)."""
    first = graffiti(story)
    neighbour(story, first)
    at = london(2026, 4, 7, 11, 0)
    pair = IncidentPair.objects.get()
    decide_pair(by=story.actor(story.manager), at=at, pair=pair, same=True, reason=WHY)
    for view in pair.first.perceptions.all():
        by = story.actor(story.handler if view.colleague_id else story.officer)
        casework.retract_perception(
            by=by, at=at, view=view, words="Not that.", witness=story.manager
        )
    assert figures("M03", of_month(2026, 4))["opened"] == Count(1)
    assert figures("M02", of_month(2026, 4))[""] == Count(1)
    assert figures("M04", of_month(2026, 4))["counted"] == Count(1)
    reconciled(of_month(2026, 4))


def test_reports_at_the_edges_of_months(story: Story) -> None:
    """31 March at half past eleven, both changes of the clock, a leap day, the year's end."""
    edges = [
        *(london(2026, 3, 31, 23, 30), london(2026, 4, 1, 0, 15), london(2026, 3, 29, 0, 59)),
        *(london(2025, 10, 26, 1, 30), london(2025, 10, 31, 23, 50), london(2025, 12, 31, 23, 50)),
        *(london(2024, 2, 29, 23, 50), london(2026, 1, 1, 0, 0)),
    ]
    home = story.home("9 Weir Row")
    for number, received in enumerate(edges):
        who = story.tenant(f"Ada Brook {number}", home)
        why = ("YES", "NO", "NOT_SURE")[number % 3]
        story.report(
            {
                **keys("who", person=who.reference),
                **keys("incident-1", words="They shout.", types=["VERBAL"], place="VICTIM_HOME"),
                **keys("why", caller=why, own="NO", strands=["RACE"]),
            },
            received=received,
            after=25,
            channel=(Channel.EMAIL, Channel.PARTNER_POLICE)[number % 2],
        )
    assert figures("M01", of_month(2026, 3))["total"] == Count(2)
    assert figures("M01", of_month(2026, 4))["total"] == Count(1)
    assert figures("M01", of_month(2025, 10))["total"] == Count(2)
    assert figures("M07", of_month(2026, 1))["HATE"].of == 2  # type: ignore[union-attr]
    assert figures("M01", of_month(2024, 2))["total"] == Count(1)
    for year, month in ((2026, 3), (2026, 4), (2025, 10), (2024, 2), (2025, 12)):
        compare(of_month(year, month), "M01", "M02", "M03", "M07", "M08", "M09", "M10", "M15")
    for code in ("M01", "M03", "M04", "M07", "M10", "M15"):
        compare_months(of_month(2026, 4), code, *range(24))


def test_a_report_that_waits_and_one_that_came_in_earlier(story: Story) -> None:
    p = story.tenant("Petra Vane", story.home("6 Dell Court"))
    late = story.report(
        {
            **keys("who", person=p.reference),
            **keys("incident-1", words="They shout at us.", types=["VERBAL"]),
        },
        received=london(2026, 3, 31, 19, 0),
    )
    waiting = figures("M09", of_month(2026, 3))
    assert waiting[""] == Share(0, 1)
    assert figures("M08", of_month(2026, 3))[""] == Share(0, 0)
    at = london(2026, 4, 1, 0, 30)
    add_view(
        by=story.actor(story.handler),
        at=at,
        report=late,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=p,
        strands={"RACE": "ACTUAL"},
    )
    assert figures("M08", of_month(2026, 4))[""] == Share(1, 1)
    correct_received(
        by=story.actor(story.manager),
        at=london(2026, 4, 1, 9),
        report=late,
        received_at=london(2026, 3, 31, 8, 0),
        reason="The letter came by the first post that day.",
    )
    # First contact was promised again: what it took the place of is neither due nor "N/A".
    april = figures("M10", of_month(2026, 4))
    assert (april[""], april["na"]) == (Share(0, 1), Count(0))
    reconciled(of_month(2026, 4))
    reconciled(of_month(2026, 3))


def test_nobody_to_reach_is_a_line_of_its_own(story: Story) -> None:
    story.report(
        {
            **keys("harmed", described="The family in the corner flat"),
            **keys("incident-1", words="They call them names.", types=["VERBAL"]),
            **keys("incident-1", place="ESTATE_STREET"),
            **keys("why", caller="YES", own="YES", strands=["RACE"]),
            **keys("respondent", customer="YES"),
        },
        received=london(2026, 3, 16, 21, 0),
        door=Door.THIRD_PARTY,
        no_name=True,
    )
    asked = of_month(2026, 3)
    contact = figures("M10", asked)
    assert (contact[""], contact["na"]) == (Share(0, 0), Count(1))
    both = figures("M14", asked)
    assert (both[""], both["none"], both["exception"]) == (Share(0, 0), Count(1), Count(0))
    reconciled(asked)


@pytest.mark.parametrize("how", ["both", "one", "exception"])
def test_the_third_party_and_the_person_harmed(story: Story, how: str) -> None:
    d = story.tenant("Del Varga", story.home("22 Mill Tower"))
    case = in_investigate(story, d)
    at = case.received_at + timedelta(hours=2)
    lead, boss = story.actor(story.officer), story.actor(story.manager)
    set_safe_contact(by=lead, at=at, person=d, ring="SAFE")
    spoken = {"both": ("THIRD_PARTY", "VICTIM"), "one": ("THIRD_PARTY",), "exception": ()}[how]
    for part in spoken:
        casework.log_contact(
            by=lead,
            at=at,
            case=case,
            involvement=case.involvements.get(part=part),
            kind="INTERACTION",
            channel="ring",
            summary="Spoke to them.",
        )
    if how == "exception":
        one = clock(case, K.FIRST_CONTACT)
        why = "She is in hospital, and her family says not to ring."
        casework.approve_exception(by=boss, at=at, case=case, clock=one, reason=why)
    asked = of_month(case.received_at.year, case.received_at.month)
    found = figures("M14", asked)
    met = {"both": Share(1, 1), "one": Share(0, 1), "exception": Share(0, 0)}
    assert found[""] == met[how]
    assert found["exception"] == Count(1 if how == "exception" else 0)
    reconciled(asked)


def duty(found: Packs, kind: K, outcome: str) -> None:
    casework.do_duty(
        by=found.lead,
        at=found.story.at(hours=3),
        case=found.case,
        clock=found.story.clock(kind),
        outcome=outcome,
        words="By phone.",
    )


def test_the_police_support_and_a_plan(world: World) -> None:
    found = packs(world)
    asked = Asked.of_month(month_of(world.now.date()), world.now + timedelta(days=60))
    duty(found, K.POLICE, "We will report with permission")
    duty(found, K.SUPPORT_OWN, "Considering it")
    duty(found, K.SUPPORT_SPECIALIST, "Accepted")
    duty(found, K.SUPPORT_THIRD_PARTY, "Not safe to ask yet")
    duty(found, K.ACTION_PLAN, "Agreed in part")
    found.asking.ask(dict.fromkeys(ALL, "GIVEN"))
    later = found.story.at(days=3)
    found.story.add_incident()  # a second account, of which nobody says that it was hate
    sent(found.send(found.ready(), at=later))
    police = figures("M15", asked)
    assert police["encouraged"] == police["permission"] == police["reported"] == Share(1, 1)
    assert police["other"] == police["director"] == police["victim"] == Share(0, 1)
    support = figures("M16", asked)
    assert (support["own"], support["own_taken"]) == (Share(1, 1), Share(0, 1))
    assert (support["specialist"], support["specialist_taken"]) == (Share(1, 1), Share(1, 1))
    assert (support["third"], support["third_taken"]) == (Share(0, 1), Share(0, 0))
    plan = figures("M13", asked)
    assert (plan[""], plan["agreed"], plan["part"]) == (Share(1, 1), Share(0, 1), Share(1, 1))
    reconciled(asked)


REPLIES = {
    "all": [{"FACTS": "GIVEN"}, {"IDENTITY": "GIVEN"}],
    "some": [{"FACTS": "GIVEN", "HEALTH": "REFUSED"}],
    "refused": [{"FACTS": "REFUSED"}],
    "not_asked": [],
}


@pytest.mark.parametrize("line", [*REPLIES, "withdrawn"])
def test_how_permission_stands(world: World, line: str) -> None:
    story = tell(world).allocated()
    asking = directory(story)
    for number, replies in enumerate(REPLIES.get(line, [{"FACTS": "GIVEN"}])):
        asking.ask(replies, at=story.at(hours=1 + number))
    if line == "withdrawn":
        asking.withdraw("FACTS")
    later = Asked.of_month(month_of(world.now.date()), world.now + timedelta(days=60))
    found = figures("M17", later)
    assert found[line] == Share(1, 1)
    assert all(value == Share(0, 1) for key, value in found.items() if key != line)
    reconciled(later)


def test_a_yes_runs_out_and_was_one_before(world: World) -> None:
    story = tell(world).allocated()
    directory(story).ask({"FACTS": "GIVEN"}, until="DATE", until_on=date(2026, 12, 31))
    at = london(2027, 2, 3)
    assert figures("M17", Asked.of_month(month_of(date(2026, 12, 1)), at))["all"] == Share(1, 1)
    january = Asked.of_month(month_of(date(2027, 1, 1)), at)
    assert figures("M17", january)["none"] == Share(1, 1)
    reconciled(january)


def test_a_void_case_counts_nowhere(world: World) -> None:
    story = tell(world).allocated()
    why = "Typed twice by mistake: the other one stays."
    casework.move_stage(by=story.boss, at=story.at(hours=2), case=story.case, to="VOID", reason=why)
    assert Case.objects.get(pk=story.case.pk).stage == "VOID"
    asked = Asked.of_month(month_of(world.now.date()), world.now + timedelta(days=60))
    assert not any(reconciled(asked).values())
