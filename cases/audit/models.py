"""The ledger: who did what, and who saw what.  Rows are only ever added.

Shaped for sealing later (bar section 3): no foreign keys, no personal data (narrative is
recorded as "changed", never quoted), actor and request on every row.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from cases.audit.finding_models import Finding, FindingDecision, Watched
from cases.audit.verbs import Verb
from cases.lifecycle import append_only

__all__ = ["Access", "Event", "Finding", "FindingDecision", "Outcome", "Watched"]


class Event(models.Model):
    """One thing an operation did, written in the operation's own transaction."""

    at = models.DateTimeField(help_text="The business moment the operation was given.")
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    verb = models.TextField(choices=Verb)
    case_reference = models.TextField(blank=True, default="")
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    request_id = models.TextField(blank=True, default="")

    class Meta:
        triggers = append_only("audit_event")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(actor_name=""), name="audit_event_names_its_actor"
            ),
        ]
        indexes = [
            models.Index(fields=["case_reference", "-id"], name="audit_event_case"),
            models.Index(fields=["actor_id", "-id"], name="audit_event_actor"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_event_subject"),
            # Rows come in the order of time, so a small index finds the pages of a day.
            BrinIndex(fields=["at"], name="audit_event_at", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_verb_display()}"


class Outcome(models.TextChoices):
    """How an attempt to see something ended."""

    SHOWN = "SHOWN", "Shown"
    DENIED = "DENIED", "Refused"
    NOT_FOUND = "NOT_FOUND", "Not found or not theirs"


class Access(models.Model):
    """One page, file, search or export: written and committed before it is shown."""

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    what = models.TextField(help_text="The name of the route.")
    method = models.TextField(default="GET")
    case_reference = models.TextField(blank=True, default="")
    subject_kind = models.TextField(blank=True, default="")
    subject_ids = models.JSONField(default=list)
    count = models.IntegerField(null=True)
    purpose = models.TextField(blank=True, default="")
    outcome = models.TextField(choices=Outcome, default=Outcome.SHOWN)
    request_id = models.TextField(blank=True, default="")

    class Meta:
        triggers = append_only("audit_access")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(actor_name=""), name="audit_access_names_its_actor"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="audit_access_outcome_known"
            ),
        ]
        indexes = [
            models.Index(fields=["case_reference", "-id"], name="audit_access_case"),
            models.Index(fields=["actor_id", "-id"], name="audit_access_actor"),
            BrinIndex(fields=["at"], name="audit_access_at", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.what}"
