"""The case itself, the people on it, who may see it, and the clocks it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases import references
from cases.access import Actor, Grant
from cases.audit.history import keep_history
from cases.audit.memory import forget, recall
from cases.casework.choices import (
    OPEN_STAGES,
    STAGES,
    Access,
    ConflictSource,
    RiskLevel,
    Stage,
)
from cases.casework.clocks import ClockKind
from cases.casework.hate_triggers import CASE_VOID
from cases.lifecycle import append_only, fixed, guarded, no_delete, once
from cases.people.models import Entity, Person, Property
from cases.policy.models import PolicyVersion
from cases.rows import PeersManager
from cases.staff.models import Team, User

EMERGENCY = "EMERGENCY"


def of_entities(actor: Actor) -> Q:
    """The cases of the companies the actor is scoped to; without a scope, every case.

    A case of no known company is everybody's: an emergency must not be nobody's.
    """
    if not actor.entities:
        return Q()
    return Q(entity__isnull=True) | Q(entity__code__in=actor.entities)


LOCKED = "locked case"
"""What an operation remembers a case it holds the lock of under (``locking``)."""


class CaseQuerySet(models.QuerySet["Case"]):
    """The business's ways of saying which cases."""

    def update(self, **values: Any) -> int:
        """Past every object, so an object locked before is read again when it is next locked."""
        forget(LOCKED)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Every case the actor may see, and no other: the only place that decides.

        By assignment; a manager sees the unrestricted cases of the team; the Director sees
        all.  Somebody scoped to some companies sees by role only theirs, and those nobody
        has placed yet (HC-20); what is given to them by name they see.  A conflict of
        interest hides the case whatever the role (domain 7.1, 11).
        """
        if not actor.may(Grant.OPEN_CASES):
            return self.none()
        assigned = Exists(
            CaseMember.objects.filter(
                case=OuterRef("pk"), user_id=actor.id or 0, ended_at__isnull=True
            )
        )
        scope = Q(assigned)
        if actor.may(Grant.SEE_ALL_CASES):
            scope |= of_entities(actor) or Q(pk__isnull=False)
        elif actor.may(Grant.SEE_TEAM_CASES):
            scope |= Q(team_id=actor.team_id, restricted=False) & of_entities(actor)
        # A list made once, rather than a look at each case.
        conflicted = Conflict.objects.filter(user_id=actor.id or 0, lifted_at__isnull=True)
        return self.filter(scope).exclude(pk__in=conflicted.values("case"))

    def open(self) -> CaseQuerySet:
        """Cases somebody is working."""
        return self.filter(stage__in=OPEN_STAGES)

    def unallocated(self) -> CaseQuerySet:
        """Open cases without a lead officer."""
        return self.open().filter(lead__isnull=True)

    def led_by(self, actor: Actor) -> CaseQuerySet:
        """Open cases the actor leads."""
        return self.open().filter(lead_id=actor.id)

    def late(self, now: datetime) -> CaseQuerySet:
        """Open cases with a running clock past its due moment."""
        return self.open().filter(next_due_at__lt=now)

    def least_time_left_first(self) -> CaseQuerySet:
        """The order of the queue."""
        return self.order_by(models.F("next_due_at").asc(nulls_last=True), "pk")


class Case(models.Model):
    """A log of what we do about hate suffered by one victim household (domain 5.1)."""

    reference = models.TextField(unique=True)
    received_at = models.DateTimeField(help_text="When Amplius first received the report.")
    received_at_original = models.DateTimeField()
    opened_at = models.DateTimeField()
    stage = models.TextField(choices=Stage, default=Stage.CONTACT)
    held_from = models.TextField(choices=Stage, blank=True, default="")
    hold_review_on = models.DateField(null=True, blank=True)
    priority = models.TextField(default=EMERGENCY, editable=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    lead = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="cases_led")
    restricted = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False, help_text="Somebody is not sure: settle it.")
    victim = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    home = models.ForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="cases")
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, help_text="None: not known yet (HC-20)."
    )
    third_party_only = models.BooleanField(default=False)
    domestic_abuse = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    # Kept by the clock operations so that the queue can be read in its own order.
    next_due_at = models.DateTimeField(null=True, blank=True)
    next_clock = models.TextField(choices=ClockKind, blank=True, default="")
    # Kept by the risk operations: the highest level that stands for anybody on the case.
    risk = models.TextField(choices=RiskLevel, blank=True, default="")
    risk_provisional = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    history = keep_history()

    objects = PeersManager.from_queryset(CaseQuerySet)()

    class Meta:
        triggers = [
            *no_delete("casework_case"),
            guarded("stage", STAGES, name="casework_case_stage"),
            CASE_VOID,
            fixed(
                "reference", "received_at_original", "opened_at", name="casework_case_first_facts"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reference__regex=rf"^{references.CASE.pattern}$"),
                name="casework_case_reference_form",
            ),
            models.CheckConstraint(
                condition=Q(priority=EMERGENCY), name="casework_case_priority_constant"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="casework_case_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(risk__in=["", *RiskLevel.values]), name="casework_case_risk_known"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__gte=models.F("received_at")),
                name="casework_case_opened_after_received",
                violation_error_message="A case opens after its report was received.",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.MERGED, merged_into__isnull=False)
                | (~Q(stage=Stage.MERGED) & Q(merged_into__isnull=True)),
                name="casework_case_merged_into",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ON_HOLD)
                | (Q(hold_review_on__isnull=False) & ~Q(held_from="")),
                name="casework_case_hold_has_review",
                violation_error_message="Give the day the hold is looked at again.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lead", "next_due_at", "id"],
                condition=Q(stage__in=[str(stage) for stage in sorted(OPEN_STAGES)]),
                name="casework_case_lead_queue",
            ),
            models.Index(
                fields=["team", "next_due_at", "id"],
                condition=Q(stage__in=[str(stage) for stage in sorted(OPEN_STAGES)]),
                name="casework_case_team_queue",
            ),
            models.Index(
                fields=["next_due_at", "id"],
                condition=Q(stage__in=[str(stage) for stage in sorted(OPEN_STAGES)]),
                name="casework_case_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def save(self, *args: Any, **options: Any) -> None:
        if recall(LOCKED, self.pk) is not self:
            forget(LOCKED)
        super().save(*args, **options)

    @staticmethod
    def company_of(home: Property | None, victim: Person) -> Entity | None:
        """Whose home it is: the home of the case, or else the victim's; None if nobody knows."""
        lives_at = home or victim.home
        return lives_at.entity if lives_at else None

    @property
    def who(self) -> Person:
        """Whom the case is about: the record that stands for the victim's (ADR 14)."""
        return self.victim.survivor

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES


class CaseMember(models.Model):
    """Somebody's access to a case, why, and until when; the story of who could see it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.TextField(choices=Access)
    from_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["CaseMember"]()

    class Meta:
        ordering = ["from_at", "id"]
        triggers = [
            *no_delete("casework_casemember"),
            fixed("case", "user", "why", "from_at", name="casework_casemember_whose"),
            once("ended_at", name="casework_casemember_ends_once"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user", "why"],
                condition=Q(ended_at__isnull=True),
                name="casework_casemember_once",
            ),
            models.CheckConstraint(
                condition=Q(why__in=Access.values), name="casework_casemember_why_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("from_at")),
                name="casework_casemember_ends_later",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "case"],
                condition=Q(ended_at__isnull=True),
                name="casework_casemember_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.case_id}: {self.why}"


class Conflict(models.Model):
    """A conflict of interest: it hides the case from the user until two people clear it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    source = models.TextField(choices=ConflictSource)
    found_at = models.DateTimeField()
    proposed_lift_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["Conflict"]()

    class Meta:
        triggers = [
            *no_delete("casework_conflict"),
            fixed("case", "user", "source", "found_at", name="casework_conflict_whose"),
            once("lifted_at", name="casework_conflict_lifted_once"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user", "source"],
                condition=Q(lifted_at__isnull=True),
                name="casework_conflict_once",
            ),
            models.CheckConstraint(
                condition=Q(source__in=ConflictSource.values), name="casework_conflict_source_known"
            ),
            models.CheckConstraint(
                condition=(Q(lifted_at__isnull=True) & Q(lifted_by__isnull=True))
                | (Q(lifted_at__isnull=False) & Q(lifted_by__isnull=False)),
                name="casework_conflict_lifted_together",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True)
                | (
                    Q(proposed_lift_by__isnull=False)
                    & ~Q(lifted_by=models.F("proposed_lift_by"))
                    & ~Q(lifted_by=models.F("user"))
                    & ~Q(proposed_lift_by=models.F("user"))
                ),
                name="casework_conflict_two_people",
                violation_error_message="Two other people must agree to clear a conflict.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "case"],
                condition=Q(lifted_at__isnull=True),
                name="casework_conflict_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.case_id}: {self.source}"


class Declaration(models.Model):
    """What somebody said when they first opened the case: do you know anyone in it?"""

    case = models.ForeignKey(Case, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    knows_somebody = models.BooleanField()
    at = models.DateTimeField()

    objects = PeersManager["Declaration"]()

    class Meta:
        triggers = append_only("casework_declaration")
        indexes = [models.Index(fields=["case", "user"], name="casework_declaration_who")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.case_id}"
