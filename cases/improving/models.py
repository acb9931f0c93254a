"""What is to be done better, who recommended it, and what may bring a review of the policy.

Nothing here is of a case: forms ask for no name, and the report shows kinds and days alone
(domain 5.4: no free text).  Source: HC-46, HC-47, HC-50; policy lines 186 and 206 to 213.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from cases.access import Actor, Grant
from cases.audit.history import keep_history
from cases.improving.choices import STATES, Because, Decision, Source, State, Trigger
from cases.lifecycle import fixed, guarded, no_delete, once
from cases.policy.models import PolicyVersion
from cases.rows import PeersManager
from cases.staff.models import User

MEASURE = r"^(|M\d{2})$"


class OwnedQuerySet(models.QuerySet[Any, Any]):
    """What somebody has to do: whose, and how it stands."""

    def visible_to(self, actor: Actor) -> OwnedQuerySet:
        """Everything for those who look over it; what is theirs for everybody else."""
        return self if actor.may(Grant.SEE_IMPROVEMENTS) else self.filter(owner_id=actor.id)

    def open(self) -> OwnedQuerySet:
        """What is still to be done."""
        return self.filter(state=State.OPEN)


def _ended_whole(name: str) -> models.CheckConstraint:
    """Open and nothing said of an end; or ended by somebody, with what was done."""
    still = Q(state=State.OPEN, ended_at__isnull=True, ended_by__isnull=True, evidence="")
    ended = Q(state__in=[State.DONE, State.NOT_NEEDED], ended_at__isnull=False)
    return models.CheckConstraint(
        condition=still | (ended & Q(ended_by__isnull=False) & ~Q(evidence="")),
        name=name,
        violation_error_message="Say what was done, or why it is not needed.",
    )


class Recommendation(models.Model):
    """What somebody outside recommended, in our own words, and what we made of it (HC-47)."""

    source = models.TextField(choices=Source)
    title = models.TextField(help_text="What it was published as, or its number.")
    said_in = models.DateField(help_text="The month it was published, by its first day.")
    words = models.TextField(help_text="What is recommended, in our own words.")
    owner = models.ForeignKey(User, models.PROTECT, related_name="recommendations")
    due_on = models.DateField()
    state = models.TextField(choices=State, default=State.OPEN)
    evidence = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager.from_queryset(OwnedQuerySet)()

    class Meta:
        ordering = ["due_on", "id"]
        triggers = [
            *no_delete("improving_recommendation"),
            guarded("state", STATES, name="improving_recommendation_state"),
            fixed("added_by", "added_at", name="improving_recommendation_added"),
            once("ended_at", name="improving_recommendation_ended_once"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="improving_recommendation_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="improving_recommendation_source"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="improving_recommendation_states"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words=""),
                name="improving_recommendation_said",
                violation_error_message="Say what is recommended, and where that was published.",
            ),
            models.CheckConstraint(
                condition=Q(said_in__day=1), name="improving_recommendation_month"
            ),
            models.UniqueConstraint(
                fields=["source", "title", "words"],
                name="improving_recommendation_once",
                violation_error_message="This recommendation is in the register already.",
            ),
            _ended_whole("improving_recommendation_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}, {self.said_in:%B %Y}"


class ReviewReason(models.Model):
    """Something that may bring a review of the policy forward, and what was decided (HC-50).

    ``found_by`` is nobody where the application noticed it: the day of the review came, or a
    measure missed its aim in three months running, of which ``month`` is the last.
    """

    kind = models.TextField(choices=Trigger)
    words = models.TextField()
    noticed_on = models.DateField()
    measure = models.TextField(blank=True, default="")
    month = models.DateField(null=True, blank=True)
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    found_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField()
    decision = models.TextField(choices=Decision, blank=True, default="")
    decision_why = models.TextField(blank=True, default="")
    review_by = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["ReviewReason"]()

    class Meta:
        ordering = ["-found_at", "-id"]
        triggers = [
            *no_delete("improving_reviewreason"),
            fixed(
                *("kind", "words", "noticed_on", "measure", "month", "policy"),
                *("found_by", "found_at"),
                name="improving_reviewreason_found",
            ),
            once("decided_at", name="improving_reviewreason_decided_once"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Trigger.values), name="improving_reviewreason_kind"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", *Decision.values]),
                name="improving_reviewreason_decisions",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="improving_reviewreason_said",
                violation_error_message="Say what changed, or what was found.",
            ),
            models.CheckConstraint(
                condition=Q(measure__regex=MEASURE), name="improving_reviewreason_measure"
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__day=1, kind=Trigger.NOT_EFFECTIVE),
                name="improving_reviewreason_month",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decision_why="", review_by__isnull=True)
                & Q(decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(decision="")
                & ~Q(decision_why="")
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="improving_reviewreason_decided",
                violation_error_message="Say what is decided, and why.",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.FORWARD, review_by__isnull=False)
                | ~Q(decision=Decision.FORWARD) & Q(review_by__isnull=True),
                name="improving_reviewreason_review_by",
                violation_error_message="Say by which day the policy is reviewed.",
            ),
            models.UniqueConstraint(
                fields=["measure", "month"],
                condition=Q(month__isnull=False),
                name="improving_reviewreason_missed_once",
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(kind=Trigger.REVIEW_DATE),
                name="improving_reviewreason_date_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Improvement(models.Model):
    """One thing to be done better, why, by whom and by when (HC-46, HC-50)."""

    what = models.TextField()
    because = models.TextField(choices=Because)
    finding = models.TextField(help_text="What was found, in a few words.")
    measure = models.TextField(blank=True, default="", help_text="The measure that showed it.")
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="improvements"
    )
    review = models.ForeignKey(
        ReviewReason, models.PROTECT, null=True, blank=True, related_name="improvements"
    )
    owner = models.ForeignKey(User, models.PROTECT, related_name="improvements")
    due_on = models.DateField()
    state = models.TextField(choices=State, default=State.OPEN)
    evidence = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager.from_queryset(OwnedQuerySet)()

    class Meta:
        ordering = ["due_on", "id"]
        triggers = [
            *no_delete("improving_improvement"),
            guarded("state", STATES, name="improving_improvement_state"),
            fixed("added_by", "added_at", name="improving_improvement_added"),
            once("ended_at", name="improving_improvement_ended_once"),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="improving_improvement_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(because__in=Because.values), name="improving_improvement_because"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="improving_improvement_states"
            ),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(finding=""),
                name="improving_improvement_said",
                violation_error_message="Say what is to be done, and what was found.",
            ),
            models.CheckConstraint(
                condition=Q(measure__regex=MEASURE), name="improving_improvement_measure"
            ),
            models.CheckConstraint(
                condition=Q(recommendation__isnull=True) | Q(because=Because.RECOMMENDATION),
                name="improving_improvement_recommended",
            ),
            models.CheckConstraint(
                condition=Q(review__isnull=True) | Q(because=Because.REVIEW),
                name="improving_improvement_reviewed",
            ),
            _ended_whole("improving_improvement_ended"),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"
