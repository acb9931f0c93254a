"""Ties between colleagues and the people and homes here: conflicts of interest (domain 7.1)."""

from __future__ import annotations

from django.db import models

from cases.lifecycle import append_only
from cases.people.choices import LinkKind
from cases.rows import PeersManager
from cases.staff.models import User


class StaffLink(models.Model):
    """A tie between a colleague who signs in and a person here: a conflict of interest."""

    user = models.ForeignKey(User, models.PROTECT, related_name="staff_links")
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="staff_links", null=True, blank=True
    )
    home = models.ForeignKey("people.Property", models.PROTECT, null=True, blank=True)
    kind = models.TextField(choices=LinkKind)
    declared_at = models.DateTimeField()

    objects = PeersManager["StaffLink"]()

    class Meta:
        triggers = append_only("people_stafflink")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(person__isnull=False) & models.Q(home__isnull=True))
                | (models.Q(person__isnull=True) & models.Q(home__isnull=False)),
                name="people_stafflink_one_end",
                violation_error_message="Name a person or an address, not both.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=LinkKind.values), name="people_stafflink_kind_known"
            ),
            models.UniqueConstraint(
                fields=["user", "person", "kind"], name="people_stafflink_person_once"
            ),
            models.UniqueConstraint(
                fields=["user", "home", "kind"], name="people_stafflink_home_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_kind_display()}"
