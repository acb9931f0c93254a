"""Forms about the people of a case and their parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from cases.casework.choices import Part, Relationship, VictimRole
from cases.casework.models import Involvement
from cases.casework.record_choices import Known, Willing
from cases.fields import Radios
from cases.people.queries import Found, Match
from cases.workflow.forms import CaseForm

NEW = "new"
DESCRIBED = "described"
KEEP = "keep"
SAID = [("", "Not asked"), ("YES", "Yes"), ("NO", "No"), ("NOT_SURE", "Not sure")]
ASKED = [("", "Not asked"), *Known.choices]
WITNESS = [("", "Not asked"), *Willing.choices]
BLANK = ("", "Not known")


def matches(found: Iterable[Match]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """People found as radios: who they are, and why they match."""
    choices, hints = [], {}
    for match in found:
        value = f"person-{match.person.pk}"
        where = f", {match.home_line}" if match.home_line else ""
        choices.append((value, f"{match.person.name}{where}"))
        hints[value] = " ".join(match.why)
    return choices, hints


class FoundForm(CaseForm):
    """A form with a search: people are found, not typed again."""

    search = forms.CharField(
        label="Find them in our records",
        required=False,
        help_text="A name, date of birth, postcode, phone number or tenancy reference.",
    )
    who = forms.ChoiceField(label="Who is it?", widget=Radios)

    last: Sequence[tuple[str, str]] = ()

    def __init__(self, *args: Any, found: Found | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices, hints = matches(found or ())
        self.fields["who"].choices = [*choices, *self.last]  # type: ignore[attr-defined]
        self.fields["who"].widget.hints = hints

    def found_id(self) -> int | None:
        """The person chosen of those found, if one was."""
        kind, _, pk = str(self.cleaned_data.get("who", "")).partition("-")
        return int(pk) if kind == "person" else None


class NewPartForm(FoundForm):
    """Somebody's part in the case."""

    last = (
        (NEW, "None of these: add a new person"),
        (DESCRIBED, "Not identified: describe them"),
    )

    part = forms.ChoiceField(
        label="Their part in the case",
        choices=Part.choices,
        widget=Radios(hints={Part.RESPONDENT: "Always alleged: nothing is proved."}),
    )
    full_name = forms.CharField(label="Name of a new person", required=False)
    described_as = forms.CharField(
        label="If not identified, who are they as far as we know?",
        required=False,
        help_text="Such as “the man at number 16”.",
    )
    victim_role = forms.ChoiceField(
        label="If harmed: who are they to us?", choices=[BLANK, *VictimRole.choices], required=False
    )
    relationship = forms.ChoiceField(
        label="If respondent: who are they to the person harmed?",
        choices=[BLANK, *Relationship.choices],
        required=False,
    )
    kept_apart = forms.BooleanField(
        label="Keep their name apart from the case page",
        required=False,
        help_text="For a third party or witness who must not be known. Opening it is recorded.",
    )

    field_order = ("search", "who", "full_name", "described_as", "part")

    def clean(self) -> dict[str, Any]:
        """A new person has a name; somebody not identified is described."""
        said = super().clean() or self.cleaned_data
        if said.get("who") == NEW and not said.get("full_name", "").strip():
            self.add_error("full_name", "Enter the name of the new person.")
        if said.get("part") == Part.VICTIM and not said.get("victim_role"):
            self.add_error("victim_role", "Say who they are to us, or that it is not known yet.")
        if said.get("who") == DESCRIBED and not said.get("described_as", "").strip():
            self.add_error("described_as", "Say who they are, as far as we know.")
        return said


class ChangePartForm(FoundForm):
    """What is known of somebody's part; somebody described can be found in our records."""

    last = ((KEEP, "Leave it as it is"),)

    described_as = forms.CharField(label="Who they are, as far as we know", required=False)
    victim_role = forms.ChoiceField(
        label="Who are they to us?", choices=[BLANK, *VictimRole.choices], required=False
    )
    relationship = forms.ChoiceField(
        label="Who are they to the person harmed?",
        choices=[BLANK, *Relationship.choices],
        required=False,
    )
    customer = forms.ChoiceField(
        label="Do they live in one of our homes?", choices=ASKED, required=False, widget=Radios
    )
    under_18 = forms.ChoiceField(
        label="Are they under 18?", choices=ASKED, required=False, widget=Radios
    )
    would_speak_again = forms.ChoiceField(
        label="Would they speak to us again?", choices=SAID, required=False, widget=Radios
    )
    would_witness = forms.ChoiceField(
        label="Would they be a witness?", choices=WITNESS, required=False, widget=Radios
    )
    fears = forms.CharField(
        label="What they fear", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kept_apart = forms.BooleanField(
        label="Keep their name apart from the case page", required=False
    )

    def __init__(self, *args: Any, part: Involvement, **kwargs: Any) -> None:
        names = [name for name in CHANGED if name in self.base_fields]
        initial = {name: getattr(part, name) for name in names}
        kwargs["initial"] = {"who": KEEP, **initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if part.part != Part.VICTIM:
            del self.fields["victim_role"]
        if part.part != Part.RESPONDENT:
            del self.fields["relationship"], self.fields["customer"], self.fields["under_18"]
        else:
            for name in ("would_speak_again", "would_witness", "fears"):
                del self.fields[name]
        if part.person is not None and part.person.identified:
            del self.fields["search"], self.fields["who"], self.fields["described_as"]

    def values(self) -> dict[str, Any]:
        """The fields of the part that this form shows."""
        return {name: self.cleaned_data[name] for name in CHANGED if name in self.fields}


CHANGED = (
    "described_as",
    "victim_role",
    "relationship",
    "customer",
    "under_18",
    "would_speak_again",
    "would_witness",
    "fears",
    "kept_apart",
)
