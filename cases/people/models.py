"""People, homes and how it is safe to reach somebody.

A person needs no tenancy: visitors, family elsewhere, colleagues and people not yet
identified (placeholders) are all people here (HC-13).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models

from cases.audit import masking
from cases.audit.history import keep_history
from cases.lifecycle import no_delete
from cases.people.choices import (
    AdjustmentKind,
    Channel,
    MemberRelation,
    Reach,
    StockClass,
    Tenure,
)
from cases.people.import_models import (
    ImportNote,
    ImportRun,
    NotSame,
    SourceKey,
    UnsafeDetail,
)
from cases.people.link_models import StaffLink
from cases.people.model_parts import BareReference, SoundCodes, points_at_survivor, quick_gin
from cases.people.tie_models import FamilyLink, Merge
from cases.rows import PeersManager
from cases.staff.models import Team

__all__ = [
    "Adjustment",
    "BareReference",
    "Entity",
    "FamilyLink",
    "Household",
    "HouseholdMembership",
    "ImportNote",
    "ImportRun",
    "Merge",
    "NotSame",
    "Person",
    "Property",
    "SafeContact",
    "SoundCodes",
    "SourceKey",
    "StaffLink",
    "Tenancy",
    "UnsafeDetail",
]


class Entity(models.Model):
    """Amplius, a member company or a predecessor (HC-20)."""

    code = models.TextField(unique=True)
    name = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Property(models.Model):
    """A home or place we know."""

    uprn = models.TextField(blank=True, default="")
    address = models.TextField(help_text="House and street, one line.")
    town = models.TextField(blank=True, default="")
    postcode = models.TextField(blank=True, default="")
    area = models.TextField(blank=True, default="")
    local_authority = models.TextField(blank=True, default="")
    stock_class = models.TextField(choices=StockClass, default=StockClass.LCRA)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    search_key = models.TextField(editable=False, default="")
    history = keep_history()

    objects = PeersManager["Property"]()

    class Meta:
        verbose_name_plural = "properties"
        ordering = ["postcode", "address"]
        triggers = no_delete("people_property")
        constraints = [
            models.UniqueConstraint(
                fields=["uprn"], condition=~models.Q(uprn=""), name="people_property_uprn_once"
            ),
            models.CheckConstraint(
                condition=models.Q(stock_class__in=StockClass.values),
                name="people_property_stock_class_known",
            ),
        ]
        indexes = [
            quick_gin(
                fields=["search_key"], opclasses=["gin_trgm_ops"], name="people_property_key"
            ),
            models.Index(fields=["postcode"], name="people_property_postcode"),
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def line(self) -> str:
        """The address in one line; kept back from auditors (domain 11)."""
        if masking.on():
            return masking.home(self.address, self.postcode)
        return ", ".join(part for part in (self.address, self.town) if part)


class Person(models.Model):
    """Somebody with a part in a case; a placeholder until we know who they are."""

    reference = models.TextField(unique=True)
    full_name = models.TextField(blank=True, default="")
    known_as = models.TextField(blank=True, default="", help_text="What they asked to be called.")
    placeholder = models.TextField(
        blank=True, default="", help_text="Who they are, as far as we know: not yet identified."
    )
    date_of_birth = models.DateField(null=True, blank=True)
    phone = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    pronouns = models.TextField(blank=True, default="")
    language = models.TextField(blank=True, default="")
    home = models.ForeignKey(Property, models.PROTECT, null=True, blank=True)
    is_colleague = models.BooleanField(default=False)
    name_key = models.TextField(editable=False, default="")
    sound_key = models.TextField(editable=False, default="")
    phone_key = models.TextField(editable=False, default="")
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    history = keep_history()

    objects = PeersManager["Person"]()

    class Meta:
        verbose_name_plural = "people"
        triggers = [*no_delete("people_person"), points_at_survivor("people_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="people_person_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(date_of_birth__isnull=True)
                | models.Q(date_of_birth__gte=date(1900, 1, 1)),
                name="people_person_born_after_1900",
                violation_error_message="The date of birth must be after 1900.",
            ),
            models.CheckConstraint(
                condition=~(models.Q(full_name="") & models.Q(placeholder="")),
                name="people_person_named_or_placeholder",
                violation_error_message="Give a name, or say who they are as far as you know.",
            ),
        ]
        indexes = [
            quick_gin(fields=["name_key"], opclasses=["gin_trgm_ops"], name="people_person_name"),
            quick_gin(SoundCodes("sound_key"), name="people_person_sounds"),
            quick_gin(OpClass("phone_key", name="gin_trgm_ops"), name="people_person_phone_digits"),
            models.Index(fields=["date_of_birth"], name="people_person_born"),
            models.Index(
                fields=["phone_key"], condition=~models.Q(phone_key=""), name="people_person_digits"
            ),
            models.Index(
                models.functions.Lower("email"),
                condition=~models.Q(email=""),
                name="people_person_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show: theirs, or what we know until they are identified."""
        if masking.on():
            return masking.person(self.reference, self.full_name, self.known_as, self.phone)
        return self.full_name or self.placeholder

    @property
    def survivor(self) -> Person:
        """The record that stands for this one: itself, or the one it was joined to (ADR 14)."""
        return self.merged_into or self

    @property
    def call_them(self) -> str:
        """What to call them when speaking."""
        if masking.on():
            return "them"
        return self.known_as or (self.full_name.split()[0] if self.full_name else "them")

    @property
    def identified(self) -> bool:
        """Whether we know who this is."""
        return bool(self.full_name)


class Household(models.Model):
    """People who live together under one tenancy, lease or licence."""

    home = models.ForeignKey(Property, models.PROTECT, related_name="households")
    history = keep_history()

    objects = PeersManager["Household"]()

    class Meta:
        triggers = no_delete("people_household")

    def __str__(self) -> str:
        return f"Household {self.pk}"


class HouseholdMembership(models.Model):
    """Somebody's time in a household (domain 2.9); both ends are days, the end open or after.

    A membership entered by mistake holds no day at all (an empty period).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    period = DateRangeField()
    relation = models.TextField(choices=MemberRelation, default=MemberRelation.OTHER_OCCUPANT)
    history = keep_history()

    objects = PeersManager["HouseholdMembership"]()

    class Meta:
        triggers = no_delete("people_membership")
        constraints = [
            ExclusionConstraint(
                name="people_membership_one_home_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="They already live in a household at that time.",
            ),
            models.CheckConstraint(
                condition=models.Q(relation__in=MemberRelation.values),
                name="people_membership_relation_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Tenancy(models.Model):
    """A tenancy, lease or licence: who holds which home, as what, from when (HC-21)."""

    reference = models.TextField(unique=True)
    home = models.ForeignKey(Property, models.PROTECT, related_name="tenancies")
    holder = models.ForeignKey(Person, models.PROTECT, related_name="tenancies")
    tenure = models.TextField(choices=Tenure)
    period = DateRangeField()
    history = keep_history()

    objects = PeersManager["Tenancy"]()

    class Meta:
        verbose_name_plural = "tenancies"
        triggers = no_delete("people_tenancy")
        indexes = [models.Index(BareReference("reference"), name="people_tenancy_bare_reference")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tenure__in=Tenure.values), name="people_tenancy_tenure_known"
            ),
            models.CheckConstraint(
                condition=models.Q(period__isempty=False),
                name="people_tenancy_period_not_empty",
                violation_error_message="The tenancy must end after it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class SafeContact(models.Model):
    """How it is safe to reach somebody.  No row, or "not asked", means no (domain 7.8)."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="safe_contact")
    ring = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    voicemail = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    text = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    email = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    post = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    visit = models.TextField(choices=Reach, default=Reach.NOT_ASKED)
    first_choice = models.TextField(choices=Channel, blank=True, default="")
    safe_times = models.TextField(blank=True, default="")
    say_we_are = models.TextField(blank=True, default="")
    who_could_find_out = models.TextField(blank=True, default="")
    if_cut_off = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager["SafeContact"]()

    CHANNELS: ClassVar[tuple[str, ...]] = ("ring", "voicemail", "text", "email", "post", "visit")

    class Meta:
        triggers = no_delete("people_safecontact")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_choice__in=["", *Channel.values]),
                name="people_safecontact_first_choice_known",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{channel}__in": Reach.values}),
                    name=f"people_safecontact_{channel}_known",
                )
                for channel in ("ring", "voicemail", "text", "email", "post", "visit")
            ),
        ]

    def __str__(self) -> str:
        return f"Safe contact of {self.person_id}"


class Adjustment(models.Model):
    """Something that makes it easier for them (HC-38)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="adjustments")
    kind = models.TextField(choices=AdjustmentKind, default=AdjustmentKind.OTHER)
    need = models.TextField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["Adjustment"]()

    class Meta:
        ordering = ["asked_at", "id"]
        triggers = no_delete("people_adjustment")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AdjustmentKind.values),
                name="people_adjustment_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("asked_at")),
                name="people_adjustment_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return self.need
