"""Forms of a meeting: what it was, who was there, what was told, who promised what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from cases.disclosures.models import Send
from cases.fields import DateField, Radios
from cases.partners.models import Agency
from cases.referrals.choices import ActionState, Forum
from cases.words import say_date
from cases.workflow.forms import CaseForm, ColleagueField

LONG = 4000
SHORT = 200
US = "us"
HINTS = {
    Forum.MARAC: "Domestic abuse, High risk.",
    Forum.MAPPA: "Nothing of ours is told there.",
    Forum.ASB_REVIEW: "Also called the community trigger.",
}


class MeetingForm(CaseForm):
    """What the meeting was, and when."""

    forum = forms.ChoiceField(
        label="What kind of meeting was it?",
        choices=Forum.choices,
        widget=Radios(hints={kind.value: hint for kind, hint in HINTS.items()}),
        error_messages={"required": "Choose what kind of meeting it was"},
    )
    name = forms.CharField(
        label="What is it called there?",
        required=False,
        max_length=SHORT,
        help_text="A local panel’s own name.",
    )
    terms = forms.CharField(
        label="Under which terms does it meet?",
        required=False,
        max_length=SHORT,
        help_text="Such as “Wellby hate crime panel, terms of March 2026”.",
    )
    held_on = DateField(label="When was it held?", subject="The day it was held")
    chaired_by = forms.CharField(label="Who chaired it?", required=False, max_length=SHORT)
    joint_action = forms.BooleanField(
        label="Action was agreed together",
        required=False,
        help_text="It is counted as joint action in the reports.",
    )
    notes = forms.CharField(
        label="What was agreed or decided",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What they told us, and what we told them, are written down on their own.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_held_on(self) -> date:
        """A day that has come.  Raises ValidationError."""
        day: date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError("Record a meeting once it was held.")
        return day

    def facts(self) -> dict[str, Any]:
        """What the operation is told."""
        names = ("forum", "name", "terms", "held_on", "chaired_by", "joint_action", "notes")
        said = self.cleaned_data
        return {n: said[n].strip() if isinstance(said[n], str) else said[n] for n in names}


class _AgencyForm(CaseForm):
    """A form in which an agency is chosen."""

    agency = forms.ChoiceField(label="Which agency?")

    def __init__(
        self, *args: Any, agencies: Sequence[Agency], ours: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(each.pk): each for each in agencies}
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            ("", "Choose"),
            *([(US, ours)] if ours else []),
            *((key, each.name) for key, each in self.agencies.items()),
        ]
        self.fields["agency"].error_messages["required"] = "Choose the agency"

    @property
    def chosen(self) -> Agency | None:
        """The agency, or None for one of us."""
        return self.agencies.get(self.cleaned_data["agency"])


class AttendeeForm(_AgencyForm):
    """Somebody who was there."""

    who = forms.CharField(
        label="Who was there?",
        max_length=SHORT,
        help_text="A name and what they do.",
        error_messages={"required": "Say who was there"},
    )
    field_order = ("who", "agency")


class ToldForm(CaseForm):
    """A page that left, read at this meeting."""

    send = forms.ChoiceField(
        label="Which page was read there?",
        widget=Radios,
        error_messages={"required": "Choose the page"},
    )

    def __init__(self, *args: Any, sends: Sequence[Send], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sends = {str(each.pk): each for each in sends}
        self.fields["send"].choices = [  # type: ignore[attr-defined]
            (key, f"{each.pack.title}, {each.agency.name}, {say_date(each.sent_at.date())}")
            for key, each in self.sends.items()
        ]


class HeardForm(_AgencyForm):
    """What an agency told us, and on what ground."""

    words = forms.CharField(
        label="What did they tell us?",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what they told us"},
    )
    basis = forms.CharField(
        label="On what ground did they tell us?",
        max_length=SHORT,
        help_text="Permission, the law, or an agreement, as they said it.",
        error_messages={"required": "Say on what ground they told us"},
    )
    field_order = ("agency", "words", "basis")


class ActionForm(_AgencyForm):
    """What somebody promised, and by when."""

    what = forms.CharField(
        label="What is to be done?",
        max_length=SHORT * 2,
        error_messages={"required": "Say what is to be done"},
    )
    owner = ColleagueField(
        label="Which of us does it?",
        required=False,
        max_length=SHORT,
        help_text="Name or work email. Leave it empty if an agency does it.",
    )
    due_on = DateField(label="By when?", subject="The day it is due")
    field_order = ("what", "owner", "agency", "due_on")

    def __init__(self, *args: Any, held_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held_on = held_on
        self.fields["agency"].required = False
        self.fields["agency"].label = "Or which agency?"

    def clean(self) -> dict[str, Any]:
        """One owner, and a day that is not before the meeting."""
        said = super().clean() or self.cleaned_data
        if "owner" in said and bool(said["owner"]) == bool(said.get("agency")):
            self.add_error("owner", "Name one owner: a colleague, or an agency.")
        day = said.get("due_on")
        if day and day < self.held_on:
            self.add_error("due_on", "An action cannot be due before the meeting.")
        return said


class EndActionForm(CaseForm):
    """How an action ended."""

    to = forms.ChoiceField(
        label="Was it done?",
        choices=[(each.value, each.label) for each in (ActionState.DONE, ActionState.DROPPED)],
        widget=Radios,
        error_messages={"required": "Choose whether it was done"},
    )
    outcome = forms.CharField(
        label="How did it end?",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how it ended"},
    )


class ReviewForm(CaseForm):
    """Whether somebody was told of the case review."""

    told = forms.ChoiceField(
        label="Were they told?", widget=Radios, error_messages={"required": "Choose one"}
    )
    words = forms.CharField(
        label="What was said, or why not yet",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, may_be: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_be = may_be
        no = "Not safe to tell them yet" if may_be else "Too few reports count yet"
        choices = [("yes", "They were told"), ("no", no)]
        self.fields["told"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Not telling somebody who may be eligible has a reason."""
        said = super().clean() or self.cleaned_data
        if said.get("told") == "no" and self.may_be and not said.get("words", "").strip():
            self.add_error("words", "Say why they were not told yet.")
        return said
