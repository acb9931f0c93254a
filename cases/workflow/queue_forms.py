"""The filter of the queue: a GET form whose answers are codes in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

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

    company = forms.MultipleChoiceField(
        label="Company", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, ask: Ask, teams: Sequence[tuple[str, str]], companies: Sequence[tuple[str, str]]
    ) -> None:
        given: dict[str, Any] = {
            "view": ask.view.value,
            "due": ask.due,
            "risk": ask.risks,
            "stage": ask.stages,
            "clock": ask.clocks[0] if ask.clocks else "",
            "team": ask.teams,
            "company": ask.companies,
        }
        super().__init__(initial=given)
        for name, choices in (("team", teams), ("company", companies)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]


@dataclass(frozen=True)
class DrawnField:
    """A field as HTML, as ``components/filter_panel.html`` asks for it."""

    as_field_group: SafeString


@dataclass(frozen=True)
class DrawnForm:
    """The filter drawn: hidden fields and visible ones."""

    hidden_fields: tuple[SafeString, ...]
    visible_fields: tuple[DrawnField, ...]


@lru_cache(maxsize=256)
def drawn_filters(
    ask: Ask, teams: tuple[tuple[str, str], ...], companies: tuple[tuple[str, str], ...] = ()
) -> DrawnForm:
    """The filter of an ask.  It says the same to everybody, and drawing it costs more than
    reading the cases, so it is kept.
    """
    form = FilterForm(ask, teams, companies)
    return DrawnForm(
        tuple(SafeString(field) for field in form.hidden_fields()),
        tuple(DrawnField(field.as_field_group()) for field in form.visible_fields()),
    )
