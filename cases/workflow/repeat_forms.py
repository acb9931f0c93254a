"""The one form of the repeat pages."""

from __future__ import annotations

from django import forms

from cases.workflow.forms import CaseForm


class MadeUpForm(CaseForm):
    """What whoever gave an account said themselves, when they said that it was made up."""

    words = forms.CharField(
        label="What did they say, in their own words?",
        error_messages={"required": "Give what they said themselves"},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only if the person who gave the account said so. A doubt, or what the police "
        "or a respondent say, is never a reason.",
    )
