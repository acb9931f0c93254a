"""S22: an antisocial behaviour record that becomes hate later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.access import Refused, Role
from cases.casework.choices import Capacity, ClockState, Holds, Part, Stage
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Incident, Perception
from cases.casework.operations import retract_perception
from cases.intake.choices import Channel, ReportState, RouteState
from cases.intake.models import Report
from cases.intake.operations import add_view, settle_provisional
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


def asb_record(story: Story) -> Report:
    y = story.tenant("Yusuf Marr", story.home("40 Holt Street"))
    return story.report(
        {
            **keys("who", person=y.reference),
            "incident-1.words": "Banging on the wall every night.",
            **keys("incident-1", types=["NOISE"], place="VICTIM_HOME"),
            **keys("why", caller="NO", own="NO"),
            **keys("respondent", described="The man at 42", relation="NEIGHBOUR_ADJ"),
        },
        received=london(2026, 2, 1, 10, 0),
        channel=Channel.PHONE_INBOUND,
    )


def test_s22_becomes_hate_later(story: Story) -> None:
    """One step; the first received moment kept; first contact counted from the view."""
    report = asb_record(story)
    assert routes(report) == ["ASB"]
    said = london(2026, 2, 20, 14, 0)
    add_view(
        by=story.actor(story.handler, said),
        at=said + timedelta(minutes=3),
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=report.victim,
        words="It is because I am gay.",
        strands={"SEX_ORIENT": "ACTUAL"},
        said_at=said,
    )
    case = hate_case(report)
    assert routes(report) == ["HATE"]
    assert report.routes.get(route="ASB").state == RouteState.SUPERSEDED
    view = Perception.objects.get(holds=Holds.YES)
    assert view.said_at == said
    assert contact_due(case) == said + timedelta(hours=24)
    assert (case.received_at, case.received_at_original) == (report.received_at,) * 2
    assert report.received_at == london(2026, 2, 1, 10, 0)
    assert Case.objects.count() == 1
    assert case.incidents.get() == report.incident_links.get().incident
    assert case.involvements.get(part=Part.RESPONDENT).described_as == "The man at 42"
    assert strands(report) == {"SEX_ORIENT"}
    # He said no before; that stands beside it and weighs against nothing.
    assert Perception.objects.filter(person=report.victim, holds=Holds.NO).exists()
    # Told again, nothing opens twice.
    add_view(
        by=story.actor(story.handler, said),
        at=said + timedelta(hours=1),
        report=report,
        capacity=Capacity.WITNESS,
        holds=Holds.YES,
        described_as="His sister",
    )
    assert Case.objects.count() == 1
    assert report.routes.count() == 2


def test_an_officer_alone_turns_a_record_into_hate(story: Story) -> None:
    report = asb_record(story)
    at = london(2026, 2, 3, 9, 0)
    add_view(
        by=story.actor(story.manager),
        at=at,
        report=report,
        capacity=Capacity.OFFICER,
        holds=Holds.NOT_SURE,
        words="The same man has shouted at others.",
    )
    case = hate_case(report)
    assert case.provisional
    assert ClockKind.SETTLE_VIEW in kinds(case)
    assert report.routes.get(route="HATE").reasons[0] == "Sunita is not sure."


def test_who_may_take_a_view_back(story: Story) -> None:
    """Only the person themselves, in their own words, witnessed; the record stays (HC-23)."""
    report = asb_record(story)
    at = london(2026, 2, 20, 14, 0)
    handler, officer = story.actor(story.handler), story.actor(story.officer)
    add_view(
        by=handler,
        at=at,
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=report.victim,
    )
    add_view(
        by=story.actor(story.manager),
        at=at,
        report=report,
        capacity=Capacity.OFFICER,
        holds=Holds.YES,
    )
    case = hate_case(report)
    his = Perception.objects.get(person=report.victim, holds=Holds.YES)
    hers = Perception.objects.get(colleague=story.manager)
    with pytest.raises(Refused, match="Only the colleague"):
        retract_perception(by=officer, at=at, view=hers, words="I do not think so.")
    with pytest.raises(Refused, match="own words"):
        retract_perception(by=officer, at=at, view=his, words="", witness=story.manager)
    with pytest.raises(Refused, match="another colleague"):
        retract_perception(by=officer, at=at, view=his, words="I was wrong.")
    retract_perception(by=officer, at=at, view=his, words="I was wrong.", witness=story.manager)
    retract_perception(
        by=story.actor(story.manager), at=at, view=hers, words="I have thought again."
    )
    case.refresh_from_db()
    assert case.stage == Stage.CONTACT
    assert not Incident.objects.hate().exists()
    # A later "no" changes nothing either: what was opened stays.
    add_view(
        by=handler,
        at=at + timedelta(days=1),
        report=report,
        capacity=Capacity.WITNESS,
        holds=Holds.NO,
        described_as="His sister",
    )
    assert routes(report) == ["HATE"]


def test_every_operation_on_views_only_adds_or_is_the_persons_own(story: Story) -> None:
    """No public operation of ours removes a view or sets what somebody else thinks."""
    from cases.casework import operations as casework
    from cases.intake import operations as intake

    named = [
        name for name in (*casework.__all__, *intake.__all__) if "view" in name or "percep" in name
    ]
    added = ["add_perception", "add_perceptions", "add_view"]
    assert sorted(named) == [*added, "retract_perception"]


def test_a_report_waits_until_somebody_is_asked(story: Story) -> None:
    """Sent without "why", it waits with its clock; asked later, its clocks count from receipt."""
    p = story.tenant("Petra Vane", story.home("6 Dell Court"))
    received = london(2026, 3, 19, 13, 0)
    report = story.report(
        {
            **keys("who", person=p.reference),
            **keys("incident-1", words="They shout at us.", types=["VERBAL"]),
            **keys("harmed", children="SAW"),
        },
        received=received,
    )
    assert report.state == ReportState.WAITING
    assert report.triaged_at is None
    assert report.triage_due_at == received + timedelta(hours=4)
    assert report.case is None
    # A child does not wait for the question.
    assert routes(report) == ["SAFEGUARDING"]
    assert not report.routes.get().is_primary
    at = received + timedelta(hours=5)
    # "No" from the caller alone is not enough: the officer is asked too.
    add_view(
        by=story.actor(story.handler),
        at=at,
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.NO,
        person=p,
    )
    report.refresh_from_db()
    assert report.state == ReportState.WAITING
    add_view(
        by=story.actor(story.handler),
        at=at,
        report=report,
        capacity=Capacity.OFFICER,
        holds=Holds.YES,
        strands={"RACE": "PERCEIVED"},
    )
    case = hate_case(report)
    assert report.state == ReportState.TRIAGED
    assert routes(report) == ["HATE", "SAFEGUARDING"]
    assert contact_due(case) == received + timedelta(hours=24)
    triaged = clock(case, ClockKind.TRIAGE)
    assert (triaged.met_at, triaged.was_late) == (at, True)
    assert ClockKind.SAFEGUARDING in kinds(case)
    assert Case.objects.visible_to(story.actor(story.safeguarding)).exists()


def test_only_people_who_take_reports_add_views(story: Story) -> None:
    report = asb_record(story)
    viewer = story.world.user(Role.REPORT_VIEWER)
    with pytest.raises(Refused):
        add_view(
            by=story.actor(viewer),
            at=story.world.now,
            report=report,
            capacity=Capacity.OFFICER,
            holds=Holds.YES,
        )


def unsure_record(story: Story) -> Report:
    y = story.tenant("Yusuf Marr", story.home("40 Holt Street"))
    return story.report(
        {
            **keys("who", person=y.reference),
            **keys("incident-1", words="Banging on the wall.", types=["NOISE"]),
            **keys("why", caller="NO", own="NOT_SURE"),
        },
        received=london(2026, 2, 1, 10, 0),
    )


def test_not_sure_is_settled_only_by_whoever_was_not_sure(story: Story) -> None:
    """Domain 10, rule 2: it becomes antisocial behaviour only if everybody asked then says no."""
    report = unsure_record(story)
    case = hate_case(report)
    assert case.provisional
    handler, at = story.actor(story.handler), london(2026, 2, 1, 15, 0)
    unsure = Perception.objects.get(holds=Holds.NOT_SURE)
    with pytest.raises(Refused, match="Only the colleague"):
        retract_perception(by=story.actor(story.officer), at=at, view=unsure, words="No.")
    retract_perception(by=handler, at=at, view=unsure, words="I asked again. I see no sign of it.")
    # Nobody of ours has said no yet, so it is not settled by the taking back alone.
    assert not settle_provisional(by=handler, at=at, case=case)
    add_view(by=handler, at=at, report=report, capacity=Capacity.OFFICER, holds=Holds.NO)
    case.refresh_from_db()
    settled = clock(case, ClockKind.SETTLE_VIEW)
    assert (settled.state, settled.outcome) == (ClockState.MET, "Everybody asked says no")
    assert not case.provisional
    assert routes(report) == ["HATE", "ASB"]
    beside = report.routes.get(route="ASB")
    assert (beside.owner, beside.state) == (story.manager, RouteState.OFFERED)
    assert case.stage == Stage.CONTACT
    assert not settle_provisional(by=handler, at=at, case=case)
    # And back: whoever thinks so later makes it hate again, in the same case.
    add_view(
        by=handler,
        at=at + timedelta(days=3),
        report=report,
        capacity=Capacity.VICTIM,
        holds=Holds.YES,
        person=report.victim,
    )
    assert routes(report) == ["HATE"]
    assert Case.objects.count() == 1
    assert Incident.objects.hate().count() == 1


def test_a_view_given_twice_in_a_moment_is_kept_once(story: Story) -> None:
    report, at = asb_record(story), london(2026, 2, 3, 9, 0)
    for minute in (0, 1):
        add_view(
            by=story.actor(story.handler),
            at=at + timedelta(minutes=minute),
            report=report,
            capacity=Capacity.VICTIM,
            holds=Holds.YES,
            person=report.victim,
            words="Because I am gay.",
        )
    assert Perception.objects.filter(holds=Holds.YES).count() == 1
    assert Case.objects.count() == 1
