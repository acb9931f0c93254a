"""Reports as they are taken: the call sheet, the report it becomes, the routes it takes."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases import references
from cases.access import Actor, Grant
from cases.audit.history import keep_history
from cases.casework.models import Case, Incident, IncidentPair
from cases.intake.choices import (
    REPORT_STATES,
    ROUTE_STATES,
    SHEET_STATES,
    Channel,
    Door,
    ReporterCapacity,
    ReportState,
    Route,
    RouteState,
    SheetState,
)
from cases.lifecycle import append_only, fixed, guarded, never_later, no_delete, once
from cases.people.models import Person
from cases.rows import PeersManager
from cases.staff.models import Team, User


class CallSheetQuerySet(models.QuerySet["CallSheet"]):
    """The business's ways of saying which sheets."""

    def visible_to(self, actor: Actor) -> CallSheetQuerySet:
        """A call sheet belongs to whoever took the call, and to nobody else until it is sent."""
        if not actor.may(Grant.TAKE_REPORT):
            return self.none()
        return self.filter(taken_by_id=actor.id)

    def unfinished(self) -> CallSheetQuerySet:
        return self.exclude(state=SheetState.SENT)


class CallSheet(models.Model):
    """One conversation, kept as it is said.  Answers and notepad lines are its own rows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    door = models.TextField(choices=Door)
    channel = models.TextField(choices=Channel, default=Channel.PHONE_INBOUND)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField()
    state = models.TextField(choices=SheetState, default=SheetState.OPEN)
    saved_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager.from_queryset(CallSheetQuerySet)()

    class Meta:
        ordering = ["-started_at"]
        triggers = [
            *no_delete("intake_callsheet"),
            guarded("state", SHEET_STATES, name="intake_callsheet_state"),
            fixed("key", "taken_by", "started_at", name="intake_callsheet_whose"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(door__in=Door.values), name="intake_callsheet_door"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="intake_callsheet_channel"
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=models.F("started_at")),
                name="intake_callsheet_received_first",
                violation_error_message="The report cannot have been received in the future.",
            ),
        ]
        indexes = [models.Index(fields=["taken_by", "state"], name="intake_callsheet_mine")]

    def __str__(self) -> str:
        return f"Call sheet {self.pk}"


class SheetAnswer(models.Model):
    """One answer as given.  Only ever added: the newest counts, the others are kept."""

    sheet = models.ForeignKey(CallSheet, models.PROTECT, related_name="answers")
    question = models.TextField()
    value = models.JSONField()
    window = models.TextField(blank=True, default="", help_text="Which browser window sent it.")
    at = models.DateTimeField()

    objects = PeersManager["SheetAnswer"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("intake_sheetanswer")
        indexes = [models.Index(fields=["sheet", "question", "-id"], name="intake_sheetanswer_now")]

    def __str__(self) -> str:
        return self.question


class NotepadLine(models.Model):
    """One line of the notepad with its time.  Struck through, never removed."""

    sheet = models.ForeignKey(CallSheet, models.PROTECT, related_name="lines")
    key = models.UUIDField(default=uuid.uuid4, help_text="One press, one line.")
    text = models.TextField()
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    objects = PeersManager["NotepadLine"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = [
            *no_delete("intake_notepadline"),
            fixed("sheet", "key", "text", "at", name="intake_notepadline_as_said"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "key"], name="intake_notepadline_once"),
        ]

    def __str__(self) -> str:
        return f"Line of {self.sheet_id}"


class ReportQuerySet(models.QuerySet["Report"]):
    """The business's ways of saying which reports."""

    def visible_to(self, actor: Actor) -> ReportQuerySet:
        """Reports behind a case follow the case; others are seen by who took them, the
        team's manager and the owner of a route (domain 7.1, 11).
        """
        behind = Exists(Case.objects.visible_to(actor).filter(pk=OuterRef("case_id")))
        owned = Exists(RouteRecord.objects.filter(report=OuterRef("pk"), owner_id=actor.id))
        mine = Q(taken_by_id=actor.id) if actor.may(Grant.TAKE_REPORT) else Q(pk__isnull=True)
        caseless = mine | Q(owned)
        if actor.may(Grant.SEE_TEAM_CASES):
            caseless |= Q(team_id=actor.team_id)
        return self.filter(Q(behind) | (Q(case__isnull=True) & caseless))


class Report(models.Model):
    """What somebody told us, sent to triage once."""

    reference = models.TextField(unique=True)
    sheet = models.OneToOneField(
        CallSheet, models.PROTECT, null=True, blank=True, related_name="report"
    )
    door = models.TextField(choices=Door)
    channel = models.TextField(choices=Channel)
    capacity = models.TextField(choices=ReporterCapacity)
    received_at = models.DateTimeField()
    received_at_original = models.DateTimeField()
    submitted_at = models.DateTimeField()
    triage_due_at = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True, blank=True)
    state = models.TextField(choices=ReportState, default=ReportState.WAITING)
    reporter = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="reports_given"
    )
    reporter_agency = models.TextField(blank=True, default="")
    victim = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="reports_about"
    )
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="reports")
    facts = models.JSONField(default=dict, help_text="The triage answers as codes, q1 to q12.")
    history = keep_history()

    objects = PeersManager.from_queryset(ReportQuerySet)()

    class Meta:
        ordering = ["-received_at", "-id"]
        triggers = [
            *no_delete("intake_report"),
            guarded("state", REPORT_STATES, name="intake_report_state"),
            fixed(
                "reference",
                "sheet",
                "received_at_original",
                "submitted_at",
                "taken_by",
                name="intake_report_first_facts",
            ),
            once("triaged_at", name="intake_report_triaged_once"),
            # A corrected moment of receipt can only bring triage forward (domain 4.3).
            never_later("triage_due_at", name="intake_report_triage_as_promised"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reference__regex=rf"^{references.REPORT.pattern}$"),
                name="intake_report_reference_form",
            ),
            models.CheckConstraint(condition=Q(door__in=Door.values), name="intake_report_door"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="intake_report_channel"
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=ReporterCapacity.values), name="intake_report_capacity"
            ),
            models.CheckConstraint(
                condition=~Q(capacity=ReporterCapacity.ANONYMOUS) | Q(reporter__isnull=True),
                name="intake_report_anonymous_has_no_name",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReportState.TRIAGED) & Q(triaged_at__isnull=False))
                | (Q(state=ReportState.WAITING) & Q(triaged_at__isnull=True)),
                name="intake_report_triaged_together",
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=models.F("submitted_at")),
                name="intake_report_received_first",
                violation_error_message="The report cannot have been received in the future.",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "triage_due_at"], name="intake_report_waiting"),
            models.Index(fields=["-received_at"], name="intake_report_received"),
        ]

    def __str__(self) -> str:
        return self.reference


class ReceivedCorrection(models.Model):
    """A manager's correction of when a report was received; the original stays (HC-16)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="corrections")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("intake_receivedcorrection")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="intake_receivedcorrection_reason",
                violation_error_message="Say why the time is corrected.",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction of {self.report_id}"


class ReportIncident(models.Model):
    """Which incidents a report tells of; two reports of one incident both point to it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="incident_links")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="report_links")
    by_pair = models.ForeignKey(
        IncidentPair,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The decision that linked it; it goes if that decision is taken back.",
    )
    history = keep_history()

    objects = PeersManager["ReportIncident"]()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="intake_reportincident_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__by_pair__isnull=True),
            ),
            no_delete("intake_reportincident")[1],
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "incident"], name="intake_reportincident_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: incident {self.incident_id}"


class Linking(models.Model):
    """What finding two accounts to be of one incident changed, so that it can be undone exactly.

    ``before`` and ``after`` hold, by table and id, what the rows it touched said.
    """

    pair = models.ForeignKey(IncidentPair, models.PROTECT, related_name="linkings")
    at = models.DateTimeField()
    before = models.JSONField()
    after = models.JSONField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    history = keep_history()

    objects = PeersManager["Linking"]()

    class Meta:
        triggers = [
            *no_delete("intake_linking"),
            fixed("pair", "at", "before", "after", name="intake_linking_as_done"),
            once("undone_at", name="intake_linking_undone_once"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(undone_at__isnull=True),
                name="intake_linking_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Linking of {self.pair_id}"


class RouteRecord(models.Model):
    """One route a report takes: why, who receives it, and whether they took it on."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="routes")
    route = models.TextField(choices=Route)
    is_primary = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.TextField(choices=RouteState, default=RouteState.OFFERED)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_reason = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager["RouteRecord"]()

    class Meta:
        ordering = ["-is_primary", "id"]
        triggers = [
            *no_delete("intake_routerecord"),
            guarded("state", ROUTE_STATES, name="intake_routerecord_state"),
            fixed("report", "route", "opened_at", name="intake_routerecord_whose"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "route"], name="intake_routerecord_once"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(is_primary=True),
                name="intake_routerecord_one_primary",
            ),
            models.CheckConstraint(
                condition=Q(route__in=Route.values), name="intake_routerecord_route_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RouteState.DECLINED) | ~Q(answer_reason=""),
                name="intake_routerecord_declined_with_reason",
                violation_error_message="Say why it is declined.",
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"], name="intake_routerecord_owner")]

    def __str__(self) -> str:
        return f"{self.get_route_display()} for {self.report_id}"
