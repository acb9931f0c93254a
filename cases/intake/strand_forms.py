"""What a view was about: each strand, how it is linked, and what within it; drawn once ticked."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.casework.choices import Basis, Strand
from cases.casework.record_choices import KINDS_OF
from cases.fields import Checkboxes, Radios


class StrandsForm(forms.Form):
    """Part of every form that takes a view."""

    strands = forms.MultipleChoiceField(
        label="What do they think it was about?",
        choices=Strand.choices,
        widget=Checkboxes,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for strand in Strand:
            self.fields[f"basis_{strand}"] = forms.ChoiceField(
                label=f"{strand.label}: how is it linked to the person harmed?",
                choices=Basis.choices,
                initial=Basis.NOT_STATED,
                required=False,
                widget=Radios,
            )
            if kinds := KINDS_OF.get(strand):
                self.fields[f"kinds_{strand}"] = forms.MultipleChoiceField(
                    label=f"{strand.label}: what do they say it was about?",
                    choices=[(kind.value, kind.label) for kind in kinds],
                    required=False,
                    widget=Checkboxes,
                )

    def strand_rows(self) -> list[dict[str, Any]]:
        """Each strand with its own questions, for the template."""
        chosen = self["strands"].value() or []
        return [
            {
                "value": strand.value,
                "label": strand.label,
                "checked": strand.value in chosen,
                "id": f"id_strands_{place}",
                "basis": self[f"basis_{strand}"],
                "kinds": self[f"kinds_{strand}"] if strand in KINDS_OF else None,
            }
            for place, strand in enumerate(Strand)
        ]

    def linked(self) -> dict[str, str]:
        """Each strand named, with how it is linked."""
        said = self.cleaned_data
        return {
            strand: said.get(f"basis_{strand}") or Basis.NOT_STATED for strand in said["strands"]
        }

    def kinds(self) -> dict[str, list[str]]:
        """What was named within each strand that was."""
        said = self.cleaned_data
        return {strand: said.get(f"kinds_{strand}") or [] for strand in said["strands"]}
