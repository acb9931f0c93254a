"""Forms of the partner directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from cases.casework.choices import Strand
from cases.fields import Checkboxes, DateField
from cases.partners import rules
from cases.partners.choices import OWN_KINDS, AgencyKind, CouncilService
from cases.partners.rules import Terms

NO_CASES = "Do not name anybody from a case."
STRANDS = [(code, label) for code, label in Strand.choices if code != Strand.UNKNOWN_HATE]
PHONE = re.compile(r"\A[0-9+() ,./x-]*\Z|\A[0-9]+ or [0-9]+\Z")
AS_PHONE = "Enter a phone number, like 01632 960 001"
NUMBER = {"class": "govuk-input--width-3", "inputmode": "numeric"}


def _line(label: str, *, hint: str = "", longest: int = 200, need: str = "") -> forms.CharField:
    """A line of text; ``need`` is the sentence if it must not be empty."""
    return forms.CharField(
        label=label,
        required=bool(need),
        help_text=hint,
        max_length=longest,
        error_messages={"required": need or "Enter it"},
    )


def _words(label: str, *, hint: str = "", longest: int = 1000, need: str = "") -> forms.CharField:
    """Some lines of text."""
    field = _line(label, hint=hint, longest=longest, need=need)
    field.widget = forms.Textarea({"rows": 3})
    field.widget.is_required = field.required
    return field


def _address(label: str, *, hint: str, schemes: list[str]) -> forms.URLField:
    """An address on the web; only these schemes, so that nobody is sent elsewhere."""
    field = forms.URLField(label=label, required=False, help_text=hint, max_length=300)
    wrong = f"Enter a web address that begins with {' or '.join(f'{s}://' for s in schemes)}"
    field.validators = [
        *(one for one in field.validators if not isinstance(one, URLValidator)),
        URLValidator(schemes=schemes, message=wrong),
    ]
    field.error_messages["invalid"] = wrong
    return field


def _phone(label: str, hint: str) -> forms.RegexField:
    return forms.RegexField(
        PHONE,
        label=label,
        required=False,
        help_text=hint,
        max_length=60,
        error_messages={"invalid": AS_PHONE},
    )


class FilterForm(forms.Form):
    """Which entries of the directory to list."""

    mark_optional = False

    text = forms.CharField(label="Name or words", required=False, max_length=200)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any kind"), *AgencyKind.choices]
    )
    strand = forms.ChoiceField(
        label="Characteristic", required=False, choices=[("", "Any of them"), *STRANDS]
    )
    area = forms.ChoiceField(label="Area", required=False)
    order = forms.ChoiceField(
        label="Order", required=False, choices=[("", "By name"), ("checked", "To be checked first")]
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "In use"), ("ended", "Ended")]
    )

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = [("", "Anywhere"), *((area, area) for area in areas)]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]


class SeenForm(forms.Form):
    """A form that carries which version of the record it was drawn from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def values(self) -> dict[str, Any]:
        """What was typed, for the operation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class AgencyForm(SeenForm):
    """An entry of the directory."""

    name = _line("Name", need="Enter the name of the agency")
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Choose a kind"), *AgencyKind.choices],
        error_messages={"required": "Choose what kind of agency it is"},
    )
    service = forms.ChoiceField(
        label="Which service of the council?",
        required=False,
        choices=[("", "Not a council, or no one service"), *CouncilService.choices],
        help_text="Each service is an entry: permission for one is none for another.",
    )
    strands = forms.MultipleChoiceField(
        label="For whom is it?",
        required=False,
        choices=STRANDS,
        widget=Checkboxes(),
        help_text="Tick none if it is for everybody.",
    )
    areas = _words(
        "Where does it work?",
        hint="The councils’ areas, one on each line. Leave this empty if it works everywhere.",
    )
    helps_with = _words("What does one go there for?", longest=500)
    public_phone = _phone("Phone for anybody to ring", "Another number has to be checked again.")
    website = _address(
        "Website", hint="Another website has to be checked again.", schemes=["https", "http"]
    )
    note = _words("What else should we know?", hint=NO_CASES)

    def __init__(self, *args: Any, ours: bool = False, **kwargs: Any) -> None:
        """``ours`` is for a team of our own: no other entry becomes one, here or later."""
        super().__init__(*args, **kwargs)
        kinds = [(key, label) for key, label in AgencyKind.choices if (key in OWN_KINDS) == ours]
        self.fields["kind"].choices = [("", "Choose a kind"), *kinds]  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        """The areas, one for each line that says something."""
        lines = self.cleaned_data["areas"].splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("service") and data.get("kind", "") not in ("", AgencyKind.LOCAL_AUTHORITY):
            self.add_error("service", "Only a council has a service.")
        return data


class UnitForm(SeenForm):
    """A unit and how it is reached."""

    unit = _line("Unit or team", hint="Such as Public Protection Unit.", need="Name the unit")
    person = _line("Whom to ask for")
    secure_email = forms.EmailField(
        label="Secure email",
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter an email address, like unit@police.example"},
    )
    portal = _address("Portal", hint="Where something is uploaded to them.", schemes=["https"])
    phone = _phone("Phone", "")
    post_address = _words("Postal address", longest=500)
    hours = _line("When can they be reached?")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ways = ("secure_email", "portal", "phone", "post_address")
        if not self.errors:
            answer = rules.reachable(*(data.get(way, "") for way in ways))
            if not answer:
                self.add_error("secure_email", answer.reason)
        return data


class CheckForm(SeenForm):
    """That somebody checked it, how and when."""

    how = _words(
        "How did you check it?",
        hint=f"Such as: rang the number on their website. {NO_CASES}",
        longest=500,
        need="Say how you checked it",
    )
    checked_on = DateField(
        label="When did you check it?",
        subject="The day you checked it",
        required=False,
        help_text="Leave this empty if it was today.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_checked_on(self) -> date | None:
        day: date | None = self.cleaned_data["checked_on"]
        if day is not None and day > self.today:
            raise ValidationError("It cannot have been checked in the future")
        return day


class WhyForm(forms.Form):
    """Why an entry or a unit is ended."""

    why = _words("Why?", hint=f"Kept on the ledger. {NO_CASES}", longest=500, need="Say why")


class AgreementForm(forms.Form):
    """A sharing agreement (domain 7.2)."""

    title = _line("What is it called?", need="Enter what the agreement is called")
    purposes = _words(
        "What may be shared, and what for?", need="Say what may be shared, and what for"
    )
    begins_on = DateField(label="From", subject="The first day")
    last_day = DateField(
        label="Last day",
        subject="The last day",
        required=False,
        help_text="Leave this empty if it has no end.",
    )
    kept_where = _line("Where is the signed copy kept?")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("begins_on"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day cannot be before the agreement begins")
        return data


class EndAgreementForm(WhyForm):
    """The day an agreement ends, and why."""

    last_day = DateField(label="Last day", subject="The last day")
    field_order = ("last_day", "why")


def _number(label: str, hint: str = "", *, required: bool = True) -> forms.IntegerField:
    sentence = f"Enter a number from 1 to {rules.MOST}"
    return forms.IntegerField(
        label=label,
        required=required,
        help_text=hint,
        min_value=1,
        max_value=rules.MOST,
        widget=forms.TextInput(dict(NUMBER)),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
    )


NUMBERS = frozenset(field.name for field in fields(Terms))


class TermsForm(CheckForm):
    """A council's terms for an ASB case review (domain 2.13)."""

    local_authority = _line(
        "Council", hint="As in the addresses of our homes.", need="Enter the name of the council"
    )
    threshold_number = _number("How many reports must there be?", "3 unless the council says so.")
    hate_threshold_number = _number(
        "How many if hate was part of it?",
        "Some councils ask for one. Leave this empty if it is no different.",
        required=False,
    )
    report_within_months = _number(
        "Within how many months of what happened must it be reported?",
        "1 unless the council says so.",
    )
    apply_within_months = _number(
        "Within how many months of the report must one apply?", "6 unless the council says so."
    )
    how_to_apply = _words("How does one apply?")
    how = _words(
        "Where did you find this?",
        hint="Such as the page of the council, or whom you rang.",
        longest=500,
        need="Say where you found this",
    )
    field_order = (
        *("local_authority", "threshold_number", "hate_threshold_number"),
        *("report_within_months", "apply_within_months", "how_to_apply", "how", "checked_on"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        most, hate = data.get("threshold_number"), data.get("hate_threshold_number")
        if most and hate and hate > most:
            self.add_error(
                "hate_threshold_number",
                "Where hate was part of it, no more reports can be needed than elsewhere",
            )
        return data

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:  # a council is another one, not another name
            del self.fields["local_authority"]

    def rest(self) -> dict[str, Any]:
        """What else was typed, for the operation."""
        return {name: value for name, value in self.values().items() if name not in NUMBERS}

    def terms(self) -> Terms:
        """The numbers as one value."""
        data = self.cleaned_data
        return Terms(
            data["threshold_number"],
            data["hate_threshold_number"],
            data["report_within_months"],
            data["apply_within_months"],
        )


def in_words(form: forms.Form, values: Any) -> Mapping[str, str]:
    """A record or what was typed, label by label: for whoever saved second."""
    said = {}
    for field in form.visible_fields():
        if isinstance(values, Mapping):
            value = values.get(field.name)
        else:
            value = getattr(values, field.name, None)
        each = value if isinstance(value, list) else [value]
        known = {str(code): str(text) for code, text in getattr(field.field, "choices", ())}
        texts = (known.get(str(one), str(one)) for one in each if one not in (None, ""))
        said[str(field.label)] = ", ".join(sorted(texts))
    return said
