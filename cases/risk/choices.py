"""The lists risk is described with; codes are stable."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices


class Judged(StrEnum):
    """What a judgement of the level does."""

    RAISED = "RAISED"
    LOWERED = "LOWERED"


class AssessmentState(TextChoices):
    """An assessment is asked, then finished; it is never changed and never thrown away."""

    DRAFT = "DRAFT", "Being asked"
    FINISHED = "FINISHED", "Finished"


ASSESSMENT_STATES: dict[str, frozenset[str]] = {
    AssessmentState.DRAFT: frozenset({AssessmentState.FINISHED}),
    AssessmentState.FINISHED: frozenset(),
}


class JudgementKind(TextChoices):
    """What somebody decided beside the rule."""

    RAISED = Judged.RAISED.value, "Set higher"
    LOWERED = Judged.LOWERED.value, "Set lower"
    FLAG_IN_ERROR = "FLAG_IN_ERROR", "Red flag ticked in error"


class Because(TextChoices):
    """Why a level came to stand."""

    FINISHED = "FINISHED", "The assessment was finished"
    RAISED = "RAISED", "Somebody set it higher"
    LOWERED = "LOWERED", "A manager set it lower"
    FLAG_IN_ERROR = "FLAG_IN_ERROR", "A red flag had been ticked in error"
    REPEAT = "REPEAT", "What we know of earlier incidents changed"


class Trigger(TextChoices):
    """What makes us ask about risk again before its time (domain 3.4)."""

    INCIDENT = "INCIDENT", "A new incident"
    RESPONDENT_TOLD = "RESPONDENT_TOLD", "The respondent was told, served or interviewed"
    COURT = "COURT", "A change of bail, a court or an order"
    MOVE = "MOVE", "The victim or the respondent moved"
    UNSAFE_CONTACT = "UNSAFE_CONTACT", "A contact was made in a way that is not safe"
    HEALTH = "HEALTH", "A change of health"
    DISCLOSURE = "DISCLOSURE", "Something was shared without permission"
    PLAN = "PLAN", "The plan changed"
    CLOSING = "CLOSING", "The case is about to be closed"
    REOPENED = "REOPENED", "The case was reopened"
    IDENTIFIED = "IDENTIFIED", "The victim was identified or reached"


class Told(TextChoices):
    """Who is told that somebody is at High."""

    LEAD = "LEAD", "Lead officer"
    MANAGER = "MANAGER", "Line manager"
    DIRECTOR = "DIRECTOR", "Director of Customer Operations"
    SAFEGUARDING = "SAFEGUARDING", "Safeguarding lead"
    DA_LEAD = "DA_LEAD", "Domestic Abuse lead"
