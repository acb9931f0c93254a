"""Forms for figures from outside: homes, antisocial behaviour totals, residents, and a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cases.fields import DateField, Radios
from cases.people.choices import StockClass
from cases.reporting.choices import AgeBand, Characteristic
from cases.reporting.drawing_figures import NO_COMPANY
from cases.reporting.forms import ALL
from cases.reporting.periods import Period

NUMBER = {"class": "govuk-input--width-5", "inputmode": "numeric"}
LONGEST = 200
BIGGEST_FILE = 1_000_000
"""Bytes: more than all homes and groups there can be."""
SOURCE_HINT = "Such as “Housing system, stock report of 31 March 2026”."


class _Number(forms.IntegerField):
    """A whole number as people write it: 38,000 is 38000."""

    widget = forms.TextInput

    def __init__(self, *, label: str, need: str) -> None:
        super().__init__(
            label=label,
            min_value=0,
            max_value=2**31 - 1,
            widget=forms.TextInput(NUMBER),
            error_messages={
                "required": need,
                "invalid": f"{need}: a whole number, like 38,000",
                "min_value": "The number cannot be below 0",
                "max_value": "The number is too large to be true: check it",
            },
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


def _source() -> forms.CharField:
    return forms.CharField(
        label="Where is the number from?",
        help_text=SOURCE_HINT,
        max_length=LONGEST,
        error_messages={"required": "Say where the number is from"},
    )


def _choose(words: str) -> dict[str, str]:
    """The same sentence for no choice and for one that there is not."""
    return {"required": words, "invalid_choice": words}


class FigureForm(forms.Form):
    """A figure of one company, or of none in particular."""

    use_required_attribute = False

    company = forms.ChoiceField(
        label="Company",
        help_text="Numbers are added up: never enter a total beside the parts it is made of.",
        error_messages={
            "required": "Choose a company, or say that it is not split by company",
            "invalid_choice": "Choose one of the companies listed",
        },
    )

    def __init__(self, *args: Any, companies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {code or ALL: code for code, _ in companies}
        named = [(code or ALL, name if code else NO_COMPANY) for code, name in companies]
        choices: Any = [("", "Choose a company"), *named]
        self.fields["company"].choices = choices  # type: ignore[attr-defined]

    def clean_company(self) -> str:
        """The company's code, "" for none in particular."""
        return self.codes[self.cleaned_data["company"]]


class HomesForm(FigureForm):
    """How many homes there are."""

    area = forms.CharField(
        label="Area",
        required=False,
        max_length=100,
        help_text="The council’s area. Leave it empty if the number is not split by area.",
    )
    stock_class = forms.ChoiceField(
        label="Class of home",
        choices=[("", "Choose a class"), *StockClass.choices],
        error_messages=_choose("Choose the class of home"),
    )
    homes = _Number(label="How many homes?", need="Enter how many homes there are")
    counted_on = DateField(
        label="Counted on",
        subject="The day they were counted",
        help_text="31 March for the year end.",
    )
    source = _source()


class AsbForm(FigureForm):
    """How many antisocial behaviour cases were opened in a month."""

    month = forms.ChoiceField(label="Month", error_messages=_choose("Choose a month"))
    opened = _Number(
        label="How many cases were opened?", need="Enter how many cases were opened in the month"
    )
    with_hate = forms.ChoiceField(
        label="Are the hate crime cases kept here in that number?",
        choices=[("yes", "Yes, they are in it"), ("no", "No, they come on top of it")],
        widget=Radios(),
        error_messages=_choose("Say whether the hate crime cases are in the number"),
    )
    source = _source()

    def __init__(self, *args: Any, months: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = {f"{month.first:%Y-%m}": month for month in months}
        newest_first = sorted(self.months.items(), reverse=True)
        choices: Any = [(code, month.words) for code, month in newest_first]
        self.fields["month"].choices = [("", "Choose a month"), *choices]  # type: ignore[attr-defined]

    def clean_month(self) -> Any:
        """The first day of the month."""
        return self.months[self.cleaned_data["month"]].first

    def clean_with_hate(self) -> bool:
        """Whether ours are in it."""
        return bool(self.cleaned_data["with_hate"] == "yes")


class ResidentsForm(FigureForm):
    """How many residents are in a group."""

    group = forms.ChoiceField(
        label="Age",
        choices=[
            ("", "Choose an age group"),
            *((code, label) for code, label in AgeBand.choices if code != AgeBand.UNKNOWN),
        ],
        error_messages=_choose("Choose an age group"),
    )
    residents = _Number(label="How many residents?", need="Enter how many residents there are")
    counted_on = DateField(label="Counted on", subject="The day they were counted")
    source = _source()

    def clean(self) -> dict[str, Any]:
        """Age is the only characteristic there is yet."""
        return {**self.cleaned_data, "characteristic": Characteristic.AGE}


class ImportForm(forms.Form):
    """A file of figures."""

    use_required_attribute = False

    file = forms.FileField(
        label="The file",
        help_text="A spreadsheet saved as “CSV UTF-8”.",
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty",
            "missing": "Choose a file",
            "invalid": "Choose a file",
        },
        max_length=LONGEST,
    )

    def clean_file(self) -> Any:
        """A file that can be read at once."""
        file = self.cleaned_data["file"]
        if file.size > BIGGEST_FILE:
            raise forms.ValidationError("The file is larger than 1 MB. Is it the right one?")
        return file
