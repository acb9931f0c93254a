"""The forms about homes, households and tenancies."""

from __future__ import annotations

from django import forms

from cases.fields import DateField
from cases.people.choices import StockClass, Tenure
from cases.people.form_parts import (
    DaysMixin,
    HomeMixin,
    OperationForm,
    WhoMixin,
    how_they_belong,
    line,
)

BORN = "Date of birth"
CHOOSE = ("", "Choose one")


class MoveInForm(HomeMixin, DaysMixin):
    """Where somebody lives and since when."""

    moved_in = DateField(label="When did they move in?", subject="The day they moved in")
    relation = how_they_belong()


class MemberForm(WhoMixin, DaysMixin):
    """Somebody they live with."""

    full_name = line("Full name", required=True)
    date_of_birth = DateField(label=BORN, subject=BORN, required=False)
    relation = how_they_belong()
    moved_in = DateField(label="When did they move in?", subject="The day they moved in")
    moved_out = DateField(
        label="If they have moved out, when?", subject="The day they moved out", required=False
    )


class MoveOutForm(OperationForm):
    """When somebody left a household."""

    moved_out = DateField(
        label="When did they move out?",
        subject="The day they moved out",
        help_text="The first day they no longer live there",
    )


class TenancyForm(HomeMixin, OperationForm):
    """A tenancy, lease or licence."""

    reference = line("Tenancy reference", required=True, longest=40)
    tenure = forms.ChoiceField(label="What kind is it?", choices=[CHOOSE, *Tenure.choices])
    starts = DateField(label="When did it begin?", subject="The day it began")
    ends = DateField(label="If it has ended, when?", subject="The day it ended", required=False)


class PropertyForm(HomeMixin, OperationForm):
    """A home or place we know."""

    home_required = True
    local_authority = line("Council")
    stock_class = forms.ChoiceField(
        label="What does it count as?", choices=StockClass.choices, initial=StockClass.LCRA
    )
    uprn = line("Property reference number (UPRN)", longest=20)


class OnDayForm(forms.Form):
    """Which day a household is looked at."""

    on = DateField(label="On another day", subject="The day", required=False)
