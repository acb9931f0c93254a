"""Asking about risk: begun, kept as it is said, finished and then frozen.

A save never refuses what was said; only a finished assessment takes nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db.models import Q

from cases.access import YES, Actor, Answer, enforce
from cases.audit.ledger import operation, record, unchanged
from cases.audit.verbs import Verb
from cases.casework.choices import Part
from cases.casework.clock_operations import meet_clocks
from cases.casework.clocks import ClockKind
from cases.casework.locking import lock
from cases.casework.models import Case, ContactEntry, Involvement
from cases.casework.promises import Promise
from cases.policy.queries import holidays, settings_at
from cases.risk import promises, rules
from cases.risk.choices import AssessmentState, Because
from cases.risk.hearing import Hearing, hear, previous_of
from cases.risk.levels import clock_about, stand, start_for
from cases.risk.models import Answer as AnswerRow
from cases.risk.models import Assessment
from cases.risk.questions import CURRENT, NOT_KNOWN, SETS
from cases.rows import keep

MOST_LETTERS = 20_000
DONE = Answer("This assessment is finished, so nothing is added to it. Begin another one.")


@dataclass(frozen=True)
class Saved:
    """What a save did: when, which questions, and what another window answered meanwhile."""

    at: datetime
    answered: tuple[str, ...] = ()
    others: Mapping[str, AnswerRow] = field(default_factory=dict)


def spoken_with(about: Involvement) -> bool:
    """Whether anybody has had a two-way contact with this person."""
    return ContactEntry.objects.filter(involvement=about, kind="INTERACTION").exists()


@operation
def start(
    *, by: Actor, at: datetime, case: Case, about: Involvement, from_report: bool = False
) -> Assessment:
    """Begin to ask somebody; one that is already begun is gone on with.

    ``from_report``: the answers come from the report, because nobody has reached them yet.
    """
    lock(case)
    enforce(rules.assess(by, stage=case.stage))
    enforce(_can_be_asked(case, about))
    begun = Assessment.objects.filter(about=about, state=AssessmentState.DRAFT).first()
    if begun is not None:
        unchanged()
        return begun
    if from_report:
        enforce(rules.from_report(spoken=spoken_with(about)))
    assessment = Assessment(
        case=case,
        about=about,
        person_id=about.person_id,
        question_set=CURRENT.version,
        witness=about.part != Part.VICTIM,
        from_report=from_report,
        started_at=at,
        started_by_id=by.user_id,
        saved_at=at,
        supersedes=previous_of(about),
    )
    keep(assessment)
    record(
        Verb.RISK_STARTED,
        by=by,
        at=at,
        subject=assessment,
        case=case.reference,
        changes={"questions": CURRENT.version, "from_report": from_report},
    )
    return assessment


def _can_be_asked(case: Case, about: Involvement) -> Answer:
    """There is no score on a respondent (domain 3.4)."""
    if about.case_id != case.pk or about.ended_at is not None:
        return Answer("Choose somebody on this case.")
    if about.part == Part.RESPONDENT:
        return Answer("Risk is asked of the people harmed and of witnesses, not of a respondent.")
    return YES


@operation
def save_answers(
    *,
    by: Actor,
    at: datetime,
    assessment: Assessment,
    answers: Mapping[str, str],
    window: str = "",
    seen: int = 0,
) -> Saved:
    """Keep what a window posted: each answer that it changed.

    ``seen`` is the newest answer the window was drawn with.  What another window answered and
    this one did not touch is left alone; what both changed keeps both, the newest counts.
    """
    assessment = _locked(assessment, by)
    questions = SETS[assessment.question_set]
    given = {
        code: value[:MOST_LETTERS]
        for code, value in answers.items()
        if questions.takes(code, value, witness=assessment.witness)
    }
    new, others = _merge(assessment, given, window, seen)
    if not new:
        unchanged()
        return Saved(at)
    AnswerRow.objects.bulk_create(
        AnswerRow(
            assessment=assessment,
            question=code,
            value=value,
            window=window,
            by_id=by.user_id,
            at=at,
        )
        for code, value in new.items()
    )
    assessment.saved_at = max(at, assessment.saved_at)
    assessment.save(update_fields=["saved_at"])
    # No case: every tick would stand in its timeline. The beginning and the end do.
    record(Verb.RISK_SAVED, by=by, at=at, subject=assessment, changes={"questions": sorted(new)})
    return Saved(at, tuple(new), others)


def _merge(
    assessment: Assessment, given: Mapping[str, str], window: str, seen: int
) -> tuple[dict[str, str], dict[str, AnswerRow]]:
    rows = assessment.answers.filter(question__in=list(given)).order_by("question", "-id")
    now = {row.question: row for row in rows.distinct("question")}
    drawn = rows.filter(Q(pk__lte=seen) | Q(window=window)) if window else rows.filter(pk__lte=seen)
    base = {row.question: row.value for row in drawn.distinct("question")}
    new: dict[str, str] = {}
    others: dict[str, AnswerRow] = {}
    for code, value in given.items():
        kept = now[code].value if code in now else ""
        if value in (base.get(code, ""), kept):
            continue
        new[code] = value
        if kept != base.get(code, ""):
            others[code] = now[code]
    return new, others


def _locked(assessment: Assessment, by: Actor) -> Assessment:
    """The draft, locked.  Raises Refused for one that is finished or whose case is closed."""
    found = (
        Assessment.objects.select_related("case", "about", "about__person")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=assessment.pk)
    )
    enforce(rules.assess(by, stage=found.case.stage))
    enforce(DONE if found.is_finished else YES)
    return found


@operation
def rest_not_known(*, by: Actor, at: datetime, assessment: Assessment) -> Saved:
    """Keep "not known" for every question that was not asked: nobody guesses an answer."""
    hearing = hear(_locked(assessment, by), at)
    left = {f"Q{number}": NOT_KNOWN for number in hearing.heard.not_asked}
    top = max((row.pk for row in hearing.rows.values()), default=0)
    return save_answers(by=by, at=at, assessment=assessment, answers=left, seen=top)


@operation
def finish(*, by: Actor, at: datetime, assessment: Assessment) -> Assessment:
    """Freeze the answers, let the level stand, and start what it promises.

    A second press finds it finished and changes nothing.  Raises Refused while a question has
    no answer.
    """
    case = lock(assessment.case)
    done = Assessment.objects.select_related("about__person").get(pk=assessment.pk)
    if done.is_finished:
        unchanged()
        return done
    draft = _locked(assessment, by)
    draft.case = case
    hearing = hear(draft, at)
    enforce(rules.finish(hearing.heard))
    _freeze(by, at, hearing)
    level = stand(by, at, hearing, Because.FINISHED)
    _meet(by, at, draft, level.get_level_display() if level else "")
    start_for(by, at, draft, _promised(at, hearing))
    return draft


def _freeze(by: Actor, at: datetime, hearing: Hearing) -> None:
    draft, weighed = hearing.assessment, hearing.weighed()
    level = rules.stands(weighed, hearing.judged).level
    draft.state = AssessmentState.FINISHED
    draft.finished_at, draft.finished_by_id = at, by.user_id
    draft.score, draft.band = weighed.score, weighed.level
    draft.provisional = weighed.provisional or draft.from_report
    draft.bands, draft.repeat = asdict(hearing.bands), asdict(hearing.heard.repeat)
    draft.review_due_at = promises.review_due(
        at, level, provisional=draft.provisional, settings=settings_at(at), holidays=holidays()
    )
    keep(draft)
    record(
        Verb.RISK_FINISHED,
        by=by,
        at=at,
        subject=draft,
        case=draft.case.reference,
        changes={"level": str(level), "provisional": draft.provisional},
    )


def _meet(by: Actor, at: datetime, done: Assessment, level: str) -> None:
    """The promise to assess is met, late recorded late; so is the review that was due."""
    kinds = [ClockKind.RISK, ClockKind.RISK_REVIEW]
    about_id = clock_about(done)
    outcome = f"{level}: {'from the report' if done.from_report else 'assessed'}"
    meet_clocks(
        by=by,
        at=at,
        case=done.case,
        kinds=kinds,
        about=done.about if about_id else None,
        only=True,
        outcome=outcome,
    )


def _promised(at: datetime, hearing: Hearing) -> list[Promise]:
    made = [Promise(ClockKind.RISK_REVIEW, at, hearing.assessment.review_due_at)]
    level = rules.stands(hearing.weighed(), hearing.judged).level
    if rules.worried_above(hearing.heard, level):
        due = promises.worry_due(at, settings_at(at), holidays())
        made.append(Promise(ClockKind.RISK_WORRY, at, due))
    return made
