"""The filter of the ledger's page."""

from __future__ import annotations

from django import forms

from cases.audit.verbs import Verb


class LedgerFilterForm(forms.Form):
    """Which entries of the ledger to list."""

    mark_optional = False

    show = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    who = forms.CharField(label="Colleague’s name", required=False, max_length=200)
    case = forms.CharField(label="Case reference", required=False, max_length=20)
    verb = forms.ChoiceField(
        label="What they did", required=False, choices=[("", "Anything"), *Verb.choices]
    )
    from_on = forms.DateField(
        label="From", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    to_on = forms.DateField(
        label="To", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
