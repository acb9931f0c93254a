"""S01 to S04 of domain section 9."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.access import Refused
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework import rules as casework_rules
from cases.casework.choices import Access, ClockState, ContactKind, Holds, Part, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Involvement, Perception
from cases.casework.operations import (
    approve_exception,
    give_access,
    log_contact,
    meet_clocks,
    move_stage,
    running_kinds,
)
from cases.intake.choices import Channel, Door, ReportState, RouteState
from cases.intake.operations import accept_route, decline_route, offer_route_again
from cases.people.choices import MemberRelation, Reach
from cases.people.models import Person, SafeContact
from cases.people.operations import set_safe_contact
from tests.scenarios.story import (
    Story,
    clock,
    contact_due,
    hate_case,
    keys,
    kinds,
    london,
    routes,
    strands,
)

RECEIVED = london(2026, 3, 4, 18, 0)


def test_s01_first_verbal_abuse_family_home(story: Story) -> None:
    """Contact due, children asked after, no post, police encouraged.  REPEAT comes with the
    repeat engine's own issue; here the case carries no such thing to be wrong about.
    """
    amara = story.tenant("Amara Osei", story.home())
    esi = story.with_them(amara, "Esi Osei", MemberRelation.CHILD, date(2021, 6, 1))
    story.with_them(amara, "Kofi Osei", MemberRelation.CHILD, date(2025, 1, 9))
    received = london(2026, 3, 2, 9, 10)
    report = story.report(
        {
            **keys("safe", now="YES", call_them="Amara", cut_off="TEXT"),
            **keys("contact", ring="SAFE", post="NOT_SAFE", voicemail="NOT_SAFE", text="SAFE"),
            **keys("contact", first="text", say_we_are="Sam"),
            **keys("who", person=amara.reference),
            "incident-1.words": "He shouts about my skin every time I go out. He spat at the pram.",
            **keys("incident-1", day="1", month="3", year="2026", when_known="ABOUT"),
            **keys("incident-1", place="COMMUNAL_OUTSIDE", types=["VERBAL", "SPITTING"]),
            **keys("why", caller="YES", caller_words="It is because I am Black.", own="NOT_SURE"),
            **keys("why", strands=["RACE"]),
            "why.basis.RACE": "ACTUAL",
            **keys("harmed", people=["CALLER", esi.reference], children="SAW"),
            **keys("harmed", impact="2", impact_words="We do not go out alone.", community="1"),
            **keys("respondent", described="The man next door", relation="NEIGHBOUR_ADJ"),
        },
        received=received,
    )
    case = hate_case(report)
    assert routes(report) == ["HATE", "SAFEGUARDING"]
    assert strands(report) == {"RACE"}
    assert contact_due(case) == london(2026, 3, 3, 9, 10)
    assert {ClockKind.CHILDREN, ClockKind.POLICE} <= kinds(case)
    safe = SafeContact.objects.get(person=amara)
    assert (safe.post, safe.voicemail, safe.text) == (Reach.NOT_SAFE, Reach.NOT_SAFE, Reach.SAFE)
    referral = report.routes.get(route="SAFEGUARDING")
    assert referral.owner == story.safeguarding
    assert referral.due_at == london(2026, 3, 2, 17, 0)
    assert referral.reasons == ["Esi, 4, and Kofi, 1, saw or heard it."]
    assert not case.provisional
    incident = case.incidents.get()
    assert incident.types == ["SPITTING", "VERBAL"]
    assert [account.words for account in incident.accounts.all()] == [
        "He shouts about my skin every time I go out. He spat at the pram."
    ]
    assert (incident.impact, incident.community_impact) == (2, 1)
    assert incident.impact_words == "We do not go out alone."
    assert report.reporter == amara
    assert case.victim == amara
    harmed = case.involvements.filter(part=Part.VICTIM).values_list("person__full_name", flat=True)
    assert set(harmed) == {"Amara Osei", "Esi Osei"}
    assert case.involvements.get(part=Part.RESPONDENT).described_as == "The man next door"


def test_s02_noise_with_no_hate(story: Story) -> None:
    """Answers and everybody asked are kept; no case, so nothing that counts cases finds it.
    The measures M02 to M04 and M08 come with the monitoring issue; their source rows are here.
    """
    b = story.tenant("Bram Ellery", story.home("3 Ash House"))
    report = story.report(
        {
            **keys("who", person=b.reference),
            "incident-1.words": "Loud music until 2am most weekends.",
            **keys("incident-1", types=["NOISE"], place="VICTIM_HOME"),
            **keys("why", caller="NO", caller_words="No, they are just thoughtless.", own="NO"),
            **keys("respondent", relation="NEIGHBOUR_BLOCK"),
        },
        received=london(2026, 3, 9, 10, 0),
        channel=Channel.WEB_VICTIM,
    )
    assert routes(report) == ["ASB"]
    record = report.routes.get()
    assert record.is_primary
    assert record.reasons == ["Everyone asked said no: Bram Ellery, Joanne Pike."]
    assert record.owner == story.manager
    assert report.case is None
    assert not Case.objects.exists()
    asked = Perception.objects.filter(incident__report_links__report=report)
    assert {(view.who, view.holds) for view in asked} == {
        ("Bram Ellery", Holds.NO),
        ("Joanne Pike", Holds.NO),
    }
    assert report.state == ReportState.TRIAGED


def test_s03_third_party_victim_unaware(story: Story) -> None:
    """Both must be contacted before the case leaves Investigate; the person harmed has nothing
    safe until asked; the third party has their own support.  Their risk questions come with the
    risk issue.
    """
    d = story.tenant("Del Varga", story.home("22 Mill Tower"))
    report = story.report(
        {
            **keys("who", person="new", full_name="Cass Whitlow", knows_as="WITNESS"),
            **keys("contact", ring="SAFE", phone="07700 900123"),
            **keys("harmed", person=d.reference, knows="NO"),
            "incident-1.words": "They mock D in the lift every evening. I saw it three times.",
            **keys("incident-1", types=["HARASS"], place="COMMUNAL_INSIDE", going_on=["YES"]),
            **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
            "why.basis.DISABILITY": "ACTUAL",
            **keys("end", again="YES", witness="NOT_SURE"),
        },
        received=london(2026, 3, 4, 18, 0),
        door=Door.THIRD_PARTY,
    )
    case = hate_case(report)
    assert routes(report) == ["HATE"]
    assert case.third_party_only
    assert contact_due(case) == london(2026, 3, 5, 18, 0)
    running = casework_rules.needed_to_leave(
        Stage.INVESTIGATE, [ClockKind(kind) for kind in kinds(case)]
    )
    assert {ClockKind.FIRST_CONTACT, ClockKind.THIRD_PARTY_CONTACT} <= set(running)
    assert ClockKind.SUPPORT_THIRD_PARTY in kinds(case)
    assert not SafeContact.objects.filter(person=d).exists()
    c = case.involvements.get(part=Part.THIRD_PARTY)
    assert (c.name, c.kept_apart, c.gave_report) == ("Cass Whitlow", True, True)
    assert (c.would_speak_again, c.would_witness) == ("YES", "NOT_SURE")
    view = Perception.objects.get(incident__case=case, capacity="WITNESS")
    assert view.kept_apart
    hate = report.routes.get(route="HATE")
    assert "Cass" not in " ".join(hate.reasons)
    assert hate.reasons[0] == "The third party thinks hate was part of it."
    lead = story.actor(story.officer)
    with pytest.raises(Refused, match="First contact"):
        move_stage(by=lead, at=london(2026, 3, 5, 9, 0), case=case, to=Stage.ASSESS)


def in_investigate(story: Story, d: Person) -> Case:
    """S03 as far as Investigate: everything done but speaking to the two of them."""
    report = story.report(
        {
            **keys("who", person="new", full_name="Cass Whitlow", knows_as="WITNESS"),
            **keys("contact", ring="SAFE", phone="07700 900123"),
            **keys("harmed", person=d.reference, knows="NO"),
            **keys("incident-1", words="They mock D in the lift.", types=["HARASS"]),
            **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
        },
        received=RECEIVED,
        door=Door.THIRD_PARTY,
    )
    case = hate_case(report)
    give_access(
        by=story.actor(story.manager), at=RECEIVED, case=case, user=story.officer, why=Access.LEAD
    )
    both = (ClockKind.FIRST_CONTACT, ClockKind.THIRD_PARTY_CONTACT)
    others = [kind for kind in running_kinds(case) if kind not in both]
    meet_clocks(by=story.actor(story.officer), at=RECEIVED, case=case, kinds=others)
    Case.objects.filter(pk=case.pk).update(stage=Stage.ASSESS)
    Case.objects.filter(pk=case.pk).update(stage=Stage.PLAN)
    Case.objects.filter(pk=case.pk).update(stage=Stage.INVESTIGATE)
    case.refresh_from_db()
    return case


def test_s03_both_are_spoken_to_in_a_safe_way_first(story: Story) -> None:
    """It cannot leave Investigate until both were contacted; asking what is safe comes first."""
    d = story.tenant("Del Varga", story.home("22 Mill Tower"))
    case, at = in_investigate(story, d), RECEIVED + timedelta(hours=2)
    lead = story.actor(story.officer)
    victim = case.involvements.get(part=Part.VICTIM)
    third = case.involvements.get(part=Part.THIRD_PARTY)

    def ring(part: Involvement) -> None:
        log_contact(
            by=lead,
            at=at,
            case=case,
            involvement=part,
            kind=ContactKind.INTERACTION,
            channel="ring",
            summary="Spoke to them.",
        )

    ring(third)
    with pytest.raises(Refused, match="still to do: First contact"):
        move_stage(by=lead, at=at, case=case, to=Stage.MONITOR)
    ring(victim)  # nobody has said that ringing D is safe: it does not count
    assert clock(case, ClockKind.FIRST_CONTACT).state == ClockState.RUNNING
    set_safe_contact(by=lead, at=at, person=d, ring="SAFE")
    ring(victim)
    case.refresh_from_db()
    assert move_stage(by=lead, at=at, case=case, to=Stage.MONITOR).stage == Stage.MONITOR


def test_s03_or_a_manager_who_does_not_lead_approves_an_exception(story: Story) -> None:
    d = story.tenant("Del Varga", story.home("22 Mill Tower"))
    case, at = in_investigate(story, d), RECEIVED + timedelta(hours=2)
    lead, manager = story.actor(story.officer), story.actor(story.manager)
    why = "She is in hospital, and her family says not to ring."
    for kind in (ClockKind.FIRST_CONTACT, ClockKind.THIRD_PARTY_CONTACT):
        facts = {"at": at, "case": case, "clock": clock(case, kind), "reason": why}
        with pytest.raises(Refused, match="Only a case manager"):
            approve_exception(by=lead, **facts)  # type: ignore[arg-type]
        approve_exception(by=manager, **facts)  # type: ignore[arg-type]
    case.refresh_from_db()
    assert move_stage(by=lead, at=at, case=case, to=Stage.MONITOR).stage == Stage.MONITOR


def test_s04_mate_crime_only(story: Story) -> None:
    """Same day, asked about hate, no case; open until the Safeguarding lead answers."""
    e = story.tenant("Eli Farrow", story.home("9 Quay Court"))
    report = story.report(
        {
            **keys("who", person=e.reference),
            "incident-1.words": "He has my key and takes my money. Two men moved in.",
            **keys("incident-1", types=["HARASS"], place="VICTIM_HOME"),
            **keys("why", caller="NO", caller_words="They are my mates.", own="NO"),
            **keys("respondent", relation="FRIEND_ACQ", advantage="YES"),
            **keys("respondent", mate=["FINANCIAL", "CUCKOOING"]),
            **keys("harmed", at_risk=["ADULT"]),
        },
        received=london(2026, 3, 5, 11, 0),
    )
    assert routes(report) == ["SAFEGUARDING"]
    assert report.case is None
    referral = report.routes.get()
    assert referral.is_primary
    assert referral.due_at == london(2026, 3, 5, 17, 0)
    assert referral.detail["exploitation"] == ["CUCKOOING", "FINANCIAL"]
    views = Perception.objects.filter(incident__report_links__report=report)
    assert {view.holds for view in views} == {Holds.NO}
    assert referral.state == RouteState.OFFERED
    lena = story.actor(story.safeguarding)
    at = london(2026, 3, 5, 15, 0)
    with pytest.raises(Refused, match="Only the Safeguarding lead"):
        accept_route(by=story.actor(story.manager), at=at, route=referral)
    with pytest.raises(Refused, match="Say why"):
        decline_route(by=lena, at=at, route=referral, reason="no")
    declined = decline_route(
        by=lena, at=at, route=referral, reason="He is not an adult with care needs."
    )
    assert declined.state == RouteState.DECLINED
    again = offer_route_again(by=story.actor(story.manager), at=at, route=referral)
    assert (again.state, again.owner) == (RouteState.OFFERED, story.safeguarding)
    accepted = accept_route(by=lena, at=at + timedelta(minutes=5), route=again)
    assert accepted.state == RouteState.ACCEPTED
    verbs = list(
        Event.objects.filter(subject_kind="intake.routerecord")
        .order_by("pk")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        Verb.ROUTE_OPENED,
        Verb.ROUTE_DECLINED,
        Verb.ROUTE_OPENED,
        Verb.ROUTE_ACCEPTED,
    ]


def test_the_referral_of_a_case_meets_its_clock(story: Story) -> None:
    """Beside a hate case the Safeguarding lead may read it, and their answer meets the clock."""
    amara = story.tenant("Amara Osei", story.home())
    report = story.report(
        {
            **keys("who", person=amara.reference),
            **keys("incident-1", words="He shouts at us.", types=["VERBAL"]),
            **keys("why", caller="YES", own="YES", strands=["RACE"]),
            **keys("harmed", children="SAW"),
        },
        received=london(2026, 3, 2, 9, 10),
    )
    case = hate_case(report)
    lena = story.actor(story.safeguarding)
    assert Case.objects.visible_to(lena).filter(pk=case.pk).exists()
    assert clock(case, ClockKind.SAFEGUARDING).due_at == london(2026, 3, 2, 17, 0)
    accept_route(
        by=lena, at=london(2026, 3, 2, 16, 0), route=report.routes.get(owner=story.safeguarding)
    )
    met = clock(case, ClockKind.SAFEGUARDING)
    assert (met.state, met.outcome) == (ClockState.MET, "Accepted")
