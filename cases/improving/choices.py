"""Lists of what is improved, and why the policy may be reviewed (HC-46, HC-47, HC-50)."""

from __future__ import annotations

from django.db.models import TextChoices

from cases.lifecycle import Transitions


class Because(TextChoices):
    """Why something is to be done better."""

    GAP = "GAP", "A gap between groups"
    PROMISE = "PROMISE", "A promise we missed"
    RECOMMENDATION = "RECOMMENDATION", "A recommendation"
    AUDIT = "AUDIT", "An audit or a one-to-one"
    COMPLAINT = "COMPLAINT", "A complaint"
    REVIEW = "REVIEW", "A review of the policy"
    OTHER = "OTHER", "Something else"


class State(TextChoices):
    """How an action or a recommendation stands."""

    OPEN = "OPEN", "To be done"
    DONE = "DONE", "Done"
    NOT_NEEDED = "NOT_NEEDED", "Not needed"


STATES: Transitions = {
    "OPEN": frozenset({"DONE", "NOT_NEEDED"}),
    "DONE": frozenset(),
    "NOT_NEEDED": frozenset(),
}
ENDED = [(State.DONE.value, "It is done"), (State.NOT_NEEDED.value, "It is not needed")]


class Source(TextChoices):
    """Who recommended something (HC-47)."""

    OMBUDSMAN = "OMBUDSMAN", "Housing Ombudsman"
    REGULATOR = "REGULATOR", "Regulator of Social Housing"
    CORONER = "CORONER", "Coroner"
    OTHER = "OTHER", "Somebody else"


class Trigger(TextChoices):
    """What may bring a review of the policy forward (policy lines 208 to 213)."""

    REVIEW_DATE = "REVIEW_DATE", "The day of its review has come"
    LEGISLATION = "LEGISLATION", "The law changed"
    REGULATION = "REGULATION", "Regulation changed"
    NOT_EFFECTIVE = "NOT_EFFECTIVE", "Information that the policy is not effective"
    ENHANCEMENT = "ENHANCEMENT", "A service is made better"
    OTHER_CHANGE = "OTHER_CHANGE", "Another change, inside Amplius or outside"


BY_A_PERSON = [one for one in Trigger.choices if one[0] != Trigger.REVIEW_DATE]
"""Triggers that somebody records; the day of the review is the policy's own."""


class Decision(TextChoices):
    """What was decided about a trigger."""

    FORWARD = "FORWARD", "Review the policy"
    NOT_NOW = "NOT_NOW", "Do not review it because of this"
