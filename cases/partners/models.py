"""The agencies we work with: who they are, whom to reach there, what was agreed with them.

Everything here is data somebody checked on a day; nothing is written into the code
(domain 2.12).  No personal data of a case is here.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from cases.audit.history import keep_history
from cases.casework.choices import Strand
from cases.lifecycle import no_delete
from cases.partners.choices import OWN_KINDS, AgencyKind, CouncilService
from cases.rows import PeersManager
from cases.staff.models import User


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Which entries of the directory."""

    def in_use(self) -> AgencyQuerySet:
        """Entries that were not ended."""
        return self.filter(ended_at__isnull=True)

    def outside(self) -> AgencyQuerySet:
        """Agencies that are not teams of our own."""
        return self.exclude(kind__in=OWN_KINDS)


class Agency(models.Model):
    """An organisation, or one service of a council, that may be told something."""

    name = models.TextField(unique=True)
    slug = models.SlugField(unique=True, max_length=80)
    kind = models.TextField(choices=AgencyKind)
    service = models.TextField(choices=CouncilService, blank=True, default="")
    strands = ArrayField(models.TextField(choices=Strand), default=list, blank=True)
    areas = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Councils' areas; none: everywhere."
    )
    helps_with = models.TextField(blank=True, default="", help_text="For what one would go there.")
    note = models.TextField(blank=True, default="")
    website = models.URLField(blank=True, default="", max_length=300)
    public_phone = models.TextField(blank=True, default="", help_text="For anybody to ring.")
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager.from_queryset(AgencyQuerySet)()

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]
        triggers = no_delete("partners_agency")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partners_agency_named"),
            models.CheckConstraint(
                condition=Q(kind__in=AgencyKind.values), name="partners_agency_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(strands__contained_by=Strand.values),
                name="partners_agency_strands_known",
            ),
            models.CheckConstraint(
                condition=Q(service="")
                | Q(kind=AgencyKind.LOCAL_AUTHORITY, service__in=CouncilService.values),
                name="partners_agency_service_of_council",
                violation_error_message="Only a council has a service.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_why=""),
                name="partners_agency_ended_why",
                violation_error_message="Say why the entry is ended.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ours(self) -> bool:
        """Whether it is a team of Amplius: nothing leaves the building."""
        return self.kind in OWN_KINDS

    @property
    def for_whom(self) -> str:
        """The characteristics it is for: "Race, religion", "Everybody"."""
        labels = [str(Strand(code).label) for code in self.strands]
        text = ", ".join(label[:1].lower() + label[1:] for label in labels)
        return text[:1].upper() + text[1:] or "Everybody"

    @property
    def what_it_is(self) -> str:
        """Its kind, and the service if it is one of a council: "Council, adult social care"."""
        service = str(self.get_service_display()) if self.service else ""
        kind = str(self.get_kind_display())
        return f"{kind}, {service[:1].lower()}{service[1:]}" if service else kind


class AgencyContact(models.Model):
    """One named unit or person there, and how it is reached.

    A change to any address takes the verification away: nothing is sent to an address nobody
    checked (domain 7.4, "recipient contact verified").
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contacts")
    unit = models.TextField(help_text="The unit or team: Public Protection Unit.")
    person = models.TextField(blank=True, default="")
    secure_email = models.EmailField(blank=True, default="", max_length=254)
    portal = models.URLField(blank=True, default="", max_length=300)
    phone = models.TextField(blank=True, default="")
    post_address = models.TextField(blank=True, default="")
    hours = models.TextField(blank=True, default="")
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_how = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["AgencyContact"]()

    class Meta:
        ordering = ["unit", "id"]
        triggers = no_delete("partners_agencycontact")
        constraints = [
            models.CheckConstraint(
                condition=~Q(unit=""),
                name="partners_agencycontact_unit",
                violation_error_message="Name the unit or team.",
            ),
            models.CheckConstraint(
                condition=~Q(secure_email="", portal="", phone="", post_address=""),
                name="partners_agencycontact_reachable",
                violation_error_message="Give at least one way to reach them.",
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True)
                | (Q(verified_by__isnull=False) & ~Q(verified_how="")),
                name="partners_agencycontact_verified_together",
                violation_error_message="Say how it was checked.",
            ),
            models.UniqueConstraint(
                fields=["agency", "unit", "person"],
                condition=Q(ended_at__isnull=True),
                name="partners_agencycontact_once",
                violation_error_message="This unit is listed already.",
            ),
        ]

    def __str__(self) -> str:
        return self.unit


class SharingAgreement(models.Model):
    """What was agreed about sharing with an agency, and for how long (domain 7.2)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="agreements")
    title = models.TextField()
    purposes = models.TextField(help_text="What may be shared for, in plain words.")
    period = DateRangeField()
    kept_where = models.TextField(blank=True, default="", help_text="Where the signed copy is.")
    history = keep_history()

    objects = PeersManager["SharingAgreement"]()

    class Meta:
        ordering = ["-period", "id"]
        triggers = no_delete("partners_sharingagreement")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(purposes=""),
                name="partners_sharingagreement_said",
                violation_error_message="Say what the agreement is called and what it is for.",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="partners_sharingagreement_some_time"
            ),
            ExclusionConstraint(
                name="partners_sharingagreement_once",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("title", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="An agreement of this name covers some of that time.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReviewTerms(models.Model):
    """A council's threshold for an ASB case review (ASBCPA s104; domain 2.13).

    ``hate_threshold_number`` is where fewer reports suffice if hate was part of it.
    """

    local_authority = models.TextField(unique=True)
    threshold_number = models.PositiveSmallIntegerField(default=3)
    hate_threshold_number = models.PositiveSmallIntegerField(null=True, blank=True)
    report_within_months = models.PositiveSmallIntegerField(default=1)
    apply_within_months = models.PositiveSmallIntegerField(default=6)
    how_to_apply = models.TextField(blank=True, default="")
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    history = keep_history()

    objects = PeersManager["ReviewTerms"]()

    class Meta:
        verbose_name_plural = "review terms"
        ordering = ["local_authority"]
        triggers = no_delete("partners_reviewterms")
        constraints = [
            models.CheckConstraint(
                condition=~Q(local_authority=""), name="partners_reviewterms_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(threshold_number__gte=1)
                & (Q(hate_threshold_number__isnull=True) | Q(hate_threshold_number__gte=1))
                & Q(report_within_months__gte=1)
                & Q(apply_within_months__gte=1),
                name="partners_reviewterms_positive",
                violation_error_message="Each number is at least 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.local_authority
