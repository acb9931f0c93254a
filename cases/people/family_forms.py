"""The forms about family, and about putting right who lived where and when."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.fields import DateField, Radios
from cases.people.choices import FamilyKind, ToldBy
from cases.people.form_parts import DaysMixin, OperationForm, WhoMixin, how_they_belong, line

BORN = "Date of birth"
TIES: dict[str, str] = {
    FamilyKind.SPOUSE: "Partners",
    FamilyKind.PARENT: "Parents and children",
    FamilyKind.SIBLING: "Brothers and sisters",
    FamilyKind.GRANDPARENT: "Grandparents and grandchildren",
    FamilyKind.GUARDIAN: "In somebody’s care",
}
"""Above the first of each kind, in the order of the list."""
HOLDS = "A parent, child, brother, sister or grandparent counts whatever the end."


class _Bond(OperationForm):
    """What somebody is to somebody, from when, and who said so."""

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=f"What are they to {about}?",
            choices=FamilyKind.choices,
            widget=Radios(headings=TIES),
        )
        self.fields["since"] = DateField(
            label="Since when, if you know?", subject="The day it began", required=False
        )
        self.fields["until"] = DateField(
            label="If it has ended, when?",
            subject="The day it ended",
            required=False,
            help_text=HOLDS,
        )
        self.fields["told_by"] = forms.ChoiceField(
            label="Who told us?", choices=ToldBy.choices, widget=Radios
        )

    def bond(self) -> dict[str, Any]:
        """The values the operations take."""
        return {name: self.cleaned_data[name] for name in ("kind", "since", "until", "told_by")}


class RelativeForm(WhoMixin, _Bond):
    """One of somebody's family: found among our records, or new."""

    full_name = line("Their full name", required=True)
    date_of_birth = DateField(label=BORN, subject=BORN, required=False)


class CorrectRelativeForm(_Bond):
    """What was recorded wrongly of a bond, or when it ended."""


class CorrectMemberForm(DaysMixin):
    """What was recorded wrongly of somebody's place in a household."""

    relation = how_they_belong()
    moved_in = DateField(label="When did they move in?", subject="The day they moved in")
    moved_out = DateField(
        label="If they have moved out, when?",
        subject="The day they moved out",
        required=False,
        help_text="The first day they no longer live there",
    )
