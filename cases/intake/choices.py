"""The lists reports are described with (domain 2.8, section 10)."""

from __future__ import annotations

from django.db.models import TextChoices


class Door(TextChoices):
    """Whose story it is: the two equal doors, and the two that are told to us."""

    VICTIM = "VICTIM", "It happened to the caller or their household"
    THIRD_PARTY = "THIRD_PARTY", "The caller saw it or knows about it"
    COLLEAGUE = "COLLEAGUE", "A colleague or contractor is telling us"
    AGENCY = "AGENCY", "Another agency is telling us"


class Channel(TextChoices):
    """How the report reached us (domain 2.8)."""

    PHONE_INBOUND = "PHONE_INBOUND", "Phone"
    PHONE_OOH = "PHONE_OOH", "Phone, out of hours"
    WEB_VICTIM = "WEB_VICTIM", "Web, from the victim"
    WEB_THIRD_PARTY = "WEB_THIRD_PARTY", "Web, from a third party"
    EMAIL = "EMAIL", "Email"
    LETTER = "LETTER", "Letter"
    IN_PERSON_OFFICE = "IN_PERSON_OFFICE", "In person, at an office"
    HOME_VISIT = "HOME_VISIT", "Home visit"
    COLLEAGUE_OBSERVED = "COLLEAGUE_OBSERVED", "A colleague saw it"
    CONTRACTOR = "CONTRACTOR", "Contractor"
    CARE_SUPPORT_STAFF = "CARE_SUPPORT_STAFF", "Care and Support staff"
    PARTNER_POLICE = "PARTNER_POLICE", "Police"
    PARTNER_LA = "PARTNER_LA", "Local authority"
    PARTNER_THIRD_PARTY_CENTRE = "PARTNER_THIRD_PARTY_CENTRE", "Third-party reporting centre"
    ADVOCATE = "ADVOCATE_COUNCILLOR_MP", "Advocate, councillor or MP"
    COMPLAINT = "COMPLAINT", "Complaint"
    SOCIAL_MEDIA = "SOCIAL_MEDIA", "Social media"
    ASB_SYSTEM_TRANSFER = "ASB_SYSTEM_TRANSFER", "Antisocial behaviour system"
    LEGACY_IMPORT = "LEGACY_IMPORT", "Earlier records"


class ReporterCapacity(TextChoices):
    """In what capacity somebody reports (domain 2.8)."""

    VICTIM = "VICTIM", "The person it happened to"
    PARENT_GUARDIAN = "PARENT_GUARDIAN", "Parent or guardian"
    HOUSEHOLD_MEMBER = "HOUSEHOLD_MEMBER", "Lives with them"
    WITNESS = "WITNESS", "Witness"
    FRIEND_FAMILY = "FRIEND_FAMILY", "Friend or family"
    NEIGHBOUR = "NEIGHBOUR", "Neighbour"
    SUPPORT_WORKER = "SUPPORT_WORKER", "Support worker"
    COLLEAGUE = "COLLEAGUE", "Colleague"
    AGENCY = "AGENCY", "Agency"
    ANONYMOUS = "ANONYMOUS", "Gives no name"
    OTHER = "OTHER", "Something else"


class Route(TextChoices):
    """Where a report goes (domain 10)."""

    HATE = "HATE", "Hate crime"
    SAFEGUARDING = "SAFEGUARDING", "Safeguarding"
    DA = "DA", "Domestic abuse"
    ASB = "ASB", "Antisocial behaviour"
    SIGNPOST = "SIGNPOST", "Signpost"


class ReportState(TextChoices):
    """A report's life: waiting only while the motivation questions are not answered."""

    WAITING = "WAITING", "Waiting for why it happened"
    TRIAGED = "TRIAGED", "Triaged"


REPORT_STATES: dict[str, frozenset[str]] = {
    ReportState.WAITING: frozenset({ReportState.TRIAGED}),
    ReportState.TRIAGED: frozenset(),
}


class RouteState(TextChoices):
    """Whether the receiving owner has taken a route on."""

    OFFERED = "OFFERED", "Waiting to be accepted"
    ACCEPTED = "ACCEPTED", "Accepted"
    DECLINED = "DECLINED", "Declined"
    SUPERSEDED = "SUPERSEDED", "Now a hate case"


ROUTE_STATES: dict[str, frozenset[str]] = {
    RouteState.OFFERED: frozenset(
        {RouteState.ACCEPTED, RouteState.DECLINED, RouteState.SUPERSEDED}
    ),
    RouteState.ACCEPTED: frozenset({RouteState.SUPERSEDED}),
    RouteState.DECLINED: frozenset({RouteState.OFFERED, RouteState.SUPERSEDED}),
    # Back to what it was, when the incident turns out to be another one after all.
    RouteState.SUPERSEDED: frozenset(
        {RouteState.OFFERED, RouteState.ACCEPTED, RouteState.DECLINED}
    ),
}


class SheetState(TextChoices):
    """A call sheet is open until it is sent; it is never thrown away."""

    OPEN = "OPEN", "Open"
    PARKED = "PARKED", "To finish later"
    CUT_OFF = "CUT_OFF", "Cut off"
    SENT = "SENT", "Sent to triage"


SHEET_STATES: dict[str, frozenset[str]] = {
    SheetState.OPEN: frozenset({SheetState.PARKED, SheetState.CUT_OFF, SheetState.SENT}),
    SheetState.PARKED: frozenset({SheetState.OPEN, SheetState.CUT_OFF, SheetState.SENT}),
    SheetState.CUT_OFF: frozenset({SheetState.OPEN, SheetState.PARKED, SheetState.SENT}),
    SheetState.SENT: frozenset(),
}
