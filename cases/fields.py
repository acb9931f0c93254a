"""Form fields and widgets used in more than one place: dates, times, and choices with hints.

A date is three boxes, as GOV.UK asks it: nobody has to find a day in a calendar, and what was
typed comes back as it was typed when it cannot be a date. Every refusal is a sentence that says
what is missing.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from cases.words import LONDON, say_time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[.:]?([0-5]\d))?\s*(am|pm|a\.m\.|p\.m\.|)", re.IGNORECASE)


class Radios(forms.RadioSelect):
    """Radios whose choices may carry a hint each, by value.

    ``headings``, for a long list: the words above the choice with this value, to the eye only;
    each choice says enough by itself.
    """

    def __init__(
        self,
        *args: Any,
        hints: Mapping[str, str] | None = None,
        headings: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})
        self.headings = dict(headings or {})


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes whose choices may carry a hint each, by value."""

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})


def _box(part: str, width: int) -> forms.TextInput:
    numeric = {} if part == "Time" else {"inputmode": "numeric"}
    return forms.TextInput({"part": part, "width": f"govuk-input--width-{width}", **numeric})


class DateInput(forms.MultiWidget):
    """Day, month and year: posted as ``name_day``, ``name_month`` and ``name_year``."""

    template_name = "forms/date_input.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(self.boxes(), attrs)

    def boxes(self) -> dict[str, forms.Widget | type[forms.Widget]]:
        """The boxes by the name each posts under."""
        return {"day": _box("Day", 2), "month": _box("Month", 2), "year": _box("Year", 4)}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each box also learns of an error: a template cannot read "aria-invalid"."""
        context = super().get_context(name, value, attrs)
        for box in context["widget"]["subwidgets"]:
            box["problem"] = "aria-invalid" in box["attrs"]
        return context

    def decompress(self, value: Any) -> list[Any]:
        """A date, or what was typed, as the text of each box."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return list(value) if value else [None] * len(self.widgets)


class MomentInput(DateInput):
    """Day, month, year and time: the time posts as ``name_time``."""

    def boxes(self) -> dict[str, forms.Widget | type[forms.Widget]]:
        return {**super().boxes(), "time": _box("Time", 5)}

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime):
            local = value.astimezone(LONDON)
            return [*super().decompress(local.date()), say_time(local)]
        return super().decompress(value)


class DateField(forms.Field):
    """A day. ``subject`` begins every sentence of refusal: "Date of birth must be a real date"."""

    widget = DateInput

    def __init__(self, *, subject: str = "Date", **kwargs: Any) -> None:
        self.subject = subject
        required = f"Enter {subject[:1].lower()}{subject[1:]}"
        messages = {"required": required, **(kwargs.pop("error_messages", None) or {})}
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The date, or None when every box is empty. Raises ValidationError with the sentence."""
        typed = _typed(value)
        return self.read(typed) if any(typed) else None

    def read(self, typed: list[str]) -> Any:
        """The value of boxes of which at least one is filled."""
        return read_date(self.subject, *typed[:3])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes say something other than the value first shown."""
        # django-stubs call every widget Widget; ours are made from DateInput.
        return _typed(cast(DateInput, self.widget).decompress(initial)) != _typed(data)


class MomentField(DateField):
    """A day and a time in Europe/London, as an aware datetime."""

    widget = MomentInput

    def read(self, typed: list[str]) -> datetime:
        """Raises ValidationError when either cannot be read."""
        day = read_date(self.subject, *typed[:3])
        at = read_time(self.subject, typed[3])
        return datetime.combine(day, at, tzinfo=LONDON)


def _typed(value: Any) -> list[str]:
    return [str(part or "").strip() for part in value or ()]


def read_date(subject: str, day: str, month: str, year: str) -> date:
    """The date typed in three boxes; a month may be its name.

    Raises ValidationError: what is missing, or that there is no such day.
    """
    boxes = (("day", day), ("month", month), ("year", year))
    missing = [name for name, text in boxes if not text]
    if missing:
        raise ValidationError(f"{subject} must include a {' and '.join(missing)}", "incomplete")
    if not re.fullmatch(r"\d{4}", year, re.ASCII):
        raise ValidationError(f"{subject}: the year must have 4 numbers, like 2026", "year")
    try:
        return date(int(year), _month(month), int(day))
    except (ValueError, OverflowError):
        raise ValidationError(f"{subject} must be a real date", "invalid") from None


def read_time(subject: str, typed: str) -> time:
    """The time of day in any of the ways people type it: "4pm", "4.30 pm", "16:30", "midday".

    Raises ValidationError when it is none of them.
    """
    named = {"midday": time(12), "noon": time(12), "midnight": time(0)}
    if typed.lower() in named:
        return named[typed.lower()]
    found = TIME.fullmatch(typed.strip())
    # "4" could be either end of the day: the officer says which.
    if found and (found[2] or found[3]):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3][:1].lower()
        if half and 1 <= hour <= 12:
            return time(hour % 12 + (12 if half == "p" else 0), minute)
        if not half and hour <= 23:
            return time(hour, minute)
    raise ValidationError(f"{subject}: enter a time, like 4pm or 4:30pm", "time")


def _month(text: str) -> int:
    if text[:3].lower() in MONTHS and text.isalpha():
        return MONTHS.index(text[:3].lower()) + 1
    return int(text)
