"""Who is related to whom, and which records turned out to be of one person."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Greatest, Least

from cases.audit.history import keep_history
from cases.lifecycle import no_delete
from cases.people.choices import FamilyKind, ToldBy
from cases.people.ties import BONDS
from cases.rows import PeersManager


def _bond() -> models.Case:
    """The kind, the same from either end: a parent's link and a child's are one bond."""
    whens = [models.When(kind=kind, then=models.Value(bond)) for kind, bond in BONDS.items()]
    return models.Case(*whens, default=models.F("kind"), output_field=models.TextField())


class FamilyLink(models.Model):
    """Somebody of somebody's immediate family (domain 2.9): ``relative`` is their ``kind``.

    Said once, readable from both ends.  ``period`` may be open at either end; permanent kinds
    ignore its end.  A link entered by mistake holds no day at all (an empty period).
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="family_links")
    relative = models.ForeignKey("people.Person", models.PROTECT, related_name="family_of")
    kind = models.TextField(choices=FamilyKind)
    period = DateRangeField()
    told_by = models.TextField(choices=ToldBy, default=ToldBy.THEMSELVES)
    history = keep_history()

    objects = PeersManager["FamilyLink"]()

    class Meta:
        triggers = no_delete("people_familylink")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("relative")),
                name="people_familylink_not_themselves",
                violation_error_message="Nobody is their own relative. Choose somebody else.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=FamilyKind.values), name="people_familylink_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(told_by__in=ToldBy.values),
                name="people_familylink_told_by_known",
            ),
            ExclusionConstraint(
                name="people_familylink_once_at_a_time",
                expressions=[
                    (Least("person", "relative"), RangeOperators.EQUAL),
                    (Greatest("person", "relative"), RangeOperators.EQUAL),
                    (_bond(), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="We already have this about the two of them at that time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relative_id} {self.kind} of {self.person_id}"


class Merge(models.Model):
    """Two records of one person: which was chosen to stay, and what it said before.

    No row of either is moved.  ``before`` holds, field by field, what the survivor's details
    and both records' safe contact said before and after, so that undoing puts back exactly
    what is still as the merge left it.
    """

    loser = models.ForeignKey("people.Person", models.PROTECT, related_name="merged_away")
    survivor = models.ForeignKey("people.Person", models.PROTECT, related_name="merged_here")
    merged_at = models.DateTimeField()
    merged_by_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_id = models.BigIntegerField(null=True, blank=True)
    undone_reason = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager["Merge"]()

    class Meta:
        triggers = no_delete("people_merge")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(loser=models.F("survivor")),
                name="people_merge_not_itself",
                violation_error_message="A record cannot be joined to itself.",
            ),
            models.UniqueConstraint(
                fields=["loser"],
                condition=models.Q(undone_at__isnull=True),
                name="people_merge_once",
                violation_error_message="This record is already joined to another.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.survivor_id}"
