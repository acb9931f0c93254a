"""What the forms about people are made of.

A form that may be about somebody or some place we already know asks "Already here?": the near
records become a question of their own, and nothing is added until it is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.access import Actor
from cases.fields import Radios
from cases.people.choices import MemberRelation
from cases.people.models import Person, Property
from cases.people.queries import Found, find_homes, find_people, same_home

BELONGS: dict[str, str] = {
    MemberRelation.TENANT: "On the tenancy",
    MemberRelation.SPOUSE: "Family of whoever is",
    MemberRelation.LODGER: "Others",
}
NEW = "new"
ASKS = ("already", "home_choice")


def how_they_belong() -> forms.ChoiceField:
    """How somebody belongs to a household; thirteen ways, grouped for the eye."""
    return forms.ChoiceField(
        label="How do they belong to this household?",
        choices=MemberRelation.choices,
        widget=Radios(headings=BELONGS),
    )


def line(
    label: str, *, required: bool = False, hint: str = "", longest: int = 200
) -> forms.CharField:
    """A one-line text question."""
    return forms.CharField(label=label, required=required, help_text=hint, max_length=longest)


class OperationForm(forms.Form):
    """A form whose operation may refuse values: its sentences are shown beside the fields."""

    def run[T](self, work: Callable[[], T | None]) -> T | None:
        """What ``work`` returns, all of it saved; or None, nothing saved, errors on this form."""
        done: T | None = None
        with transaction.atomic():
            try:
                done = work()
            except ValidationError as refused:
                self._show(refused)
            except IntegrityError:
                self.add_error(None, "Somebody else saved the same just now. Look, and try again.")
            if done is None:
                transaction.set_rollback(True)
        return done

    def _show(self, refused: ValidationError) -> None:
        found = refused.error_dict if hasattr(refused, "error_dict") else {"": [refused]}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, _plain(errors))

    @property
    def asks(self) -> list[forms.BoundField]:
        """The questions about records that may be the same, for the top of the page."""
        return [self[name] for name in ASKS if name in self.fields]

    @property
    def rest(self) -> list[forms.BoundField]:
        """The other visible questions."""
        return [field for field in self.visible_fields() if field.name not in ASKS]


def _plain(errors: list[ValidationError]) -> ValidationError:
    return ValidationError([message for error in errors for message in error.messages])


class DaysMixin(OperationForm):
    """A form about somebody's days in a household: what the database says of them is said there."""

    def _show(self, refused: ValidationError) -> None:
        super()._show(refused)
        if whole := self.errors.pop("__all__", None):
            self.add_error("moved_in", list(whole))


class HomeMixin(forms.Form):
    """An address in three boxes; near ones we know are offered before a new one is made."""

    home_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"] = line("House and street", required=self.home_required)
        self.fields["town"] = line("Town")
        self.fields["postcode"] = line("Postcode", longest=20)
        self.fields["postcode"].widget.attrs["class"] = "govuk-input--width-10"
        self.known: Property | None = None
        self.near_homes: list[Property] = []
        typed = self._typed()
        if any(typed):
            self.known = same_home(*typed)
            self.near_homes = [] if self.known else find_homes(" ".join(typed))
        if self.near_homes:
            self.fields["home_choice"] = _choose(
                "Is the address one of these?",
                [(str(home.pk), f"{home.line}, {home.postcode}") for home in self.near_homes],
                "None of these: a new address",
            )

    def clean(self) -> dict[str, Any]:
        """Nothing is saved while the question waits, and the page says so."""
        data = super().clean() or {}
        if self.near_homes and not data.get("home_choice"):
            self.add_error("home_choice", "Choose one of these addresses, or “None of these”")
        return data

    def _typed(self) -> tuple[str, str, str]:
        return tuple(  # type: ignore[return-value]
            str(self.data.get(self.add_prefix(name)) or "").replace("\x00", "")[:200].strip()
            for name in ("address", "town", "postcode")
        )

    @property
    def home_unsettled(self) -> bool:
        """Whether the question about near addresses still waits for its answer."""
        return bool(self.near_homes) and not self.cleaned_data.get("home_choice")

    def home(self, add: Callable[..., Property]) -> Property | None:
        """The home that was typed or chosen; ``add`` makes a new one.  None if none was typed."""
        if self.known is not None:
            return self.known
        chosen = self.cleaned_data.get("home_choice")
        if chosen and chosen != NEW:
            return next(home for home in self.near_homes if str(home.pk) == chosen)
        address, town, postcode = self._typed()
        return add(address=address, town=town, postcode=postcode) if address else None


def _choose(label: str, choices: list[tuple[str, str]], none: str, hints: Any = None) -> Any:
    return forms.ChoiceField(
        label=label, required=False, choices=[*choices, (NEW, none)], widget=Radios(hints=hints)
    )


class WhoMixin(forms.Form):
    """Somebody by name and date of birth; near records are offered before a new one is made."""

    def __init__(
        self, *args: Any, actor: Actor, hidden: Any, besides: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = Found()
        text = " ".join(part for part in self.sought() if part).strip()
        if text:
            self.found = _besides_place(find_people(text, actor, 8, hidden=hidden), besides)
        if self.found.matches or self.found.hidden:
            some = bool(self.found.matches)
            self.fields["already"] = _choose(
                "Is it one of these people?" if some else "Is it the record you may not see?",
                [(match.person.reference, _named(match)) for match in self.found],
                "None of these: add a new person" if some else "Add a new person",
                hints={match.person.reference: " ".join(match.why) for match in self.found},
            )

    def clean(self) -> dict[str, Any]:
        """Nothing is saved while the question waits, and the page says so."""
        data = super().clean() or {}
        if "already" in self.fields and not data.get("already"):
            self.add_error("already", "Choose who it is, or “add a new person”")
        return data

    def sought(self) -> list[str]:
        """What is looked up: the name, the date of birth, the phone number and the postcode."""
        day, month, year = (self._raw(f"date_of_birth_{part}") for part in ("day", "month", "year"))
        born = f"{day}/{month}/{year}" if day and month and year else ""
        return [self._raw("full_name"), born, self._raw("phone"), self._raw("postcode")]

    def _raw(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or "")[:100]

    @property
    def who_unsettled(self) -> bool:
        """Whether the question about near records still waits for its answer."""
        return "already" in self.fields and not self.cleaned_data.get("already")

    def somebody(self) -> Person | None:
        """The person chosen among the near records, or none."""
        chosen = self.cleaned_data.get("already")
        return next((row.person for row in self.found if row.person.reference == chosen), None)


def _besides_place(found: Found, besides: int | None) -> Found:
    """Without those who only live nearby, no reason to ask, and without whom it is about."""
    others = [row for row in found if row.person.pk != besides]
    kept = [row for row in others if set(row.why) - {"Postcode is the same.", "Address is close."}]
    return Found(tuple(kept[:5]), found.hidden)


def _named(match: Any) -> str:
    return ", ".join(part for part in (match.person.name, match.home_line) if part)
