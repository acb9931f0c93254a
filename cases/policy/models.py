"""The policy's versions, the organisation's settings over time, and the bank holidays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models

from cases.lifecycle import append_only


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Which version counted when."""

    def in_force_on(self, day: date) -> PolicyVersion | None:
        """The newest version in effect on that day; before the first one, the first."""
        newest = self.filter(effective_on__lte=day).order_by("-effective_on").first()
        return newest or self.order_by("effective_on").first()


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

    objects: ClassVar[PolicyVersionQuerySet] = PolicyVersionQuerySet.as_manager()  # type: ignore[assignment]

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


class SettingQuerySet(models.QuerySet["Setting"]):
    """Which values counted when."""

    def values_at(self, at: datetime) -> dict[str, Any]:
        """Every setting that had been changed by that moment, with its value (one query)."""
        begun = self.filter(begins_at__lte=at).order_by("key", "-begins_at").distinct("key")
        return dict(begun.values_list("key", "value"))


class Setting(models.Model):
    """A value of one setting from one moment on; the newest that has begun counts."""

    key = models.TextField()
    value = models.JSONField()
    begins_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    reason = models.TextField()

    objects: ClassVar[SettingQuerySet] = SettingQuerySet.as_manager()  # type: ignore[assignment]

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


class CheckedWords(models.Model):
    """Words about the world outside, said to people: from where, and when last checked there.

    The newest row of a key counts; what was said before stays.
    """

    key = models.TextField()
    words = models.TextField(help_text="{name} stands for who is on the line.")
    source = models.TextField()
    checked_on = models.DateField()
    set_by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["key", "-at"]
        triggers = append_only("policy_checkedwords")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(words="") & ~models.Q(source=""),
                name="policy_checkedwords_said",
                violation_error_message="Give the words and where they were checked.",
            ),
        ]
        indexes = [models.Index(fields=["key", "-at"], name="policy_checkedwords_newest")]

    def __str__(self) -> str:
        return f"{self.key}, checked {self.checked_on}"


class BankHoliday(models.Model):
    """A bank holiday in England: working-day clocks skip it (domain 4.3)."""

    day = models.DateField(unique=True)
    name = models.TextField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"
