"""Forms of the request to tell the police without permission: one for each group of questions.

A group is kept as it is, finished or not: what is missing is told on the check page, item by
item, and refused when the Director is asked (domain 7.5, bar row 27).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.casework.models import Involvement
from cases.disclosures.choices import LegalBasis, TellThem, Traced, WhyNoPermission
from cases.fields import Checkboxes, MomentField, Radios, read_date
from cases.partners.models import AgencyContact
from cases.words import say_date
from cases.workflow.case_words import name_and_part
from cases.workflow.forms import CaseForm

LONGEST = 4000
SPLIT = re.compile(r"[\s/.-]+")
MOST_DATES = 20
YES_NO = (("yes", "Yes"), ("no", "No"))


def words(label: str, hint: str = "", *, rows: int = 3, required: bool = False) -> forms.CharField:
    """A box for a few sentences; a group may be kept before it is finished."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def one_of(label: str, choices: Any, hint: str = "", **hints: str) -> forms.ChoiceField:
    """Radios of which none is chosen beforehand, and none need be yet."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=Radios(hints=hints)
    )


class DatesField(forms.CharField):
    """Days, one on each line: "17 November 2026" or "17/11/2026"."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """Dates as they are said; what was typed stays as it was typed."""
        return "\n".join(map(say_date, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The days in order.  Raises ValidationError naming the line that is none."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_DATES:
            raise ValidationError(f"Give {MOST_DATES} days at most")
        return sorted({_day(line) for line in lines})

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the box says other days than it was drawn with."""
        return bool(self.prepare_value(initial or []) != (data or ""))


def _day(line: str) -> date:
    parts = SPLIT.split(line)
    if len(parts) != 3:
        raise ValidationError(f"“{line[:40]}” is not a day. Write it like 17 November 2026")
    return read_date("Each day", *parts)


class GroupForm(CaseForm):
    """A group of questions about a request; its fields are the request's own."""

    mark_optional = False
    heading = ""
    intro = ""

    def facts(self) -> dict[str, Any]:
        """What was answered, by the request's own names."""
        left_out = ("token", "seen")
        return {name: said for name, said in self.cleaned_data.items() if name not in left_out}


class HarmForm(GroupForm):
    """What serious harm, to whom, how likely, how soon; each says where it comes from."""

    heading = "The harm"
    intro = (
        "Say where each fact comes from and from when, such as “(Tess, 17 November)” or “(our "
        "records, 2024)”. What somebody alleges is theirs to say: “Tess says…”."
    )
    harm_what = words("What serious harm do you expect?")
    harm_to = words("To whom?", "Anybody involved: the victim, a child, a witness, a respondent.")
    harm_likely = words("How likely is it, and why do you think so?")
    harm_soon = words("How soon?")


class PermissionForm(GroupForm):
    """Why there is no permission, and what was tried."""

    heading = "Permission, and what was tried"
    intro = "Refused is a full answer. Nobody loses our help by it."
    why_none = one_of("Why is there no permission?", WhyNoPermission.choices)
    why_none_words = words("Say more about that")
    asked_on = DatesField(
        label="When were they asked?",
        required=False,
        max_length=1000,
        help_text="One day on each line, like 17 November 2026. Leave it empty if they were "
        "not asked.",
    )
    efforts = words(
        "What was done to get it?",
        "One thing on each line: benefits explained, a specialist service offered, a move.",
        rows=5,
    )
    their_words = words("What do they want, in their own words?", "Quote them.")


class PoliceForm(GroupForm):
    """Why the police, why now, what else there is, and the law it rests on."""

    heading = "Why the police, and why now"
    why_police = words("Why the police?", "What can they do that nobody else can?")
    why_now = words("Why now?")
    alternatives = words(
        "What else was thought of or done?",
        "One thing on each line, and why it is not enough: locks, a move, a warning letter.",
        rows=5,
    )
    legal_basis = one_of("What does the law allow it under?", LegalBasis.choices)


class MeaningForm(GroupForm):
    """What it would mean for the person it is about."""

    heading = "What it would mean for them"
    traced = one_of("Could the respondent tell that it came from them?", Traced.choices)
    traced_words = words("Say more about that", "Who else saw or heard it?")
    told = one_of("When are they told that the police know?", TellThem.choices)
    told_words = words("Who tells them, when and how? If they are not told: why?")
    if_sent = words("If it goes: what happens next for them?")
    if_declined = words("If the Director declines: what happens next for them?")


class AffectedForm(GroupForm):
    """Who else it touches; and why, should a third party be named."""

    heading = "Who else is affected"
    affected = forms.MultipleChoiceField(
        label="Who else could come to harm, by what happened or by our telling it?",
        required=False,
        widget=Checkboxes,
        help_text="Choose nobody if it is only the person it is about.",
    )
    third_party_why = words(
        "If a third party or a witness is named: why is there no other way?",
        "They are left out unless the police cannot act without them.",
    )

    def __init__(
        self,
        *args: Any,
        parts: Sequence[Involvement],
        about: Involvement | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.parts = {str(part.pk): part for part in parts}
        choices = [(key, name_and_part(part)) for key, part in self.parts.items()]
        self.fields["affected"].choices = choices  # type: ignore[attr-defined]

    def clean_affected(self) -> list[Involvement]:
        chosen = [self.parts[key] for key in self.cleaned_data["affected"]]
        return [*chosen, *([self.about] if self.about else [])]


class RecipientForm(GroupForm):
    """Which unit of which force, and whether it waits an hour or four."""

    heading = "Which police unit"
    contact = forms.ChoiceField(label="Which unit would be told?", widget=Radios)
    urgent = forms.ChoiceField(
        label="Does it need a decision within the hour?",
        choices=YES_NO,
        widget=Radios(
            hints={
                "yes": "Somebody in danger this minute? Ring 999 now. Nobody waits for this page.",
                "no": "The Director has four hours.",
            }
        ),
    )

    def __init__(self, *args: Any, contacts: Sequence[AgencyContact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(contact.pk): contact for contact in contacts}
        field = self.fields["contact"]
        field.choices = [(key, _unit(each)) for key, each in self.contacts.items()]  # type: ignore[attr-defined]
        field.widget.hints = {key: _checked(each) for key, each in self.contacts.items()}

    def clean_contact(self) -> AgencyContact:
        return self.contacts[self.cleaned_data["contact"]]

    def clean_urgent(self) -> bool:
        return bool(self.cleaned_data["urgent"] == "yes")


def _unit(contact: AgencyContact) -> str:
    return f"{contact.agency.name}, {contact.unit}"


def _checked(contact: AgencyContact) -> str:
    if contact.verified_on is None:
        return "Nobody has checked how to reach them. Nothing can be sent there until somebody has."
    return f"How to reach them was checked on {say_date(contact.verified_on)}."


class BeginForm(RecipientForm):
    """Whose harm it is about, and to whom it would go."""

    about = forms.ChoiceField(label="Whom is it about?", widget=Radios)
    field_order = ("about", "contact", "urgent")

    def __init__(self, *args: Any, parts: Sequence[Involvement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(part.pk): part for part in parts}
        choices = [(key, name_and_part(part)) for key, part in self.parts.items()]
        self.fields["about"].choices = choices  # type: ignore[attr-defined]

    def clean_about(self) -> Involvement:
        return self.parts[self.cleaned_data["about"]]


class NewFactsForm(CaseForm):
    """What is new since the Director declined."""

    new_facts = words("What is new since then?", required=True)


class WhyForm(CaseForm):
    """One box for a reason or an answer."""

    words = forms.CharField(
        label="Why?", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, ask: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = ask, hint


class PhoneForm(CaseForm):
    """The Director's word by phone, as a manager heard it."""

    director = forms.ChoiceField(label="Who said it?", widget=Radios)
    called_at = MomentField(label="When did you speak?", subject="The time of the call")
    words = forms.CharField(
        label="What did they say, in their own words?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["director"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]


class EmergencyForm(CaseForm):
    """999 was rung; written down afterwards."""

    rung_at = MomentField(label="When was 999 rung?", subject="When 999 was rung")
    rung_by = forms.CharField(
        label="Who rang?", max_length=200, help_text="Your own name, the person, somebody else."
    )
    log_number = forms.CharField(
        label="The police log number", max_length=100, required=False, help_text="If you have it."
    )
    affected = forms.ChoiceField(label="Whose life was at risk?", widget=Radios)
    why = forms.CharField(
        label="Why was a life at risk then?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    said = forms.CharField(
        label="What were they told?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everything about anybody: names, address, what happened.",
    )

    def __init__(self, *args: Any, parts: Sequence[Involvement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(part.pk): part for part in parts}
        choices = [(key, name_and_part(part)) for key, part in self.parts.items()]
        choices.append(("other", "Somebody who is not on this case"))
        self.fields["affected"].choices = choices  # type: ignore[attr-defined]

    def clean_affected(self) -> Involvement | None:
        return self.parts.get(self.cleaned_data["affected"])


class AfterForm(CaseForm):
    """What followed: they were told, or not, or what came of it."""

    kind = forms.ChoiceField(label="What are you recording?", widget=Radios)
    happened_at = MomentField(label="When?", subject="When")
    words = forms.CharField(
        label="What was said or done, or why not?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class CheckForm(CaseForm):
    """The page was read as it would go."""

    reviewed = forms.BooleanField(
        label="I have read the page above. It is what should go, and names nobody it need not.",
        error_messages={"required": "Look at the page itself, and say that it is what should go"},
    )
    redactions_confirmed = forms.BooleanField(
        label="The words I blacked out are the right ones.",
        error_messages={"required": "Look at what is blacked out, and say that it is right"},
    )

    def __init__(self, *args: Any, redacted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not redacted:
            del self.fields["redactions_confirmed"]
