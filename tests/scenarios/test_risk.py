"""What the scenarios say of risk: S03, S06, S09, S10, S14, S15 (domain 9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.access import Refused
from cases.casework.choices import Part
from cases.casework.clocks import ClockKind as K
from cases.casework.models import Case
from cases.casework.operations import add_incident, do_duty, retract_perception
from cases.intake.choices import Door
from cases.intake.models import Report
from cases.people.models import Person
from cases.risk.judgement_operations import lower_level
from cases.risk.models import Assessment, Level
from cases.risk.operations import finish, save_answers, start
from tests.risk.asking import WHY, answers, train
from tests.scenarios.story import Story, clock, hate_case, keys, london


def told(story: Story, person: Person, received: datetime, **how: Any) -> Case:
    """A report about words shouted, on the day it is received or as ``how`` says."""
    day = how.pop("day", received)
    when = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    report: Report = story.report(
        {
            **keys("who", person=person.reference),
            "incident-1.words": how.pop("words", "They shouted at me about my religion."),
            **keys("incident-1", types=how.pop("types", ["VERBAL"]), place="VICTIM_HOME"),
            **keys("incident-1", when_known="EXACT", **when),
            **keys("why", caller="YES", own="YES", strands=["RELIGION"]),
            "why.basis.RELIGION": "ACTUAL",
            **how.pop("more", {}),
        },
        received=received,
        **how,
    )
    return hate_case(report)


def assess(
    story: Story, case: Case, at: datetime, part: str = Part.VICTIM, **given: Any
) -> Assessment:
    by = story.actor(story.officer, at)
    about = case.involvements.filter(part=part).get()
    draft = start(by=by, at=at, case=case, about=about)
    witness = part != Part.VICTIM
    save_answers(by=by, at=at, assessment=draft, answers={**answers(witness=witness), **given})
    return finish(by=by, at=at, assessment=draft)


def level(case: Case) -> str:
    return Case.objects.get(pk=case.pk).risk


def running(case: Case) -> set[str]:
    return set(case.clocks.filter(state="RUNNING").values_list("kind", flat=True))


def test_s03_the_third_party_has_risk_questions_of_their_own(story: Story) -> None:
    d = story.tenant("Dee Okoro", story.home())
    c = story.tenant("Cal Reeve", story.home("2 Fen House", "NN98 1AB"))
    at = london(2026, 3, 4, 12, 0)
    case = hate_case(
        story.report(
            {
                **keys("who", person=c.reference),
                **keys("harmed", person=d.reference),
                "incident-1.words": "They mock her in the lift every evening.",
                **keys("incident-1", types=["VERBAL"], place="COMMUNAL_INSIDE"),
                **keys("why", caller="YES", own="YES", strands=["DISABILITY"]),
            },
            received=at,
            door=Door.THIRD_PARTY,
        )
    )
    third = case.involvements.exclude(part__in=[Part.VICTIM, Part.RESPONDENT]).get()
    done = assess(story, case, at + timedelta(hours=1), part=third.part, Q7="C")
    assert (done.witness, done.band) == (True, "MEDIUM"), "a witness who is threatened"
    assert clock(case, K.RISK).state == "RUNNING", "D has not been asked"


def test_s06_dash_beside_it_and_high_by_an_assault(story: Story) -> None:
    f = story.tenant("Freya Lunt", story.home())
    at = london(2026, 3, 10, 20, 0)
    brother = keys("respondent", described="My brother", relation="FAMILY", abuse="YES")
    case = told(story, f, at, types=["ASSAULT"], more=brother)
    done = assess(story, case, at + timedelta(hours=1), RF4="YES", Q3="D")
    assert (done.band, level(case)) == ("HIGH", "HIGH")
    assert {"DASH", "DA_TOLD", "SAFETY_TONIGHT"} <= running(case), "DASH is not met by this"


def test_s09_a_repeat_is_at_least_medium(story: Story) -> None:
    k = story.tenant("Kira Adler", story.home())
    told(story, k, london(2025, 4, 10, 9, 0), day=london(2025, 4, 8))
    at = london(2026, 4, 10, 19, 0)
    case = told(story, k, at)
    done = assess(story, case, at + timedelta(hours=1), Q1="B", Q3="C")
    assert done.repeat["level"] == "REPEAT"
    assert done.repeat["basis"] == "PERSON"
    assert (done.score, done.band) == (6, "MEDIUM"), "3 of the 6 the system gave"
    train(story.world, story.manager)
    with pytest.raises(Refused, match="Not below Medium: this is a repeat"):
        lower_level(
            by=story.actor(story.manager, at),
            at=at + timedelta(hours=2),
            assessment=done,
            to="STANDARD",
            reason=WHY,
            evidence="None",
        )


def test_s10_just_outside_the_window_is_a_pattern_handled_alike(story: Story) -> None:
    person = story.tenant("Lev Marin", story.home())
    told(story, person, london(2025, 4, 10, 9, 0))
    at = london(2026, 4, 11, 12, 0)
    case = told(story, person, at)
    done = assess(story, case, at + timedelta(hours=1))
    assert done.repeat["level"] == "PATTERN"
    assert (done.score, done.band) == (1, "MEDIUM")


def test_the_level_follows_when_what_we_know_changes(story: Story) -> None:
    """A finished assessment stays as it was; the level that stands is a new row (domain 6.2.10)."""
    k = story.tenant("Kira Adler", story.home())
    first = told(story, k, london(2025, 4, 10, 9, 0))
    at = london(2026, 3, 2, 9, 0)
    case = told(story, k, at)
    done = assess(story, case, at + timedelta(hours=1))
    assert (done.band, level(case)) == ("MEDIUM", "MEDIUM")
    by = story.actor(story.officer, at)
    later = at + timedelta(days=1)
    for view in first.incidents.get().perceptions.all():
        retract_perception(
            by=by if view.colleague_id is None else story.actor(story.handler, at),
            at=later,
            view=view,
            words="It was about the parking after all.",
            witness=story.manager,
        )
    rows = list(Level.objects.filter(assessment=done).values_list("level", "because"))
    assert rows == [("MEDIUM", "FINISHED"), ("STANDARD", "REPEAT")]
    assert level(case) == "STANDARD"
    done.refresh_from_db()
    assert (done.band, done.score, done.repeat["level"]) == ("MEDIUM", 3, "REPEAT")


def test_a_new_incident_brings_the_review_forward(story: Story) -> None:
    k = story.tenant("Kira Adler", story.home())
    at = london(2026, 3, 2, 9, 0)
    case = told(story, k, at)
    assess(story, case, at + timedelta(hours=1))

    later = at + timedelta(days=2)
    add_incident(
        by=story.actor(story.officer, at),
        at=later,
        case=Case.objects.get(pk=case.pk),
        when_known="EXACT",
        occurred_on=later.date(),
        location="VICTIM_HOME",
        types=["VERBAL"],
    )
    assert case.review_calls.get().why == "INCIDENT"
    review = case.clocks.get(kind=K.RISK_REVIEW, state="RUNNING")
    assert review.due_at == london(2026, 3, 5, 17, 0)


def test_s14_high_tonight_without_permission(story: Story) -> None:
    q = story.tenant("Quinn Hale", story.home())
    at = london(2026, 3, 5, 23, 0)
    case = told(story, q, at, types=["THREAT"], words="He says he will burn me out.")
    done = assess(story, case, at + timedelta(minutes=30), RF1="YES", RF3="YES")
    assert (done.band, level(case)) == ("HIGH", "HIGH")
    tonight = london(2026, 3, 6, 0, 0)
    for kind in (K.SAFETY_TONIGHT, K.POLICE_DECISION, K.DIRECTOR_TOLD, K.FIRE_SERVICE):
        assert clock(case, kind).due_at == tonight, kind
    decided = {"outcome": "The Director is asked, without permission", "words": "Petrol, tonight."}
    met = do_duty(
        by=story.actor(story.officer, at),
        at=at + timedelta(minutes=40),
        case=Case.objects.get(pk=case.pk),
        clock=clock(case, K.POLICE_DECISION),
        **decided,
    )
    assert met.outcome.startswith("The Director is asked")


def test_s15_recorded_at_their_wish_is_high_and_the_police_are_not_pressed(story: Story) -> None:
    r = story.tenant("Rafi Stone", story.home())
    at = london(2026, 3, 6, 18, 0)
    case = told(story, r, at, types=["ASSAULT"], words="They punched me and mocked my accent.")
    by = story.actor(story.officer, at)
    do_duty(
        by=by,
        at=at + timedelta(minutes=30),
        case=case,
        clock=clock(case, K.POLICE),
        outcome="Asked not to be asked again",
        words="Wants it counted, nothing done.",
    )
    done = assess(story, Case.objects.get(pk=case.pk), at + timedelta(hours=1), RF4="YES", Q3="D")
    assert (done.score, done.band) == (3, "HIGH")
    assert case.clocks.filter(kind=K.POLICE).count() == 1, "encouraged once"
    met = do_duty(
        by=by,
        at=at + timedelta(hours=2),
        case=Case.objects.get(pk=case.pk),
        clock=clock(case, K.POLICE_DECISION),
        outcome="Not told: no serious harm is expected",
        words="Strangers, once, away from home.",
    )
    assert met.outcome.startswith("Not told")
