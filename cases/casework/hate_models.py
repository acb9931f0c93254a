"""Which cases and incidents are hate, and about which strands: kept by the database itself.

Everything that counts hate asks this of every case, and working it out means reading every
view ever given.  So PostgreSQL keeps the answer beside the views it follows from, whoever
writes them, and nobody can write it by hand (ADR 27).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.casework.case_models import Case
from cases.casework.choices import Strand
from cases.casework.incident_models import Incident


class HateCase(models.Model):
    """A case with an incident that somebody, still, thinks hate was part of (policy line 105).

    ``strands`` are those that they still name, each once, in the alphabet's order.  An account
    of the same incident told to us again is of the case of the first one (HC-23).
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="hate")
    strands = ArrayField(models.TextField(choices=Strand), default=list)

    only_read = True
    """By the application's role: what writes it is the function that the triggers call."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(strands__contained_by=Strand.values),
                name="casework_hatecase_strands_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Hate: case {self.case_id}"


class HateIncident(models.Model):
    """A distinct incident that somebody, still, thinks hate was part of, in any account of it.

    ``told_at`` is when the first account of it reached us, whoever gave it; one in a case that
    was made void is none (domain 6.2, rule 1).
    """

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="hate")
    told_at = models.DateTimeField()

    only_read = True

    class Meta:
        indexes = [models.Index(fields=["told_at"], name="casework_hateincident_told")]

    def __str__(self) -> str:
        return f"Hate: incident {self.incident_id}"
