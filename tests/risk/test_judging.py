"""What High brings, and levels judged higher or lower, in PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, transaction

from cases.access import Refused
from cases.calendar import add_working_days, end_of_day
from cases.casework import operations as ops
from cases.casework.choices import ContactKind
from cases.casework.clocks import ClockKind as K
from cases.policy.queries import holidays
from cases.risk.choices import JudgementKind
from cases.risk.judgement_operations import lower_level, raise_level, record_flag_in_error
from cases.risk.levels import HIGH_KINDS
from cases.risk.models import Judgement
from cases.risk.operations import finish, save_answers
from tests.casework.story import Story
from tests.risk.asking import (
    HIGH,
    STANDARD,
    WHY,
    assessed,
    begun,
    fresh,
    running,
)

# ------------------------------------------------------------------------------ at High


def test_high_becomes_tasks_with_clocks(story: Story) -> None:
    done = assessed(story, {**STANDARD, "RF10": "YES"})
    at = done.finished_at
    assert at is not None
    assert (done.score, done.band) == (6, "HIGH")
    assert running(story, *HIGH_KINDS) == {
        "SAFETY_TONIGHT": end_of_day(at),
        "MANAGER_TOLD": at + timedelta(hours=1),
        "DIRECTOR_TOLD": end_of_day(at),
        "POLICE_DECISION": end_of_day(at),
        "SECURITY_VISIT": at + timedelta(hours=24),
        "AGENCIES_MEET": add_working_days(at, 3, holidays()),
    }


@pytest.mark.parametrize(
    ("given", "brings"),
    [
        ({"RF3": "YES"}, {"FIRE_SERVICE"}),
        ({"RF5": "YES"}, {"SAFEGUARDING_TOLD"}),
        ({"RF7": "YES"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES", "Q11": "D"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES", "Q13": "D"}, {"SAFEGUARDING_TOLD"}),
        ({"RF1": "YES"}, set()),
    ],
)
def test_what_else_high_brings(story: Story, given: dict[str, str], brings: set[str]) -> None:
    assessed(story, {**STANDARD, **given})
    more = running(story, K.FIRE_SERVICE, K.SAFEGUARDING_TOLD, K.DA_TOLD)
    assert set(more) == brings


@pytest.mark.parametrize("relationship", ["PARTNER_EX", "FAMILY"])
def test_partner_or_family_tells_the_domestic_abuse_lead(story: Story, relationship: str) -> None:
    ops.change_involvement(
        by=story.lead, at=story.at(), involvement=story.respondent, relationship=relationship
    )
    assessed(story, {**STANDARD, "RF4": "YES"})
    assert set(running(story, K.DA_TOLD)) == {"DA_TOLD"}


def test_staying_high_asks_only_for_what_is_new(story: Story) -> None:
    assessed(story, {**STANDARD, "RF10": "YES"})
    for kind in (K.SAFETY_TONIGHT, K.SECURITY_VISIT, K.DIRECTOR_TOLD):
        clock = story.clock(kind)
        outcome = "Told" if kind == K.DIRECTOR_TOLD else "Done"
        ops.do_duty(
            by=story.lead,
            at=story.at(hours=2),
            case=story.case,
            clock=clock,
            outcome=outcome,
            words="Today.",
        )
    assessed(story, {**STANDARD, "RF10": "YES", "RF3": "YES"}, hours=100)
    made = running(story, *HIGH_KINDS)
    assert "FIRE_SERVICE" in made
    assert not {"SAFETY_TONIGHT", "SECURITY_VISIT", "DIRECTOR_TOLD"} & set(made)


def test_high_brings_the_next_contact_forward(story: Story) -> None:
    assessed(story, STANDARD)
    ops.log_contact(
        by=story.lead,
        at=story.at(hours=2),
        case=story.case,
        involvement=story.victim,
        kind=ContactKind.INTERACTION,
        channel="text",
        summary="Spoke.",
    )
    assert running(story, K.UPDATE) == {"UPDATE": story.at(hours=2) + timedelta(days=28)}
    done = assessed(story, HIGH, hours=50)
    assert done.finished_at is not None
    assert running(story, K.UPDATE) == {"UPDATE": done.finished_at + timedelta(days=7)}
    aside = story.case.clocks.get(kind=K.UPDATE, state="NOT_APPLICABLE")
    assert aside.why == "Sooner: the risk is High"


# ---------------------------------------------------------------------------- judgement


def test_an_officer_raises_at_once(story: Story) -> None:
    done = assessed(story, STANDARD)
    raise_level(by=story.lead, at=story.at(hours=3), assessment=done, to="HIGH", reason=WHY)
    assert fresh(story).risk == "HIGH"
    assert set(running(story, *HIGH_KINDS)) >= {"SAFETY_TONIGHT", "DIRECTOR_TOLD"}
    assert running(story, K.RISK_REVIEW) == {"RISK_REVIEW": story.at(hours=3) + timedelta(days=7)}
    done.refresh_from_db()
    assert (done.band, done.score) == ("STANDARD", 6), "what the rule said stays"
    row = Judgement.objects.get()
    assert (row.kind, row.rule_said, row.to, row.by) == (
        JudgementKind.RAISED,
        "STANDARD",
        "HIGH",
        story.officer,
    )


def test_raised_while_asking_counts_when_it_is_finished(story: Story) -> None:
    draft = begun(story)
    raise_level(by=story.lead, at=story.at(), assessment=draft, to="MEDIUM", reason=WHY)
    assert fresh(story).risk == ""
    save_answers(by=story.lead, at=story.at(), assessment=draft, answers=STANDARD)
    done = finish(by=story.lead, at=story.at(hours=1), assessment=draft)
    assert (done.band, fresh(story).risk) == ("STANDARD", "MEDIUM")
    assert done.review_due_at == story.at(hours=1) + timedelta(days=14)


def test_who_may_not_raise(story: Story) -> None:
    done = assessed(story, STANDARD)
    raise_ = {"at": story.at(), "assessment": done, "to": "HIGH"}
    with pytest.raises(Refused, match="20 characters"):
        raise_level(by=story.lead, reason="He has a knife.", **raise_)
    with pytest.raises(Refused, match="Only the people who work a case"):
        raise_level(by=story.by(story.handler), reason=WHY, **raise_)
    untrained = story.world.user("HOUSING_OFFICER", team=story.case.team)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="training"):
        raise_level(by=story.by(untrained), reason=WHY, **raise_)


def test_a_manager_who_does_not_lead_lowers(story: Story) -> None:
    done = assessed(story, HIGH)
    lower = {"at": story.at(hours=3), "assessment": done, "to": "MEDIUM", "reason": WHY}
    with pytest.raises(Refused, match="Only a case manager"):
        lower_level(by=story.lead, evidence="Police log", **lower)
    with pytest.raises(Refused, match="what shows it"):
        lower_level(by=story.boss, evidence="", **lower)
    lower_level(by=story.boss, evidence="Police log 44 of today", **lower)
    assert fresh(story).risk == "MEDIUM"
    assert not running(story, *HIGH_KINDS)
    aside = story.clock(K.DIRECTOR_TOLD)
    assert aside.why == "The risk is no longer High: a manager set it lower"
    done.refresh_from_db()
    assert done.band == "HIGH"


def test_the_lead_never_lowers_even_as_a_manager(story: Story) -> None:
    done = assessed(story, HIGH)
    ops.allocate(
        by=story.boss, at=story.at(hours=2), case=story.case, lead=story.manager, reason=""
    )
    with pytest.raises(Refused, match="does not lead"):
        lower_level(
            by=story.boss,
            at=story.at(hours=3),
            assessment=done,
            to="MEDIUM",
            reason=WHY,
            evidence="Log",
        )


def test_never_below_high_under_a_standing_flag(story: Story) -> None:
    done = assessed(story, {**STANDARD, "RF2": "YES"})
    given = {"by": story.boss, "assessment": done, "reason": WHY, "evidence": "The call"}
    with pytest.raises(Refused, match="while a red flag stands"):
        lower_level(at=story.at(hours=2), to="MEDIUM", **given)
    record_flag_in_error(at=story.at(hours=3), flag="RF2", **given)
    assert fresh(story).risk == "STANDARD", "the rule without the flag"
    assert done.answers.filter(question="RF2", value="YES").exists(), "the tick is kept"
    assert record_flag_in_error(at=story.at(hours=4), flag="RF2", **given) is None


def test_only_the_newest_is_judged(story: Story) -> None:
    first = assessed(story, HIGH)
    assessed(story, HIGH, hours=30)
    with pytest.raises(Refused, match="newer assessment"):
        lower_level(
            by=story.boss,
            at=story.at(hours=31),
            assessment=first,
            to="MEDIUM",
            reason=WHY,
            evidence="Log",
        )


def test_the_database_refuses_a_judgement_without_its_reason(story: Story) -> None:
    done = assessed(story, HIGH)
    row = {"assessment": done, "rule_said": "HIGH", "by": story.manager, "at": story.at()}
    bad = (
        {"kind": "LOWERED", "to": "MEDIUM", "reason": WHY, "evidence": ""},
        {"kind": "LOWERED", "to": "MEDIUM", "reason": "too short", "evidence": "x"},
        {"kind": "FLAG_IN_ERROR", "flag": "", "reason": WHY, "evidence": "x"},
        {"kind": "RAISED", "to": "", "reason": WHY},
    )
    for values in bad:
        with pytest.raises(Error), transaction.atomic():
            Judgement.objects.create(**row, **values)
    Judgement.objects.create(**row, kind="LOWERED", to="MEDIUM", reason=WHY, evidence="x")
    with pytest.raises(Error), transaction.atomic():
        Judgement.objects.update(reason=WHY + WHY)
