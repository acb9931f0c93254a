"""Finished assessments side by side, and everybody's level on a case, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from cases import words
from cases.access import Actor
from cases.audit.context import saw
from cases.audit.models import Event
from cases.audit.verbs import Verb
from cases.casework.choices import Part, RiskLevel
from cases.casework.clocks import ClockKind
from cases.casework.models import Case, Involvement
from cases.people.choices import Channel
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.risk import risk_words, rules
from cases.risk.choices import AssessmentState, Because, JudgementKind
from cases.risk.forms import TellForm
from cases.risk.hearing import Hearing, hear, kept_repeat, newest_answers
from cases.risk.models import Assessment, Judgement, Level
from cases.risk.questions import REPEAT, SETS
from cases.risk.sheet_page import safe_line

TOLD = (
    ClockKind.MANAGER_TOLD,
    ClockKind.DIRECTOR_TOLD,
    ClockKind.SAFEGUARDING_TOLD,
    ClockKind.DA_TOLD,
)
HOW = {
    Channel.RING: "by telephone",
    Channel.TEXT: "by text",
    Channel.EMAIL: "by email",
    Channel.POST: "by post",
    Channel.VISIT: "face to face",
}
ASKED = (Part.VICTIM, Part.THIRD_PARTY, Part.WITNESS)


def stands_now(hearing: Hearing) -> RiskLevel:
    """The level that stands by what is known now."""
    return rules.stands(hearing.weighed(), hearing.judged).level


# ----------------------------------------------------------------------- everybody's level


def draw(
    case: Case, actor: Actor, now: datetime, *, tell: TellForm | None = None
) -> dict[str, Any]:
    """Everybody who can be asked, their level, and every assessment so far."""
    parts = list(
        case.involvements.filter(part__in=ASKED, ended_at__isnull=True).select_related(
            "person__safe_contact", "person__merged_into__safe_contact"
        )
    )
    rows = list(
        case.assessments.select_related("finished_by", "started_by").order_by("-started_at", "-pk")
    )
    newest = Level.objects.filter(about__in=parts).order_by("about_id", "-pk").distinct("about_id")
    levels = {level.about_id: level for level in newest}
    spoken = set(case.contacts.filter(kind="INTERACTION").values_list("involvement_id", flat=True))
    shown = [part.person_id for part in parts if part.person_id and not part.kept_apart]
    saw("people.person", *shown, case=case.reference)
    may = rules.assess(actor, stage=case.stage)
    explained = _explained(case, now)
    people = [
        _person(case, part, rows, levels.get(part.pk), part.pk in spoken, now) for part in parts
    ]
    for part, person in zip(parts, people, strict=True):
        mine = tell if tell and tell.about.pk == part.pk else None
        person["tell"] = (mine or TellForm(about=part)) if may and part.pk in levels else None
        person["tell_open"] = mine is not None
        person["explained"] = explained.get(levels[part.pk].pk, []) if part.pk in levels else []
    return {
        "case": case,
        "may": bool(may),
        "assessed": bool(levels),
        "why_not": may.reason,
        "people": people,
        "calls": [
            {"words": call.get_why_display(), "when": words.say_moment(call.at, now)}
            for call in case.review_calls.all()[:5]
        ],
        "told": _told(case, now),
    }


def _person(
    case: Case,
    part: Involvement,
    rows: Sequence[Assessment],
    level: Level | None,
    spoken: bool,
    now: datetime,
) -> dict[str, Any]:
    theirs = [row for row in rows if row.about_id == part.pk]
    draft = next((row for row in theirs if not row.is_finished), None)
    who = risk_words.called(part)
    return {
        "pk": part.pk,
        "who": who,
        "part": part.get_part_display(),
        "line": _line(part),
        "level": level.level.lower() if level else "",
        "provisional": bool(level and level.provisional),
        "since": _since(level, now) if level else "",
        "draft": _address(case, draft) if draft else "",
        "draft_words": _begun(draft, now) if draft else "",
        "can_use_report": not spoken and part.part == Part.VICTIM,
        "asked": f"Ask {who.name} about risk" if who.name != "them" else "Ask about risk",
        "finished": [
            {
                "href": _address(case, row),
                "words": f"Finished {words.say_moment(row.finished_at, now)}",
                "by": row.finished_by.full_name if row.finished_by else "",
                "level": row.band.lower(),
                "provisional": row.provisional,
            }
            for row in theirs
            if row.finished_at
        ],
    }


def _line(part: Involvement) -> Any:
    """How it is safe to reach them; nothing of somebody who is kept apart."""
    if part.kept_apart:
        return None
    return safe_contact_line(safe_contact_facts(getattr(part.who, "safe_contact", None)))


def _address(case: Case, row: Assessment) -> str:
    return reverse("risk:sheet", args=[case.reference, row.pk])


def _since(level: Level, now: datetime) -> str:
    said = Because(level.because).label
    return f"{said} {words.say_moment(level.at, now)}."


def _begun(draft: Assessment, now: datetime) -> str:
    when = words.say_moment(draft.saved_at, now)
    return f"Begun by {draft.started_by.full_name}, last saved {when}."


def _explained(case: Case, now: datetime) -> dict[int, list[str]]:
    """How and when each level was told to whom it is about, by the level (one query)."""
    told: dict[int, list[str]] = defaultdict(list)
    rows = Event.objects.filter(case_reference=case.reference, verb=Verb.RISK_EXPLAINED)
    for event in rows.order_by("pk"):
        day = words.say_date(date.fromisoformat(event.changes["on"]))
        how = HOW[Channel(event.changes["how"])]
        told[event.subject_id or 0].append(f"Told {how} on {day} by {event.actor_name}.")
    return told


def _told(case: Case, now: datetime) -> list[str]:
    """Who was told of High risk, by email or by somebody who said so."""
    done = case.clocks.filter(kind__in=TOLD, met_at__isnull=False).order_by("met_at")
    return [
        f"{clock.get_kind_display()}: {words.say_moment(clock.met_at, now)}."
        for clock in done
        if clock.met_at
    ]


# --------------------------------------------------------------------------------- frozen


def frozen(assessment: Assessment, actor: Actor, now: datetime) -> dict[str, Any]:
    """A finished assessment beside the one before it, with what changed marked."""
    hearing = hear(assessment, now)
    then = hear(assessment, now, repeat=kept_repeat(assessment.repeat))
    weighed = then.weighed()
    before = assessment.supersedes
    following = Assessment.objects.filter(
        supersedes=assessment, state=AssessmentState.FINISHED
    ).first()
    case = assessment.case
    stood = rules.stands(hearing.weighed(), hearing.judged)
    ruled = rules.stands(weighed, [])
    return {
        **judging(hearing, now),
        "assessment": assessment,
        "finished": words.say_moment(assessment.finished_at, now) if assessment.finished_at else "",
        "by": assessment.finished_by.full_name if assessment.finished_by else "",
        "band": assessment.band.lower(),
        "then": risk_words.why(weighed, ruled, then.bands, then.heard.questions),
        "now_level": stood.level.value.lower(),
        "now_provisional": assessment.provisional,
        "changes": _changes(assessment, now),
        "moved": stood.level != assessment.band,
        "groups": _side_by_side(hearing, before),
        "before": {
            "href": _address(case, before),
            "when": words.say_date(before.finished_at),
            "level": before.band.lower(),
        }
        if before and before.finished_at
        else None,
        "following": _address(case, following) if following else "",
        "review": words.say_day(assessment.review_due_at, now) if assessment.review_due_at else "",
        "to_say": risk_words.to_say(stood.level),
        "links": [] if following else list(_links(hearing, actor, stood.level)),
    }


def _changes(assessment: Assessment, now: datetime) -> list[dict[str, str]]:
    """Everything decided or found beside the frozen answers, oldest first."""
    judged = [(row.at, 0, _judgement_words(row, now)) for row in assessment.judgements.all()]
    levels = [
        (row.at, 1, _level_words(row, now))
        for row in assessment.levels.all()
        if row.because == Because.REPEAT
    ]
    return [said for *_, said in sorted([*judged, *levels], key=lambda each: each[:2])]


def _judgement_words(row: Judgement, now: datetime) -> dict[str, str]:
    when = words.say_moment(row.at, now)
    if row.kind == JudgementKind.FLAG_IN_ERROR:
        flag = SETS[row.assessment.question_set].flag_by_code[row.flag].words
        head = f"{row.by.full_name} recorded {when} that a red flag was ticked in error: {flag}"
    else:
        way = "higher" if row.kind == JudgementKind.RAISED else "lower"
        said, to = RiskLevel(row.rule_said).label, RiskLevel(row.to).label
        head = f"{row.by.full_name} set it {way} {when}: {to}. By the answers, {said}"
    return {"head": f"{head}.", "reason": row.reason, "evidence": row.evidence}


def _level_words(row: Level, now: datetime) -> dict[str, str]:
    repeat = kept_repeat(row.repeat)
    said = risk_words.repeat_words(repeat)
    head = f"What we know of earlier incidents changed {words.say_moment(row.at, now)}: {said}"
    return {
        "head": f"{head}. The level is {row.get_level_display()}.",
        "reason": repeat.sentence,
        "evidence": "",
    }


def _side_by_side(hearing: Hearing, before: Assessment | None) -> list[dict[str, Any]]:
    heard = hearing.heard
    then = {code: row.value for code, row in newest_answers(before).items()} if before else {}
    asked = {each.code for each in heard.questions.asked_of(witness=heard.witness)}
    groups: list[dict[str, Any]] = []
    for group in heard.questions.groups:
        rows = [
            _pair(
                each.say, each.number, heard.answers.get(each.code, ""), then.get(each.code), each
            )
            for each in group.questions
            if each.code in asked
        ]
        if not heard.witness and any(each.number == REPEAT for each in group.questions):
            rows.append(_repeat_pair(hearing, before))
            rows.sort(key=lambda row: row["number"])
        if rows:
            groups.append({"heading": group.heading, "rows": rows})
    groups.append({"heading": "Red flags", "rows": list(_flag_rows(hearing, then, before))})
    own = [
        _pair(each.say, each.number, heard.answers.get(each.code, ""), then.get(each.code), each)
        for each in heard.questions.unscored
        if heard.answers.get(each.code) or then.get(each.code)
    ]
    if own:
        groups.append({"heading": "In their words and yours", "rows": own})
    return [group for group in groups if group["rows"]]


def _pair(say: str, number: int, now: str, then: str | None, question: Any) -> dict[str, Any]:
    return {
        "number": number,
        "say": say,
        "now": question.words(now) or "Not asked",
        "then": question.words(then) if then else "",
        "changed": then is not None and then != now,
    }


def _repeat_pair(hearing: Hearing, before: Assessment | None) -> dict[str, Any]:
    kept = risk_words.repeat_words(kept_repeat(hearing.assessment.repeat))
    then = risk_words.repeat_words(kept_repeat(before.repeat)) if before else ""
    return {
        "number": REPEAT,
        "say": "Repeat, filled in by the system",
        "now": kept.capitalize(),
        "then": then.capitalize(),
        "changed": bool(before) and kept != then,
    }


def _flag_rows(
    hearing: Hearing, then: dict[str, str], before: Assessment | None
) -> Iterator[dict[str, Any]]:
    for flag in hearing.heard.questions.flags:
        now, old = hearing.heard.answers.get(flag.code, ""), then.get(flag.code, "")
        if not now and not old:
            continue
        said = "Ticked" if now else "Not ticked"
        if flag.code in hearing.errors:
            said = "Ticked in error"
        yield {
            "number": "",
            "say": flag.words,
            "now": said,
            "then": ("Ticked" if old else "Not ticked") if before else "",
            "changed": bool(before) and now != old,
        }


def _links(hearing: Hearing, actor: Actor, level: RiskLevel) -> Iterator[dict[str, str]]:
    """What this reader may decide beside the rule."""
    assessment = hearing.assessment
    case = assessment.case
    args = [case.reference, assessment.pk]
    may_raise = rules.raise_level(
        actor, stage=case.stage, trained=True, level=level, to=RiskLevel.HIGH, reason="x" * 20
    )
    if may_raise:
        yield {"text": "Set it higher", "href": reverse("risk:higher", args=args)}
    down = rules.judge_down(actor, stage=case.stage, lead_id=case.lead_id, trained=True)
    weighed = hearing.weighed()
    if down and rules.rank(level) > rules.rank(weighed.least):
        yield {"text": "Set it lower", "href": reverse("risk:lower", args=args)}
    if down and weighed.flags:
        text = "A red flag was ticked in error"
        yield {"text": text, "href": reverse("risk:flag", args=args)}


def judging(hearing: Hearing, now: datetime) -> dict[str, Any]:
    """What stands above a form that judges, and above the frozen answers."""
    assessment = hearing.assessment
    weighed = hearing.weighed()
    stood = rules.stands(weighed, hearing.judged)
    by = hearing.judgements[-1].by.full_name if hearing.judgements else ""
    return {
        "case": assessment.case,
        "who": risk_words.called(assessment.about),
        "line": safe_line(hearing),
        "level": stood.level.value.lower(),
        "why": risk_words.why(weighed, stood, hearing.bands, hearing.heard.questions, who=by),
        "flag_words": risk_words.red_flags(len(weighed.flags)),
        "flagged": bool(weighed.flags),
        "not_below": risk_words.not_below(weighed),
    }
