"""Forms of settings and training."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.calendar import LONDON
from cases.fields import DateField, Radios
from cases.policy import rules
from cases.staff.models import Course


class SettingForm(forms.Form):
    """A new value for one setting, from now or from the start of a later day."""

    value = forms.IntegerField(
        label="New value",
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "numeric"}),
        error_messages={"required": "Enter a whole number", "invalid": "Enter a whole number"},
    )
    begins_on = DateField(
        label="From",
        subject="From",
        required=False,
        help_text="Leave this empty for now. Promises already made keep their times.",
    )
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why the setting changes"},
    )
    was = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, key: str, words: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self.today = today
        self.fields["value"].label = words

    def clean_value(self) -> int:
        value: int = self.cleaned_data["value"]
        answer = rules.acceptable(self.key, value)
        if not answer:
            raise ValidationError(answer.reason)
        return value

    def clean_begins_on(self) -> date | None:
        begins: date | None = self.cleaned_data["begins_on"]
        if begins is not None and begins < self.today:
            raise ValidationError("A setting cannot change in the past.")
        return begins

    def begins_at(self, now: datetime) -> datetime:
        """The start of the first day, or now if that is today."""
        day = self.cleaned_data["begins_on"]
        if day is None or day <= self.today:
            return now
        return datetime.combine(day, time(0, 0), LONDON)


class WordsForm(forms.Form):
    """Words about the world outside, where they were checked, and on which day."""

    words = forms.CharField(
        label="What is said",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="{name} stands for who is on the line.",
        error_messages={"required": "Enter the words that are said"},
    )
    source = forms.CharField(
        label="Where did you check it?",
        max_length=300,
        help_text="Such as the name of the page and its address.",
        error_messages={"required": "Say where they were checked"},
    )
    checked_on = DateField(label="When did you check it?", subject="The day you checked it")


class TrainingForm(forms.Form):
    """A course somebody completed (policy lines 176 to 178)."""

    course = forms.ChoiceField(
        label="Which course?",
        choices=Course.choices,
        widget=Radios(),
        error_messages={"required": "Choose a course"},
    )
    completed_on = DateField(label="When did they complete it?", subject="The day completed")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_completed_on(self) -> date:
        day: date = self.cleaned_data["completed_on"]
        if day > self.today:
            raise ValidationError("The day completed cannot be in the future")
        return day
