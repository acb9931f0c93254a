"""The forms about people.  They keep what was typed; the operations decide."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.fields import DateField, Radios
from cases.people.choices import (
    AdjustmentKind,
    Channel,
    LinkKind,
    Reach,
    ToldBy,
)
from cases.people.form_parts import HomeMixin, OperationForm, WhoMixin, line
from cases.people.models import SafeContact


class FindForm(forms.Form):
    """The one box."""

    mark_optional = False
    text = forms.CharField(
        label="Find a person",
        required=False,
        help_text="Any of: name, date of birth, postcode, phone, address, tenancy or person "
        "reference. Spelling does not matter.",
        widget=forms.TextInput({"class": "govuk-!-width-two-thirds"}),
    )


BORN = "Date of birth"
CALL_THEM = "What would they like to be called?"


class AddPersonForm(WhoMixin, HomeMixin, OperationForm):
    """Somebody new, who may be here already."""

    full_name = line("Full name")
    placeholder = line(
        "If there is no name: who they are, as far as we know",
        hint="For example “the man at number 16”. They can be named later.",
    )
    known_as = line(CALL_THEM)
    date_of_birth = DateField(
        label=BORN, subject=BORN, required=False, help_text="For example, 27 3 1985"
    )
    phone = line("Phone number", longest=40)
    email = forms.EmailField(label="Email address", required=False)
    language = line("Language they speak best")
    pronouns = line("Pronouns, if they say")
    is_colleague = forms.BooleanField(label="They work for us", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("full_name") and not data.get("placeholder") and not self.errors:
            self.add_error("full_name", "Give a name, or say who they are as far as you know.")
        return data

    @property
    def unsettled(self) -> bool:
        """Whether a near person or address is still to be looked at."""
        return self.who_unsettled or (self.somebody() is None and self.home_unsettled)

    def details(self) -> dict[str, Any]:
        """The values ``add_person`` takes."""
        names = ("full_name", "placeholder", "known_as", "date_of_birth", "phone", "email")
        more = ("language", "pronouns", "is_colleague")
        return {name: self.cleaned_data[name] for name in (*names, *more)}


class DetailsForm(OperationForm):
    """Details that are not contact details."""

    full_name = line("Full name")
    placeholder = line("If there is no name: who they are, as far as we know")
    known_as = line(CALL_THEM)
    date_of_birth = DateField(
        label=BORN, subject=BORN, required=False, help_text="Leave empty to keep what we have"
    )
    pronouns = line("Pronouns, if they say")
    language = line("Language they speak best")
    is_colleague = forms.BooleanField(label="They work for us", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """The values ``change_person`` takes; an empty date of birth is left as it is."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        if data["date_of_birth"] is None:
            del data["date_of_birth"]
        return data


class ContactDetailsForm(HomeMixin, OperationForm):
    """A new number, address or email: is it safe, and who told us (domain 7.8)?"""

    phone = line("New phone number", hint="Leave empty to keep what we have", longest=40)
    email = forms.EmailField(
        label="New email address", required=False, help_text="Leave empty to keep what we have"
    )
    remove = forms.MultipleChoiceField(
        label="Anything they no longer have?",
        required=False,
        choices=[
            ("phone", "The phone number we hold"),
            ("email", "The email address we hold"),
            ("home", "The address we hold"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    safe = forms.ChoiceField(
        label="Is it safe for us to use?",
        choices=Reach.choices,
        widget=Radios(hints={Reach.NOT_ASKED: "We will not use it until somebody asks"}),
    )
    told_by = forms.ChoiceField(label="Who told us?", choices=ToldBy.choices, widget=Radios)
    field_order = ("phone", "email", "address", "town", "postcode", "home_choice", "remove")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields((*self.field_order, "safe", "told_by"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.details() and not any(self._typed()):
            self.add_error(None, "Enter something new, or say what they no longer have.")
        return data

    def details(self) -> dict[str, Any]:
        """What changes besides the home."""
        data = self.cleaned_data
        changed: dict[str, Any] = {
            name: data[name] for name in ("phone", "email") if data.get(name)
        }
        removed = {name: None if name == "home" else "" for name in data.get("remove", [])}
        return removed | changed


class SafeContactForm(OperationForm):
    """How it is safe to reach somebody, way by way."""

    first_choice = forms.ChoiceField(
        label="What would they like best?",
        required=False,
        choices=[*Channel.choices, ("", "They did not say")],
        widget=Radios,
    )
    safe_times = line("Safe times", hint="For example, 9:30am to 3pm")
    say_we_are = line("Say we are", hint="The name to give if somebody else answers")
    who_could_find_out = line(
        "Who could find out?", hint="For example, somebody who takes the post"
    )
    if_cut_off = line("If we are cut off", hint="For example, text first")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for way in SafeContact.CHANNELS:
            self.fields[way] = forms.ChoiceField(
                label=way.capitalize(), choices=Reach.choices, widget=Radios
            )

    @property
    def ways(self) -> list[Any]:
        """The six rows of safe, not safe and not asked."""
        return [self[way] for way in SafeContact.CHANNELS]

    @property
    def rest(self) -> list[forms.BoundField]:
        """The other questions, below the rows."""
        return [field for field in super().rest if field.name not in SafeContact.CHANNELS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("first_choice")
        if first and data.get(first) != Reach.SAFE:
            self.add_error("first_choice", "What they like best must be one that is safe.")
        return data


class AdjustmentForm(OperationForm):
    """Something that makes it easier for them."""

    kind = forms.ChoiceField(
        label="What is it about?", choices=AdjustmentKind.choices, widget=Radios
    )
    need = line("What do they need?", hint="In a few words, for example “Interpreter: Urdu”")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == AdjustmentKind.NONE:
            data["need"] = data.get("need") or "Nothing needed"
        elif data.get("kind") and not data.get("need") and "need" not in self.errors:
            self.add_error("need", "Say what they need.")
        return data


class KnownPersonForm(OperationForm):
    """Somebody the colleague is tied to: by full name and date of birth, never by browsing."""

    kind = forms.ChoiceField(
        label="Who is it?",
        choices=[(LinkKind.SELF, "Me"), (LinkKind.RELATIVE, LinkKind.RELATIVE.label)],
        widget=Radios,
    )
    full_name = line("Full name", required=True)
    date_of_birth = DateField(label=BORN, subject=BORN)


class KnownHomeForm(HomeMixin, OperationForm):
    """An address the colleague lives or lived at."""

    home_required = True
