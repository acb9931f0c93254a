"""Letting a level stand: the row, the case, the clocks, and who is told.

Shared by the operations, and run inside one: nothing here is a way in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db.models import Q

from cases.access import Actor, Grant
from cases.calendar import london_date
from cases.casework.choices import Part, Relationship, RiskLevel
from cases.casework.clock_operations import set_aside, set_risk, start_clocks
from cases.casework.clocks import ClockKind
from cases.casework.models import Case
from cases.casework.promises import Promise
from cases.policy.queries import holidays, settings_at
from cases.risk import promises, risk_words
from cases.risk.choices import Because
from cases.risk.hearing import Hearing, hear, previous_of
from cases.risk.message_operations import send_word
from cases.risk.models import Assessment, Level
from cases.risk.promises import HighFacts
from cases.risk.rules import Heard, Weighed, highest, stands, tells_safeguarding

HIGH_KINDS = (
    ClockKind.SAFETY_TONIGHT,
    ClockKind.MANAGER_TOLD,
    ClockKind.DIRECTOR_TOLD,
    ClockKind.POLICE_DECISION,
    ClockKind.SECURITY_VISIT,
    ClockKind.SAFEGUARDING_TOLD,
    ClockKind.DA_TOLD,
    ClockKind.FIRE_SERVICE,
    ClockKind.AGENCIES_MEET,
)


def clock_about(assessment: Assessment) -> int | None:
    """Whose clocks these are: none for the person the case is about, else their part."""
    same = assessment.about.person_id == assessment.case.victim_id
    return None if same and assessment.about.part == Part.VICTIM else assessment.about_id


def newest_level(about_id: int) -> Level | None:
    """The level that stands for somebody now."""
    return Level.objects.filter(about_id=about_id).order_by("-pk").first()


def stand(by: Actor, at: datetime, hearing: Hearing, because: Because) -> Level | None:
    """Let the level that follows from everything known stand; None if it stands already."""
    assessment = hearing.assessment
    weighed = hearing.weighed()
    level = stands(weighed, hearing.judged).level
    before = newest_level(assessment.about_id)
    provisional = weighed.provisional or assessment.from_report
    if (
        before is not None
        and because != Because.FINISHED
        and (before.level, before.provisional) == (level, provisional)
    ):
        return None
    row = Level.objects.create(
        assessment=assessment,
        about=assessment.about,
        level=level,
        provisional=provisional,
        because=because,
        why=_why(hearing, weighed),
        repeat=asdict(hearing.heard.repeat),
        by_name=by.name,
        at=at,
    )
    _on_the_case(by, at, assessment.case)
    _what_follows(by, at, hearing, weighed, row, before)
    return row


def _why(hearing: Hearing, weighed: Weighed) -> str:
    who = hearing.judgements[-1].by.full_name if hearing.judgements else ""
    stood = stands(weighed, hearing.judged)
    said = risk_words.why(weighed, stood, hearing.bands, hearing.heard.questions, who=who)
    return " ".join(filter(None, [said.because, said.rest]))


def _on_the_case(by: Actor, at: datetime, case: Case) -> None:
    """The case carries the highest level that stands for anybody who has a part in it now."""
    newest = (
        Level.objects.filter(about__case=case, about__ended_at__isnull=True)
        .select_related("assessment__about")
        .order_by("about_id", "-pk")
        .distinct("about_id")
    )
    rows = list(newest)
    level = highest([*(row.level for row in rows), _by_hand(case, rows)])
    provisional = any(row.provisional for row in rows if row.level == level)
    set_risk(by=by, at=at, case=case, level=level, provisional=provisional)


def _by_hand(case: Case, rows: Iterable[Level]) -> str:
    """What somebody recorded before there were assessments, until the victim is assessed."""
    if any(row.assessment.about.person_id == case.victim_id for row in rows):
        return ""
    done = case.clocks.filter(kind=ClockKind.RISK, about=None, met_at__isnull=False).last()
    said = done.outcome.partition(":")[0].upper() if done else ""
    return said if said in RiskLevel.values else ""


def _what_follows(
    by: Actor, at: datetime, hearing: Hearing, weighed: Weighed, row: Level, before: Level | None
) -> None:
    assessment = hearing.assessment
    was_high = before is not None and before.level == RiskLevel.HIGH
    if row.level == RiskLevel.HIGH:
        facts = high_facts(assessment, hearing.heard, weighed)
        made = _due_at_high(at, facts)
        if was_high:
            earlier = before.assessment if before else assessment
            made = _only_new(made, earlier, at)
        if by.may(Grant.LOWER_RISK):  # a manager who did it needs no telling
            made = [each for each in made if each.kind != ClockKind.MANAGER_TOLD]
        start_for(by, at, assessment, made)
        if not was_high:
            send_word(by=by, at=at, assessment=assessment)
    elif was_high and row.because in (Because.LOWERED, Because.FLAG_IN_ERROR):
        why = "The risk is no longer High: a manager set it lower"
        set_aside(
            by=by,
            at=at,
            case=assessment.case,
            kinds=HIGH_KINDS,
            why=why,
            about_id=clock_about(assessment),
        )
    _review_sooner(by, at, assessment, row, before)


def _due_at_high(at: datetime, facts: HighFacts) -> list[Promise]:
    return list(promises.at_high(at, facts, settings_at(at), holidays()))


def _only_new(made: Iterable[Promise], earlier: Assessment, at: datetime) -> list[Promise]:
    """Still High: only the duties that the assessment before did not bring."""
    then = hear(earlier, at)
    facts = high_facts(earlier, then.heard, then.weighed())
    brought = {each.kind for each in _due_at_high(at, facts)}
    return [each for each in made if each.kind not in brought]


def high_facts(assessment: Assessment, heard: Heard, weighed: Weighed) -> HighFacts:
    """What decides which duties High brings."""
    close = assessment.case.involvements.filter(
        part=Part.RESPONDENT,
        ended_at__isnull=True,
        relationship__in=[Relationship.PARTNER_EX, Relationship.FAMILY],
    )
    return HighFacts(
        safeguarding=tells_safeguarding(heard, weighed),
        partner_or_family=assessment.case.domestic_abuse or close.exists(),
        fire="RF3" in weighed.flags,
    )


def start_for(by: Actor, at: datetime, assessment: Assessment, made: Iterable[Promise]) -> None:
    """Start promises about the person assessed; what was done today is not asked for again."""
    about_id = clock_about(assessment)
    done = assessment.case.clocks.filter(
        Q(about_id=about_id) if about_id else Q(about__isnull=True), met_at__isnull=False
    )
    today = {
        kind
        for kind, met in done.values_list("kind", "met_at")
        if met and london_date(met) == london_date(at)
    }
    start_clocks(
        by=by,
        at=at,
        case=assessment.case,
        promises=[
            Promise(each.kind, each.started_at, each.due_at, about_id=about_id)
            for each in made
            if each.kind not in today or each.kind == ClockKind.RISK_REVIEW
        ],
    )


def _review_sooner(
    by: Actor, at: datetime, assessment: Assessment, row: Level, before: Level | None
) -> None:
    """A level that rose after the assessment was finished is asked about again sooner."""
    if row.because == Because.FINISHED or (before and before.level == row.level):
        return
    due = promises.review_due(
        at, row.level, provisional=row.provisional, settings=settings_at(at), holidays=holidays()
    )
    bring_forward(by, at, assessment, due, f"Sooner: the risk is {row.get_level_display()}")


def bring_forward(by: Actor, at: datetime, assessment: Assessment, due: datetime, why: str) -> bool:
    """Ask again by ``due`` if that is sooner than the review that runs."""
    case, about_id = assessment.case, clock_about(assessment)
    running = case.clocks.filter(
        kind=ClockKind.RISK_REVIEW, state__in=["RUNNING", "PAUSED"], about_id=about_id
    ).first()
    if running is not None and running.due_at is not None and running.due_at <= due:
        return False
    set_aside(by=by, at=at, case=case, kinds=[ClockKind.RISK_REVIEW], why=why, about_id=about_id)
    start_for(by, at, assessment, [Promise(ClockKind.RISK_REVIEW, at, due)])
    return True


def settle_case(by: Actor, at: datetime, case: Case) -> None:
    """Work the levels of a case out again after what we know of earlier incidents changed."""
    parts = case.involvements.filter(ended_at__isnull=True, assessments__finished_at__isnull=False)
    for about in parts.distinct():
        newest = previous_of(about)
        if newest is not None and not newest.witness:
            newest.case, newest.about = case, about
            stand(by, at, hear(newest, at), Because.REPEAT)
