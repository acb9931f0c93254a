"""Assessments of risk: what was answered, what was judged beside it, and what level stands.

Nothing here is overwritten.  Answers are appended as on the call sheet (ADR 7); a finished
assessment is frozen by the database; judgements and levels are rows of their own (ADR 17).
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from cases.audit.history import keep_history
from cases.casework.choices import RiskLevel
from cases.casework.models import Case, Incident, Involvement
from cases.lifecycle import append_only, fixed, guarded, no_delete
from cases.people.models import Person
from cases.risk.choices import (
    ASSESSMENT_STATES,
    AssessmentState,
    Because,
    JudgementKind,
    Told,
    Trigger,
)
from cases.risk.questions import SETS
from cases.rows import PeersManager
from cases.staff.models import User


def _frozen() -> pgtrigger.Protect:
    """No change of any kind to an assessment once it is finished."""
    return pgtrigger.Protect(
        name="risk_assessment_frozen",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state=AssessmentState.FINISHED),
    )


def _answers_closed() -> pgtrigger.Trigger:
    """No answer is added to a finished assessment, whoever writes it."""
    return pgtrigger.Trigger(
        name="risk_answer_closed",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="""
            IF EXISTS (SELECT 1 FROM risk_assessment a
                       WHERE a.id = NEW.assessment_id AND a.state = 'FINISHED') THEN
                RAISE EXCEPTION 'a finished assessment takes no more answers'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Assessment(models.Model):
    """One asking of the questions, of one person on a case, with one version of them."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    about = models.ForeignKey(Involvement, models.PROTECT, related_name="assessments")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    question_set = models.TextField()
    witness = models.BooleanField(default=False, help_text="A third party who is a witness.")
    from_report = models.BooleanField(default=False, help_text="Nobody has been asked yet.")
    state = models.TextField(choices=AssessmentState, default=AssessmentState.DRAFT)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next"
    )
    # From here on: what the rule said when it was finished, and with which settings.
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.TextField(choices=RiskLevel, blank=True, default="")
    provisional = models.BooleanField(default=False)
    bands = models.JSONField(default=dict, blank=True)
    repeat = models.JSONField(default=dict, blank=True)
    review_due_at = models.DateTimeField(null=True, blank=True)
    history = keep_history()

    objects = PeersManager["Assessment"]()

    class Meta:
        ordering = ["started_at", "id"]
        triggers = [
            *no_delete("risk_assessment"),
            guarded("state", ASSESSMENT_STATES, name="risk_assessment_state"),
            fixed(
                *("case", "about", "question_set", "witness", "from_report"),
                *("started_at", "started_by", "supersedes"),
                name="risk_assessment_first_facts",
            ),
            _frozen(),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(question_set__in=list(SETS)), name="risk_assessment_questions_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssessmentState.values), name="risk_assessment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(band__in=["", *RiskLevel.values]), name="risk_assessment_band_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(state=AssessmentState.FINISHED),
                    Q(finished_at__isnull=False, finished_by__isnull=False),
                    Q(score__isnull=False, review_due_at__isnull=False),
                    ~Q(band=""),
                )
                | Q(
                    state=AssessmentState.DRAFT,
                    finished_at__isnull=True,
                    finished_by__isnull=True,
                    score__isnull=True,
                    review_due_at__isnull=True,
                    band="",
                ),
                name="risk_assessment_finished_whole",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=48), name="risk_assessment_score"
            ),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(state=AssessmentState.DRAFT),
                name="risk_assessment_one_at_a_time",
                violation_error_message="Somebody is asking these questions already.",
            ),
        ]
        indexes = [models.Index(fields=["case", "-finished_at"], name="risk_assessment_newest")]

    def __str__(self) -> str:
        return f"Risk assessment {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state == AssessmentState.FINISHED


class Answer(models.Model):
    """One answer as given; the newest of a question counts, the others are kept."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    question = models.TextField()
    value = models.TextField(blank=True, default="")
    window = models.TextField(blank=True, default="", help_text="Which browser window sent it.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Answer"]()

    class Meta:
        ordering = ["id"]
        triggers = [*append_only("risk_answer"), _answers_closed()]
        indexes = [models.Index(fields=["assessment", "question", "-id"], name="risk_answer_now")]

    def __str__(self) -> str:
        return self.question


class Judgement(models.Model):
    """What somebody decided beside the rule, and why.  Never altered."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="judgements")
    kind = models.TextField(choices=JudgementKind)
    rule_said = models.TextField(choices=RiskLevel)
    to = models.TextField(choices=RiskLevel, blank=True, default="")
    flag = models.TextField(blank=True, default="")
    reason = models.TextField()
    evidence = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Judgement"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("risk_judgement")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=JudgementKind.values), name="risk_judgement_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(rule_said__in=RiskLevel.values), name="risk_judgement_rule_said_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=JudgementKind.FLAG_IN_ERROR, to="") & ~Q(flag="") & ~Q(evidence="")
                )
                | Q(kind=JudgementKind.RAISED, to__in=RiskLevel.values, flag="")
                | (
                    Q(kind=JudgementKind.LOWERED, to__in=RiskLevel.values, flag="")
                    & ~Q(evidence="")
                ),
                name="risk_judgement_complete",
                violation_error_message="A level set lower needs a reason and evidence.",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"^\s*\S(.|\n){18,}\S\s*$"),
                name="risk_judgement_says_why",
                violation_error_message="Say why (at least 20 characters).",
            ),
            models.UniqueConstraint(
                fields=["assessment", "flag"],
                condition=Q(kind=JudgementKind.FLAG_IN_ERROR),
                name="risk_judgement_flag_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.assessment_id}"


class Level(models.Model):
    """The level that stands for somebody from a moment on; the newest row counts."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="levels")
    about = models.ForeignKey(Involvement, models.PROTECT, related_name="risk_levels")
    level = models.TextField(choices=RiskLevel)
    provisional = models.BooleanField(default=False)
    because = models.TextField(choices=Because)
    why = models.TextField(help_text="In words, as the case page says it.")
    repeat = models.JSONField(default=dict, blank=True)
    by_name = models.TextField(help_text="Who, or the operation's own name.")
    at = models.DateTimeField()

    objects = PeersManager["Level"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("risk_level")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=RiskLevel.values), name="risk_level_level_known"
            ),
            models.CheckConstraint(
                condition=Q(because__in=Because.values), name="risk_level_because_known"
            ),
        ]
        indexes = [models.Index(fields=["about", "-id"], name="risk_level_newest")]

    def __str__(self) -> str:
        return f"{self.level} for {self.about_id}"


class ReviewCall(models.Model):
    """Something changed, so the questions are asked again before their time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="review_calls")
    why = models.TextField(choices=Trigger)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="review_calls"
    )
    at = models.DateTimeField()
    by_name = models.TextField()

    objects = PeersManager["ReviewCall"]()

    class Meta:
        ordering = ["-id"]
        triggers = append_only("risk_reviewcall")
        constraints = [
            models.CheckConstraint(condition=Q(why__in=Trigger.values), name="risk_reviewcall_why"),
            models.UniqueConstraint(
                fields=["case", "incident"],
                condition=Q(incident__isnull=False),
                name="risk_reviewcall_incident_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} on {self.case_id}"


class Message(models.Model):
    """Word of High risk to one colleague: kept before it is sent, so it is never sent twice."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="messages")
    role = models.TextField(choices=Told)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PeersManager["Message"]()

    class Meta:
        ordering = ["id"]
        triggers = append_only("risk_message")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Told.values), name="risk_message_role"),
            models.UniqueConstraint(
                fields=["assessment", "role", "user"], name="risk_message_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.assessment_id}"
