"""Who was alerted of what: kept before the email leaves, so that nobody is told twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.disclosures.choices import AlertKind
from cases.disclosures.request_models import Emergency, Request
from cases.lifecycle import append_only
from cases.rows import PeersManager
from cases.staff.models import User


class Alert(models.Model):
    """Somebody must look at a request or a 999 call: a line on their desk, and one email."""

    kind = models.TextField(choices=AlertKind)
    request = models.ForeignKey(
        Request, models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    emergency = models.ForeignKey(
        Emergency, models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Alert"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("disclosures_alert")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AlertKind.values), name="disclosures_alert_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=False, emergency__isnull=True)
                | Q(request__isnull=True, emergency__isnull=False),
                name="disclosures_alert_of_one",
            ),
            models.UniqueConstraint(
                fields=["kind", "request", "emergency", "user"],
                nulls_distinct=False,
                name="disclosures_alert_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
