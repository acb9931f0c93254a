"""Forms of the administrator's pages, and how an operation's refusal returns to a form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from cases.access import Refused, Role
from cases.audit import context
from cases.calendar import LONDON
from cases.fields import DateField, Radios
from cases.staff.models import Team, User

# What each role can do, for whoever grants it (domain 11).
ROLE_HINTS = {
    Role.CALL_HANDLER: "Takes and triages reports. Sees their own reports until a case is given "
    "to a lead officer.",
    Role.HOUSING_OFFICER: "Works the cases they are on: contact, notes, next steps.",
    Role.CASE_MANAGER: "Sees their team’s cases, names lead officers, approves exceptions.",
    Role.DIRECTOR_CO: "Sees every case unless they have a conflict of interest.",
    Role.SAFEGUARDING_LEAD: "Accepts Safeguarding referrals.",
    Role.DA_LEAD: "Accepts domestic abuse referrals.",
    Role.AUDITOR: "Reads the cases chosen for audit. Never held with a role that works cases.",
    Role.DPO: "Reads the ledger: who did and who saw what.",
    Role.REPORT_VIEWER: "Reads published reports only.",
    Role.HR_LINK: "Is told that a colleague is involved. Sees no case.",
    Role.SYSADMIN: "Looks after users, roles and settings. Sees no case.",
    Role.POLICY_SPONSOR: "Decides to tell the police where the Director cannot.",
}

GRANTED = [role for role in Role if role is not Role.ACTING_DIRECTOR]
"""The roles an administrator grants: who acts for the Director, the Director names."""


@contextmanager
def errors_into(form: forms.Form) -> Iterator[None]:
    """Show what an operation refuses beside what was typed; nothing typed is lost.

    The refusal of a rule stays on the ledger as a read that was made in vain.
    """
    try:
        yield
    except Refused as refusal:
        form.add_error(None, refusal.answer.reason)
        context.saw("refused", purpose=refusal.answer.reason)
    except ValidationError as fault:
        for name, messages in _by_field(fault).items():
            form.add_error(name if name in form.fields else None, messages)


def _by_field(fault: ValidationError) -> dict[str, list[str]]:
    if hasattr(fault, "error_dict"):
        return {name: list(messages) for name, messages in fault.message_dict.items()}
    return {NON_FIELD_ERRORS: fault.messages}


class UserFilterForm(forms.Form):
    """Which users to list."""

    mark_optional = False

    text = forms.CharField(label="Name or email", required=False, max_length=200)
    role = forms.ChoiceField(
        label="Role they hold now",
        required=False,
        choices=[("", "Any role"), *((role.value, role.label) for role in Role)],
    )
    team = forms.ModelChoiceField(
        queryset=Team.objects.all(), label="Team", required=False, empty_label="Any team"
    )
    state = forms.ChoiceField(
        label="Can they sign in?",
        required=False,
        choices=[("", "Everybody"), ("working", "Can sign in"), ("stopped", "Stopped")],
    )


class UserForm(forms.Form):
    """Somebody who signs in.  ``user`` is who is being changed, if anybody."""

    full_name = forms.CharField(
        label="Full name",
        max_length=200,
        error_messages={"required": "Enter their full name"},
    )
    email = forms.EmailField(
        label="Work email",
        max_length=254,
        help_text="They sign in with this.",
        error_messages={
            "required": "Enter their work email",
            "invalid": "Enter an email address, like name@amplius.example",
        },
    )
    team = forms.ModelChoiceField(
        queryset=Team.objects.all(), label="Team", required=False, empty_label="No team"
    )
    line_manager = forms.CharField(
        label="Line manager’s work email",
        required=False,
        max_length=254,
        help_text="A case about a colleague is kept from the people who manage them.",
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        others = User.objects.exclude(pk=self.user.pk) if self.user else User.objects.all()
        if others.filter(email__iexact=email).exists():
            raise ValidationError("Somebody already signs in with this email address.")
        return email

    def clean_line_manager(self) -> User | None:
        typed = self.cleaned_data["line_manager"].strip()
        if not typed:
            return None
        manager = User.objects.filter(email__iexact=typed).first()
        if manager is None:
            raise ValidationError("Nobody signs in with this address: check the line manager’s.")
        if self.user is not None and manager.pk == self.user.pk:
            raise ValidationError("Nobody is their own line manager.")
        return manager


class ReasonForm(forms.Form):
    """Why something is done to somebody's access."""

    reason = forms.CharField(
        label="Why?",
        max_length=500,
        help_text="Kept on the ledger. Do not name anybody from a case.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why"},
    )


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(
        label="Name of the team", max_length=100, error_messages={"required": "Enter a name"}
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Team.objects.exclude(pk=self.team.pk) if self.team else Team.objects.all()
        if others.filter(name__iexact=name).exists():
            raise ValidationError("There is already a team with this name.")
        return name


class RoleForm(forms.Form):
    """A role for a period of whole days in London."""

    role = forms.ChoiceField(
        label="Which role?",
        choices=[(role.value, role.label) for role in GRANTED],
        widget=Radios(hints={role.value: hint for role, hint in ROLE_HINTS.items()}),
        error_messages={"required": "Choose a role"},
    )
    begins_on = DateField(
        label="From",
        subject="From",
        required=False,
        help_text="Leave this empty for now.",
    )
    ends_on = DateField(
        label="Last day",
        subject="Last day",
        required=False,
        help_text="Leave this empty if it lasts until somebody ends it.",
    )
    reason = forms.CharField(
        label="Why do they need it?",
        max_length=500,
        help_text="Kept on the ledger. Do not name anybody from a case.",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why they need it"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_begins_on(self) -> date | None:
        begins: date | None = self.cleaned_data["begins_on"]
        if begins is not None and begins < self.today:
            raise ValidationError("A role cannot begin in the past.")
        return begins

    def clean(self) -> dict[str, Any]:
        begins = self.cleaned_data.get("begins_on") or self.today
        ends = self.cleaned_data.get("ends_on")
        if ends is not None and ends < begins:
            self.add_error("ends_on", "The last day cannot be before the role begins.")
        return self.cleaned_data

    def begins_at(self, now: datetime) -> datetime:
        """The start of the first day, or now if that is today."""
        day = self.cleaned_data["begins_on"]
        return now if day is None or day <= self.today else _start_of(day)

    def ends_at(self) -> datetime | None:
        """The end of the last day."""
        day = self.cleaned_data["ends_on"]
        return None if day is None else _start_of(day + timedelta(days=1))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), LONDON)
