"""The one box of the search."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

ENOUGH = 3
LONGEST = 200


class AnyText(forms.CharField):
    """Text in which the one letter a database refuses is left out rather than refused."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\0", " ") if isinstance(value, str) else value)


class SearchForm(forms.Form):
    """What to look for, and which page of it."""

    use_required_attribute = False

    text = AnyText(
        label="What to look for",
        help_text=(
            "Words somebody said, a name, a reference, an address, a phone number or a police "
            "reference."
        ),
        max_length=LONGEST,
        error_messages={
            "required": "Type what to look for",
            "max_length": f"Use no more than {LONGEST} letters",
        },
    )
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(re.findall(r"\w", text)) < ENOUGH:
            raise ValidationError(f"Type at least {ENOUGH} letters or digits")
        return text

    def clean(self) -> dict[str, Any]:
        # A page that cannot be is the first one: nobody typed it.
        if "page" in self.errors:
            del self.errors["page"]
        self.cleaned_data["page"] = self.cleaned_data.get("page") or 1
        return self.cleaned_data
