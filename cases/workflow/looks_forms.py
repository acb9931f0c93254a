"""The filter of who looked at a case, and what an extract is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.audit import things
from cases.audit.forms import DaysForm
from cases.casework.models import Involvement
from cases.fields import Radios
from cases.workflow.case_words import name_and_part


class WhoForm(DaysForm):
    """One colleague among those there are, and from which day to which."""

    field_order: Iterable[str] | None = ("show", "by", "thing", "from_on", "to_on")

    show = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    by = forms.TypedChoiceField(label="Colleague", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = dict(people)
        self.fields["by"].choices = [("", "Anybody"), *people]  # type: ignore[attr-defined]


class EventsForm(WhoForm):
    """Which of the things done to a case to list."""

    thing = forms.ChoiceField(
        label="What it was about", required=False, choices=[("", "Anything"), *things.CHOICES]
    )


class ExtractForm(DaysForm):
    """Who asks who looked, what the extract is for, and whether it names colleagues."""

    mark_optional = True
    field_order: Iterable[str] | None = (
        "about",
        "purpose",
        "names",
        "why_names",
        "from_on",
        "to_on",
    )

    about = forms.TypedChoiceField(
        label="Who is it for?",
        coerce=int,
        widget=Radios,
        error_messages={"required": "Choose who it is for"},
    )
    purpose = forms.CharField(
        label="What is it for?",
        max_length=1000,
        help_text="Such as: they asked on 3 March who has read their case.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what the extract is for"},
    )
    names = forms.ChoiceField(
        label="How are colleagues called?",
        choices=[("", "By role and team"), ("names", "By name, role and team")],
        required=False,
        widget=Radios(hints={"": "As a rule.", "names": "Only if you have decided to name them."}),
    )
    why_names = forms.CharField(
        label="Why are colleagues named?",
        max_length=1000,
        required=False,
        help_text="Only if you name them.",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, parts: Sequence[Involvement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {part.pk: part for part in parts}
        choices = [(part.pk, name_and_part(part)) for part in parts]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begins, ends = given.get("from_on"), given.get("to_on")
        if begins and ends and begins > ends:
            raise ValidationError({"to_on": "The last day must be the first day or later."})
        return given
