"""The small forms on a case: work, decisions, and who leads.  See also ``case_*_forms``."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from cases.access import YES
from cases.calendar import london_date
from cases.casework.choices import ContactKind, NoteKind
from cases.casework.clocks import DUTIES, ClockKind
from cases.casework.models import Clock, Involvement
from cases.casework.queries import Officer, colleague_called
from cases.casework.record_choices import PauseGround
from cases.fields import DateField, MomentField, Radios
from cases.people.choices import Channel, Reach
from cases.people.queries import safe_contact_facts
from cases.people.rules import SafeContactFacts, may_use
from cases.staff.models import User
from cases.words import say_date
from cases.workflow.case_words import name_on_page

HINTS = {Reach.SAFE: "Safe", Reach.NOT_SAFE: "Not safe", Reach.NOT_ASKED: "Not asked, so no"}


class CaseForm(forms.Form):
    """A form of a case: its token makes two presses one, ``seen`` shows that others saved."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"token": uuid.uuid4().hex, **(kwargs.pop("initial", None) or {})}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def asked(self, text: str) -> bool:
        """Whether the button pressed was this one, and not the one that saves."""
        return self.data.get("do") == text

    def without_problems(self) -> None:
        """Show what was typed without judging it: the button only searched."""
        self._errors = ErrorDict()
        self.cleaned_data = {}


class ColleagueField(forms.CharField):
    """A colleague by name or work email: typed, because a list of everybody helps nobody."""

    def clean(self, value: Any) -> Any:
        """The User, or None when left empty.  Raises ValidationError with the sentence."""
        text = super().clean(value)
        return colleague(text) if text else None


def colleague(text: str) -> User:
    """The one colleague of that name or email.  Raises ValidationError."""
    found = colleague_called(text)
    if not found:
        raise ValidationError(f"Nobody who signs in is called “{text}”. Check the name.")
    if len(found) > 1:
        raise ValidationError(f"Two people are called “{text}”. Enter their work email instead.")
    return found[0]


class ColleaguesField(forms.CharField):
    """Several colleagues, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> Any:
        """The users.  Raises ValidationError naming the line nobody was found for."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return list({user.pk: user for user in map(colleague, filter(None, lines))}.values())


class ContactForm(CaseForm):
    """A contact or an attempt with one person."""

    kind = forms.ChoiceField(
        label="What was it?",
        choices=ContactKind.choices,
        widget=Radios(hints={ContactKind.ATTEMPT: "An attempt does not meet the clock."}),
    )
    direction = forms.ChoiceField(
        label="Who began it?",
        choices=[("OUT", "We contacted them"), ("IN", "They contacted us")],
        initial="OUT",
        widget=Radios,
    )
    channel = forms.ChoiceField(label="How?", choices=Channel.choices, widget=Radios)
    anyway = forms.BooleanField(
        label="It has already happened this way",
        required=False,
        help_text="Record it as it was. A way that is not safe does not meet the clock.",
    )
    at = MomentField(label="When?", subject="When")
    summary = forms.CharField(
        label="What was said or done",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Their own words where you can. Leave out anything they asked us not to keep.",
    )

    def __init__(self, *args: Any, part: Involvement, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"at": now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.part, self.now = part, now
        row = getattr(part.person, "safe_contact", None) if part.person else None
        self.safe = safe_contact_facts(row)
        facts = self.safe or SafeContactFacts()
        hints = {way: HINTS[Reach(facts.reach(way))] for way in Channel.values}
        self.fields["channel"].widget.hints = hints
        if not self.doubtful():
            del self.fields["anyway"]

    def doubtful(self) -> bool:
        """Whether what was sent is a way that is not safe, begun by us."""
        way = self.data.get("channel", "")
        if way not in Channel.values or self.data.get("direction") != "OUT":
            return False
        name = name_on_page(self.part)
        return not may_use(None, channel=way, facts=self.safe, name=name)

    def clean(self) -> dict[str, Any]:
        """A way that is not safe is warned of once; what has happened can still be kept."""
        said = super().clean() or self.cleaned_data
        way = said.get("channel")
        if way and said.get("direction") == "OUT" and not said.get("anyway"):
            answer = may_use(None, channel=way, facts=self.safe, name=name_on_page(self.part))
            if answer is not YES and not answer:
                tick = "If it has already happened, tick “It has already happened this way”."
                self.add_error("channel", f"{answer.reason} {tick}")
        if said.get("at") and said["at"] > self.now:
            self.add_error("at", "The contact cannot be in the future.")
        return said


class NoteForm(CaseForm):
    """A note among colleagues."""

    kind = forms.ChoiceField(
        label="What kind of note is it?",
        choices=NoteKind.choices,
        initial=NoteKind.CASE,
        widget=Radios,
        help_text="Every note is internal. Only people who may open this case read it.",
    )
    text = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 8}))


class DutyForm(CaseForm):
    """A duty done by hand: how it ended, and in a few words what was done."""

    outcome = forms.ChoiceField(label="How did it end?", widget=Radios)
    words = forms.CharField(
        label="What was done, and when", widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = DUTIES[ClockKind(clock.kind)].outcomes
        self.fields["outcome"].choices = [(each, each) for each in outcomes]  # type: ignore[attr-defined]


def _later_day(day: date | None, now: datetime) -> None:
    if day is not None and day <= london_date(now):
        raise ValidationError("Give a later day to look at it again.")


class ReviewedForm(CaseForm):
    """A reason, and the day it is looked at again."""

    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 4}))
    until = DateField(label="Look at it again on", subject="The day to look at it again")

    def __init__(self, *args: Any, now: datetime, ask: str, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["reason"].label, self.fields["reason"].help_text = ask, hint

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        _later_day(day, self.now)
        return day


class PauseForm(ReviewedForm):
    """Why a clock pauses, and until when: only for one of two grounds (domain 4.3)."""

    ground = forms.ChoiceField(
        label="Why may it pause?",
        choices=PauseGround.choices,
        widget=Radios,
        error_messages={"required": "Choose why it may pause"},
    )

    field_order = ("ground", "reason", "until")


class ExceptionForm(CaseForm):
    """A manager agrees that a duty does not apply here."""

    clock = forms.ChoiceField(label="What does not apply here?", widget=Radios)
    reason = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="At least 20 characters. It stays in the record with your name.",
    )

    def __init__(self, *args: Any, clocks: Sequence[Clock], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clock"].choices = [  # type: ignore[attr-defined]
            (str(clock.pk), clock.get_kind_display()) for clock in clocks
        ]


class StageForm(CaseForm):
    """Where the case goes next."""

    to = forms.ChoiceField(label="Move the case to", widget=Radios)
    reason = forms.CharField(
        label="Why is it void?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only for a case entered in error or as a test. At least 20 characters.",
    )

    def __init__(
        self,
        *args: Any,
        stages: Sequence[tuple[str, str]],
        hints: dict[str, str],
        void: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = stages  # type: ignore[attr-defined]
        self.fields["to"].widget.hints = hints
        if not void:
            del self.fields["reason"]


class AllocateForm(CaseForm):
    """Who leads the case from now on; officers are searched for, never all listed."""

    search = forms.CharField(label="Find somebody else by name", required=False)
    lead = forms.ChoiceField(label="Lead officer", widget=Radios)
    reason = forms.CharField(
        label="Why them, if their training is out of date",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only if their training is out of date. At least 20 characters.",
    )
    story = forms.CharField(
        label="What should they know first?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Kept on the case as a hand-over note.",
    )

    def __init__(self, *args: Any, officers: Sequence[Officer], now: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        lead.choices = [(str(each.user.pk), _officer(each)) for each in officers]  # type: ignore[attr-defined]
        lead.widget.hints = {str(each.user.pk): officer_hint(each, now) for each in officers}
        lead.error_messages["invalid_choice"] = "Choose one of the people listed."


def _officer(officer: Officer) -> str:
    team = f", {officer.user.team.name}" if officer.user.team else ""
    return f"{officer.user.full_name}{team}"


def officer_hint(officer: Officer, today: date) -> str:
    """Open cases, training and conflict, before anybody is named."""
    count = officer.open_cases
    cases = "1 open case" if count == 1 else f"{count} open cases"
    until = officer.trained_until
    if until is None:
        training = "No hate crime training recorded"
    elif until <= today:
        training = f"Training ran out on {say_date(until)}"
    else:
        training = f"Trained until {say_date(until)}"
    said = f"{cases}. {training}."
    if officer.conflicted:
        return f"{said} Has a conflict of interest, so cannot lead this case."
    return f"{said} No conflict of interest found."


class RestrictForm(CaseForm):
    """Who alone may open the case from now on."""

    reason = forms.CharField(
        label="Why is the case restricted?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At least 20 characters, such as “A colleague is named as the respondent.”",
    )
    named = ColleaguesField(
        label="Who may open it, besides the lead officer and the Director?",
        required=False,
        help_text="A name or work email on each line. If you are not on the list and do not "
        "lead the case, you will not be able to open it.",
    )
