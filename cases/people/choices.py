"""The lists people are described with.  Codes are stable, labels may change (domain 2.7, 2.9)."""

from __future__ import annotations

from django.db.models import TextChoices


class StockClass(TextChoices):
    """What a home counts as for the regulator's measures."""

    LCRA = "LCRA", "Low cost rental"
    LCHO = "LCHO", "Low cost home ownership"
    OTHER = "OTHER", "Not in the regulator's stock"


class Tenure(TextChoices):
    """Tenure types of domain 2.7."""

    ASSURED = "ASSURED", "Assured tenant"
    STARTER = "ASSURED_SHORTHOLD_STARTER", "Starter tenant"
    FIXED = "ASSURED_SHORTHOLD_FIXED", "Fixed-term tenant"
    DEMOTED = "DEMOTED", "Demoted tenant"
    SECURE = "SECURE", "Secure tenant"
    AFFORDABLE = "AFFORDABLE", "Affordable rent tenant"
    INTERMEDIATE = "INTERMEDIATE", "Intermediate rent tenant"
    MARKET = "MARKET_RENT", "Market rent tenant"
    SUPPORTED_TENANCY = "SUPPORTED_CARE", "Care and Support tenant"
    SUPPORTED_LICENCE = "SUPPORTED_LICENCE", "Care and Support licensee"
    EXTRA_CARE = "EXTRA_CARE", "Extra care tenant"
    TEMPORARY = "TEMP", "Temporary or non-secure licensee"
    SHARED_OWNER = "SHARED_OWNER", "Shared owner"
    LEASEHOLDER = "LEASEHOLDER", "Leaseholder"
    FREEHOLDER = "FREEHOLDER_ESTATE", "Freeholder on an estate"
    COMMERCIAL = "COMMERCIAL", "Commercial tenant"


CARE_AND_SUPPORT = frozenset(
    {Tenure.SUPPORTED_TENANCY, Tenure.SUPPORTED_LICENCE, Tenure.EXTRA_CARE}
)
"""Tenures of Care and Support: capacity, an advocate and the regulator are asked about (HC-21)."""


class MemberRelation(TextChoices):
    """How somebody belongs to a household (domain 2.9)."""

    TENANT = "TENANT", "Holds the tenancy"
    JOINT_TENANT = "JOINT_TENANT_UNRELATED", "Joint tenant, not family"
    SPOUSE = "SPOUSE", "Husband, wife or civil partner"
    PARTNER = "COHABITING_PARTNER", "Partner"
    CHILD = "CHILD", "Child"
    PARENT = "PARENT", "Parent"
    SIBLING = "SIBLING", "Brother or sister"
    GRANDPARENT = "GRANDPARENT", "Grandparent"
    GRANDCHILD = "GRANDCHILD", "Grandchild"
    LODGER = "LODGER", "Lodger"
    LIVE_IN_CARER = "LIVE_IN_CARER", "Live-in carer"
    FLAT_SHARER = "FLAT_SHARER", "Flat sharer"
    OTHER_OCCUPANT = "OTHER_OCCUPANT", "Lives there"


class FamilyKind(TextChoices):
    """Immediate family (domain 2.9), as the relative is seen from the person."""

    SPOUSE = "SPOUSE", "Husband or wife"
    CIVIL_PARTNER = "CIVIL_PARTNER", "Civil partner"
    PARTNER = "COHABITING_PARTNER", "Partner they live with"
    PARENT = "PARENT", "Parent"
    CHILD = "CHILD", "Child"
    STEP_PARENT = "STEP_PARENT", "Step-parent"
    STEP_CHILD = "STEP_CHILD", "Stepchild"
    FOSTER_PARENT = "FOSTER_PARENT", "Foster parent"
    FOSTER_CHILD = "FOSTER_CHILD", "Foster child"
    ADOPTIVE_PARENT = "ADOPTIVE_PARENT", "Adoptive parent"
    ADOPTIVE_CHILD = "ADOPTIVE_CHILD", "Adopted child"
    SIBLING = "SIBLING", "Brother or sister"
    HALF_STEP_SIBLING = "HALF_STEP_SIBLING", "Half or step brother or sister"
    GRANDPARENT = "GRANDPARENT", "Grandparent"
    GRANDCHILD = "GRANDCHILD", "Grandchild"
    GUARDIAN = "GUARDIAN", "Guardian"
    WARD = "WARD", "Ward"


class Reach(TextChoices):
    """Whether one way of making contact is safe; "not asked" counts as no."""

    SAFE = "SAFE", "Safe"
    NOT_SAFE = "NOT_SAFE", "Not safe"
    NOT_ASKED = "NOT_ASKED", "Not asked"


class ToldBy(TextChoices):
    """Who told us a new number, address or email, and whether it is safe (domain 7.8)."""

    THEMSELVES = "THEMSELVES", "They told us themselves"
    HOUSEHOLD = "HOUSEHOLD", "Somebody they live with"
    OTHER = "OTHER", "Somebody else"
    RECORDS = "RECORDS", "Our own records"


class Channel(TextChoices):
    """Ways of making contact (domain 7.8)."""

    RING = "ring", "Ring"
    TEXT = "text", "Text"
    EMAIL = "email", "Email"
    POST = "post", "Post"
    VISIT = "visit", "Visit"


class AdjustmentKind(TextChoices):
    """What an adjustment is about."""

    INTERPRETER = "INTERPRETER", "Interpreter"
    FORMAT = "FORMAT", "Large print, easy read or another format"
    HEARING = "HEARING", "Hearing"
    ADVOCATE = "ADVOCATE", "Somebody with them"
    NONE = "NONE", "Nothing needed"
    OTHER = "OTHER", "Something else"


class LinkKind(TextChoices):
    """Why a colleague may have a conflict of interest (domain 7.1)."""

    SELF = "SELF", "Their own record"
    RELATIVE = "RELATIVE", "A relative or close friend"
    LIVES_AT = "LIVES_AT", "Lives, or lived, at this address"


class DetailKind(TextChoices):
    """A detail somebody is reached by."""

    PHONE = "phone", "Phone number"
    EMAIL = "email", "Email address"
    HOME = "home", "Address"


class ImportKind(TextChoices):
    """What a key of another system stands for."""

    PROPERTY = "PROPERTY", "Properties"
    PERSON = "PERSON", "People"
    TENANCY = "TENANCY", "Tenancies"
    MEMBER = "MEMBER", "Household members"
    HOUSEHOLD = "HOUSEHOLD", "Households"


class ImportNoteKind(TextChoices):
    """What became of a row, or of one value of it."""

    REFUSED = "REFUSED", "Row refused"
    HELD = "HELD", "Value not taken over"
    MISSING = "MISSING", "Not in this file"
