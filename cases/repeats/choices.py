"""The lists the repeat flags are kept with.  Codes are stable, labels may change (domain 6)."""

from __future__ import annotations

from django.db.models import TextChoices


class Level(TextChoices):
    """What an incident, a person or a household is."""

    NONE = "NONE", "Not a repeat"
    PATTERN = "PATTERN", "Pattern"
    REPEAT = "REPEAT", "Repeat"


class Basis(TextChoices):
    """Through what two incidents are linked."""

    PERSON = "PERSON", "The same person"
    FAMILY = "FAMILY", "Family"
    HOUSEHOLD = "HOUSEHOLD", "Household"
