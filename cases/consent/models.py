"""Who may be told what about somebody: each conversation, and what was answered in it.

Rows are only ever added: the newest answer for a person, an agency and a scope counts, and the
absence of one is a no (domain 7.3, policy line 170).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.casework.models import Involvement
from cases.consent.choices import Again, Aid, How, Reply, Scope, Until
from cases.lifecycle import append_only
from cases.partners.models import Agency
from cases.rows import PeersManager
from cases.staff.models import User


class Talk(models.Model):
    """One conversation with one person about one agency, in their words."""

    about = models.ForeignKey(Involvement, models.PROTECT, related_name="talks")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    purpose = models.TextField(help_text="What the agency would do with it.")
    withdrawal = models.BooleanField(default=False, help_text="They took something back.")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    how = models.TextField(choices=How)
    words = models.TextField(blank=True, default="", help_text="Their exact words.")
    conditions = models.TextField(blank=True, default="")
    until = models.TextField(choices=Until, default=Until.MONTHS)
    until_on = models.DateField(null=True, blank=True, help_text="The last day it counts.")
    informed_by = models.TextField(help_text="Version of what they were told before answering.")
    aids = ArrayField(models.TextField(choices=Aid), default=list, blank=True)
    interpreter = models.TextField(blank=True, default="")
    interpreter_known = models.BooleanField(
        default=False, help_text="A relative, or from the same community: warned against."
    )
    guardian = models.TextField(blank=True, default="", help_text="Who answered for a child.")
    guardian_basis = models.TextField(blank=True, default="")
    childs_view = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="", help_text="Best interests: who decided.")
    best_interests = models.TextField(blank=True, default="")
    tell_recipients = models.BooleanField(
        default=False, help_text="A withdrawal: they want whoever was told to know."
    )
    again = models.TextField(
        choices=Again, blank=True, default="", help_text="Why they were asked after a no."
    )
    again_words = models.TextField(blank=True, default="")
    not_again = models.BooleanField(default=False, help_text="They asked not to be asked again.")
    from_sheet = models.BooleanField(default=False, help_text="Said on the first call.")
    recorded_at = models.DateTimeField()

    objects = PeersManager["Talk"]()

    class Meta:
        ordering = ["recorded_at", "id"]
        triggers = append_only("consent_talk")
        indexes = [models.Index(fields=["about", "agency"], name="consent_talk_about_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(how__in=How.values), name="consent_talk_how_known"),
            models.CheckConstraint(
                condition=Q(until__in=Until.values), name="consent_talk_until_known"
            ),
            models.CheckConstraint(
                condition=Q(aids__contained_by=Aid.values), name="consent_talk_aids_known"
            ),
            models.CheckConstraint(
                condition=Q(until=Until.CLOSE) | Q(until_on__isnull=False) | Q(withdrawal=True),
                name="consent_talk_until_when",
                violation_error_message="Say until when.",
            ),
            models.CheckConstraint(condition=~Q(informed_by=""), name="consent_talk_informed"),
            models.CheckConstraint(
                condition=Q(again__in=["", *Again.values]), name="consent_talk_again_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="", best_interests="")
                | (~Q(decided_by="") & ~Q(best_interests="")),
                name="consent_talk_best_interests",
                violation_error_message="Say who decided, and what is best for them.",
            ),
            models.CheckConstraint(
                condition=Q(guardian="") | ~Q(guardian_basis=""),
                name="consent_talk_guardian_basis",
                violation_error_message="Say why they may answer for the child.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: part {self.about_id}"


class Said(models.Model):
    """What was answered about one scope."""

    talk = models.ForeignKey(Talk, models.PROTECT, related_name="said")
    scope = models.TextField(choices=Scope)
    reply = models.TextField(choices=Reply)

    objects = PeersManager["Said"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("consent_said")
        constraints = [
            models.UniqueConstraint(fields=["talk", "scope"], name="consent_said_once"),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="consent_said_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(reply__in=Reply.values), name="consent_said_reply_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.reply}"
