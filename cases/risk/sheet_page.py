"""The screen on which risk is asked: everything its templates take, worked out once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases import words
from cases.access import Actor
from cases.casework.choices import RiskLevel
from cases.casework.clocks import ClockKind
from cases.casework.rules import ENOUGH_REASON
from cases.people.queries import safe_contact_facts
from cases.people.rules import safe_contact_line
from cases.policy.queries import holidays, settings_at
from cases.risk import promises, risk_words, rules
from cases.risk.hearing import Hearing
from cases.risk.levels import high_facts
from cases.risk.models import Answer
from cases.risk.questions import ANSWERS, NOT_KNOWN, NOT_KNOWN_WORDS, REPEAT, Question

SCALE = 272
"""How wide the scale is drawn, in its own units."""


@dataclass(frozen=True)
class Errors:
    """What finishing misses: the questions by code, and a sentence of its own."""

    missing: tuple[str, ...] = ()
    sentence: str = ""
    raising: str = ""


def draw(
    hearing: Hearing,
    actor: Actor,
    now: datetime,
    *,
    others: Mapping[str, Answer] | None = None,
    errors: Errors = Errors(),
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The whole screen."""
    assessment, heard = hearing.assessment, hearing.heard
    who = risk_words.called(assessment.about)
    notes = other_words(hearing, others or {}, now)
    answers = {**heard.answers, **(typed or {})}
    return {
        "case": assessment.case,
        "assessment": assessment,
        "who": who,
        "line": safe_line(hearing),
        "groups": list(_groups(hearing, answers, notes, errors.missing)),
        "flags": [
            {"code": flag.code, "words": flag.words, "ticked": bool(answers.get(flag.code))}
            for flag in heard.questions.flags
        ],
        "unscored": _unscored(hearing, answers, who.name),
        "seen": max((row.pk for row in hearing.rows.values()), default=0),
        "errors": _error_list(hearing, errors),
        "problem": errors,
        "dash": dash(hearing),
        **pieces(hearing, actor, now),
    }


def safe_line(hearing: Hearing) -> Any:
    person = hearing.assessment.about.who
    return safe_contact_line(safe_contact_facts(getattr(person, "safe_contact", None)))


def dash(hearing: Hearing) -> dict[str, str] | None:
    """The DASH assessment comes first where it is domestic abuse; it is not copied here."""
    case = hearing.assessment.case
    if not case.domestic_abuse:
        return None
    clock = case.clocks.filter(kind=ClockKind.DASH).last()
    if clock is not None and clock.met_at:
        return None
    href = reverse("workflow:case-duty", args=[case.reference, clock.pk]) if clock else ""
    return {"href": href}


def _groups(
    hearing: Hearing,
    answers: Mapping[str, str],
    notes: Mapping[str, str],
    missing: Collection[str],
) -> Any:
    heard = hearing.heard
    asked = {each.code for each in heard.questions.asked_of(witness=heard.witness)}
    for group in heard.questions.groups:
        rows = []
        for question in group.questions:
            if question.number == REPEAT and not heard.witness:
                rows.append({"repeat": True, "number": REPEAT})
            elif question.code in asked:
                rows.append(_row(question, answers, notes, question.code in missing))
        if rows:
            yield {"heading": group.heading, "rows": rows}


def _row(
    question: Question, answers: Mapping[str, str], notes: Mapping[str, str], missing: bool
) -> dict[str, Any]:
    given = answers.get(question.code, "")
    said = [*zip(ANSWERS, question.answers, strict=True), (NOT_KNOWN, NOT_KNOWN_WORDS)]
    return {
        "number": question.number,
        "code": question.code,
        "say": question.say,
        "asked": bool(given),
        "missing": missing,
        "note": notes.get(question.code, ""),
        "items": [
            {"value": value, "text": text, "checked": value == given, "last": value == NOT_KNOWN}
            for value, text in said
        ],
    }


def _unscored(hearing: Hearing, answers: Mapping[str, str], name: str) -> dict[str, Any]:
    days = settings_days(hearing)
    rows: dict[str, Any] = {"theirs": [], "own": None}
    for each in hearing.heard.questions.unscored:
        given = answers.get(each.code, "")
        row = {
            "code": each.code,
            "number": each.number,
            "say": each.say,
            "value": given,
            "hint": each.hint.format(name=name, days=days),
            "choices": [
                {"value": value, "text": text, "checked": value == given}
                for value, text in each.choices
            ],
        }
        if each.officer:
            rows["own"] = row
        else:
            rows["theirs"].append(row)
    return rows


def settings_days(hearing: Hearing) -> str:
    """In how many working days a manager looks at a worry."""
    days = settings_at(hearing.assessment.started_at)["SLA_RISK_WORRY_DAYS"]
    return "1 working day" if days == 1 else f"{days} working days"


def other_words(hearing: Hearing, others: Mapping[str, Answer], now: datetime) -> dict[str, str]:
    """What another window answered to the same question, which is kept as well."""
    questions = hearing.heard.questions
    notes = {}
    for code, row in others.items():
        if question := questions.by_code.get(code):
            at = words.say_time(row.at)
            notes[code] = f"Also answered in another window at {at}: {question.words(row.value)}."
    return notes


def _error_list(hearing: Hearing, errors: Errors) -> list[dict[str, str]]:
    by_code = hearing.heard.questions.by_code
    listed = [
        {
            "text": f"Question {by_code[code].number}: choose an answer, or not known.",
            "href": f"#id_{code}_0",
        }
        for code in errors.missing
    ]
    if errors.sentence:
        listed.append({"text": errors.sentence, "href": ""})
    if errors.raising:
        listed.append({"text": errors.raising, "href": "#id_raise_reason"})
    return listed


def pieces(hearing: Hearing, actor: Actor, now: datetime) -> dict[str, Any]:
    """What moves with each answer: the level, why, what is missing, what follows from it."""
    assessment, heard, weighed = hearing.assessment, hearing.heard, hearing.weighed()
    stood = rules.stands(weighed, hearing.judged)
    who = risk_words.called(assessment.about)
    by = hearing.judgements[-1].by.full_name if hearing.judgements else ""
    begun = bool(heard.answers or hearing.judgements)
    return {
        "level": stood.level.value.lower() if begun else "",
        "level_words": stood.level.label,
        "why": risk_words.why(weighed, stood, hearing.bands, heard.questions, who=by),
        "begun": begun,
        "provisional": risk_words.provisional_words(
            unknown=heard.unknown,
            over=hearing.bands.unknown_over,
            from_report=assessment.from_report,
            name=who.name,
        ),
        "not_asked": [{"number": n, "href": f"#ask-Q{n}"} for n in heard.not_asked],
        "flag_words": risk_words.red_flags(len(weighed.flags)) if weighed.flags else "",
        "scale": scale(weighed.score, hearing),
        "high": _high(hearing, weighed, stood.level, who.name, now),
        "repeat": {
            "words": risk_words.repeat_words(heard.repeat),
            "sentence": heard.repeat.sentence,
            "href": reverse("workflow:case-repeat", args=[assessment.case.reference])
            if heard.repeat.sentence
            else "",
        },
        "raise": _raise(actor, hearing, stood.level),
        "flagged": bool(weighed.flags),
        "not_below": risk_words.not_below(weighed),
        "review": _review(hearing, stood.level, now),
        "to_say": risk_words.to_say(stood.level),
        "saved_state": "saved" if hearing.rows else "none",
        "saved_at": words.say_time(assessment.saved_at),
    }


def scale(score: int, hearing: Hearing) -> dict[str, Any]:
    """Where the levels begin and where the score is, in the drawing's units."""
    bands = hearing.bands

    def place(value: int) -> int:
        return round(SCALE * value / bands.most)

    medium, high, at = place(bands.medium_from), place(bands.high_from), place(score)
    return {
        "medium": medium,
        "high": high,
        "medium_width": high - medium - 2,
        "high_width": SCALE - high,
        "low_width": medium - 2,
        "marker": f"{at - 6},0 {at + 6},0 {at},7" if 6 <= at <= SCALE - 6 else _edge(at),
        "medium_from": bands.medium_from,
        "high_from": bands.high_from,
        "most": bands.most,
    }


def _edge(at: int) -> str:
    start = 0 if at < SCALE / 2 else SCALE - 12
    return f"{start},0 {start + 12},0 {max(start, min(at, start + 12))},7"


def _high(
    hearing: Hearing, weighed: rules.Weighed, level: RiskLevel, name: str, now: datetime
) -> dict[str, Any] | None:
    if level != RiskLevel.HIGH:
        return None
    facts = high_facts(hearing.assessment, hearing.heard, weighed)
    kinds = [each.kind for each in promises.at_high(now, facts, settings_at(now), holidays())]
    lines = list(risk_words.at_high(kinds, name))
    return {"lines": lines, "count": len(lines)}


def _raise(actor: Actor, hearing: Hearing, level: RiskLevel) -> dict[str, Any]:
    """The higher levels somebody may choose, or why there is no choice."""
    higher = [each for each in RiskLevel if rules.rank(each) > rules.rank(level)]
    may = rules.raise_level(
        actor,
        stage=hearing.assessment.case.stage,
        trained=True,
        level=level,
        to=RiskLevel.HIGH,
        reason="x" * ENOUGH_REASON,
    )
    return {
        "levels": [{"value": each.value, "text": each.label} for each in higher] if may else [],
        "above": level.label,
    }


def _review(hearing: Hearing, level: str, now: datetime) -> str:
    provisional = hearing.weighed().provisional or hearing.assessment.from_report
    due = promises.review_due(
        now, level, provisional=provisional, settings=settings_at(now), holidays=holidays()
    )
    return words.say_day(due, now)
