"""The Director's forms: the decision, a word on the phone, a 999 call, and who acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.disclosures.choices import REASON_LENGTH, ReviewVerdict, Verdict
from cases.fields import Checkboxes, MomentField, Radios
from cases.workflow.disclosing.drawing import Line
from cases.workflow.forms import CaseForm, ColleagueField

ASK = "ASK"
LONGEST = 4000


class DecideForm(CaseForm):
    """One decision, or a question; none is chosen beforehand and neither answer is pushed.

    ``seal`` is of the page as it was shown: another one at the moment of deciding is refused.
    """

    mark_optional = False
    seal = forms.CharField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(
        label="What do you decide?",
        widget=Radios,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you decide"),
    )
    take_out = forms.MultipleChoiceField(
        label="What is taken out?", required=False, widget=Checkboxes
    )
    reason = forms.CharField(
        label="Your reason",
        help_text=f"Kept with the decision: at least {REASON_LENGTH} characters. A question may "
        "be shorter.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give your reason"},
    )

    def __init__(self, *args: Any, lines: Sequence[Line], asker: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.item.pk): line for line in lines}
        verdict = self.fields["verdict"]
        verdict.choices = [  # type: ignore[attr-defined]
            (Verdict.APPROVE, "Approve, as shown"),
            (Verdict.APPROVE_REDUCED, "Approve less"),
            (Verdict.DECLINE, "Decline"),
            (ASK, f"Ask {asker} a question"),
        ]
        verdict.widget.hints = {
            Verdict.APPROVE_REDUCED: "Tick what to take out, below",
            Verdict.DECLINE: "A new request needs new facts",
            ASK: "The clock keeps running",
        }
        self.fields["take_out"].choices = [  # type: ignore[attr-defined]
            (key, line.called) for key, line in self.lines.items()
        ]

    def clean_take_out(self) -> list[Any]:
        return [self.lines[key].item for key in self.cleaned_data["take_out"]]

    def clean(self) -> dict[str, Any]:
        """Taking out goes with "Approve less" alone."""
        said = super().clean() or self.cleaned_data
        verdict, out = said.get("verdict"), said.get("take_out")
        if verdict == Verdict.APPROVE_REDUCED and out == []:
            self.add_error("take_out", "Choose what is taken out, or approve it as shown")
        if verdict == Verdict.APPROVE and out:
            self.add_error("verdict", "To take something out, choose “Approve less”")
        reason = said.get("reason")
        if reason and verdict in Verdict.values and len(reason.strip()) < REASON_LENGTH:
            self.add_error("reason", f"Give your reason (at least {REASON_LENGTH} characters).")
        return said


class PhoneAnswerForm(CaseForm):
    """Whether what a manager wrote down is what was said."""

    answer = forms.ChoiceField(
        label="Is this what you said?",
        choices=[("yes", "Yes, I said this and I approve it"), ("no", "No, I did not say this")],
        widget=Radios,
        error_messages={"required": "Choose if this is what you said"},
    )
    words = forms.CharField(
        label="In your own words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you said, and why. It is kept beside what was written down.",
    )


class ReviewForm(CaseForm):
    """A look back at a 999 call: not whether to ring, but what there is to learn."""

    verdict = forms.ChoiceField(
        label="What do you find?",
        choices=ReviewVerdict.choices,
        widget=Radios,
        error_messages={"required": "Choose what you find"},
    )
    words = forms.CharField(
        label="What did you look at, and what follows?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DelegateForm(CaseForm):
    """Who acts for the Director, from when until when, and why."""

    user = ColleagueField(
        label="Who?", help_text="Their name or work email.", max_length=200, required=True
    )
    begins_at = MomentField(label="From when?", subject="The beginning")
    ends_at = MomentField(label="Until when?", subject="The end")
    reason = forms.CharField(
        label="Why?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your name, and shown on every page they use.",
    )


class EndDelegateForm(CaseForm):
    """Why somebody no longer acts for the Director."""

    reason = forms.CharField(
        label="Why does it end now?", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
