"""The forms about a report: somebody's view, a route's answer, one incident or two, a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from cases.casework.choices import Capacity, Holds
from cases.fields import MomentField, Radios
from cases.intake.choices import Door
from cases.intake.models import Report
from cases.intake.strand_forms import StrandsForm

NO_NAME = "The caller, who gave no name"
VICTIM, CALLER, ME, OTHER, AGENCY = "victim", "caller", "me", "other", "agency"
CAPACITIES: dict[str, str] = {
    VICTIM: Capacity.VICTIM,
    CALLER: Capacity.THIRD_PARTY,
    ME: Capacity.OFFICER,
    OTHER: Capacity.WITNESS,
    AGENCY: Capacity.AGENCY,
}


class ViewForm(StrandsForm):
    """What somebody thinks.  It adds to what others think, and takes nothing from them."""

    whose = forms.ChoiceField(
        label="Whose view is it?",
        widget=Radios,
        error_messages={"required": "Choose whose view it is"},
    )
    described_as = forms.CharField(
        label="If somebody else or an agency, who are they?",
        required=False,
        help_text="Such as “her sister” or “PC Hale, Wellby police”.",
    )
    holds = forms.ChoiceField(
        label="Do they think hate was part of it?",
        error_messages={"required": "Choose what they think"},
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

    def __init__(self, *args: Any, whose: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].choices = whose  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody who has no name here is described."""
        said = super().clean() or self.cleaned_data
        if said.get("whose") in (OTHER, AGENCY) and not said.get("described_as", "").strip():
            self.add_error("described_as", "Say whose view this is.")
        return said

    def view(self, report: Report) -> dict[str, Any]:
        """The values ``add_view`` takes."""
        said = self.cleaned_data
        whose = said["whose"]
        person = {VICTIM: report.victim, CALLER: report.reporter}.get(whose)
        described = said["described_as"].strip() if whose in (OTHER, AGENCY) else ""
        nameless = whose == CALLER and person is None
        agency = whose == CALLER and report.door == Door.AGENCY
        return {
            "capacity": Capacity.AGENCY if agency else CAPACITIES[whose],
            "holds": said["holds"],
            "person": person,
            "described_as": NO_NAME if nameless else described,
            "words": said["words"],
            "strands": self.linked(),
            "kinds": self.kinds(),
            "kept_apart": whose == CALLER and bool(report.facts.get("kept_apart")),
        }


class AnswerForm(forms.Form):
    """Accept a route, or decline it with the reason."""

    answer = forms.ChoiceField(
        label="Do you take it on?",
        error_messages={"required": "Choose whether you take it on"},
        choices=[("accept", "Yes, I accept it"), ("decline", "No, I decline it")],
        widget=Radios,
    )
    reason = forms.CharField(
        label="If you decline it, why?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It goes back to a case manager, who reads this and offers it again.",
    )

    @property
    def accepts(self) -> bool:
        return bool(self.cleaned_data["answer"] == "accept")


class PairForm(forms.Form):
    """One incident told twice, or two incidents."""

    decision = forms.ChoiceField(
        label="Are these of the same incident?",
        error_messages={"required": "Choose whether it is one incident or two"},
        choices=[("SAME", "Yes, one incident told twice"), ("DISTINCT", "No, two incidents")],
        widget=Radios(
            hints={
                "SAME": "Both reports then tell of one incident, and a case opened for the "
                "second one only is joined to the first. Nothing is lost, and they can be taken "
                "apart again.",
                "DISTINCT": "Both count.",
            }
        ),
    )
    reason = forms.CharField(
        label="Why?",
        error_messages={"required": "Say why"},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What in the two accounts decided it.",
    )


class ApartForm(forms.Form):
    """Why two accounts linked as one incident are of two after all."""

    reason = forms.CharField(
        label="Why?",
        error_messages={"required": "Say why"},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you know now that was not known then.",
    )


class ReceivedForm(forms.Form):
    """When we really received it, and why it is corrected."""

    received_at = MomentField(
        label="When did we receive it?",
        subject="The day",
        help_text="When any colleague, contractor or letter box of ours first had it.",
    )
    reason = forms.CharField(
        label="Why is it corrected?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is corrected"},
    )

    def moment(self) -> datetime:
        """The corrected moment."""
        found: datetime = self.cleaned_data["received_at"]
        return found
