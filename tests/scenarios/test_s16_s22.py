"""S16, S18, S19, S21 and S22 of domain section 9."""

from __future__ import annotations

from cases.casework.choices import Capacity, ClockState, Holds, Part
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import Clock, Incident, Perception
from cases.casework.operations import assess_evidence
from cases.intake.choices import Door, ReporterCapacity
from cases.intake.operations import add_view
from cases.people.choices import MemberRelation, Tenure
from cases.people.models import Property
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


def test_s16_shared_owners_online(story: Story) -> None:
    """Tenure and stock class are there for the tools and the measures of later issues."""
    s = story.tenant("Sal Kettering", story.home("7 Lock Wharf"), tenure=Tenure.SHARED_OWNER)
    Property.objects.filter(pk=s.home_id).update(stock_class="LCHO")
    daughter = story.with_them(s, "Mia Kettering", MemberRelation.CHILD, london(2012, 5, 5).date())
    report = story.report(
        {
            **keys("who", person=s.reference),
            "incident-1.words": "He posts pictures of my daughter with captions.",
            **keys("incident-1", types=["ONLINE"], place="ONLINE_PHONE"),
            **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
            "why.basis.DISABILITY": "ASSOCIATION",
            **keys("harmed", people=["CALLER", daughter.reference]),
            **keys("respondent", described="T, same block", relation="NEIGHBOUR_BLOCK"),
        },
        received=london(2026, 3, 15, 10, 0),
    )
    case = hate_case(report)
    assert strands(report) == {"DISABILITY"}
    view = Perception.objects.get(incident__case=case, capacity=Capacity.VICTIM)
    assert view.strands.get().basis == "ASSOCIATION"
    sal = case.involvements.get(part=Part.VICTIM, person=s)
    assert sal.tenure == Tenure.SHARED_OWNER
    assert case.home is not None
    assert case.home.stock_class == "LCHO"
    assert case.involvements.filter(part=Part.VICTIM, person=daughter).exists()
    assert report.routes.get(route="HATE").reasons[-1] == "Sal is our shared owner."


def test_s18_anonymous_third_party(story: Story) -> None:
    report = story.report(
        {
            **keys("harmed", described="The Polish family in the corner flat"),
            "incident-1.words": "They keep calling them names.",
            **keys("incident-1", types=["VERBAL"], place="ESTATE_STREET"),
            **keys("incident-1", place_words="Corner of Brook Road"),
            **keys("why", caller="YES", own="YES", strands=["RACE"]),
            **keys("respondent", customer="YES"),
        },
        received=london(2026, 3, 16, 21, 0),
        door=Door.THIRD_PARTY,
        no_name=True,
    )
    case = hate_case(report)
    assert report.capacity == ReporterCapacity.ANONYMOUS
    assert report.reporter is None
    contact = clock(case, ClockKind.THIRD_PARTY_CONTACT)
    assert contact.state == ClockState.NOT_APPLICABLE
    assert contact.why == "They gave no name and no number."
    first = clock(case, ClockKind.FIRST_CONTACT)
    assert first.state == ClockState.NOT_APPLICABLE
    assert first.why
    assert not case.victim.identified
    assert case.victim.name == "The Polish family in the corner flat"
    identify = clock(case, ClockKind.IDENTIFY_VICTIM)
    assert identify.state == ClockState.RUNNING
    assert DUTIES[ClockKind(identify.kind)].step == "Find out safely who lives there"
    assert "Not by knocking in uniform." in DUTIES[ClockKind(identify.kind)].note
    assert case.entity is None  # nobody knows whose home it is
    assert ClockKind.SUPPORT_THIRD_PARTY not in kinds(case)
    caller = case.involvements.get(part=Part.THIRD_PARTY)
    assert (caller.person, caller.described_as) == (None, "The caller, who gave no name")
    reasons = report.routes.get(route="HATE").reasons
    assert reasons[0] == "The caller thinks hate was part of it."
    assert Incident.objects.hate().count() == 1


def test_s19_age_only(story: Story) -> None:
    """A full policy case; which measures count it is for the monitoring issue, from AGE."""
    v = story.tenant("Vera Plum", story.home("1 Chapel Lane"))
    report = story.report(
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
    hate_case(report)
    assert strands(report) == {"AGE"}
    views = Perception.objects.filter(incident__report_links__report=report).standing()
    assert {view.who for view in views.perceiving()} == {
        "Vera Plum",
        "Her neighbour",
        "Joanne Pike",
    }
    countable = [strand.tsm_countable for view in views for strand in view.strands.all()]
    assert countable == [False]


def test_s21_officer_doubts_it(story: Story) -> None:
    """An assessment of the evidence changes nothing; no operation takes a view away.  That no
    page offers "not hate" is shown in the browser's own test.
    """
    x = story.tenant("Xenia Dobre", story.home("12 Tarn Close"))
    report = story.report(
        {
            **keys("who", person=x.reference),
            "incident-1.words": "He complains to you about my cooking. I am from abroad.",
            **keys("incident-1", types=["MALCOMP"], place="VICTIM_HOME"),
            **keys("why", caller="YES", own="NO", strands=["RACE"]),
        },
        received=london(2026, 3, 18, 9, 0),
    )
    case = hate_case(report)
    before = (routes(report), case.priority, case.stage, contact_due(case), case.provisional)
    clocks = list(Clock.objects.values_list("kind", "due_at", "state"))
    lead = story.actor(story.officer)
    assess_evidence(
        by=lead,
        at=london(2026, 3, 18, 12, 0),
        incident=case.incidents.get(),
        text="I think it is only about smells.",
    )
    # An officer who does not see it adds their own view; it weighs against nobody's.
    add_view(
        by=lead,
        at=london(2026, 3, 18, 12, 5),
        report=report,
        capacity=Capacity.OFFICER,
        holds=Holds.NO,
    )
    case.refresh_from_db()
    assert before == (
        routes(report),
        case.priority,
        case.stage,
        contact_due(case),
        case.provisional,
    )
    assert clocks == list(Clock.objects.values_list("kind", "due_at", "state"))
    assert Incident.objects.hate().count() == 1
