"""Asking others to help: referrals, and meetings of several agencies (HC-11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.audit.history import keep_history
from cases.casework.models import Case, Involvement
from cases.disclosures.models import Pack, Send
from cases.lifecycle import append_only, fixed, guarded, no_delete
from cases.partners.models import Agency
from cases.referrals.choices import (
    ACTION_STATES,
    REFERRAL_STATES,
    ActionState,
    Direction,
    Forum,
    ReferralState,
)
from cases.referrals.triggers import as_its_pack, told_where_it_may
from cases.rows import PeersManager
from cases.staff.models import User


class Referral(models.Model):
    """One person referred to one agency, or to a team of our own; what is told is its pack."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    about = models.ForeignKey(
        Involvement, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="referrals")
    pack = models.OneToOneField(Pack, models.PROTECT, related_name="referral")
    state = models.TextField(choices=ReferralState, default=ReferralState.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    chase_on = models.DateField(null=True, blank=True, help_text="When to ask after it.")
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.TextField(blank=True, default="", help_text="Who there answered.")
    declined_why = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager["Referral"]()

    class Meta:
        ordering = ["made_at", "id"]
        triggers = [
            *no_delete("referrals_referral"),
            guarded("state", REFERRAL_STATES, name="referrals_referral_state"),
            fixed("case", "pack", "made_by", "made_at", name="referrals_referral_first_facts"),
            as_its_pack("referrals_referral_pack"),
        ]
        indexes = [models.Index(fields=["state", "chase_on"], name="referrals_referral_chase")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values), name="referrals_referral_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SENT", "ACCEPTED", "DECLINED"]) | Q(sent_at__isnull=False),
                name="referrals_referral_sent_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="DECLINED") | ~Q(declined_why=""),
                name="referrals_referral_declined_why",
                violation_error_message="Say why they declined.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ENDED", "REVOKED"])
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="referrals_referral_ended_why",
                violation_error_message="Say why it ends.",
            ),
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk}"


class Chase(models.Model):
    """One time somebody asked an agency what became of a referral."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="chases")
    happened_at = models.DateTimeField()
    how = models.TextField(help_text="Rang, wrote: to whom.")
    words = models.TextField(help_text="What they said.")
    next_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Chase"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("referrals_chase")
        constraints = [
            models.CheckConstraint(
                condition=~Q(how="") & ~Q(words=""),
                name="referrals_chase_whole",
                violation_error_message="Say whom you asked, and what they said.",
            ),
        ]

    def __str__(self) -> str:
        return f"Chase of {self.referral_id}"


class Meeting(models.Model):
    """A meeting of several agencies about a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="meetings")
    forum = models.TextField(choices=Forum)
    name = models.TextField(blank=True, default="", help_text="What the local panel is called.")
    terms = models.TextField(blank=True, default="", help_text="The terms it meets under.")
    held_on = models.DateField()
    chaired_by = models.TextField(blank=True, default="")
    joint_action = models.BooleanField(default=False, help_text="Action taken together (HC-11).")
    notes = models.TextField(blank=True, default="")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    history = keep_history()

    objects = PeersManager["Meeting"]()

    class Meta:
        ordering = ["-held_on", "-id"]
        triggers = no_delete("referrals_meeting")
        constraints = [
            models.CheckConstraint(
                condition=Q(forum__in=Forum.values), name="referrals_meeting_forum_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_forum_display()


class Attendee(models.Model):
    """Somebody who was there: for an agency, or one of us."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    who = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Attendee"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("referrals_attendee")
        constraints = [
            models.CheckConstraint(
                condition=~Q(who=""),
                name="referrals_attendee_somebody",
                violation_error_message="Say who was there.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "agency", "who"],
                nulls_distinct=False,
                name="referrals_attendee_once",
                violation_error_message="They are listed already.",
            ),
        ]

    def __str__(self) -> str:
        return self.who


class Shared(models.Model):
    """What was told at a meeting: by us through the gate (``send``), or by them to us."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="shared")
    direction = models.TextField(choices=Direction)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    send = models.OneToOneField(Send, models.PROTECT, null=True, blank=True, related_name="shared")
    words = models.TextField(blank=True, default="", help_text="What they told us.")
    basis = models.TextField(blank=True, default="", help_text="Under what they told us.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Shared"]()

    class Meta:
        verbose_name_plural = "shared"
        ordering = ["id"]
        triggers = [*append_only("referrals_shared"), told_where_it_may("referrals_shared_where")]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="OUT", send__isnull=False)
                | (Q(direction="IN", send__isnull=True) & ~Q(words="")),
                name="referrals_shared_through_the_gate",
                violation_error_message="What we tell goes through the gate; say what they told.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} at {self.meeting_id}"


class MeetingAction(models.Model):
    """What somebody promised to do by a day."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions")
    what = models.TextField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    state = models.TextField(choices=ActionState, default=ActionState.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager["MeetingAction"]()

    class Meta:
        ordering = ["due_on", "id"]
        triggers = [
            *no_delete("referrals_meetingaction"),
            guarded("state", ACTION_STATES, name="referrals_meetingaction_state"),
            fixed("meeting", "what", name="referrals_meetingaction_first_facts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what=""),
                name="referrals_meetingaction_says",
                violation_error_message="Say what is to be done.",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False, agency__isnull=True)
                | Q(owner__isnull=True, agency__isnull=False),
                name="referrals_meetingaction_owned",
                violation_error_message="Name one owner: a colleague, or an agency.",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at__isnull=True)
                | (Q(state__in=["DONE", "DROPPED"], ended_at__isnull=False) & ~Q(outcome="")),
                name="referrals_meetingaction_ended",
                violation_error_message="Say how it ended.",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class ReviewTold(models.Model):
    """That somebody was told they may ask for an ASB case review, or why not yet (HC-11)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews_told")
    about = models.ForeignKey(Involvement, models.PROTECT, related_name="+")
    may_be_eligible = models.BooleanField()
    counted = models.PositiveSmallIntegerField(help_text="Reports that counted, that day.")
    told = models.BooleanField()
    words = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["ReviewTold"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("referrals_reviewtold")
        constraints = [
            models.CheckConstraint(
                condition=Q(told=True) | ~Q(words=""),
                name="referrals_reviewtold_why_not",
                violation_error_message="Say why they were not told yet.",
            ),
        ]

    def __str__(self) -> str:
        return f"Case review: part {self.about_id}"
