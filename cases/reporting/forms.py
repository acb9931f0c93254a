"""Forms of the monitoring pages: which dates, which company, which month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from cases.access import Refused
from cases.fields import DateField
from cases.reporting.periods import Period, between

ALL = "all"
"""All companies together, where an answer must not be empty."""
BIGGEST = 2**31 - 1
"""What a key of ours can be at most."""


class HeapForm(forms.Form):
    """Whose cases of a number are asked for, and of which month: codes in the address."""

    officer = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    month = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, months: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = {f"{month.first:%Y-%m}": month for month in months}
        self.fields["month"].choices = [(code, code) for code in self.months]  # type: ignore[attr-defined]

    def clean_month(self) -> Period | None:
        """The month, if one was asked for."""
        return self.months.get(self.cleaned_data["month"])


class WindowForm(forms.Form):
    """Which month, and which company: choices, so that nothing has to be typed."""

    use_required_attribute = False
    mark_optional = False

    month = forms.ChoiceField(label="Month")
    company = forms.ChoiceField(label="Company", required=False)

    def __init__(
        self,
        *args: Any,
        months: Iterable[Period],
        companies: Sequence[tuple[str, str]],
        today: date | None = None,
        **kwargs: Any,
    ) -> None:
        """``months``: those there are; ``companies``: those the reader may ask for.  The month
        of ``today`` is not over, and says so.
        """
        super().__init__(*args, **kwargs)
        self.months = {f"{month.first:%Y-%m}": month for month in months}
        newest_first = sorted(self.months.items(), reverse=True)
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (code, _month_words(month, today)) for code, month in newest_first
        ]
        self.fields["company"].choices = companies  # type: ignore[attr-defined]
        if len(companies) < 2:
            self.fields["company"].widget = forms.HiddenInput()

    def clean_month(self) -> Period:
        """The month itself."""
        return self.months[self.cleaned_data["month"]]


def _month_words(month: Period, today: date | None) -> str:
    return f"{month.words}, so far" if today and month.first <= today <= month.last else month.words


class CasesForm(forms.Form):
    """Which figure of a measure the cases are wanted of: codes and days, in the address."""

    line = forms.CharField(required=False, max_length=100, strip=False)
    company = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, companies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # "from" is no name a class may use.
        self.fields["from"] = forms.DateField(input_formats=["%Y-%m-%d"])
        self.fields["to"] = forms.DateField(input_formats=["%Y-%m-%d"])
        self.fields["company"].choices = companies  # type: ignore[attr-defined]
        self.codes = [code for code, _ in companies]

    def clean(self) -> dict[str, Any]:
        """The days as a period, within the reader's own companies."""
        said = self.cleaned_data
        if said.get("company", "") not in self.codes:
            raise forms.ValidationError("That company is not yours.")
        if "from" in said and "to" in said:
            said["period"] = _between(said["from"], said["to"])
        return said


def _between(first: date, last: date) -> Period:
    """Two dates as a period.  Raises ValidationError with the sentence if they cannot be one."""
    try:
        period = between(first, last)
        assert period.begins < period.ends  # both are moments that there can be
    except Refused as refusal:
        raise forms.ValidationError(refusal.answer.reason) from None
    except (OverflowError, ValueError):
        raise forms.ValidationError("Choose another day.") from None
    return period


class DatesForm(forms.Form):
    """Two dates of anybody's choosing, both counted."""

    use_required_attribute = False

    first = DateField(label="From", subject="The first day")
    last = DateField(label="To", subject="The last day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_first(self) -> date:
        """Nothing has happened yet on a day to come."""
        first: date = self.cleaned_data["first"]
        if first > self.today:
            raise forms.ValidationError("The first day must not be in the future.")
        return first

    def clean(self) -> dict[str, Any]:
        """The two dates as a period, with a sentence if they cannot be one."""
        said = self.cleaned_data
        if said.get("first") and said.get("last"):
            try:
                said["period"] = _between(said["first"], said["last"])
            except forms.ValidationError as fault:
                self.add_error("last", fault)
        return said


class AskForm(forms.Form):
    """Of which month a report is wanted, and of which company."""

    use_required_attribute = False

    month = forms.ChoiceField(label="Month", error_messages={"required": "Choose a month"})
    company = forms.ChoiceField(
        label="Company",
        required=False,
        error_messages={"invalid_choice": "Choose one of the companies listed"},
    )

    def __init__(
        self,
        *args: Any,
        months: Iterable[Period],
        companies: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.months = {f"{month.first:%Y-%m}": month for month in months}
        newest_first = sorted(self.months.items(), reverse=True)
        choices = [(code, month.words) for code, month in newest_first]
        month, company = self.fields["month"], self.fields["company"]
        month.choices = [("", "Choose a month"), *choices]  # type: ignore[attr-defined]
        month.error_messages["invalid_choice"] = "Choose one of the months listed"
        # The code of all together is empty, which no answer may be: it is "all" here.
        self.codes = {code or ALL: code for code, _ in companies}
        named = [(code or ALL, name) for code, name in companies]
        company.choices = [("", "Choose a company"), *named]  # type: ignore[attr-defined]
        company.required = True
        company.error_messages["required"] = "Choose a company, or all of them"

    def clean_month(self) -> Period:
        """The month itself."""
        return self.months[self.cleaned_data["month"]]

    def clean_company(self) -> str:
        """The company's code, "" for all together."""
        return self.codes[self.cleaned_data["company"]]
