"""Figures from outside, and reports as they were made: rows that are only ever added to.

A report that was made is frozen: what it says, how it was counted and as at when.  A later one
of the same month stands beside it and says what it restates (domain 5.2).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cases.audit.history import keep_history
from cases.lifecycle import append_only, fixed, guarded, no_delete
from cases.people.choices import StockClass
from cases.people.models import Entity
from cases.reporting.choices import (
    RUN_STATES,
    Characteristic,
    FileKind,
    Profile,
    RunState,
)
from cases.reporting.id_lists import IdList
from cases.rows import PeersManager
from cases.staff.models import User


class HomesCount(models.Model):
    """How many homes of a class a company owned in an area on a day; the newest row counts."""

    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.TextField(blank=True, default="")
    stock_class = models.TextField(choices=StockClass)
    homes = models.PositiveIntegerField()
    counted_on = models.DateField(help_text="The day they were counted: 31 March for the year end.")
    source = models.TextField(help_text="Where the number is from.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["HomesCount"]()

    class Meta:
        ordering = ["counted_on", "id"]
        triggers = append_only("reporting_homescount")
        indexes = [models.Index(fields=["counted_on"], name="reporting_homes_on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stock_class__in=StockClass.values), name="reporting_homescount_class"
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="reporting_homescount_source",
                violation_error_message="Say where the number is from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.homes} homes on {self.counted_on}"


class AsbTotal(models.Model):
    """Antisocial behaviour cases opened in a month, from the ASB team; the newest row counts."""

    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    month = models.DateField(help_text="The first day of the month.")
    opened = models.PositiveIntegerField()
    with_hate = models.BooleanField(
        help_text="The hate crime cases kept here are in the number already."
    )
    source = models.TextField(help_text="Where the number is from.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["AsbTotal"]()

    class Meta:
        ordering = ["month", "id"]
        triggers = append_only("reporting_asbtotal")
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="reporting_asbtotal_month",
                violation_error_message="Give the month by its first day.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="reporting_asbtotal_source",
                violation_error_message="Say where the number is from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened} opened in {self.month:%B %Y}"


class ResidentCount(models.Model):
    """How many residents are in a group on a day; the newest row of a group counts."""

    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    characteristic = models.TextField(choices=Characteristic)
    group = models.TextField()
    residents = models.PositiveIntegerField()
    counted_on = models.DateField()
    source = models.TextField(help_text="Where the number is from.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["ResidentCount"]()

    class Meta:
        ordering = ["counted_on", "id"]
        triggers = append_only("reporting_residentcount")
        constraints = [
            models.CheckConstraint(
                condition=Q(characteristic__in=Characteristic.values),
                name="reporting_residentcount_characteristic",
            ),
            models.CheckConstraint(
                condition=~Q(group="") & ~Q(source=""),
                name="reporting_residentcount_whole",
                violation_error_message="Say which group, and where the number is from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.residents} {self.group} on {self.counted_on}"


class Run(models.Model):
    """One making of a report, by somebody or by the clockwork, and how far it is."""

    first = models.DateField()
    last = models.DateField()
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.TextField(choices=RunState, default=RunState.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="Of a hundred.")
    step = models.TextField(blank=True, default="", help_text="What is being done now, in words.")
    tries = models.PositiveSmallIntegerField(default=0)
    why_failed = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history(passing=["done", "step"])

    objects = PeersManager["Run"]()

    class Meta:
        ordering = ["-asked_at", "-id"]
        triggers = [
            *no_delete("reporting_run"),
            guarded("state", RUN_STATES, name="reporting_run_state"),
            fixed("first", "last", "entity", "asked_by", "asked_at", name="reporting_run_asked"),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="reporting_run_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="reporting_run_days",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="reporting_run_state_known"
            ),
            models.CheckConstraint(condition=Q(done__lte=100), name="reporting_run_done"),
            models.UniqueConstraint(
                fields=["first", "last", "entity"],
                nulls_distinct=False,
                condition=Q(state__in=["WAITING", "MAKING"]),
                name="reporting_run_once",
                violation_error_message="This report is being made already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.first} to {self.last}"


class Snapshot(models.Model):
    """The figures of a run, frozen: counted at one moment, by one version of the queries."""

    run = models.OneToOneField(Run, models.PROTECT, related_name="snapshot")
    as_at = models.DateTimeField()
    queries = models.TextField(help_text="The version of the measures: what counted how.")
    policy = models.TextField(help_text="The version of the policy, and how its review stands.")
    figures = models.JSONField(help_text="Every measure's lines, by its code.")
    restated = models.JSONField(
        blank=True, default=list, help_text="What differs from the one before."
    )
    stamp = models.TextField(help_text="Where the ledger ended.")
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="after")

    objects = PeersManager["Snapshot"]()

    class Meta:
        ordering = ["-as_at", "-id"]
        triggers = append_only("reporting_snapshot")

    def __str__(self) -> str:
        return f"Figures of {self.run_id}"


class SnapshotItems(models.Model):
    """Which rows a line of a snapshot counted in its month, to say later what was restated."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="items")
    measure = models.TextField()
    line = models.TextField(blank=True, default="")
    ids = IdList(models.BigIntegerField())
    counting = IdList(models.BigIntegerField(), blank=True, default=list)

    objects = PeersManager["SnapshotItems"]()

    class Meta:
        verbose_name_plural = "snapshot items"
        triggers = append_only("reporting_snapshotitems")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "measure", "line"], name="reporting_snapshotitems_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.snapshot_id}"


class ReportFile(models.Model):
    """A report as it is downloaded: its bytes, for ever the same."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    profile = models.TextField(choices=Profile)
    kind = models.TextField(choices=FileKind)
    content = models.BinaryField()
    sha256 = models.TextField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = PeersManager["ReportFile"]()

    class Meta:
        ordering = ["profile", "kind"]
        triggers = append_only("reporting_reportfile")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "profile", "kind"], name="reporting_reportfile_once"
            ),
            models.CheckConstraint(
                condition=Q(profile__in=Profile.values, kind__in=FileKind.values),
                name="reporting_reportfile_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.kind} of {self.snapshot_id}"
