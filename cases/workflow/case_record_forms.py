"""Forms of what is recorded beside the story: crime, impact, statements and HR, the company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cases.casework.models import Incident
from cases.casework.record_choices import (
    HR_KINDS,
    CommunityImpact,
    CrimeStatus,
    Impact,
    PropertyHarm,
    RecordKind,
)
from cases.fields import DateField, Radios
from cases.people.models import Entity
from cases.workflow.forms import CaseForm

NOT_KNOWN = "none"


class CrimeForm(CaseForm):
    """What somebody decided about whether an incident is a crime."""

    status = forms.ChoiceField(
        label="What was decided?",
        choices=CrimeStatus.choices,
        widget=Radios,
        error_messages={"required": "Choose what was decided"},
    )
    decided_by = forms.CharField(
        label="Who decided?",
        help_text="Such as “PC Hale, Wellby police”, “Wellby Magistrates’ Court” or your own name.",
        error_messages={"required": "Say who decided"},
    )
    decided_on = DateField(label="When?", subject="The day it was decided")
    crime_reference = forms.CharField(
        label="Police crime reference", required=False, help_text="As the police wrote it."
    )
    words = forms.CharField(
        label="What they said about it", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A crime the police recorded has its reference; nothing was decided tomorrow."""
        said = super().clean() or self.cleaned_data
        day = said.get("decided_on")
        if day and day > self.today:
            self.add_error("decided_on", "The day it was decided cannot be in the future.")
        recorded = said.get("status") == CrimeStatus.POLICE_CRIME
        if recorded and not said.get("crime_reference", "").strip():
            self.add_error(
                "crime_reference", "Give the reference of the crime the police recorded."
            )
        return said


class ImpactForm(CaseForm):
    """How an incident has affected the person, others nearby and the home (domain 2.4)."""

    impact = forms.TypedChoiceField(
        label="How has it affected the person harmed?",
        choices=Impact.choices,
        coerce=int,
        widget=Radios,
        help_text="As they say themselves.",
    )
    impact_words = forms.CharField(
        label="In their own words", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    community_impact = forms.TypedChoiceField(
        label="Has it affected anybody else nearby?",
        choices=CommunityImpact.choices,
        coerce=int,
        widget=Radios,
    )
    property_harm = forms.ChoiceField(
        label="What was done to the home?", choices=PropertyHarm.choices, widget=Radios
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        names = ("impact", "impact_words", "community_impact", "property_harm")
        initial = {name: getattr(incident, name) for name in names}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """The incident's own fields, as the operation takes them."""
        said = self.cleaned_data
        return {
            "impact": said["impact"],
            "impact_words": said["impact_words"].strip(),
            "community_impact": said["community_impact"],
            "property_harm": said["property_harm"],
        }


KIND_HINTS = {
    RecordKind.STATEMENT: "Who took it, and where it is kept. The statement itself is evidence.",
    RecordKind.SELF_DESCRIBED: "Only if they want to say, in their own words below. Never guessed "
    "from what happened.",
    RecordKind.SPECIAL_MEASURES: "Help to give evidence in court, such as a screen.",
    RecordKind.HR_REFERRED: "Only the day is kept. What HR does is not recorded here.",
    RecordKind.HR_TOLD: "Only with their permission. Only the day is kept.",
}


class PartRecordForm(CaseForm):
    """A statement taken, special measures asked for, or HR; with its day and a person."""

    kind = forms.ChoiceField(
        label="What is it?",
        widget=Radios(hints={kind.value: hint for kind, hint in KIND_HINTS.items()}),
        error_messages={"required": "Choose what it is"},
    )
    on = DateField(label="When?", subject="The day")
    with_whom = forms.CharField(
        label="Who took the statement, was asked for the measures, or was told?",
        error_messages={"required": "Say who took it, or who was asked."},
    )
    words = forms.CharField(
        label="What else to know",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as which measures, or where the statement is kept.",
    )
    agreed = forms.BooleanField(label="They agreed that HR is told", required=False)

    def __init__(self, *args: Any, kinds: Sequence[RecordKind], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in kinds
        ]
        if len(kinds) == 1:
            self.initial.setdefault("kind", kinds[0].value)
        if RecordKind.HR_TOLD not in kinds:
            del self.fields["agreed"]
        self.fields["with_whom"].required = not set(kinds) & HR_KINDS
        if not set(kinds) - HR_KINDS:
            del self.fields["with_whom"], self.fields["words"]

    def clean(self) -> dict[str, Any]:
        """A statement was taken by somebody; HR is told only with permission."""
        said = super().clean() or self.cleaned_data
        day, kind = said.get("on"), said.get("kind")
        if day and day > self.today:
            self.add_error("on", "The day cannot be in the future.")
        if kind and kind not in HR_KINDS and not said.get("with_whom", "").strip():
            self.add_error("with_whom", "Say who took it, or who was asked.")
        if kind == RecordKind.HR_TOLD and not said.get("agreed"):
            self.add_error("agreed", "HR is told of a colleague only with their permission.")
        return said


class CompanyForm(CaseForm):
    """Which company a case belongs to, and why it changes."""

    company = forms.ChoiceField(label="Which company is it?", widget=Radios)
    reason = forms.CharField(
        label="Why does it change?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it belongs to another company"},
    )

    def __init__(self, *args: Any, companies: Sequence[Entity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].choices = [  # type: ignore[attr-defined]
            *((each.code, each.name) for each in companies),
            (NOT_KNOWN, "Not known yet"),
        ]
        self.companies = {each.code: each for each in companies}

    @property
    def chosen(self) -> Entity | None:
        """The company, or None while nobody knows."""
        return self.companies.get(self.cleaned_data["company"])
