"""Unusual reading that was found, and what was made of it.  Rows are only ever added.

Like the ledger they hold ids, codes and references and never what was read; no foreign key leads
out of them, because the ledger lies below everything it speaks of.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.access import Actor, Grant
from cases.audit.unusual import Found, Pattern
from cases.lifecycle import append_only

PATTERNS = [(pattern.value, pattern.label) for pattern in Pattern]


class FindingQuerySet(models.QuerySet["Finding"]):
    """The ways of saying which findings."""

    def visible_to(self, actor: Actor) -> FindingQuerySet:
        """Those the actor may read: never one about their own reading, whatever their role."""
        if not actor.may(Grant.SEE_LEDGER):
            return self.none()
        return self.exclude(people__contains=[actor.user_id])

    def waiting(self) -> FindingQuerySet:
        """Those nobody has looked into yet."""
        return self.exclude(Exists(FindingDecision.objects.filter(finding=OuterRef("pk"))))


class Finding(models.Model):
    """Something unusual in who read what: one for each pattern, person or case, and window."""

    pattern = models.TextField(choices=PATTERNS)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.TextField(blank=True, default="")
    case_reference = models.TextField(blank=True, default="")
    window = models.TextField(blank=True, default="", help_text="A day, a moment, or once only.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    people = ArrayField(models.BigIntegerField(), help_text="All whose reading it is.")
    detail = models.TextField(blank=True, default="")
    raised_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "unusual reading"
        verbose_name_plural = "unusual reading"
        ordering = ["-pk"]
        triggers = append_only("audit_finding")
        constraints = [
            models.UniqueConstraint(
                fields=["pattern", "actor_id", "case_reference", "window"],
                nulls_distinct=False,
                name="audit_finding_once",
            ),
            models.CheckConstraint(
                condition=Q(pattern__in=[code for code, _ in PATTERNS]),
                name="audit_finding_pattern_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("began_at")), name="audit_finding_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(people__len__gt=0), name="audit_finding_is_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="audit_finding_actor"),
            models.Index(fields=["case_reference", "-id"], name="audit_finding_case"),
        ]

    def __str__(self) -> str:
        return f"{self.get_pattern_display()}, {self.began_at:%Y-%m-%d}"

    @property
    def found(self) -> Found:
        """The finding as the rules speak of it."""
        return Found(
            Pattern(self.pattern),
            self.actor_id,
            self.actor_name,
            self.case_reference,
            window=self.window,
            began_at=self.began_at,
            ended_at=self.ended_at,
            times=self.times,
            people=tuple(self.people),
            detail=self.detail,
        )


class Verdict(models.TextChoices):
    """What came of looking into a finding."""

    EXPLAINED = "EXPLAINED", "Explained"
    NOT_EXPLAINED = "NOT_EXPLAINED", "Not explained"


class FindingDecision(models.Model):
    """A data protection officer looked into a finding; the newest decision stands."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="decisions")
    verdict = models.TextField(choices=Verdict)
    reason = models.TextField()
    by_id = models.BigIntegerField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only("audit_findingdecision")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="audit_findingdecision_verdict_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="audit_findingdecision_has_reason",
                violation_error_message="Say what you found out.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}, {self.by_name}"


class Watched(models.Model):
    """How far the watch on reading had read the ledger: the last row of each kind it took in."""

    at = models.DateTimeField()
    access_id = models.BigIntegerField()
    event_id = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "watched"
        ordering = ["-pk"]
        triggers = append_only("audit_watched")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} to {self.access_id}"
