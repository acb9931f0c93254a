"""The filter of the register of disclosures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cases.audit.forms import DaysForm
from cases.disclosures.choices import Door

DOORS = [("", "Any door"), *((door.value, f"{door.value}: {door.label}") for door in Door)]


class RegisterForm(DaysForm):
    """Which door, agency and colleague, and from which day to which."""

    field_order: Iterable[str] | None = ("show", "door", "agency", "who", "from_on", "to_on")

    show = forms.CharField(label="", required=False, widget=forms.HiddenInput)
    door = forms.ChoiceField(label="Door", required=False, choices=DOORS)
    agency = forms.TypedChoiceField(label="Agency", required=False, coerce=int, empty_value=None)
    who = forms.CharField(label="Colleague’s name", required=False, max_length=200)

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = dict(agencies)
        self.fields["agency"].choices = [("", "Any agency"), *agencies]  # type: ignore[attr-defined]

    def clean_who(self) -> str:
        return str(self.cleaned_data["who"]).strip()
