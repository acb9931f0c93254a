"""The filters of the ledger's pages, and what came of looking into a finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cases import references
from cases.audit import things
from cases.audit.finding_models import PATTERNS, Verdict
from cases.audit.verbs import Verb
from cases.fields import Radios


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class DaysForm(forms.Form):
    """From one day to another; what cannot be read is left out."""

    mark_optional = False

    from_on = _day("From")
    to_on = _day("To")

    @property
    def given(self) -> dict[str, Any]:
        """What was asked for, as far as it can be read."""
        self.is_valid()
        return self.cleaned_data


class OwnLogForm(DaysForm):
    """Which of my own entries to list."""

    field_order: Iterable[str] | None = ("show", "case", "thing", "from_on", "to_on")

    show = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    case = forms.CharField(label="Case reference", required=False, max_length=20)
    thing = forms.ChoiceField(
        label="What it was about", required=False, choices=[("", "Anything"), *things.CHOICES]
    )

    def clean_case(self) -> str:
        typed: str = self.cleaned_data["case"]
        return references.tidy(typed) if typed else ""


class LedgerFilterForm(OwnLogForm):
    """Which entries of the ledger to list."""

    field_order: Iterable[str] | None = (
        "show",
        "by",
        "who",
        "case",
        "thing",
        "verb",
        "from_on",
        "to_on",
    )

    by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    who = forms.CharField(label="Colleague’s name", required=False, max_length=200)
    verb = forms.ChoiceField(
        label="What they did", required=False, choices=[("", "Anything"), *Verb.choices]
    )

    def clean_who(self) -> str:
        return str(self.cleaned_data["who"]).strip()


class UnusualFilterForm(DaysForm):
    """Which findings of unusual reading to list."""

    field_order: Iterable[str] | None = ("show", "pattern", "who", "case", "from_on", "to_on")

    show = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    pattern = forms.ChoiceField(
        label="What is unusual", required=False, choices=[("", "Anything"), *PATTERNS]
    )
    who = forms.CharField(label="Colleague’s name", required=False, max_length=200)
    case = forms.CharField(label="Case reference", required=False, max_length=20)

    def clean_who(self) -> str:
        return str(self.cleaned_data["who"]).strip()

    def clean_case(self) -> str:
        typed: str = self.cleaned_data["case"]
        return references.tidy(typed) if typed else ""


class DecisionForm(forms.Form):
    """What came of looking into a finding."""

    verdict = forms.ChoiceField(
        label="What did you find?",
        choices=Verdict.choices,
        widget=Radios(
            hints={
                Verdict.EXPLAINED.value: "There was a good reason to read it.",
                Verdict.NOT_EXPLAINED.value: (
                    "No good reason was found. Take it up with their manager."
                ),
            }
        ),
        error_messages={"required": "Choose what you found"},
    )
    reason = forms.CharField(
        label="What did you do, and what were you told?",
        max_length=2000,
        help_text="It stays with your name. Write nothing here about the person harmed.",
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Say what you did and what you were told"},
    )
