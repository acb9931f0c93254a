"""The policy's versions, the organisation's settings over time, and the bank holidays."""

from __future__ import annotations

from datetime import date

from django.db import models

from cases.lifecycle import append_only


class PolicyVersion(models.Model):
    """One approved version of the Hate Crime Policy (HC-01)."""

    version = models.TextField(unique=True)
    approved_on = models.DateField()
    effective_on = models.DateField()
    review_on = models.DateField()
    frequency = models.TextField()
    owner = models.TextField()
    sponsor = models.TextField()
    author = models.TextField()
    approver = models.TextField()

    class Meta:
        ordering = ["-effective_on"]
        triggers = append_only("policy_policyversion")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effective_on__gte=models.F("approved_on")),
                name="policy_policyversion_effective_after_approval",
                violation_error_message="A version takes effect on or after its approval.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    def review_overdue_days(self, today: date) -> int:
        """Days since the review date passed, or 0 (HC-01)."""
        return max(0, (today - self.review_on).days)


class Setting(models.Model):
    """A value of one setting from one moment on; the newest that has begun counts."""

    key = models.TextField()
    value = models.JSONField()
    begins_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    reason = models.TextField()

    class Meta:
        ordering = ["key", "-begins_at"]
        triggers = append_only("policy_setting")
        constraints = [
            models.UniqueConstraint(fields=["key", "begins_at"], name="policy_setting_once"),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="policy_setting_reason",
                violation_error_message="Say why the setting changes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.begins_at:%Y-%m-%d}"


class BankHoliday(models.Model):
    """A bank holiday in England: working-day clocks skip it (domain 4.3)."""

    day = models.DateField(unique=True)
    name = models.TextField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"
