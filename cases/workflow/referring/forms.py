"""Forms of a referral: whom to, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms

from cases.fields import DateField, MomentField
from cases.workflow.disclosing.forms import PackForm
from cases.workflow.forms import CaseForm

LONG = 2000
SHORT = 200


class ReferralForm(PackForm):
    """The unit there, why it may be told, and what it is asked to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["title"]
        self.fields["purpose"].label = "What are they asked to do?"
        self.fields["purpose"].help_text = "Such as “Ring her about a support worker”. No names."
        self.fields["purpose"].error_messages["required"] = "Say what they are asked to do"

    def facts(self) -> dict[str, Any]:
        """What the operation is told."""
        said = self.cleaned_data
        return {
            "contact": self.contacts[said["contact"]],
            "door": said.get("door", ""),
            "purpose": said["purpose"].strip(),
            "citation": said.get("citation", "").strip(),
        }


class AnswerForm(CaseForm):
    """That they took it on: when, and who said so."""

    answered_on = DateField(label="When did they answer?", subject="The day they answered")
    answered_by = forms.CharField(
        label="Who answered?",
        max_length=SHORT,
        help_text="A name or a desk there.",
        error_messages={"required": "Say who answered"},
    )

    def __init__(self, *args: Any, today: date, sent_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.sent_on = today, sent_on

    def clean_answered_on(self) -> date:
        """A day between its going and today.  Raises ValidationError."""
        day: date = self.cleaned_data["answered_on"]
        if day > self.today:
            raise forms.ValidationError("The day they answered cannot be in the future.")
        if day < self.sent_on:
            raise forms.ValidationError("They cannot have answered before it was sent.")
        return day


class DeclineForm(AnswerForm):
    """That they did not take it on, and why."""

    why = forms.CharField(
        label="Why did they decline?",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why they declined"},
    )


class ChaseForm(CaseForm):
    """One time somebody asked what became of it."""

    how = forms.CharField(
        label="Whom did you ask, and how?",
        max_length=SHORT,
        help_text="Such as “Rang the duty worker”.",
        error_messages={"required": "Say whom you asked, and how"},
    )
    happened_at = MomentField(label="When?", subject="When you asked")
    words = forms.CharField(
        label="What did they say?",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what they said"},
    )
    next_on = DateField(
        label="When will you ask again?",
        subject="The day to ask again",
        required=False,
        help_text="Leave it empty to ask again after the usual number of working days.",
    )

    def __init__(self, *args: Any, now: datetime, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_at": now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.now, self.today = now, today

    def clean(self) -> dict[str, Any]:
        """It was asked by now; it is asked again after today."""
        said = super().clean() or self.cleaned_data
        at, again = said.get("happened_at"), said.get("next_on")
        if at and at > self.now:
            self.add_error("happened_at", "When you asked cannot be in the future.")
        if again and again <= self.today:
            self.add_error("next_on", "The day to ask again must be after today.")
        return said
