"""The forms beside a finished assessment: what somebody judges, and why; what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.casework.choices import RiskLevel
from cases.casework.models import Involvement
from cases.fields import DateField, Radios
from cases.people.choices import Channel
from cases.risk.choices import Trigger
from cases.risk.questions import Flag

WHY_HINT = "At least 20 characters. It stays on the record."


class LevelForm(forms.Form):
    """Another level, and why."""

    to = forms.ChoiceField(label="Which level?", widget=Radios)
    reason = forms.CharField(label="Why?", help_text=WHY_HINT, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, levels: Sequence[RiskLevel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(level.value, level.label) for level in levels]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class EvidenceMixin(forms.Form):
    """What shows it: a level is set lower, or a flag set aside, on evidence."""

    evidence = forms.CharField(
        label="What shows it?",
        help_text="What you have read or heard, from whom and when.",
        widget=forms.Textarea({"rows": 3}),
    )


class LowerForm(EvidenceMixin, LevelForm):
    """A lower level, why, and on what evidence."""

    field_order = ("to", "reason", "evidence")


class FlagForm(EvidenceMixin):
    """A red flag that was ticked in error."""

    flag = forms.ChoiceField(label="Which red flag?", widget=Radios)
    reason = forms.CharField(
        label="How did it come to be ticked?",
        help_text=WHY_HINT,
        widget=forms.Textarea({"rows": 3}),
    )
    field_order = ("flag", "reason", "evidence")

    def __init__(self, *args: Any, flags: Sequence[Flag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(flag.code, flag.words) for flag in flags]
        self.fields["flag"].choices = choices  # type: ignore[attr-defined]


class TellForm(forms.Form):
    """When and how somebody was told the level that stands for them."""

    on = DateField(label="When were they told?", subject="The day they were told")
    how = forms.ChoiceField(label="How were they told?", choices=Channel.choices, widget=Radios)

    def __init__(self, *args: Any, about: Involvement, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"tell-{about.pk}"})
        self.about = about


class ChangeForm(forms.Form):
    """Something changed, so risk is asked about again soon."""

    why = forms.ChoiceField(label="What has changed?", choices=Trigger.choices, widget=Radios)
