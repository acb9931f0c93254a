"""What happened, in whose words, and who thinks hate was part of it.

A perception ("view" on screen) is a ledger of its own: only ever added, and taken back only
by the person whose view it is (HC-23).
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.audit.history import keep_history
from cases.casework.case_models import Case
from cases.casework.choices import (
    SERIOUSNESS,
    TSM_STRANDS,
    Basis,
    Capacity,
    Holds,
    IncidentType,
    Location,
    Strand,
    When,
)
from cases.casework.hate_triggers import (
    INCIDENT_MOVED,
    INCIDENT_TOLD_AGAIN,
    STRAND_NAMED,
    VIEW_GIVEN,
    VIEW_TAKEN_BACK,
)
from cases.casework.record_choices import (
    KINDS_OF,
    CommunityImpact,
    Impact,
    PropertyHarm,
    StrandKind,
)
from cases.casework.searching import bare_reference, words_vector
from cases.lifecycle import append_only, fixed, no_delete, once
from cases.people.models import Person, Property
from cases.rows import PeersManager
from cases.staff.models import User


class IncidentQuerySet(models.QuerySet["Incident"]):
    """The business's ways of saying which incidents."""

    def hate(self) -> IncidentQuerySet:
        """Incidents that somebody, still, thinks hate was part of (policy line 105)."""
        return self.filter(
            Exists(Perception.objects.filter(incident=OuterRef("pk")).standing().perceiving())
        )


class Incident(models.Model):
    """One thing that happened, or one course of conduct."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="incidents")
    number = models.PositiveIntegerField(default=1)
    when_known = models.TextField(choices=When, default=When.UNKNOWN)
    occurred_on = models.DateField(null=True, blank=True)
    occurred_time = models.TextField(blank=True, default="")
    when_words = models.TextField(blank=True, default="")
    going_on = models.BooleanField(default=False, help_text="It goes on: more than one time.")
    episodes = models.PositiveIntegerField(null=True, blank=True)
    location = models.TextField(choices=Location, default=Location.UNKNOWN)
    place_words = models.TextField(blank=True, default="")
    place = models.ForeignKey(Property, models.PROTECT, null=True, blank=True)
    types = ArrayField(models.TextField(choices=IncidentType), default=list, blank=True)
    other_type = models.TextField(blank=True, default="")
    aimed_at_home = models.BooleanField(default=False)
    crime_reference = models.TextField(blank=True, default="")
    # How it has affected them, others and the home (domain 2.4).
    impact = models.PositiveSmallIntegerField(choices=Impact, default=Impact.NOT_ASKED)
    impact_words = models.TextField(blank=True, default="", help_text="In their own words.")
    community_impact = models.PositiveSmallIntegerField(
        choices=CommunityImpact, default=CommunityImpact.NOT_ASKED
    )
    property_harm = models.TextField(choices=PropertyHarm, default=PropertyHarm.NOT_ASKED)
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="told_again",
        help_text="The incident this account turned out to be of: nothing is moved or lost.",
    )
    reported_at = models.DateTimeField(help_text="When this account of it first reached us.")
    recorded_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager.from_queryset(IncidentQuerySet)()

    class Meta:
        ordering = ["case", "number"]
        triggers = [
            *no_delete("casework_incident"),
            fixed("recorded_at", name="casework_incident_recorded"),
            # Out of its case it would no longer make that case hate.
            once("case", name="casework_incident_of_one_case"),
            INCIDENT_TOLD_AGAIN,
            INCIDENT_MOVED,
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="casework_incident_number"),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | ~Q(same_as=models.F("pk")),
                name="casework_incident_not_itself",
            ),
            models.CheckConstraint(
                condition=Q(when_known__in=When.values), name="casework_incident_when_known"
            ),
            models.CheckConstraint(
                condition=Q(location__in=Location.values), name="casework_incident_location_known"
            ),
            models.CheckConstraint(
                condition=Q(types__contained_by=IncidentType.values),
                name="casework_incident_types_known",
            ),
            models.CheckConstraint(
                condition=~Q(types__contains=[IncidentType.OTHER]) | ~Q(other_type=""),
                name="casework_incident_other_needs_text",
                violation_error_message="Say what kind of incident it was.",
            ),
            models.CheckConstraint(
                condition=(Q(when_known=When.UNKNOWN)) | Q(occurred_on__isnull=False),
                name="casework_incident_dated",
                violation_error_message="Give the date, or say it is not known.",
            ),
            models.CheckConstraint(
                condition=Q(
                    impact__in=Impact.values,
                    community_impact__in=CommunityImpact.values,
                    property_harm__in=PropertyHarm.values,
                ),
                name="casework_incident_impact_known",
            ),
        ]
        indexes = [
            models.Index(fields=["occurred_on"], name="casework_incident_on"),
            models.Index(
                fields=["crime_reference"],
                condition=~Q(crime_reference=""),
                name="casework_incident_crime",
            ),
            models.Index(
                bare_reference("crime_reference"),
                condition=~Q(crime_reference=""),
                name="casework_incident_crime_bare",
            ),
        ]

    def __str__(self) -> str:
        return f"Incident {self.number}"

    @property
    def main_type(self) -> str:
        """The one type that counts in totals: the most serious (domain 2.2c)."""
        for code in SERIOUSNESS:
            if code in self.types:
                return str(code)
        return self.types[0] if self.types else str(IncidentType.OTHER)


class Account(models.Model):
    """Somebody's own words about an incident.  Added to, never edited."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="accounts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.TextField(choices=Capacity)
    words = models.TextField()
    said_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    kept_apart = models.BooleanField(default=False)

    objects = PeersManager["Account"]()

    class Meta:
        ordering = ["said_at", "id"]
        triggers = append_only("casework_account")
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values), name="casework_account_capacity_known"
            ),
        ]
        indexes = [GinIndex(words_vector("words"), fastupdate=False, name="casework_account_words")]

    def __str__(self) -> str:
        return f"Account of {self.incident_id}"


class PerceptionQuerySet(models.QuerySet["Perception"]):
    """The business's ways of saying which views."""

    def standing(self) -> PerceptionQuerySet:
        """Views nobody has taken back."""
        return self.filter(retracted_at__isnull=True)

    def perceiving(self) -> PerceptionQuerySet:
        """Views that make it hate: thinks so, or (provisionally) not sure."""
        return self.filter(holds__in=[Holds.YES, Holds.NOT_SURE])


class Perception(models.Model):
    """Who thinks hate was, or may have been, part of an incident; when; in which words.

    ``holds`` NO records that somebody was asked and does not think so: it never weighs
    against another's view.  Retraction is the only change, once, in the perceiver's words.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="perceptions")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    colleague = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    described_as = models.TextField(blank=True, default="")
    capacity = models.TextField(choices=Capacity)
    holds = models.TextField(choices=Holds)
    words = models.TextField(blank=True, default="")
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    kept_apart = models.BooleanField(default=False)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retraction_words = models.TextField(blank=True, default="")
    retraction_witness = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = keep_history()

    objects = PeersManager.from_queryset(PerceptionQuerySet)()

    class Meta:
        ordering = ["said_at", "id"]
        triggers = [
            *no_delete("casework_perception"),
            # What somebody thinks is theirs: it can be taken back once, and never rewritten.
            fixed(
                "incident",
                "person",
                "colleague",
                "described_as",
                "capacity",
                "holds",
                "words",
                "said_at",
                "recorded_by",
                name="casework_perception_theirs",
            ),
            pgtrigger.Protect(
                name="casework_perception_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__retracted_at__isnull=False),
            ),
            VIEW_GIVEN,
            VIEW_TAKEN_BACK,
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(colleague__isnull=False)
                | ~Q(described_as=""),
                name="casework_perception_somebody",
                violation_error_message="Say whose view this is.",
            ),
            models.CheckConstraint(
                condition=Q(holds__in=Holds.values), name="casework_perception_holds_known"
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values),
                name="casework_perception_capacity_known",
            ),
            models.CheckConstraint(
                condition=(Q(retracted_at__isnull=True) & Q(retraction_words=""))
                | (Q(retracted_at__isnull=False) & ~Q(retraction_words="")),
                name="casework_perception_retracted_in_words",
                violation_error_message="A view is taken back in the person's own words.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_holds_display()}: incident {self.incident_id}"

    @property
    def who(self) -> str:
        """Whose view it is; never call it for one that is kept apart."""
        if self.person:
            return self.person.survivor.name
        return self.colleague.full_name if self.colleague else self.described_as


def _kinds_of(strand: str) -> list[str]:
    return [kind.value for kind in KINDS_OF.get(strand, ())]


class PerceptionStrand(models.Model):
    """One characteristic a view is about, and how it is linked to the person harmed."""

    perception = models.ForeignKey(Perception, models.PROTECT, related_name="strands")
    strand = models.TextField(choices=Strand)
    basis = models.TextField(choices=Basis, default=Basis.NOT_STATED)
    kinds = ArrayField(models.TextField(choices=StrandKind), default=list, blank=True)

    objects = PeersManager["PerceptionStrand"]()

    class Meta:
        ordering = ["id"]
        triggers = [*append_only("casework_perceptionstrand"), STRAND_NAMED]
        constraints = [
            models.UniqueConstraint(
                fields=["perception", "strand"], name="casework_perceptionstrand_once"
            ),
            models.CheckConstraint(
                condition=Q(strand__in=Strand.values), name="casework_perceptionstrand_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="casework_perceptionstrand_basis_known"
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(strand=strand) | Q(kinds__contained_by=_kinds_of(strand)),
                    name=f"casework_perceptionstrand_{strand.lower()}_kinds",
                )
                for strand in Strand.values
            ),
        ]

    def __str__(self) -> str:
        return self.get_strand_display()

    @property
    def tsm_countable(self) -> bool:
        """Whether the regulator counts this strand (domain 2.1)."""
        return self.strand in TSM_STRANDS


class EvidenceAssessment(models.Model):
    """An officer's view of the evidence.  Changes no route, clock or count (HC-33)."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="assessments")
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["EvidenceAssessment"]()

    class Meta:
        ordering = ["-at"]
        triggers = append_only("casework_evidenceassessment")

    def __str__(self) -> str:
        return f"Assessment of incident {self.incident_id}"


class IncidentPair(models.Model):
    """Two accounts that may be of one incident, and what an officer decided (domain 6.2.11)."""

    first = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    second = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    matches = ArrayField(models.TextField(), default=list, blank=True)
    found_at = models.DateTimeField()
    decision = models.TextField(
        choices=[("", "Not decided"), ("SAME", "The same incident"), ("DISTINCT", "Different")],
        blank=True,
        default="",
    )
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["IncidentPair"]()

    class Meta:
        triggers = no_delete("casework_incidentpair")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="casework_incidentpair_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="casework_incidentpair_ordered"
            ),
            models.CheckConstraint(
                condition=(Q(decision="") & Q(decided_at__isnull=True))
                | (
                    ~Q(decision="")
                    & Q(decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="casework_incidentpair_decided_together",
                violation_error_message="Say why they are the same, or different.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
