"""Forms about what happened and what people think."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from cases.calendar import london_date
from cases.casework.choices import (
    Capacity,
    Holds,
    IncidentType,
    Location,
    Part,
    When,
)
from cases.casework.models import CaseMember, Incident, Involvement
from cases.fields import Checkboxes, DateField, Radios
from cases.intake.strand_forms import StrandsForm
from cases.workflow.case_words import name_and_part
from cases.workflow.forms import CaseForm, ColleagueField

CAPACITY = {
    Part.VICTIM: Capacity.VICTIM,
    Part.THIRD_PARTY: Capacity.THIRD_PARTY,
    Part.WITNESS: Capacity.WITNESS,
    Part.RESPONDENT: Capacity.WITNESS,
}
OTHER, AGENCY, ME = "other", "agency", "me"


def speakers(parts: Sequence[Involvement]) -> list[tuple[str, str]]:
    """Whoever on the case may have said something, respondents left out."""
    return [
        (f"part-{part.pk}", name_and_part(part)) for part in parts if part.part != Part.RESPONDENT
    ]


class IncidentForm(CaseForm):
    """One incident: when, where, which kinds."""

    when_known = forms.ChoiceField(
        label="How well is the date known?", choices=When.choices, widget=Radios
    )
    occurred_on = DateField(
        label="Date", subject="Date", required=False, help_text="Or the day it began."
    )
    occurred_time = forms.CharField(
        label="Time of day", required=False, help_text="Such as “4pm” or “after school”."
    )
    going_on = forms.BooleanField(label="It goes on: more than one time", required=False)
    when_words = forms.CharField(
        label="When, in their words", required=False, help_text="Such as “most days since June”."
    )
    location = forms.ChoiceField(label="Where?", choices=Location.choices, initial="UNKNOWN")
    place_words = forms.CharField(label="The place, in words", required=False)
    types = forms.MultipleChoiceField(
        label="What kinds?", choices=IncidentType.choices, widget=Checkboxes, required=False
    )
    other_type = forms.CharField(label="If something else, what?", required=False)

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean(self) -> dict[str, Any]:
        """A date that is known is given, is not after the report, and "other" says what."""
        said = super().clean() or self.cleaned_data
        day = said.get("occurred_on")
        known = said.get("when_known")
        if known and known != When.UNKNOWN and not day and "occurred_on" not in self.errors:
            self.add_error("occurred_on", "Give the date, or say it is not known.")
        if day and day > self.latest:
            self.add_error("occurred_on", "It cannot have happened after it was reported.")
        if IncidentType.OTHER in said.get("types", []) and not said.get("other_type", "").strip():
            self.add_error("other_type", "Say what kind of incident it was.")
        return said

    def facts(self) -> dict[str, Any]:
        """The incident's own fields, as operations take them."""
        names = [name for name in FACTS if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}


FACTS = (
    "when_known",
    "occurred_on",
    "occurred_time",
    "going_on",
    "when_words",
    "location",
    "place_words",
    "types",
    "other_type",
)


class NewIncidentForm(IncidentForm):
    """Another incident, with what somebody said of it."""

    whose = forms.ChoiceField(label="Who is telling us?", widget=Radios, required=False)
    words = forms.CharField(
        label="What happened, in their words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="They are kept as written, and only ever added to.",
    )
    crime_reference = forms.CharField(label="Police crime reference", required=False)

    def __init__(
        self, *args: Any, parts: Sequence[Involvement], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, latest=london_date(now), **kwargs)
        self.fields["whose"].choices = speakers(parts)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Words belong to somebody."""
        said = super().clean()
        if said.get("words", "").strip() and not said.get("whose"):
            self.add_error("whose", "Say whose words these are.")
        return said


class CorrectForm(IncidentForm):
    """Facts put right; what they said before stays in the history."""

    reason = forms.CharField(label="Why is it corrected?", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        initial = {name: getattr(incident, name) for name in FACTS}
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, latest=london_date(incident.recorded_at), **kwargs)


class WordsForm(CaseForm):
    """More of what somebody said about an incident."""

    whose = forms.ChoiceField(label="Whose words are these?", widget=Radios)
    words = forms.CharField(
        label="Their words",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="They are kept as written, and only ever added to.",
    )

    def __init__(self, *args: Any, parts: Sequence[Involvement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].choices = speakers(parts)  # type: ignore[attr-defined]


class ViewForm(CaseForm, StrandsForm):
    """What somebody thinks.  It adds to what others think, and takes nothing from them."""

    incident = forms.ChoiceField(label="About which incident?", widget=Radios)
    whose = forms.ChoiceField(label="Whose view is it?", widget=Radios)
    described_as = forms.CharField(
        label="If somebody else or an agency, who are they?",
        required=False,
        help_text="Such as “the postwoman” or “PC Hale, Wellby police”.",
    )
    holds = forms.ChoiceField(
        label="Do they think hate was part of it?",
        choices=[
            (Holds.YES, "Yes, they think so"),
            (Holds.NOT_SURE, "They are not sure"),
            (Holds.NO, "They do not think so"),
        ],
        widget=Radios(
            hints={
                Holds.NOT_SURE: "It is treated as hate until it is settled.",
                Holds.NO: "Kept as their answer. It changes nobody else’s view.",
            }
        ),
    )
    words = forms.CharField(
        label="In their words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ask openly. Never ask for proof.",
    )

    def __init__(
        self,
        *args: Any,
        parts: Sequence[Involvement],
        incidents: Sequence[Incident],
        members: Sequence[CaseMember],
        me: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"Incident {each.number}") for each in incidents
        ]
        colleagues = {each.user_id: each.user.full_name for each in members if each.user_id != me}
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            *speakers(parts),
            (ME, "Mine: I think so too, or I am not sure"),
            *((f"user-{pk}", f"{name}, colleague") for pk, name in colleagues.items()),
            (OTHER, "Somebody else"),
            (AGENCY, "Another agency"),
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody who is not on the case is described."""
        said = super().clean() or self.cleaned_data
        if said.get("whose") in (OTHER, AGENCY) and not said.get("described_as", "").strip():
            self.add_error("described_as", "Say whose view this is.")
        ours = said.get("whose", "") == ME or said.get("whose", "").startswith("user-")
        if ours and said.get("holds") == Holds.NO:
            self.add_error(
                "holds",
                "A colleague’s view here can only add. Keep what you make of the evidence in "
                "“Evidence and the officer’s assessment”.",
            )
        return said


class TakeBackForm(CaseForm):
    """The person whose view it is takes it back."""

    words = forms.CharField(
        label="What they said, in their own words", widget=forms.Textarea(attrs={"rows": 4})
    )
    witness = ColleagueField(
        label="Colleague who heard them say it",
        help_text="Their name or work email. Somebody other than you.",
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["witness"]


class EvidenceForm(CaseForm):
    """What an officer makes of the evidence."""

    text = forms.CharField(
        label="Evidence, and what you make of it",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="It changes no route, clock or count, and nobody’s view.",
    )
