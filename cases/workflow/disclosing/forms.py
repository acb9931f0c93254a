"""Forms of a page for another agency: whom, what, what is blacked out, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from cases.casework.models import Involvement
from cases.disclosures.choices import Channel, Door
from cases.disclosures.models import PackItem
from cases.fields import MomentField, Radios
from cases.partners.models import Agency, AgencyContact
from cases.workflow.case_words import name_and_part
from cases.workflow.disclosing.drawing import checked_words, ways_of
from cases.workflow.forms import CaseForm

NOBODY = "nobody"
LONGEST = 8000
TAKE = "take"


class AgencyForm(forms.Form):
    """Whom it is about and which agency, before the units and the reasons of that agency."""

    about = forms.ChoiceField(
        label="Whom is it about?",
        widget=Radios(hints={NOBODY: "Facts that name nobody and point to nobody."}),
        error_messages={"required": "Choose whom it is about"},
    )
    agency = forms.ChoiceField(
        label="Who would be told?", error_messages={"required": "Choose who would be told"}
    )

    def __init__(
        self,
        *args: Any,
        parts: Sequence[Involvement],
        groups: Sequence[tuple[str, Sequence[Agency]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(part.pk): part for part in parts}
        self.agencies = {str(each.pk): each for _, rows in groups for each in rows}
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            *((key, name_and_part(part)) for key, part in self.parts.items()),
            (NOBODY, "Nobody by name"),
        ]
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            ("", "Choose an agency"),
            *((name, [(str(each.pk), each.name) for each in rows]) for name, rows in groups),
        ]

    @property
    def whom(self) -> Involvement | None:
        """Whom it is about; None for nobody by name."""
        return self.parts.get(self.cleaned_data["about"])

    @property
    def chosen(self) -> Agency:
        return self.agencies[self.cleaned_data["agency"]]


class PackForm(CaseForm):
    """The unit, the reason it may be told (its door), what it is called and what it is for."""

    contact = forms.ChoiceField(
        label="Which unit or person there?",
        widget=Radios,
        error_messages={"required": "Choose the unit or person it goes to"},
    )
    door = forms.ChoiceField(
        label="Why may they be told?",
        widget=Radios,
        error_messages={"required": "Choose why they may be told"},
    )
    citation = forms.CharField(
        label="Which law, order or proceedings?",
        required=False,
        max_length=500,
        help_text="Only if the law requires it or for legal proceedings, such as “order of Wellby "
        "County Court of 3 November 2026”.",
    )
    title = forms.CharField(
        label="What is the page called?",
        max_length=120,
        help_text="No names. Such as “Report of threats”.",
        error_messages={"required": "Say what the page is called"},
    )
    purpose = forms.CharField(
        label="What are they to do with it?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as “Put in lighting and cameras at the bin store”.",
        error_messages={"required": "Say what they are to do with it"},
    )

    def __init__(
        self,
        *args: Any,
        contacts: Sequence[AgencyContact],
        problems: Mapping[int, str],
        doors: Sequence[tuple[str, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(each.pk): each for each in contacts}
        contact, door = self.fields["contact"], self.fields["door"]
        contact.choices = [  # type: ignore[attr-defined]
            (key, ", ".join(filter(None, [each.unit, each.person])))
            for key, each in self.contacts.items()
        ]
        contact.widget.hints = {key: _reach(each, problems) for key, each in self.contacts.items()}
        if doors:
            door.choices = [(code, label) for code, label, _ in doors]  # type: ignore[attr-defined]
            door.widget.hints = {code: hint for code, _, hint in doors}
        else:
            del self.fields["door"]
        if not {Door.LEGAL_REQUIREMENT, Door.PROCEEDINGS} & {code for code, _, _ in doors}:
            del self.fields["citation"]

    def clean(self) -> dict[str, Any]:
        """What the law requires is named."""
        said = super().clean() or self.cleaned_data
        cited = said.get("door") in (Door.LEGAL_REQUIREMENT, Door.PROCEEDINGS)
        if cited and not said.get("citation", "").strip():
            self.add_error("citation", "Say which law, order or proceedings it is for.")
        return said

    def facts(self) -> dict[str, Any]:
        """What an operation is told."""
        said = self.cleaned_data
        return {
            "contact": self.contacts[said["contact"]],
            "door": said.get("door", ""),
            "title": said["title"].strip(),
            "purpose": said["purpose"].strip(),
            "citation": said.get("citation", "").strip(),
        }


def _reach(contact: AgencyContact, problems: Mapping[int, str]) -> str:
    problem = problems.get(contact.pk, "")
    when = f"{checked_words(contact)}." if contact.verified_on or not problem else ""
    return " ".join(filter(None, [f"{ways_of(contact)}.", when, problem]))


class ItemForm(CaseForm):
    """One field of the page: whose it is, the words as they will stand, why it must be in."""

    whose = forms.ChoiceField(
        label="Whose is it?", widget=Radios, error_messages={"required": "Choose whose it is"}
    )
    text = forms.CharField(
        label="What they are told",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="These words stand on the page. What somebody says happened stays what they say.",
        error_messages={"required": "Write what they are told"},
    )
    why = forms.CharField(
        label="Why must it be in?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with us. Not on the page.",
        error_messages={"required": "Say why it must be in"},
    )

    def __init__(
        self,
        *args: Any,
        parts: Sequence[Involvement] = (),
        item: PackItem | None = None,
        **kwargs: Any,
    ) -> None:
        if item is not None:
            said = {"text": item.text, "why": item.why}
            kwargs["initial"] = {**said, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.parts = {str(part.pk): part for part in parts}
        if len(self.parts) < 2:
            del self.fields["whose"]
        else:
            self.fields["whose"].choices = [  # type: ignore[attr-defined]
                (key, name_and_part(part)) for key, part in self.parts.items()
            ]

    @property
    def owner(self) -> Involvement | None:
        """The one it is about: whoever was chosen, or the only one it could be."""
        if "whose" not in self.fields:
            return next(iter(self.parts.values()), None)
        return self.parts.get(str(self.data.get("whose", "")))


class BlackForm(CaseForm):
    """Words that are black boxes wherever they stand on the page."""

    words = forms.CharField(
        label="Words to black out",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One on each line. Each is a black box wherever it stands, and is not in the "
        "file underneath.",
    )

    def said(self) -> list[str]:
        """The words, each once, in the order typed."""
        lines = [line.strip() for line in self.cleaned_data["words"].splitlines()]
        return list(dict.fromkeys(filter(None, lines)))


class ReadyForm(CaseForm):
    """Two things only a person can say, neither ticked beforehand."""

    reviewed = forms.BooleanField(
        label="I have read the page, to the end",
        error_messages={"required": "Read the page, then tick that you have read it"},
    )
    redactions = forms.BooleanField(
        label="What is blacked out is right, and nothing else needs to be",
        error_messages={"required": "Look at what is blacked out, then tick that it is right"},
    )


class WhyForm(CaseForm):
    """A reason in words."""

    words = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why"},
    )

    def __init__(self, *args: Any, ask: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = ask


class WentForm(CaseForm):
    """How a page went, to whom, and what they called it."""

    channel = forms.ChoiceField(
        label="How did it go?",
        choices=Channel.choices,
        widget=Radios,
        error_messages={"required": "Choose how it went"},
    )
    to_whom = forms.CharField(
        label="Who took it there?",
        required=False,
        max_length=200,
        help_text="A name, a desk or a mailbox. Leave it empty if it did not go.",
    )
    to_whom.needed_sometimes = True  # type: ignore[attr-defined]
    their_reference = forms.CharField(
        label="Their reference", required=False, max_length=100, help_text="If they gave one."
    )
    went_at = MomentField(label="When?", subject="When it went")
    words = forms.CharField(
        label="Anything else to know",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, now: datetime, sent_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.sent_at = now, sent_at

    def clean(self) -> dict[str, Any]:
        """It went after it was made and not tomorrow, and somebody took it."""
        said = super().clean() or self.cleaned_data
        at = said.get("went_at")
        if at and at > self.now:
            self.add_error("went_at", "When it went cannot be in the future.")
        elif at and at < self.sent_at.replace(second=0, microsecond=0):
            self.add_error("went_at", "It cannot have gone before it was downloaded.")
        went = said.get("channel") not in (None, Channel.NOT_SENT)
        if went and not said.get("to_whom", "").strip():
            self.add_error("to_whom", "Say who took it there.")
        return said


class SendForm(CaseForm):
    """Where it goes, said by whoever sends it before it does."""

    right = forms.BooleanField(label="")

    def __init__(self, *args: Any, goes_to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right = self.fields["right"]
        right.label = f"This goes to {goes_to}"
        right.error_messages["required"] = f"Check that it goes to {goes_to}, then tick it"


class ConfirmForm(CaseForm):
    """Nothing to fill in: the button says what is done."""
