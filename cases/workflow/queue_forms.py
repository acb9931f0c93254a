"""The filter of the queue: a GET form whose answers are codes in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.casework.clocks import ClockKind
from cases.workflow.queue_asks import STAGES, Ask, Due, Risk


class FilterForm(forms.Form):
    """Drawn from an :class:`Ask`, which is also what reads the answers."""

    use_required_attribute = False
    mark_optional = False

    view = forms.CharField(widget=forms.HiddenInput, required=False)
    due = forms.MultipleChoiceField(
        label="How soon",
        choices=[(due.value, due.words) for due in Due],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    risk = forms.MultipleChoiceField(
        label="Risk",
        choices=[(risk.value, risk.words) for risk in Risk],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stage = forms.MultipleChoiceField(
        label="Stage",
        choices=[(stage.value, stage.label) for stage in STAGES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    clock = forms.ChoiceField(
        label="What is due next",
        choices=[("", "Anything"), *ClockKind.choices],
        required=False,
    )
    team = forms.MultipleChoiceField(
        label="Team", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, ask: Ask, teams: Sequence[tuple[str, str]]) -> None:
        given: dict[str, Any] = {
            "view": ask.view.value,
            "due": ask.due,
            "risk": ask.risks,
            "stage": ask.stages,
            "clock": ask.clocks[0] if ask.clocks else "",
            "team": ask.teams,
        }
        super().__init__(initial=given)
        if teams:
            self.fields["team"].choices = teams  # type: ignore[attr-defined]
        else:
            del self.fields["team"]
