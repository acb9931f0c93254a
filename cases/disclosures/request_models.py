"""Telling the police without permission: the request, the decision, 999 and what came after."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.audit.history import keep_history
from cases.casework.choices import RiskLevel
from cases.casework.models import Case, Involvement
from cases.disclosures.choices import (
    PHONE_STATES,
    REQUEST_STATES,
    AfterKind,
    Capacity,
    LegalBasis,
    PhoneState,
    RequestState,
    ReviewVerdict,
    TellThem,
    Traced,
    Verdict,
    WhyNoPermission,
)
from cases.disclosures.pack_models import Pack, PackFile, Send
from cases.disclosures.triggers import deciders_only, phone_by_the_director, reviewers_only
from cases.lifecycle import append_only, fixed, guarded, no_delete
from cases.rows import PeersManager
from cases.staff.models import User


class Request(models.Model):
    """An officer's request that the Director let the police be told (domain 7.5)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    pack = models.OneToOneField(Pack, models.PROTECT, related_name="request")
    file = models.ForeignKey(
        PackFile, models.PROTECT, null=True, blank=True, related_name="+", help_text="As asked for."
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again"
    )
    new_facts = models.TextField(blank=True, default="", help_text="What is new since a refusal.")
    state = models.TextField(choices=RequestState, default=RequestState.DRAFT)
    urgent = models.BooleanField(default=False)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True, help_text="An approval's 72 hours.")
    ended_at = models.DateTimeField(null=True, blank=True)
    affected = models.ManyToManyField(Involvement, related_name="+", blank=True)
    # What serious harm, to whom, how likely, how soon: each with its source.
    harm_what = models.TextField(blank=True, default="")
    harm_to = models.TextField(blank=True, default="")
    harm_likely = models.TextField(blank=True, default="")
    harm_soon = models.TextField(blank=True, default="")
    risk_level = models.TextField(choices=RiskLevel, blank=True, default="")
    red_flags = ArrayField(models.TextField(), default=list, blank=True)
    not_high_why = models.TextField(blank=True, default="", help_text="A manager's, if not High.")
    not_high_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Why there is no permission, and what was tried.
    why_none = models.TextField(choices=WhyNoPermission, blank=True, default="")
    why_none_words = models.TextField(blank=True, default="")
    asked_on = ArrayField(models.DateField(), default=list, blank=True)
    efforts = models.TextField(blank=True, default="")
    their_words = models.TextField(blank=True, default="", help_text="What they want, quoted.")
    why_police = models.TextField(blank=True, default="")
    why_now = models.TextField(blank=True, default="")
    alternatives = models.TextField(blank=True, default="")
    legal_basis = models.TextField(choices=LegalBasis, blank=True, default="")
    third_party_why = models.TextField(blank=True, default="", help_text="If named: why.")
    # What it would mean for them.
    traced = models.TextField(choices=Traced, blank=True, default="")
    traced_words = models.TextField(blank=True, default="")
    told = models.TextField(choices=TellThem, blank=True, default="")
    told_words = models.TextField(blank=True, default="")
    if_sent = models.TextField(blank=True, default="")
    if_declined = models.TextField(blank=True, default="")
    history = keep_history()

    objects = PeersManager["Request"]()

    class Meta:
        ordering = ["begun_at", "id"]
        triggers = [
            *no_delete("disclosures_request"),
            guarded("state", REQUEST_STATES, name="disclosures_request_state"),
            fixed("case", "pack", "begun_by", "begun_at", name="disclosures_request_first_facts"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="disclosures_request_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="disclosures_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "TAKEN_BACK"])
                | (
                    Q(asked_at__isnull=False, due_at__isnull=False, file__isnull=False)
                    & ~Q(harm_what="")
                    & ~Q(harm_to="")
                    & ~Q(harm_likely="")
                    & ~Q(harm_soon="")
                    & ~Q(why_none="")
                    & ~Q(why_police="")
                    & ~Q(why_now="")
                    & ~Q(alternatives="")
                    & ~Q(legal_basis="")
                    & ~Q(traced="")
                    & ~Q(told="")
                ),
                name="disclosures_request_whole",
                violation_error_message="Something that the Director needs is missing.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "TAKEN_BACK"])
                | Q(risk_level=RiskLevel.HIGH)
                | (~Q(not_high_why="") & Q(not_high_by__isnull=False)),
                name="disclosures_request_high_or_why",
                violation_error_message="Risk is not High: a manager says why it is asked.",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="WAITING"),
                name="disclosures_request_one_waiting",
                violation_error_message="A request of this case waits for its decision already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"


class Decision(models.Model):
    """One decision on one request, for ever.  Who may not decide, the database refuses too.

    Whoever asked and whoever leads are copied here, so that a constraint can see them; the role
    held at that moment and conflicts are asked by a trigger (bar row 25).
    """

    request = models.OneToOneField(Request, models.PROTECT, related_name="decision")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lead = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.TextField(choices=Verdict)
    capacity = models.TextField(choices=Capacity)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.TextField()
    by_phone = models.BooleanField(default=False)
    file = models.ForeignKey(PackFile, models.PROTECT, null=True, blank=True, related_name="+")
    seal = models.TextField(blank=True, default="", help_text="Of the file and its recipient.")
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = PeersManager["Decision"]()

    class Meta:
        ordering = ["decided_at", "id"]
        triggers = [
            *append_only("disclosures_decision"),
            deciders_only("disclosures_decision_decider"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")),
                name="disclosures_decision_not_requester",
                violation_error_message="You raised this request, so somebody else decides it.",
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | ~Q(decided_by=F("lead")),
                name="disclosures_decision_not_lead",
                violation_error_message="You lead this case, so somebody else decides it.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="disclosures_decision_reason",
                violation_error_message="Give your reason.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values) & Q(capacity__in=Capacity.values),
                name="disclosures_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(verdict="DECLINE")
                | (Q(file__isnull=False, valid_until__isnull=False) & ~Q(seal="")),
                name="disclosures_decision_of_bytes",
                violation_error_message="An approval is for exact bytes and one recipient.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: request {self.request_id}"


class Message(models.Model):
    """A question to whoever asked, or their answer.  The clock keeps running."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="messages")
    answers = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="answer"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()

    objects = PeersManager["Message"]()

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("disclosures_message")
        constraints = [
            models.CheckConstraint(
                condition=~Q(words=""),
                name="disclosures_message_says",
                violation_error_message="Write the question, or the answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class PhoneApproval(models.Model):
    """The Director's word, by phone and out of hours, as a manager heard it (domain 7.5).

    It lets the pack go once.  The Director confirms or repudiates it in 12 hours; unconfirmed it
    is the policy sponsor's, and stays an exception.
    """

    request = models.OneToOneField(Request, models.PROTECT, related_name="phone")
    director = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    called_at = models.DateTimeField()
    words = models.TextField()
    file = models.ForeignKey(PackFile, models.PROTECT, related_name="+")
    seal = models.TextField()
    valid_until = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when it is confirmed or repudiated.")
    state = models.TextField(choices=PhoneState, default=PhoneState.WAITING)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    sponsor_told_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["PhoneApproval"]()

    class Meta:
        ordering = ["recorded_at", "id"]
        triggers = [
            *no_delete("disclosures_phoneapproval"),
            guarded("state", PHONE_STATES, name="disclosures_phoneapproval_state"),
            fixed(
                *("request", "director", "recorded_by", "recorded_at", "called_at", "words"),
                *("file", "seal", "valid_until", "due_at"),
                name="disclosures_phoneapproval_first_facts",
            ),
            phone_by_the_director("disclosures_phoneapproval_director"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(director=F("recorded_by")),
                name="disclosures_phoneapproval_two_people",
                violation_error_message="The Director decides here, not by phone.",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="disclosures_phoneapproval_words",
                violation_error_message="Write the Director’s own words.",
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    state__in=["CONFIRMED", "REPUDIATED"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="disclosures_phoneapproval_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"By phone: request {self.request_id}"


class Emergency(models.Model):
    """999 was rung because a life was at risk; written down afterwards (D8, domain 7.5)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    affected = models.ForeignKey(
        Involvement, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rung_at = models.DateTimeField()
    rung_by = models.TextField(help_text="Who rang: one of us, the person, somebody else.")
    log_number = models.TextField(blank=True, default="", help_text="The police’s log number.")
    why = models.TextField(help_text="Why a life was at risk then.")
    said = models.TextField(help_text="What they were told.")
    from_sheet = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    review_due_at = models.DateTimeField()

    objects = PeersManager["Emergency"]()

    class Meta:
        verbose_name_plural = "emergencies"
        ordering = ["-rung_at", "-id"]
        triggers = append_only("disclosures_emergency")
        constraints = [
            models.CheckConstraint(
                condition=~Q(why="") & ~Q(said="") & ~Q(rung_by=""),
                name="disclosures_emergency_whole",
                violation_error_message="Say who rang, why, and what they were told.",
            ),
        ]

    def __str__(self) -> str:
        return f"999 for {self.case_id}"


class EmergencyReview(models.Model):
    """The Director's look back at a 999 call, due in 24 hours."""

    emergency = models.OneToOneField(Emergency, models.PROTECT, related_name="review")
    verdict = models.TextField(choices=ReviewVerdict)
    words = models.TextField()
    capacity = models.TextField(choices=Capacity)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["EmergencyReview"]()

    class Meta:
        triggers = [
            *append_only("disclosures_emergencyreview"),
            reviewers_only("disclosures_emergencyreview_reviewer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=ReviewVerdict.values)
                & Q(capacity__in=Capacity.values)
                & ~Q(words=""),
                name="disclosures_emergencyreview_whole",
                violation_error_message="Say what you found.",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.emergency_id}"


class Afterwards(models.Model):
    """What was done after somebody was told: the person heard of it, and what came of it."""

    send = models.ForeignKey(Send, models.PROTECT, null=True, blank=True, related_name="afterwards")
    emergency = models.ForeignKey(
        Emergency, models.PROTECT, null=True, blank=True, related_name="afterwards"
    )
    kind = models.TextField(choices=AfterKind)
    happened_at = models.DateTimeField()
    words = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Afterwards"]()

    class Meta:
        verbose_name_plural = "afterwards"
        ordering = ["at", "id"]
        triggers = append_only("disclosures_afterwards")
        constraints = [
            models.CheckConstraint(
                condition=Q(send__isnull=False, emergency__isnull=True)
                | Q(send__isnull=True, emergency__isnull=False),
                name="disclosures_afterwards_of_one",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AfterKind.values) & ~Q(words=""),
                name="disclosures_afterwards_whole",
                violation_error_message="Say what was done, or why not.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
