"""What is recorded beside an incident or a part, with a day and a person.  Only ever added to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.casework.incident_models import Incident
from cases.casework.record_choices import HR_KINDS, CrimeStatus, RecordKind
from cases.casework.work_models import Involvement
from cases.lifecycle import append_only
from cases.rows import PeersManager
from cases.staff.models import User


class CrimeDecision(models.Model):
    """What somebody decided about whether an incident is a crime; the newest counts.

    No row means not assessed.  Nothing of the case follows from it (HC-24, domain 2.3).
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="crime_decisions")
    status = models.TextField(choices=CrimeStatus)
    decided_by = models.TextField(help_text="Who decided: a force and officer, a court, or us.")
    decided_on = models.DateField()
    crime_reference = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["CrimeDecision"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("casework_crimedecision")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CrimeStatus.values), name="casework_crimedecision_known"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=""),
                name="casework_crimedecision_somebody",
                violation_error_message="Say who decided.",
            ),
            models.CheckConstraint(
                condition=~Q(status=CrimeStatus.POLICE_CRIME) | ~Q(crime_reference=""),
                name="casework_crimedecision_referenced",
                violation_error_message="Give the reference of the crime the police recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: incident {self.incident_id}"


class PartRecord(models.Model):
    """Something done about somebody's part: a statement, special measures, HR (HC-22, HC-39).

    About HR only the day is kept: no words, so that no disciplinary matter can be written here.
    """

    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="records")
    kind = models.TextField(choices=RecordKind)
    on = models.DateField()
    with_whom = models.TextField(blank=True, default="", help_text="Who took it, or was asked.")
    words = models.TextField(blank=True, default="")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["PartRecord"]()

    class Meta:
        ordering = ["on", "id"]
        triggers = append_only("casework_partrecord")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RecordKind.values), name="casework_partrecord_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(HR_KINDS)) | Q(words="", with_whom=""),
                name="casework_partrecord_hr_day_only",
                violation_error_message="About HR only the day is kept.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(HR_KINDS)) | ~Q(with_whom=""),
                name="casework_partrecord_somebody",
                violation_error_message="Say who took it, or who was asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: part {self.involvement_id}"
