"""How a report begins: which door, how it came, when it was received."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.fields import MomentField
from cases.intake.choices import Channel, Door

TO_COLLEAGUE = "COLLEAGUE_HARMED"
"""A colleague tells of what happened to themselves: the first door, and who they are to us."""


class StartForm(forms.Form):
    """One press starts a call now, by phone; a letter or an earlier moment takes two lines more.

    ``now`` is the moment a report counts as received when nothing else is written.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    door = forms.ChoiceField(
        choices=[*Door.choices, (TO_COLLEAGUE, "It happened to the colleague who is telling us")],
        widget=forms.HiddenInput,
        error_messages={"required": "Choose whose story it is"},
    )
    no_name = forms.BooleanField(label="They do not want to give a name", required=False)
    channel = forms.ChoiceField(
        label="How it came",
        choices=[(code, label) for code, label in Channel.choices],
        initial=Channel.PHONE_INBOUND,
        required=False,
    )
    received_at = MomentField(
        label="When Amplius first received it",
        subject="When it was received",
        help_text="Leave empty for now. For a letter: the day it came, not the day it was opened.",
        required=False,
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["key"].initial = uuid.uuid4

    @property
    def sheet_door(self) -> Door:
        """The door of the sheet; a colleague who was harmed comes through the first."""
        chosen = self.cleaned_data["door"]
        return Door.VICTIM if chosen == TO_COLLEAGUE else Door(chosen)

    @property
    def to_colleague(self) -> bool:
        """Whether it happened to the colleague who is telling us (S12)."""
        return bool(self.cleaned_data["door"] == TO_COLLEAGUE)

    def clean_key(self) -> uuid.UUID:
        """A form without a key still starts a sheet."""
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean_channel(self) -> Channel:
        return Channel(self.cleaned_data["channel"] or Channel.PHONE_INBOUND)

    def clean_received_at(self) -> datetime:
        """Now by default; never in the future (HC-16)."""
        received: datetime | None = self.cleaned_data["received_at"]
        if received is not None and received > self.now:
            raise ValidationError("When it was received must be in the past")
        return received or self.now
