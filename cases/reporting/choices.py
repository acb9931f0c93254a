"""Lists of the monthly report (domain 5.2, 5.4)."""

from __future__ import annotations

from django.db.models import TextChoices

from cases.lifecycle import Transitions


class Profile(TextChoices):
    """Who a version of the figures is for (domain 5.4)."""

    PUBLISHED = "published", "Version to share"
    INTERNAL = "internal", "Full numbers"


class FileKind(TextChoices):
    """What a report is kept as."""

    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Spreadsheet"
    CSV = "csv", "Tables as CSV, in a ZIP file"


class RunState(TextChoices):
    """The making of a report, in the background."""

    WAITING = "WAITING", "Waiting to be made"
    MAKING = "MAKING", "Being made"
    DONE = "DONE", "Made"
    FAILED = "FAILED", "Not made"


RUN_STATES: Transitions = {
    "WAITING": frozenset({"MAKING", "FAILED"}),
    # Back to waiting when whoever made it was stopped half-way.
    "MAKING": frozenset({"DONE", "FAILED", "WAITING"}),
    "DONE": frozenset(),
    "FAILED": frozenset(),
}


class Characteristic(TextChoices):
    """What residents are counted by, for the equality measures (domain 5.3, M32 to M34)."""

    AGE = "AGE", "Age"


class AgeBand(TextChoices):
    """Ages in groups large enough to say something about."""

    UNDER_25 = "UNDER_25", "Under 25"
    FROM_25 = "FROM_25", "25 to 44"
    FROM_45 = "FROM_45", "45 to 64"
    FROM_65 = "FROM_65", "65 and over"
    UNKNOWN = "UNKNOWN", "Not known"
