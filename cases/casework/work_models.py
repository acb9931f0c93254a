"""The people on a case, the clocks it runs, and what was done and noted."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from cases.audit.history import keep_history
from cases.casework.case_models import Case
from cases.casework.choices import (
    CLOCK_STATES,
    ClockState,
    ContactKind,
    NoteKind,
    Part,
    Relationship,
    VictimRole,
)
from cases.casework.clocks import ClockKind
from cases.casework.record_choices import Known, PauseGround
from cases.casework.searching import words_vector
from cases.lifecycle import append_only, fixed, guarded, no_delete, once
from cases.people.choices import Channel
from cases.people.models import Person
from cases.rows import PeersManager
from cases.staff.models import User


class Involvement(models.Model):
    """Somebody's part in a case.  A respondent may be described and not yet identified."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="involvements")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="parts")
    part = models.TextField(choices=Part)
    described_as = models.TextField(blank=True, default="")
    victim_role = models.TextField(choices=VictimRole, blank=True, default="")
    relationship = models.TextField(choices=Relationship, blank=True, default="")
    tenure = models.TextField(blank=True, default="")
    customer = models.TextField(
        choices=Known, blank=True, default="", help_text="A respondent: do they live with us?"
    )
    under_18 = models.TextField(
        choices=Known, blank=True, default="", help_text="A respondent: are they under 18?"
    )
    kept_apart = models.BooleanField(default=False, help_text="Identity hidden until revealed.")
    gave_report = models.BooleanField(default=False)
    would_speak_again = models.TextField(blank=True, default="")
    would_witness = models.TextField(blank=True, default="")
    knows_of_report = models.TextField(blank=True, default="")
    fears = models.TextField(blank=True, default="")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["Involvement"]()

    class Meta:
        ordering = ["added_at", "id"]
        triggers = no_delete("casework_involvement")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=Part.values), name="casework_involvement_part_known"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": ["", *Known.values]}),
                    name=f"casework_involvement_{field}_known",
                )
                for field in ("customer", "under_18")
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(described_as=""),
                name="casework_involvement_somebody",
                violation_error_message="Name the person, or say who they are.",
            ),
            models.UniqueConstraint(
                fields=["case", "person", "part"],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="casework_involvement_once",
                violation_error_message="They already have this part in the case.",
            ),
            ExclusionConstraint(
                name="casework_involvement_one_side",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        models.Case(
                            models.When(part=Part.RESPONDENT, then=models.Value(1)),
                            default=models.Value(0),
                            output_field=models.IntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                ],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                violation_error_message="The same person cannot be harmed and respondent here.",
            ),
        ]
        indexes = [models.Index(fields=["person", "part"], name="casework_involvement_person")]

    def __str__(self) -> str:
        return f"{self.get_part_display()} on {self.case_id}"

    @property
    def who(self) -> Person | None:
        """The record that stands for whoever has the part, if we know them (ADR 14)."""
        return self.person.survivor if self.person else None

    @property
    def name(self) -> str:
        """Who they are; never call it for a part that is kept apart."""
        return self.who.name if self.who else self.described_as


class Clock(models.Model):
    """Something promised by a moment.  Stored when made; late is recorded late."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    kind = models.TextField(choices=ClockKind)
    about = models.ForeignKey(Involvement, models.PROTECT, null=True, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    state = models.TextField(choices=ClockState, default=ClockState.RUNNING)
    met_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    paused_for = models.TextField(choices=PauseGround, blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="", help_text="Why it was paused or does not apply.")
    history = keep_history()

    objects = PeersManager["Clock"]()

    class Meta:
        ordering = ["due_at", "id"]
        triggers = [
            *no_delete("casework_clock"),
            guarded("state", CLOCK_STATES, name="casework_clock_state"),
            # Nothing re-dates a promise (domain 4.3).
            fixed("case", "kind", "started_at", "due_at", name="casework_clock_as_promised"),
            once("met_at", name="casework_clock_met_once"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ClockKind.values), name="casework_clock_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(paused_for__in=["", *PauseGround.values]),
                name="casework_clock_paused_for_known",
            ),
            models.CheckConstraint(
                condition=(Q(state=ClockState.MET) & Q(met_at__isnull=False))
                | (~Q(state=ClockState.MET) & Q(met_at__isnull=True)),
                name="casework_clock_met_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClockState.NOT_APPLICABLE, ClockState.PAUSED]) | ~Q(why=""),
                name="casework_clock_says_why",
                violation_error_message="Say why.",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "about"],
                nulls_distinct=False,
                condition=Q(state__in=[ClockState.RUNNING, ClockState.PAUSED]),
                name="casework_clock_one_running",
            ),
        ]
        indexes = [
            # Whether a case has kept a promise of some kind, asked of every case by the measures.
            models.Index(fields=["case", "kind"], name="casework_clock_kind"),
            # The queue's filter by risk, which is the outcome of the risk clock.
            models.Index(
                fields=["case", "outcome"],
                condition=Q(kind=ClockKind.RISK, state=ClockState.MET),
                name="casework_clock_risk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.case_id}"

    @property
    def was_late(self) -> bool:
        """Met after it was due (met exactly when due is on time; domain 4.3)."""
        return bool(self.met_at and self.due_at and self.met_at > self.due_at)


class ContactEntry(models.Model):
    """One contact or attempt.  Never altered; a correction is another entry."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    kind = models.TextField(choices=ContactKind)
    direction = models.TextField(default="OUT")
    channel = models.TextField(choices=Channel)
    summary = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = PeersManager["ContactEntry"]()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("casework_contactentry")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ContactKind.values), name="casework_contactentry_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="casework_contactentry_channel"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["IN", "OUT"]), name="casework_contactentry_direction"
            ),
            models.CheckConstraint(
                condition=Q(at__lte=models.F("recorded_at")),
                name="casework_contactentry_not_later",
                violation_error_message="The contact cannot be in the future.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.case_id}"


class Note(models.Model):
    """A note among colleagues.  Internal whatever its kind; never altered."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    kind = models.TextField(choices=NoteKind)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Note"]()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("casework_note")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoteKind.values), name="casework_note_kind_known"
            ),
        ]
        indexes = [GinIndex(words_vector("text"), fastupdate=False, name="casework_note_words")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.case_id}"
