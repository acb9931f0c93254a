"""Lists of permission (domain 7.3).  Codes are stable, labels may change."""

from __future__ import annotations

from django.db.models import TextChoices


class Scope(TextChoices):
    """What may be told, one thing at a time; the label is the matrix's column."""

    FACTS = "FACTS", "What happened"
    IDENTITY = "IDENTITY", "Name"
    ADDRESS = "ADDRESS", "Address"
    HEALTH = "HEALTH", "Health"
    STRAND = "STRAND", "What it was about"
    EVIDENCE = "EVIDENCE", "Evidence"


class Reply(TextChoices):
    """What was answered.  No row means not asked; only ``GIVEN`` is a yes."""

    GIVEN = "GIVEN", "Given"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    LACKS_CAPACITY = "LACKS_CAPACITY", "Lacks capacity"


class How(TextChoices):
    """How it was asked."""

    PHONE = "PHONE", "By phone"
    IN_PERSON = "IN_PERSON", "In person"
    IN_WRITING = "IN_WRITING", "In writing"


class Aid(TextChoices):
    """What helped to understand the question."""

    EASY_READ = "EASY_READ", "Easy read"
    BSL = "BSL", "British Sign Language"
    INTERPRETER = "INTERPRETER", "An interpreter"


class Until(TextChoices):
    """How long the answer counts."""

    MONTHS = "MONTHS", "6 months from now"
    CLOSE = "CLOSE", "The case closes"
    DATE = "DATE", "Another date"


class Standing(TextChoices):
    """What an answer amounts to now: the newest for a person, an agency and a scope."""

    GIVEN = "GIVEN", "Given"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
    LACKS_CAPACITY = "LACKS_CAPACITY", "Lacks capacity"
    RAN_OUT = "RAN_OUT", "Ran out"
    NOT_ASKED = "NOT_ASKED", "Not asked"


class Again(TextChoices):
    """Why somebody who said no was asked again (HC-42)."""

    RAISED = "RAISED", "They raised it themselves"
    REVIEW = "REVIEW", "It was a review of the case or of the risk"
    MISTAKE = "MISTAKE", "What was written down before was not right"
