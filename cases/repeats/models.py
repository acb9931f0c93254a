"""What follows from the facts under RV-1, kept so that it can be read, counted and explained.

Every row here can be worked out again from the facts (``manage.py check_repeats``).  Only the
settling of an operation writes them: nobody can switch a flag on or off.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.audit.history import keep_history
from cases.casework.models import Incident
from cases.lifecycle import append_only, fixed, no_delete, once
from cases.people.models import Household, Person
from cases.repeats.choices import Basis, Level
from cases.rows import PeersManager
from cases.staff.models import User


class RepeatFlag(models.Model):
    """What an incident, a person or a household is now; the history keeps what it was.

    Something that never was anything has no row.  ``because`` and ``current_until`` are those
    of a person or household; ``number`` is the incident's place among those linked to it.
    """

    incident = models.OneToOneField(
        Incident, models.PROTECT, null=True, blank=True, related_name="repeat"
    )
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="repeat"
    )
    household = models.OneToOneField(
        Household, models.PROTECT, null=True, blank=True, related_name="repeat"
    )
    level = models.TextField(choices=Level)
    basis = models.TextField(choices=Basis, blank=True, default="")
    number = models.PositiveIntegerField(default=1)
    because = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")
    current_until = models.DateField(null=True, blank=True)
    rule = models.TextField()
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When what follows was promised on its cases, once."
    )
    history = keep_history()

    objects = PeersManager["RepeatFlag"]()

    class Meta:
        triggers = [
            *no_delete("repeats_repeatflag"),
            fixed("incident", "person", "household", name="repeats_repeatflag_whose"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, person__isnull=True, household__isnull=True)
                | Q(incident__isnull=True, person__isnull=False, household__isnull=True)
                | Q(incident__isnull=True, person__isnull=True, household__isnull=False),
                name="repeats_repeatflag_of_one",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="repeats_repeatflag_level_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["", *Basis.values]), name="repeats_repeatflag_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False)
                | Q(level=Level.NONE)
                | Q(because__isnull=False, current_until__isnull=False),
                name="repeats_repeatflag_explained",
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class RepeatEvidence(models.Model):
    """An earlier incident that explains a flag: through whom, and the twelve months it starts.

    ``person`` was harmed in the later incident; ``through`` in the earlier one, and is their
    ``kind``.  What no longer explains it is ended, never removed.
    """

    flag = models.ForeignKey(RepeatFlag, models.PROTECT, related_name="evidence")
    earlier = models.ForeignKey(Incident, models.PROTECT, related_name="+")
    basis = models.TextField(choices=Basis)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    through = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.TextField(blank=True, default="")
    starts = models.DateField()
    ends = models.DateField(help_text="The last day that counts.")
    counts = models.BooleanField(help_text="The later incident happened within the months.")
    rule = models.TextField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["RepeatEvidence"]()

    class Meta:
        ordering = ["id"]
        triggers = [
            *no_delete("repeats_repeatevidence"),
            fixed(
                "flag",
                "earlier",
                "basis",
                "person",
                "through",
                "kind",
                "starts",
                "ends",
                "counts",
                "rule",
                "since",
                name="repeats_repeatevidence_as_found",
            ),
            once("ended_at", name="repeats_repeatevidence_ends_once"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="repeats_repeatevidence_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")),
                name="repeats_repeatevidence_ends_later",
            ),
            models.UniqueConstraint(
                fields=["flag", "earlier", "basis"],
                condition=Q(ended_at__isnull=True),
                name="repeats_repeatevidence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag_id} because of {self.earlier_id}"


class MadeUp(models.Model):
    """The person who gave an account said themselves that it was made up, and a manager agrees.

    Nothing else makes an account count less (domain 6.2, rule 4): not a doubt, not the police.
    """

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="made_up")
    words = models.TextField(help_text="What they said, in their own words.")
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["MadeUp"]()

    class Meta:
        triggers = append_only("repeats_madeup")
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="repeats_madeup_in_words",
                violation_error_message="Give what they said themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"Incident {self.incident_id}"
