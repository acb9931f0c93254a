"""Forms of what is to be done better.  Each asks for no name of anybody in a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.access import Answer
from cases.fields import DateField, DateInput, Radios, read_date
from cases.improving import rules
from cases.improving.choices import BY_A_PERSON, ENDED, Because, Decision, Source
from cases.partners.forms import SeenForm
from cases.staff.models import User

NOBODY = "Do not name anybody from a case."


def _words(label: str, need: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=f"{hint} {NOBODY}".strip(),
        max_length=rules.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": need},
    )


def _said(answer: Answer) -> None:
    """Raises ValidationError with the sentence of a no."""
    if not answer:
        raise ValidationError(answer.reason)


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A colleague who can open what is theirs; nobody is chosen beforehand."""

    def __init__(self, **said: Any) -> None:
        super().__init__(
            queryset=User.objects.none(),
            label="Who sees to it?",
            empty_label="Choose a colleague",
            error_messages={
                "required": "Choose who sees to it",
                "invalid_choice": "Choose one of the colleagues listed",
            },
            **said,
        )


class OwnedForm(SeenForm):
    """Who sees to something, and by when."""

    owner = OwnerField()
    due_on = DateField(label="By when?", subject="The day it is due")

    def __init__(
        self, *args: Any, owners: Any, today: date, was: date | None = None, **kwargs: Any
    ) -> None:
        """``owners``: whom it may be given to; ``was``: the day that stands."""
        super().__init__(*args, **kwargs)
        self.today, self.was = today, was
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        """A day to come, or the one that stands."""
        day: date = self.cleaned_data["due_on"]
        _said(rules.is_due(day, self.today, was=self.was))
        return day


class ChangeImprovementForm(OwnedForm):
    """What an action says."""

    what = _words("What is to be done?", "Say what is to be done")
    finding = _words(
        "What was found?", "Say what was found", "What shows that it should be better than it is."
    )
    field_order: Sequence[str] = ("what", "finding", "owner", "due_on", "seen")


class ImprovementForm(ChangeImprovementForm):
    """A new action, with why it is to be done."""

    because = forms.ChoiceField(
        label="Why?",
        choices=Because.choices,
        widget=Radios,
        error_messages={
            "required": "Choose why it is to be done",
            "invalid_choice": "Choose why it is to be done",
        },
    )
    measure = forms.ChoiceField(
        label="Which measure shows it?",
        required=False,
        help_text="Leave this empty if none does.",
        error_messages={"invalid_choice": "Choose one of the measures listed"},
    )
    field_order = ("because", "what", "finding", "measure", "owner", "due_on")

    def __init__(
        self, *args: Any, measures: list[tuple[str, str]], because: str = "", **kwargs: Any
    ) -> None:
        """``because``: what the action is made from says it already."""
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", "No measure"), *measures]  # type: ignore[attr-defined]
        if because:
            del self.fields["because"]


class EndForm(forms.Form):
    """What became of something."""

    to = forms.ChoiceField(
        label="What became of it?",
        choices=ENDED,
        widget=Radios,
        error_messages={
            "required": "Choose what became of it",
            "invalid_choice": "Choose what became of it",
        },
    )
    evidence = _words(
        "How can one see that it is done, or why is it not needed?",
        "Say what was done, or why it is not needed",
        "Such as where it is written down, or what is counted now.",
    )


class MonthInput(DateInput):
    """Month and year: posted as ``name_month`` and ``name_year``."""

    def boxes(self) -> dict[str, forms.Widget | type[forms.Widget]]:
        return {name: box for name, box in super().boxes().items() if name != "day"}

    def decompress(self, value: Any) -> list[Any]:
        return [str(value.month), str(value.year)] if isinstance(value, date) else list(value or ())


class MonthField(DateField):
    """A month of a year, as its first day."""

    widget = MonthInput

    def read(self, typed: list[str]) -> date:
        """Raises ValidationError when there is no such month."""
        found: date = read_date(self.subject, "1", *typed[:2])
        return found


class ChangeRecommendationForm(OwnedForm):
    """What a recommendation says, in our own words."""

    title = forms.CharField(
        label="Where is it published?",
        help_text="What the report is called, or its number.",
        max_length=rules.LONGEST_LINE,
        error_messages={"required": "Say what it was published as, or its number"},
    )
    words = _words(
        "What is recommended?", "Say what is recommended, in our own words", "In our own words."
    )
    field_order: Sequence[str] = ("title", "words", "owner", "due_on", "seen")


class RecommendationForm(ChangeRecommendationForm):
    """A new line of the register."""

    source = forms.ChoiceField(
        label="Who recommended it?",
        choices=Source.choices,
        widget=Radios,
        error_messages={
            "required": "Choose who recommended it",
            "invalid_choice": "Choose who recommended it",
        },
    )
    said_in = MonthField(label="When was it published?", subject="The month it was published")
    field_order = ("source", "title", "said_in", "words", "owner", "due_on")

    def clean_said_in(self) -> date:
        """A month that has begun."""
        month: date = self.cleaned_data["said_in"]
        if month > self.today:
            raise ValidationError("It cannot have been published in the future")
        return month


class ReasonForm(forms.Form):
    """Something that may bring the review of the policy forward."""

    kind = forms.ChoiceField(
        label="What kind of reason is it?",
        choices=BY_A_PERSON,
        widget=Radios,
        error_messages={
            "required": "Choose what kind of reason it is",
            "invalid_choice": "Choose what kind of reason it is",
        },
    )
    words = _words("What changed, or what was found?", "Say what changed, or what was found")
    noticed_on = DateField(
        label="When was it noticed?",
        subject="The day it was noticed",
        required=False,
        help_text="Leave this empty if it was today.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_noticed_on(self) -> date:
        """That day, or today."""
        day: date = self.cleaned_data["noticed_on"] or self.today
        if day > self.today:
            raise ValidationError("It cannot have been noticed in the future")
        return day


class DecideForm(forms.Form):
    """Whether the policy is reviewed because of a reason, by when, and why."""

    decision = forms.ChoiceField(
        label="What is decided?",
        choices=Decision.choices,
        widget=Radios,
        error_messages={
            "required": "Choose what is decided",
            "invalid_choice": "Choose what is decided",
        },
    )
    review_by = DateField(
        label="By which day is it reviewed?",
        subject="The day by which it is reviewed",
        required=False,
        help_text="Only if it is reviewed.",
    )
    why = _words("Why?", "Say why")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A day if the policy is reviewed, and none otherwise."""
        data = super().clean() or {}
        decision, day = data.get("decision"), data.get("review_by")
        if decision == Decision.FORWARD and not day and "review_by" not in self.errors:
            self.add_error("review_by", "Say by which day the policy is reviewed")
        if decision == Decision.NOT_NOW and day:
            self.add_error("review_by", "Leave this empty if the policy is not reviewed")
        if day and (answer := rules.is_due(day, self.today)).reason:
            self.add_error("review_by", answer.reason)
        return data


class FilterForm(forms.Form):
    """Which lines of a list to show."""

    mark_optional = False

    state = forms.ChoiceField(
        label="How they stand",
        required=False,
        choices=[("", "To be done"), ("late", "Late"), ("ended", "Ended"), ("all", "All of them")],
    )
    code = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, label: str, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label
        self.fields["code"].choices = [("", "Any"), *codes]  # type: ignore[attr-defined]
